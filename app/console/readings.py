"""What the bot took a reply to mean, told in plain words with the words that decided it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.console.phrases import INTENT_WORDS, reading_words
from app.outbox.models import Message
from app.teaching.answers import URGENCY_CHOICES, answer_words, possible
from app.teaching.corrections import Meant, as_read, asked_of
from app.teaching.limits import BY_KEY
from app.teaching.models import KEPT, SET_ASIDE, Correction
from app.understanding.reading import Expectation

MOST_REASONS = 6
QUESTION = 160
URGENCY_MEANING = {
    "none": "noted",
    "routine": "to be seen in the ordinary course",
    "urgent": "to be seen today",
    "emergency": "an emergency",
}
EFFECT_MEANING = {
    "negated": "said not to be so",
    "resolved": "said to be over",
    "past": "long ago",
    "hypothetical": "only feared or supposed",
    "other person": "about somebody else",
    "pet": "about an animal",
    "masked": "a turn of phrase",
    "slot": "one of the times offered",
}
REVIEW_WORDS = {KEPT: "kept as an example", SET_ASIDE: "set aside"}


@dataclass(frozen=True, slots=True)
class Reason:
    """Words of a reply and what they were taken for."""

    words: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Told:
    """A reading as the case page tells it. `meant` is what stands now: as it was read, or as somebody corrected it."""

    message: str
    words: str
    question: str
    reasons: list[Reason]
    flagged: bool
    choices: dict[str, str]
    meant: Meant
    corrected: str = ""
    urgencies: Mapping[str, str] = field(default_factory=lambda: URGENCY_CHOICES)


def told(message: Message, correction: Correction | None, by: str) -> Told:
    """How an incoming message was read; `by` is who corrected it."""
    reading: Mapping[str, Any] = message.reading or {}
    asked = asked_of(message)
    meant = as_read(message) if correction is None else Meant.of(correction.meant)
    return Told(
        message=str(message.id),
        words=reading_words(reading),
        question=shortened(asked.prompt),
        reasons=reasons(asked, reading.get("evidence") or ()),
        flagged=bool(reading.get("flag")),
        choices=possible(asked),
        meant=meant,
        corrected="" if correction is None else corrected_words(asked, correction, by),
    )


def corrected_words(asked: Expectation, correction: Correction, by: str) -> str:
    """A correction in one line: "Corrected by Ana Marin: No, today"."""
    said = meant_words(asked, correction.meant)
    state = REVIEW_WORDS.get(correction.state, "")
    return f"Corrected by {by}: {said}{f' ({state})' if state else ''}"


def meant_words(asked: Expectation, meant: Mapping[str, Any]) -> str:
    """What a reply means, as one says it: "“No”, today, a person must see it"."""
    said = [f"“{answer_words(asked, meant.get('answer'))}”"] if possible(asked) else []
    if meant.get("answer") is None and said:
        said = ["no answer"]
    said.append(URGENCY_CHOICES[str(meant.get("urgency") or "none")].lower())
    return ", ".join([*said, *(["a person must see it"] if meant.get("flag") else [])])


def shortened(text: str) -> str:
    """The beginning of a question, to its last whole word."""
    text = " ".join(text.split())
    return text if len(text) <= QUESTION else text[:QUESTION].rsplit(" ", 1)[0] + " …"


def reasons(asked: Expectation, evidence: Sequence[Mapping[str, Any]]) -> list[Reason]:
    """The words that decided a reading and what each was taken for, each pair once."""
    found = [Reason(str(item.get("text") or ""), meaning_of(asked, item)) for item in evidence]
    return list(dict.fromkeys(reason for reason in found if reason.words and reason.meaning))[:MOST_REASONS]


def measured_words(rule: str) -> str:
    """Which limit a number has reached: "weight gain in a day, 2 lb or more: "; empty when it is no measurement."""
    quantity, edge, limit = rule.removeprefix("measure.").partition(">=")
    if not edge:
        quantity, edge, limit = quantity.partition("<=")
    bound = (
        BY_KEY.get(f"{quantity}-{'high' if edge == '>=' else 'low'}") if rule.startswith("measure.") else None
    )
    if bound is None or not limit:
        return ""
    return f"{bound.words.lower()}, limit {limit} {bound.unit} or {'more' if bound.high else 'less'}: "


def meaning_of(asked: Expectation, item: Mapping[str, Any]) -> str:
    """What one piece of evidence did, in words; empty when that says nothing to people."""
    kind, _, value = str(item.get("effect") or "").partition(":")
    if kind == "answer":
        return f"the answer “{answer_words(asked, value)}”"
    if kind == "doubt":
        return f"a doubt about the answer “{answer_words(asked, value)}”"
    if kind == "intent":
        return INTENT_WORDS.get(value, value.replace("_", " "))
    if kind == "urgency":
        measured = measured_words(str(item.get("rule") or ""))
        return f"{measured}{URGENCY_MEANING.get(value, value)}"
    return EFFECT_MEANING.get(kind, "")
