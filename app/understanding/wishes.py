"""What a reply asks of an appointment's time and what it rules out, as tests on the offered starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from app.understanding.clocktime import TimeOfDay, times
from app.understanding.lexicon import Hit, Scan
from app.understanding.message import longest
from app.understanding.numbers import grouped, whole
from app.understanding.reading import Option

Test = Callable[[datetime], bool]
_HOURS = {"morning": (0, 12), "afternoon": (12, 18), "evening": (17, 24)}
_NEAR_DAYS = {"today": 0, "tomorrow": 1, "day_after": 2}
_WEEKS = {"this_week": 0, "next_week": 7}
_REACH = 4


@dataclass(slots=True)
class Wish:
    """Tests a start must pass, tests it must not pass, and the words that made them."""

    wanted: list[Test] = field(default_factory=list)
    refused: list[Test] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether nothing was said about time."""
        return not self.wanted and not self.refused

    def allows(self, start: datetime) -> bool:
        """Whether a start has all that is wanted and nothing that is refused."""
        return all(test(start) for test in self.wanted) and not any(test(start) for test in self.refused)

    def add(self, test: Test, *, refused: bool = False) -> None:
        """Keep a test on the side it belongs to."""
        (self.refused if refused else self.wanted).append(test)


def wish(scan: Scan, now: datetime | None, slots: list[Option], begin: int) -> Wish:
    """What the words from token ``begin`` on ask of a time; ``now`` is local, for "tomorrow" and "next week"."""
    starts = [option.start for option in slots if option.start is not None]
    asked = Wish()
    taken: set[int] = set()
    _weekdays(scan, asked, begin, taken)
    _dates(scan, asked, begin, taken, {(start.month, start.day) for start in starts})
    _month_days(scan, asked, begin, taken, starts)
    clocks = [clock for clock in times(scan, taken) if clock.first >= begin]
    _parts(scan, asked, begin, clocks)
    _clocks(scan, asked, clocks)
    if now is not None:
        _relative(scan, asked, begin, now)
    return asked


def _weekdays(scan: Scan, asked: Wish, begin: int, taken: set[int]) -> None:
    named = [*scan.of("weekdays"), *(h for h in scan.of("ordinals") if h.last - h.first > 1)]
    for hit in longest(named):
        if hit.first >= begin and hit.section == "weekdays":
            asked.add(_on_weekday(int(hit.name)), refused=refused(scan, hit.first, hit.last))
            asked.hits.append(hit)
            taken |= set(range(hit.first, hit.last))


def _dates(scan: Scan, asked: Wish, begin: int, taken: set[int], known: set[tuple[int, int]]) -> None:
    """Month and day in figures, in whichever order an offered day has."""
    for index in range(begin, len(scan.tokens) - 1):
        left, right = scan.tokens[index], scan.tokens[index + 1]
        figures = left.text.isdecimal() and right.text.isdecimal()
        if not figures or right.sep.strip() not in ("/", "-", "."):
            continue
        pair = (int(left.text), int(right.text))
        pair = pair if pair in known else pair[::-1]
        if pair in known:
            asked.add(_on_date(pair), refused=refused(scan, index, index + 2))
            taken |= {index, index + 1}


def _month_days(scan: Scan, asked: Wish, begin: int, taken: set[int], starts: list[datetime]) -> None:
    """A day of the month: beside a month or weekday, marked as one, or an ordinal too high to be a choice."""
    months = [hit for hit in longest(scan.of("months")) if hit.first >= begin]
    days = {start.day for start in starts}
    ordinals = [h for h in longest(scan.of("ordinals")) if h.name.isdecimal()]
    found = [(h.first, h.last, int(h.name), True) for h in ordinals]
    found += [(n.first, n.last, int(n.value), False) for n in grouped(scan) if whole(n) is not None]
    for first, last, value, ordinal in found:
        if first < begin or first in taken or _clocklike(scan, last):
            continue
        beside = _beside(first, last, months, 1) or _beside(first, last, _marks(scan), 0)
        weekday = value in days and _beside(first, last, scan.of("weekdays"), 0)
        high = ordinal and value in days and value > len(starts) + 1
        if beside or weekday or high:
            asked.add(_on_day(value), refused=refused(scan, first, last))
            taken |= set(range(first, last))


def _marks(scan: Scan) -> list[Hit]:
    return scan.named("slots", "day_mark")


def _beside(first: int, last: int, hits: Iterable[Hit], gap: int) -> bool:
    return any(0 <= first - hit.last <= gap or 0 <= hit.first - last <= gap for hit in hits)


def _clocklike(scan: Scan, index: int) -> bool:
    return any(h.first == index and h.name in ("am", "pm", "oclock") for h in scan.of("slots"))


def _parts(scan: Scan, asked: Wish, begin: int, clocks: list[TimeOfDay]) -> None:
    """Morning, afternoon, evening; beside a time of day they only say which half of the clock it is in."""
    if clocks and not any(_cue(scan, clock, name) for clock in clocks for name in ("after", "before")):
        return
    for hit in scan.of("slots"):
        if hit.first >= begin and hit.name in _HOURS:
            low, high = _HOURS[hit.name]
            asked.add(_between(low * 60, high * 60 - 1), refused=refused(scan, hit.first, hit.last))
            asked.hits.append(hit)


def _clocks(scan: Scan, asked: Wish, clocks: list[TimeOfDay]) -> None:
    if len(clocks) >= 2 and any(_cue(scan, clock, "between") for clock in clocks):
        asked.add(_between(clocks[0].minutes(), clocks[1].minutes()))
        return
    for clock in clocks:
        if _cue(scan, clock, "after"):
            asked.add(_between(clock.minutes(), 24 * 60))
        elif _cue(scan, clock, "before"):
            asked.add(_between(0, clock.minutes()))
        else:
            asked.add(_at(clock), refused=refused(scan, clock.first, clock.last))


def _cue(scan: Scan, clock: TimeOfDay, name: str) -> bool:
    for hit in scan.named("slots", name):
        behind = scan.language in ("zh", "ko") and 0 <= hit.first - clock.last <= 1  # 三点以后, 세 시 이후
        if 0 <= clock.first - hit.last <= 1 or (behind and name != "between"):
            return True
    return False


def _relative(scan: Scan, asked: Wish, begin: int, now: datetime) -> None:
    near = longest([h for h in scan.of("slots") if h.name in _NEAR_DAYS or h.name in _HOURS])
    for hit in near:
        if hit.name in _NEAR_DAYS and hit.first >= begin:
            day = (now + timedelta(days=_NEAR_DAYS[hit.name])).date()
            asked.add(_within(day, 1), refused=refused(scan, hit.first, hit.last))
            asked.hits.append(hit)
    monday = (now - timedelta(days=now.weekday())).date()
    for name, shift in _WEEKS.items():
        for hit in scan.named("slots", name):
            asked.add(_within(monday + timedelta(days=shift), 7), refused=refused(scan, hit.first, hit.last))


def refused(scan: Scan, first: int, last: int) -> bool:
    """Whether those words are excluded: "not", "except", "can't do" before them, or a refusal right after."""
    days = [h.first for h in scan.of("weekdays")]
    for hit in scan.named("slots", "not_"):
        near = 0 <= first - hit.last <= _REACH
        apart = any(scan.tokens[i].brk for i in range(hit.first + 1, first + 1)) if near else True
        if not apart and not any(hit.last <= day < first for day in days):
            return True
    after = scan.named("slots", "not_after")
    return any(0 <= hit.first - last <= 1 and not scan.tokens[hit.first].brk for hit in after)


def _on_weekday(day: int) -> Test:
    return lambda start: start.isoweekday() == day


def _on_day(day: int) -> Test:
    return lambda start: start.day == day


def _on_date(pair: tuple[int, int]) -> Test:
    return lambda start: (start.month, start.day) == pair


def _within(first: date, days: int) -> Test:
    return lambda start: first <= start.date() < first + timedelta(days=days)


def _between(low: int, high: int) -> Test:
    return lambda start: low <= start.hour * 60 + start.minute <= high


def _at(clock: TimeOfDay) -> Test:
    return lambda start: clock.matches(start.hour, start.minute)
