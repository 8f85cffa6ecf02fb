"""The note gate: what a documented touch must say, decided without a database (field guide, requirements 86
to 88).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.cases.words import BARRIER_WORDS, OUTCOME_WORDS, TWO_WAY, UNDERSTANDING_WORDS
from app.errors import Invalid

NOTHING_MORE = "nothing_more"
SHORTEST = 8
_VAGUE_WORDS = frozenset(
    {"a", "again", "an", "and", "asap", "back", "call", "called", "caller", "calling", "contact", "contacted"}
    | {
        "done",
        "f",
        "fu",
        "follow",
        "followed",
        "following",
        "have",
        "has",
        "her",
        "he",
        "him",
        "i",
        "is",
        "it",
    }
    | {"left", "lm", "lmom", "lvm", "mail", "message", "mom", "msg", "n", "na", "no", "none", "nothing", "ok"}
    | {"patient", "phone", "phoned", "pt", "reached", "she", "spoke", "spoken", "talked", "talking", "tbd"}
    | {"the", "them", "they", "to", "told", "tried", "try", "u", "up", "vm", "voice", "voicemail", "w", "was"}
    | {"we", "with", "x"}
)


class NoteRefused(Invalid):
    """The note does not say enough; `problems` maps each field to a sentence that tells what is missing."""

    code: ClassVar[str] = "note_refused"

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class NoteForm:
    """A note as somebody filled it in. `next_due` is aware; `next_owner` a person or an office, in words."""

    outcome: str = ""
    barrier: str = ""
    understanding: str = ""
    next_action: str = ""
    next_owner: str = ""
    next_due: datetime | None = None
    nothing_more: bool = False
    escalate: bool = False
    words: str = ""


def vague(text: str) -> bool:
    """Whether a text says nothing the next person could act on: "left voicemail", "spoke with patient",
    "f/u".
    """
    letters = re.sub(r"[^\w]+", " ", text.casefold()).split()
    return len(text.strip()) < SHORTEST or all(word in _VAGUE_WORDS or word.isdigit() for word in letters)


def check_note(form: NoteForm, template: Sequence[str], now: datetime) -> None:
    """NoteRefused with a sentence for each field that the lane's template asks for and the note does not
    give.
    """
    problems = {**_closed_lists(form, template), **_next_step(form, template, now)}
    if form.outcome in TWO_WAY and form.understanding == "not_reached":
        problems["understanding"] = (
            "You had contact: say what the patient understood, or that you did not check."
        )
    if problems:
        raise NoteRefused(problems)


def _closed_lists(form: NoteForm, template: Sequence[str]) -> dict[str, str]:
    lists = {
        "outcome": (OUTCOME_WORDS, "Choose what happened."),
        "barrier": (BARRIER_WORDS, "Choose what is in the way, or that nothing is."),
        "understanding": (UNDERSTANDING_WORDS, "Choose what the patient understood."),
    }
    return {
        field: words
        for field, (allowed, words) in lists.items()
        if (field in template or getattr(form, field)) and getattr(form, field) not in allowed
    }


def _next_step(form: NoteForm, template: Sequence[str], now: datetime) -> dict[str, str]:
    if "next_action" not in template:
        return {}
    if form.nothing_more:
        return _really_nothing(form)
    problems = {}
    if vague(form.next_action):
        problems["next_action"] = (
            "Say what happens next, so that the next person can act on it. "
            "“Left voicemail” or “spoke with patient” alone is not enough."
        )
    if not form.next_owner.strip():
        problems["next_owner"] = "Say who will do it."
    if form.next_due is None:
        problems["next_due"] = "Say by when."
    elif form.next_due <= now:
        problems["next_due"] = "That time has already passed: choose one that lies ahead."
    return problems


def _really_nothing(form: NoteForm) -> dict[str, str]:
    if vague(form.words):
        return {
            "words": "If nothing more is to be done, say in a sentence how it ended. "
            "“Left voicemail” or “spoke with patient” alone is not enough."
        }
    return {}
