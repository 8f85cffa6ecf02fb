"""Read one reply: scan it, judge its urgency, find its answer and intents, and decide whether a person must see it."""

from __future__ import annotations

from datetime import datetime

from app.understanding import appointment, choices, detect, dob, lexicon, scale, slots, yes_no
from app.understanding.additions import Additions
from app.understanding.answer import NOTHING, Answer
from app.understanding.barriers import contradicted, hindered, implied, ordinary_course, priced
from app.understanding.beside_stop import beside_stop
from app.understanding.doubts import second_look
from app.understanding.flags import detailed, must_see, troubling, unaccounted
from app.understanding.intents import (
    ASKING,
    also,
    asks,
    intents,
    opens_with,
    told_apart,
    turned_to_ask,
)
from app.understanding.message import Message, build, inverted, signs_of, topics_of
from app.understanding.normal import Token, tokenize
from app.understanding.opt_outs import wishes
from app.understanding.reading import Expectation, Reading, Urgency, heeded
from app.understanding.rules import Rules, rules
from app.understanding.safety import Safety, assess, imply
from app.understanding.schema import Thresholds
from app.understanding.unlikely import CONTEXTS, of_another, unlikely
from app.understanding.windows import LONGEST, merged, windows

_BY_DEFAULT = "en"
_WHO_HELPS = (("ride",), ("help_home",))
_A_NUMBER = 2
"""Words of a reply that is a choice's number and nothing else."""
_NEAR_WORST, _OWN_WORDS = 8, 3
"""From which number on, with how many words of their own, a pain told is to be seen to."""


def read(
    text: str,
    expectation: Expectation,
    language: str,
    now: datetime | None,
    *,
    channel: str = "sms",
    thresholds: Thresholds | None = None,
    additions: Additions | None = None,
) -> Reading:
    """What a reply means, with its evidence; never raises, whatever the text, the language tag or the options.

    ``now`` is the patient's local time, or None. ``thresholds`` replaces the bands of the quantities it names,
    ``additions`` are phrases beside those that ship.
    Text and speech are read alike; ``channel`` only says where the words came from.
    """
    tokens = tokenize(text)
    if len(tokens) <= LONGEST:
        return _read(text, tokens, expectation, language, now, thresholds, additions)
    spans = windows(tokens)
    parts = [text[start:end] for start, end in spans]
    return merged(
        [
            (start, _read(part, tokenize(part), expectation, language, now, thresholds, additions))
            for (start, _), part in zip(spans, parts, strict=True)
        ]
    )


def _read(
    text: str,
    tokens: list[Token],
    expectation: Expectation,
    language: str,
    now: datetime | None,
    thresholds: Thresholds | None,
    additions: Additions | None,
) -> Reading:
    expected = _known(language)
    detected = detect.detect(tokens, expected)
    if not _known(language) and detected:
        expected = _known(detected)
    message = build(
        text, expectation, expected or _BY_DEFAULT, _naive(now), tokens, _known(detected), additions
    )
    message.detected = detected
    book = rules()
    topics = topics_of(expectation.prompt, message.language) if expectation.prompt else ()
    safety = assess(message, book, thresholds, topics)
    answer = NOTHING if detected == detect.UNKNOWN else _answer(message, book, topics, safety)
    found = intents(message)
    answer, given = beside_stop(
        message, found, answer, lambda rest: _answer(rest, book, topics, safety), additions
    )
    found, unsure = wishes(message, answer, found, safety)
    answer, found = _beside(message, topics, answer, found)
    asking = asks(message) or opens_with(message, "question")
    answer = answer if _stands(message, answer, topics, safety, asking=asking) else NOTHING
    every = found
    if answer.value is not None and not asking and not turned_to_ask(message):
        found = tuple(name for name in found if name != "question")
    if _admits(message, answer, safety):
        imply(message, book, topics, safety, explicit=answer.explicit)
    if _hurts(message, answer):
        # Hard breathing is no pain: near the worst of it somebody calls the same day.
        winded = "breath_trouble" in signs_of(expectation.prompt, message.language)
        safety.raise_to(Urgency.URGENT if winded else Urgency.ROUTINE)
        safety.flag = True
    found, flag = _seen_to(message, found, answer, topics, safety)
    # What was measured is answered by its bounds.
    settled = safety.measured or of_another(given, book, topics, answer, safety)
    if not settled and unlikely(given, topics, answer):
        # It is asked again; what the lists made of it still counts, so that nothing is lowered.
        answer = NOTHING
        found, open_flag = _seen_to(message, every, answer, topics, safety)
        flag = flag or open_flag
    unknown = unaccounted(message, answer, found, safety)
    second = second_look(message, answer, safety, unknown=unknown)
    return Reading(
        answer=answer.value,
        intents=heeded(found, message.evidence),
        urgency=safety.urgency,
        flag=flag or second or unsure,
        troubling=(second and not unknown) or troubling(message, safety),
        confidence=round(answer.confidence, 2),
        evidence=tuple(message.evidence),
        kind=safety.kind,
        language=_asked_language(message, found),
    )


def _beside(
    message: Message, topics: tuple[str, ...], answer: Answer, found: tuple[str, ...]
) -> tuple[Answer, tuple[str, ...]]:
    """The answer beside what else is told: contradicted, priced, or standing in the way; and the intents with that."""
    if contradicted(message, topics, answer):
        answer = NOTHING
    if priced(message, topics, answer):
        found = also(found, "cost_barrier")
        answer = NOTHING if answer.value == "yes" else answer
    if (
        answer.value is None
        and message.expectation.context == "yes_no"
        and not {"opt_out", "wrong_number"} & set(found)
    ):
        answer = hindered(topics, found)
    return answer, found


def _seen_to(
    message: Message, found: tuple[str, ...], answer: Answer, topics: tuple[str, ...], safety: Safety
) -> tuple[tuple[str, ...], bool]:
    """The intents with those an answer implies, and whether a person must see the reply; may make it routine."""
    found = _completed(message, found, answer, topics)
    flag = must_see(message, answer, found, safety, topics)
    if safety.urgency is Urgency.NONE and ordinary_course(message, found, answer, topics):
        safety.urgency = Urgency.ROUTINE
    return found, flag


def _stands(
    message: Message, answer: Answer, topics: tuple[str, ...], safety: Safety, *, asking: bool
) -> bool:
    """Whether an answer counts; one in other words than yes and no may not beside a question, a fear or a danger."""
    context = message.expectation.context
    if "mood" in topics and answer.value == "no" and safety.kind == "suicide" and not _opened(message):
        return safety.urgency < Urgency.URGENT  # "I set the pills out. I don't want to be here tomorrow"
    if answer.explicit:
        return True
    if safety.feared or (context == "yes_no" and asking and not told_apart(message, "intent:question")):
        return False
    if topics[:1] in _WHO_HELPS and answer.value == "yes" and safety.urgency is Urgency.EMERGENCY:
        return False  # "My husband just dropped, no pulse" names nobody who drives.
    return context != "yes_no" or topics[:1] != ("good_time",) or safety.urgency < Urgency.URGENT


def _opened(message: Message) -> bool:
    """Whether the answer noted last opens the reply."""
    answered = [mark for mark in message.evidence if mark.effect.startswith("answer:")]
    return bool(answered) and not message.text[: answered[-1].start].strip(" .,")


def _admits(message: Message, answer: Answer, safety: Safety) -> bool:
    """Whether a reply says more than a bare yes to the symptom that was asked about."""
    prompt = message.expectation.prompt
    ill = "no" if inverted(prompt, message.language) else "yes"
    asked = message.expectation.context == "symptom_yes_no" and answer.value == ill
    return asked and bool(safety.spans or detailed(message) or _named(message))


def _hurts(message: Message, answer: Answer) -> bool:
    """Whether a pain near the worst is told with words of one's own: "it's a nine, the pill ain't touching it"."""
    prompt = message.expectation.prompt
    if message.expectation.context != "scale_0_10" or not isinstance(answer.value, int):
        return False
    if answer.value < _NEAR_WORST or not signs_of(prompt, message.language):
        return False
    for scan in message.own[:1]:
        known = scan.inside("answers", "filler")
        known |= {i for hit in scan.of("numbers") for i in range(hit.first, hit.last)}
        words = [t for i, t in enumerate(scan.tokens) if t.kind in ("word", "han") and i not in known]
        return len(words) >= _OWN_WORDS - ("breath_trouble" in signs_of(prompt, message.language))
    return False


def _named(message: Message) -> bool:
    """Whether a reply names what was asked about, be it in one word: "still there", "red yes"."""
    return any("/topics." in mark.rule and mark.rule.endswith(".yes") for mark in message.evidence)


def _completed(
    message: Message, found: tuple[str, ...], answer: Answer, topics: tuple[str, ...]
) -> tuple[str, ...]:
    """Choosing a language is no request to switch; what a no in own words implies is found."""
    if message.expectation.context == "language_choice" and answer.value is not None:
        return tuple(name for name in found if name != "language_switch")
    if not set(found) - {"thanks"} and answer.value is None and _puzzled(message):
        return also(found, "question")
    if topics[:1] == ("messages",) and answer.value == "no" and answer.explicit:
        return also(found, "opt_out")  # "Do you want to keep getting these?" "No, no more."
    return implied(message, found, answer, topics)


def _puzzled(message: Message) -> bool:
    """Whether a reply of some words ends in a question mark, where no yes or no was asked for."""
    ends = message.text.rstrip(" .!\n\r\t").endswith(ASKING) and len(message.tokens) > 1
    return ends and message.expectation.context not in CONTEXTS


def _known(language: str) -> str:
    code = str(language or "").replace("_", "-").split("-")[0].lower()
    return code if code in lexicon.LANGUAGES else ""


def _naive(now: datetime | None) -> datetime | None:
    return now.replace(tzinfo=None) if now is not None else None


def _answer(message: Message, book: Rules, topics: tuple[str, ...], safety: Safety) -> Answer:
    context = message.expectation.context
    if context == "yes_no":
        return _keyed(message, yes_no.yes_no(message, book, topics, safety, symptom=False))
    if context == "symptom_yes_no":
        return _keyed(message, yes_no.yes_no(message, book, topics, safety, symptom=True))
    if context == "scale_0_10":
        return scale.scale(message)
    if context == "confirm_appointment":
        return appointment.confirm(message, book)
    if context == "choose_slot":
        return slots.choose(message, book)
    if context == "choose_number":
        return choices.number_choice(message)
    if context == "dob":
        return dob.dob(message)
    return appointment.language(message) if context == "language_choice" else NOTHING


def _keyed(message: Message, answer: Answer) -> Answer:
    """The number of a listed yes or no, instead of the word: "2" to "1 Yes, 2 No"."""
    options, tokens = message.expectation.options, message.tokens
    counted = len(tokens) > 1 and tokens[0].text.isdigit()
    if answer.value is not None or not options or len(tokens) > _A_NUMBER or counted:
        return answer
    position = choices.picked(message, len(options))
    chosen = next((option for option in options if position and option.id == str(position)), None)
    return Answer(chosen.value, 0.95, explicit=True) if chosen and chosen.value else answer


def _asked_language(message: Message, found: tuple[str, ...]) -> str:
    if "language_switch" in found:
        named = [hit.name for scan in message.scans() for hit in scan.of("languages") if hit.name != "other"]
        others = [code for code in named if code != message.language]
        if others:
            return others[0]
    return message.detected if message.detected and message.detected != message.language else ""
