"""A changed reading in plain words: what it was, what it would be, and what it should be. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.console.phrases import INTENT_WORDS, LANGUAGE_WORDS
from app.console.readings import shortened
from app.teaching.answers import URGENCY_CHOICES, answer_words
from app.teaching.trial import Change
from app.understanding.reading import Expectation, Reading
from app.understanding.score import UNSCORED, accepted

VERDICTS = {"better": "Better", "worse": "Worse", "other": "Different"}
LOST = "An emergency would be missed"


@dataclass(frozen=True, slots=True)
class Told:
    """One changed example as the page shows it."""

    words: str
    code: str
    language: str
    question: str
    before: str
    after: str
    wanted: str
    verdict: str
    mark: str
    own: bool


def told(change: Change) -> Told:
    """A change in words."""
    asked = Expectation.from_json(change.row)
    language = str(change.row.get("lang") or "")
    return Told(
        words=str(change.row.get("text") or ""),
        code=language,
        language=LANGUAGE_WORDS.get(language, language),
        question=shortened(asked.prompt),
        before=said(asked, change.before),
        after=said(asked, change.after),
        wanted=wanted(asked, change.row),
        verdict=LOST if change.lost else VERDICTS[change.verdict],
        mark="worse" if change.lost else change.verdict,
        own=change.own,
    )


def said(asked: Expectation, reading: Reading) -> str:
    """A reading in words: "“Yes”, wants a person, today"."""
    parts = [] if asked.context in UNSCORED else [_answer(asked, reading.answer)]
    parts += [INTENT_WORDS.get(intent, intent) for intent in reading.intents]
    parts.append(URGENCY_CHOICES[reading.urgency.label].lower())
    return ", ".join([*parts, *(["a person must see it"] if reading.flag else [])])


def wanted(asked: Expectation, row: Mapping[str, Any]) -> str:
    """What a row's labels accept, in words."""
    expect = row["expect"]
    parts = []
    if asked.context not in UNSCORED:
        parts.append(" or ".join(_answer(asked, value) for value in accepted(expect.get("answer"))))
    parts += [INTENT_WORDS.get(intent, intent) for intent in expect.get("intents") or ()]
    levels = accepted(expect.get("urgency", "none"))
    parts.append(" or ".join(URGENCY_CHOICES[str(level)].lower() for level in levels))
    return ", ".join([*parts, *(["a person must see it"] if row.get("must_flag") else [])])


def _answer(asked: Expectation, value: object) -> str:
    return "no answer" if value is None else f"“{answer_words(asked, value)}”"
