"""What a reply answers beside the wish to be left alone, or by somebody who is not the patient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from app.understanding.additions import Additions
from app.understanding.answer import NOTHING, Answer
from app.understanding.intents import told_apart, without
from app.understanding.message import Message, build, topics_of
from app.understanding.normal import tokenize
from app.understanding.reading import Evidence
from app.understanding.unlikely import CONTEXTS

_ENDED: Final = frozenset(("opt_out", "wrong_number", "deceased"))
_SHORT: Final = 2
"""Words up to which a wish to be left alone holds no answer of its own."""


def beside_stop(
    message: Message,
    found: tuple[str, ...],
    answer: Answer,
    answered: Callable[[Message], Answer],
    additions: Additions | None,
) -> tuple[Answer, Message]:
    """The answer that is left where the contact is ended, and what it was read in: the reply without that wish.

    ``answered`` finds the answer of a message. Who ends the contact, is not the patient or asks to hear it again
    has not answered, but for what is told beside the wish to be left alone: "3, and no more texts after", "eating
    good. bye and dont write me no more", where the "no more" denies nothing.
    """
    if _ENDED & set(found) != {"opt_out"}:
        return _yielding(message, answer, found), message
    stops = [mark for mark in message.evidence if mark.effect == "intent:opt_out"]
    left = without(message, stops)
    rest = build(
        left, message.expectation, message.language, message.now, tokenize(left), message.detected, additions
    )
    said = answered(rest)
    marks = [mark for mark in rest.evidence if mark.effect.startswith("answer:")]
    last = marks[-1] if marks else None
    lone = last is None or (len(last.text.split()) == 1 and left[: last.start].strip(" .") != "")
    if message.expectation.context in CONTEXTS and not said.explicit and lone:
        said = NOTHING  # A single word may belong to the wish: "only pain is you texting all day".
    if message.expectation.context == "confirm_appointment" and last and _polite(rest, last):
        return NOTHING, message  # "ok. stop calling"
    if said.value is None:
        kept = NOTHING if _said_by(message, stops) else _yielding(message, answer, found)
        return kept, message
    message.evidence[:] = [mark for mark in message.evidence if not mark.effect.startswith("answer:")]
    message.evidence += marks
    return said, rest


def _yielding(message: Message, answer: Answer, found: tuple[str, ...]) -> Answer:
    """Somebody who ends the contact, is not the patient, or asks to hear it again has not answered.

    Unless the answer to a yes/no question is a sentence of its own ("got a ride. and quit with the reminders") or
    said outright in words of its own: "yes now quit buggin me".
    """
    context = message.expectation.context
    ended = _ENDED & set(found)
    if context == "symptom_yes_no":
        ended -= {"deceased"}  # "Since we buried my brother, yes, crying most days"
    kept = ended == {"opt_out"} and _answered_first(message, answer)
    if ended == {"wrong_number"} and answer.value == "no" and answer.explicit and context == "yes_no":
        kept = "identity" in topics_of(message.expectation.prompt, message.language)
    if ended and not kept and ("wrong_number" in found or answer.value not in ("cancel", "none_of_these")):
        return NOTHING
    chosen = context in ("choose_slot", "choose_number")
    if "repeat" in found and (answer.confidence < 0.9 or chosen):
        return NOTHING
    return answer


def _said_by(message: Message, stops: list[Evidence]) -> bool:
    """Whether what was read as an answer is part of that wish: "cancel my reminders" cancels no visit."""
    said = [mark for mark in message.evidence if mark.effect.startswith("answer:")]
    longer = [stop for stop in stops if len(stop.text.split()) > _SHORT]
    return any(stop.start <= mark.start and mark.end <= stop.end for mark in said[:1] for stop in longer)


def _polite(message: Message, mark: Evidence) -> bool:
    """Whether what was read as an answer is a filler that only leads in."""
    return (mark.start, mark.end) in {(hit.start, hit.end) for hit in message.named("answers", "filler")}


def _answered_first(message: Message, answer: Answer) -> bool:
    """Whether a question is answered beside the request to be left alone, not by words of that request."""
    context = message.expectation.context
    if context not in (*CONTEXTS, "confirm_appointment", "choose_slot"):
        return False
    if context == "yes_no" and told_apart(message, "intent:opt_out"):
        return True
    said = [(mark.start, mark.end) for mark in message.evidence if mark.effect.startswith("answer:")]
    if not said and message.tokens[0].kind == "num":
        said = [(message.tokens[0].start, message.tokens[0].end)]  # "1 stop texting me"
    stop = [mark for mark in message.evidence if mark.effect == "intent:opt_out"]
    first = answer.explicit and said and all(said[-1][1] <= mark.start for mark in stop)
    return bool(first) and message.text[: said[-1][0]].strip(" ,.!\"'") == ""
