"""What the reader was taught, as every process has it: the newest revision, looked for every few seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.teaching.models import WordRevision
from app.understanding.additions import Additions, normal
from app.understanding.schema import Thresholds

LOOK_AGAIN: Final = timedelta(seconds=3)
"""A message does not ask the database which revision is in force: one question serves all of these seconds."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One revision, ready to read with: the practice's phrases, and its limits by script."""

    number: int = 0
    additions: Additions | None = None
    limits: Mapping[str, Thresholds] = field(default_factory=dict)

    def thresholds(self, script: str) -> Thresholds | None:
        """The limits a practice set for conversations of this script; None where the shipped ones hold."""
        return self.limits.get(script)


NOTHING: Final = Lesson()
_log = structlog.get_logger("careloop.lessons")


def lesson_of(number: int, content: Mapping[str, Any]) -> Lesson:
    """A revision's content, ready to read with; phrases are compiled when their language is first read."""
    words = normal(content.get("words") or {})
    limits = {script: _limits(script, bands) for script, bands in (content.get("limits") or {}).items()}
    return Lesson(number, Additions(words) if words else None, limits)


def _limits(script: str, bands: Mapping[str, Any]) -> Thresholds:
    try:
        return Thresholds.model_validate({"bands": bands})
    except ValidationError as problem:
        # Written by an older version, perhaps: then what ships holds, and patients are read all the same.
        _log.warning("limits_unusable", script=script, faults=problem.error_count())
        return Thresholds()


class Lessons:
    """A process's view of the newest revision. Threads may look at once: the same answer is only made twice."""

    def __init__(self) -> None:
        self._lesson = NOTHING
        self._looked: datetime | None = None

    def current(self, session: Session, now: datetime) -> Lesson:
        """What is in force, at most `LOOK_AGAIN` old."""
        if self._looked is None or abs(now - self._looked) >= LOOK_AGAIN:
            number = session.scalar(select(func.max(WordRevision.number))) or 0
            if number != self._lesson.number:
                self._lesson = _load(session, number)
            self._looked = now
        return self._lesson

    def look_again(self) -> None:
        """Ask the database at the next use: this process has just published."""
        self._looked = None


def _load(session: Session, number: int) -> Lesson:
    row = session.get(WordRevision, number) if number else None
    return lesson_of(row.number, row.content) if row is not None else NOTHING
