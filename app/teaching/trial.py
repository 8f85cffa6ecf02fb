"""What a change of words would do to the examples: which readings change, for better or worse. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.teaching.lessons import Lesson, lesson_of
from app.understanding.lexicon import LANGUAGES, LOCALES
from app.understanding.reading import Reading, Urgency
from app.understanding.score import Row, met, only_emergency, read_row

OWN = "own"
"""The tag of an example that is this practice's own correction."""


@dataclass(frozen=True, slots=True)
class Change:
    """An example that would be read differently. `verdict`: better, worse, or other where the labels take both."""

    row: Row
    before: Reading
    after: Reading
    verdict: str
    lost: bool

    @property
    def own(self) -> bool:
        """Whether it is one of this practice's own corrections."""
        return OWN in (self.row.get("tags") or ())


@dataclass(frozen=True, slots=True)
class Trial:
    """What a change would do: the changed readings, the worst first, and how many examples stay as they are."""

    changes: Sequence[Change] = field(default_factory=tuple)
    unchanged: int = 0

    @property
    def lost(self) -> list[Change]:
        """Emergencies that would no longer be read as one: for these nothing is published."""
        return [change for change in self.changes if change.lost]

    def count(self, verdict: str) -> int:
        """How many changes are for the better, or the worse."""
        return sum(change.verdict == verdict for change in self.changes)


def trial(own: Sequence[Row], before: Mapping[str, Any], after: Mapping[str, Any]) -> Trial:
    """Read every example, those that ship and a practice's `own`, with one content of a revision and with another."""
    changes, unchanged = [], 0
    olds = [*_shipped(_key(before)), *_readings(own, lesson_of(0, before))]
    news = [*_shipped(_key(after)), *_readings(own, lesson_of(0, after))]
    for row, old, new in zip([*shipped_examples(), *own], olds, news, strict=True):
        if _said(old) == _said(new):
            unchanged += 1
        else:
            changes.append(_change(row, old, new))
    order = {"worse": 1, "better": 2, "other": 3}
    return Trial(sorted(changes, key=lambda c: (not c.lost, order[c.verdict])), unchanged)


def _readings(rows: Iterable[Row], lesson: Lesson) -> list[Reading]:
    return [
        read_row(row, additions=lesson.additions, thresholds=lesson.thresholds(str(row.get("script") or "")))
        for row in rows
    ]


def _key(content: Mapping[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False)


@lru_cache(maxsize=4)
def _shipped(content: str) -> tuple[Reading, ...]:
    """The shipped examples as a content reads them: trying and publishing ask for the same ones."""
    return tuple(_readings(shipped_examples(), lesson_of(0, json.loads(content))))


def _said(reading: Reading) -> tuple[object, ...]:
    return reading.answer, reading.intents, reading.urgency, reading.flag


def _change(row: Row, before: Reading, after: Reading) -> Change:
    old, new = met(row, before), met(row, after)
    lost = only_emergency(row) and before.urgency is Urgency.EMERGENCY > after.urgency
    worse = lost or any(old[name] and not new[name] for name in old)
    better = any(new[name] and not old[name] for name in old)
    return Change(row, before, after, "worse" if worse else "better" if better else "other", lost)


@lru_cache(maxsize=4)
def shipped_examples(locales: Path = LOCALES) -> tuple[Mapping[str, Any], ...]:
    """The labelled examples that ship beside the word lists, of every language."""
    found: list[Mapping[str, Any]] = []
    for language in LANGUAGES:
        path = locales / language / "examples.jsonl"
        if path.is_file():
            found += [
                json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
            ]
    return tuple(found)
