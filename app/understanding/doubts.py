"""What the second opinion changes in a reading: it raises the urgency or asks for a person, never the reverse."""

from __future__ import annotations

from app.understanding.answer import Answer
from app.understanding.flags import CHOSEN, detailed, uncovered
from app.understanding.message import Message, inverted, topics_of
from app.understanding.reading import Urgency
from app.understanding.safety import Safety
from app.understanding.second import Opinion, opinion

PERSON, UNKNOWN, GOOD = 0.85, 0.15, 0.95
"""Bounds of asking for a person: where the lists account for every word, where they do not, beside a good yes."""
URGENT, EMERGENCY = (0.9, 0.6), (0.8, 0.4)
"""Bounds, set on lines not learnt from: where the lists see nothing, and where they see something of it."""
SETTLED = 0.97
"""What is asked of an emergency seen beside a plain choice, or where every sign named is denied in answer."""
_FEW = 3
_VAGUE = frozenset(("symptom", "worse", "alarm"))
"""Signs that name no danger: "cold", "tired", "worse"."""
_KNOWN = frozenset(("masked", "other person"))


def second_look(message: Message, answer: Answer, safety: Safety, *, unknown: bool) -> bool:
    """Raise what the word lists missed; whether a person must see the reply for it.

    ``unknown``: the reply holds words that no list accounts for, so less is asked of the second opinion.
    """
    if safety.urgency is Urgency.EMERGENCY or not (unknown or _worth_it(message, answer, safety)):
        return False
    told = opinion(message.tokens, message.own)
    if not safety.spans and any(mark.effect == "pet" for mark in message.evidence):
        return False  # The lists know whose trouble it is.
    backed = safety.urgency >= Urgency.URGENT or bool(safety.active - _VAGUE)
    few = len(message.tokens) < _FEW and not backed  # A word or two that nobody knows are no emergency.
    least = SETTLED if not backed and _settled(message, answer, safety) else EMERGENCY[backed]
    chosen = message.expectation.context in CHOSEN
    if told.emergency >= least and not few:
        if chosen and not backed:
            # "What floor is it on": beside a choice, no emergency on its word alone.
            _note(message, told, "flag")
        else:
            _raise(message, safety, told, Urgency.EMERGENCY)
    elif safety.measured:
        # What was measured is judged by its bounds, which a practice may have set itself.
        return False
    elif told.urgent >= URGENT[backed] and safety.urgency < Urgency.URGENT and not few:
        _raise(message, safety, told, Urgency.URGENT)
    elif told.person < _bound(message, answer, safety, unknown=unknown and not few) or (
        answer.explicit and chosen
    ):
        return False
    else:
        _note(message, told, "flag")
    return True


def _bound(message: Message, answer: Answer, safety: Safety, *, unknown: bool) -> float:
    if _told_well(message, answer, safety):
        return GOOD
    return UNKNOWN if unknown else PERSON


def _worth_it(message: Message, answer: Answer, safety: Safety) -> bool:
    """A bare answer, a choice or a date says what it says; only words of their own are looked at again."""
    if len(message.tokens) < _FEW and answer.value is not None:
        return False
    if message.expectation.context == "symptom_yes_no" and answer.value is not None and not safety.spans:
        well = "yes" if inverted(message.expectation.prompt, message.language) else "no"
        if answer.value == well and not uncovered(message, free=False):
            return False  # Every word of it says that nothing is the matter.
    return detailed(message)


def _settled(message: Message, answer: Answer, safety: Safety) -> bool:
    if not safety.active and any(mark.effect in _KNOWN for mark in message.evidence):
        return True  # The lists know the figure of speech, or whose trouble it was.
    if message.expectation.context == "yes_no" and answer.value is not None and _whole(message):
        return True
    if _told_well(message, answer, safety):
        return True
    chosen = message.expectation.context in CHOSEN
    return answer.explicit and (chosen or (bool(safety.gone) and not safety.active))


def _told_well(message: Message, answer: Answer, safety: Safety) -> bool:
    """Whether a question about no symptom is answered yes, or it is no good time, and the lists see no sign."""
    if message.expectation.context != "yes_no" or safety.active or safety.gone or answer.value is None:
        return False
    topics = topics_of(message.expectation.prompt, message.language)
    return answer.value == "yes" or topics[:1] == ("good_time",)


def _whole(message: Message) -> bool:
    """Whether the phrase that answers is all there is: "las tomo todas" of medicines tells of no overdose."""
    spans = [(e.start, e.end) for e in message.evidence if e.effect.startswith("answer:")]
    return all(any(s <= t.start and t.end <= e for s, e in spans) for t in message.tokens)


def _raise(message: Message, safety: Safety, told: Opinion, level: Urgency) -> None:
    safety.raise_to(level, "suicide" if told.suicide >= 0.5 else "medical")
    _note(message, told, f"urgency:{level.label}")


def _note(message: Message, told: Opinion, effect: str) -> None:
    for token in message.tokens:
        if token.start in told.places:
            message.mark(token.start, token.end, "second opinion", effect)
