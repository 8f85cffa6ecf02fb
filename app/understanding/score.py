"""Score readings against labelled replies: the measures by which understanding is judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.understanding.additions import Additions
from app.understanding.engine import read
from app.understanding.reading import INTENTS, Expectation, Reading, Urgency
from app.understanding.schema import Thresholds

Row = Mapping[str, Any]
Reader = Callable[[str, Expectation, str, datetime | None], Reading]
UNSCORED = ("open_text", "none")
_NONE_SLOT = "none_of_these"


def read_row(
    row: Row, *, thresholds: Thresholds | None = None, additions: Additions | None = None
) -> Reading:
    """The reading of one row of ``careloop read``; a row without its parts is read with their defaults."""
    raw = row.get("now")
    now = datetime.fromisoformat(raw) if isinstance(raw, str) and raw else None
    return read(
        str(row.get("text") or ""),
        Expectation.from_json(row),
        str(row.get("lang") or ""),
        now,
        channel=str(row.get("channel") or "sms"),
        thresholds=thresholds,
        additions=additions,
    )


@dataclass(slots=True)
class Tally:
    """Hits of a number of tries."""

    good: int = 0
    total: int = 0

    def add(self, good: bool) -> None:
        """Count one try."""
        self.total += 1
        self.good += bool(good)

    @property
    def rate(self) -> float | None:
        """Hits by tries; None without tries."""
        return round(self.good / self.total, 4) if self.total else None

    def to_json(self) -> dict[str, Any]:
        """The rate with its counts."""
        return {"rate": self.rate, "good": self.good, "of": self.total}


@dataclass(slots=True)
class Score:
    """Every measure over a set of labelled rows, and the rows that were read wrongly."""

    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    misses: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str, good: bool, *, row: Row | None = None, miss: bool = True) -> None:
        """Count one try of a measure; a miss is listed when it was to be good."""
        self.tallies[name].add(good)
        if row is not None and good is not miss:
            self.misses[name].append(str(row.get("id")))

    def rate(self, name: str) -> float | None:
        """The rate of a measure; None when no row counts for it."""
        return self.tallies[name].rate if name in self.tallies else None

    def to_json(self) -> dict[str, Any]:
        """All measures by name, and the misses."""
        rates = {name: self.tallies[name].to_json() for name in sorted(self.tallies)}
        return {"measures": rates, "misses": {name: ids for name, ids in sorted(self.misses.items()) if ids}}


def accepted(label: Any) -> list[Any]:
    """The accepted values of a label, which may be one or a list."""
    return list(label) if isinstance(label, list) else [label]


def score(rows: Iterable[Row], readings: Sequence[Reading]) -> Score:
    """The measures of those readings of those labelled rows."""
    result = Score()
    for row, reading in zip(rows, readings, strict=True):
        tags = row.get("tags") or ()
        _answers(result, row, reading)
        _intents(result, row, reading)
        if "protocol" not in tags:
            _urgency(result, row, reading)
            _flags(result, row, reading)
    return result


def met(row: Row, reading: Reading) -> dict[str, bool]:
    """Which labels of a row a reading meets: answer, urgency, flag, intents; those that do not count are left out."""
    expect, found = row["expect"], {}
    if str(row.get("context")) not in UNSCORED:
        found["answer"] = any(_same(reading.answer, value, row) for value in accepted(expect.get("answer")))
    if "protocol" not in (row.get("tags") or ()):
        found["urgency"] = reading.urgency.label in accepted(expect.get("urgency", "none"))
        seen = not row.get("must_flag") or reading.flag
        found["flag"] = seen and (bool(row.get("flag_ok")) or not reading.flag)
    wanted, optional = set(expect.get("intents") or ()), set(expect.get("intents_ok") or ())
    found["intents"] = wanted <= set(reading.intents) <= wanted | optional
    return found


def only_emergency(row: Row) -> bool:
    """Whether a row may be read as nothing but an emergency."""
    return accepted(row["expect"].get("urgency", "none")) == [Urgency.EMERGENCY.label]


def _same(given: Any, value: Any, row: Row) -> bool:
    if given is None or value is None:
        return given is value
    nones = {str(o.get("id")) for o in row.get("options") or () if o.get("none")} | {_NONE_SLOT}
    if str(value) in nones and str(given) in nones:
        return True
    try:
        return float(given) == float(value)
    except (TypeError, ValueError):
        return str(given) == str(value)


def _answers(result: Score, row: Row, reading: Reading) -> None:
    context = str(row.get("context"))
    if context in UNSCORED:
        return
    values = accepted(row["expect"].get("answer"))
    good = any(_same(reading.answer, value, row) for value in values)
    for name in ("answer", f"answer.{context}", f"answer.{row.get('lang')}", f"answer.{row.get('channel')}"):
        result.add(name, good, row=row if name == "answer" else None)
    result.add("answer_wrong", not good and reading.answer is not None, row=row, miss=False)
    result.add("answer_missing", not good and reading.answer is None, row=row, miss=False)
    if values == [None]:
        result.add("invented_answer", reading.answer is not None, row=row, miss=False)


def _urgency(result: Score, row: Row, reading: Reading) -> None:
    labels = {Urgency.parse(label) for label in accepted(row["expect"].get("urgency", "none"))}
    called = reading.urgency is Urgency.EMERGENCY
    if labels == {Urgency.EMERGENCY}:
        result.add("emergency_recall", called, row=row)
        result.add("emergency_unseen", not called and not reading.flag, row=row, miss=False)
    if min(labels) >= Urgency.URGENT:
        result.add("urgent_recall", reading.urgency >= Urgency.URGENT, row=row)
    if called:
        result.add("emergency_precision", Urgency.EMERGENCY in labels, row=row)
    if row.get("hard_negative"):
        result.add("hard_negative_emergency", called, row=row, miss=False)
        result.add("hard_negative_too_urgent", reading.urgency > max(labels), row=row, miss=False)
    result.add("urgency", reading.urgency in labels, row=row)


def _flags(result: Score, row: Row, reading: Reading) -> None:
    if row.get("must_flag"):
        result.add("flag_recall", reading.flag, row=row)
        result.add(f"flag_recall.{row.get('lang')}", reading.flag)
    if not row.get("flag_ok"):
        result.add("over_flag", reading.flag, row=row, miss=False)
        result.add(f"over_flag.{row.get('lang')}", reading.flag)


def _intents(result: Score, row: Row, reading: Reading) -> None:
    wanted = set(row["expect"].get("intents") or ())
    optional = set(row["expect"].get("intents_ok") or ())
    for name in INTENTS:
        if name in wanted:
            result.add(f"recall.{name}", name in reading.intents, row=row)
        if name in reading.intents and name not in optional:
            result.add(f"precision.{name}", name in wanted, row=row)
