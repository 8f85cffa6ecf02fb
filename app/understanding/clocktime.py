"""Times of day as patients write them: 9:30, 930, nine thirty, half past two, 2pm, a las dos, 14h15."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.understanding import numbers
from app.understanding.lexicon import Scan
from app.understanding.numbers import Number

_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})")
_RUN = re.compile(r"(\d{1,2})(00|15|30|40|45|10|20|50)")


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time at tokens ``first`` to ``last``; ``half`` is "am", "pm" or "" when it was not said."""

    first: int
    last: int
    hour: int
    minute: int
    half: str

    def matches(self, hour: int, minute: int) -> bool:
        """Whether that clock time is meant, in the half of the day that was said or in either."""
        if self.minute != minute:
            return False
        if self.hour > 12 or self.hour == 0:
            return self.hour % 24 == hour
        if self.half:
            return self.hour % 12 + (12 if self.half == "pm" else 0) == hour
        return self.hour % 12 == hour % 12

    def minutes(self) -> int:
        """Minutes since midnight; an hour up to six without a half of the day is in the afternoon."""
        hour = self.hour
        if hour <= 12 and (self.half == "pm" or (not self.half and 1 <= hour <= 6)):
            hour = hour % 12 + 12
        return (hour % 24) * 60 + self.minute


def times(scan: Scan, taken: set[int]) -> list[TimeOfDay]:
    """Every time of day in a reply outside the tokens that are dates; bare numbers only where a word says so."""
    out: list[TimeOfDay] = []
    groups = [n for n in _numbers(scan) if not any(i in taken for i in range(n.first, n.last))]
    used: set[int] = set()
    for index, number in enumerate(groups):
        if number.first in used:
            continue
        following = groups[index + 1] if index + 1 < len(groups) else None
        found = _time(scan, number, following)
        if found is not None:
            out.append(found)
            used |= set(range(found.first, found.last))
    noon = [TimeOfDay(h.first, h.last, 12, 0, "pm") for h in scan.named("slots", "noon")]
    return out + noon


def _numbers(scan: Scan) -> list[Number]:
    found = numbers.grouped(scan)
    known = {n.first for n in found}
    for index, token in enumerate(scan.tokens):
        if token.kind == "num" and index not in known:
            found.append(Number(index, index + 1, -1, digits=True))
    return sorted(found, key=lambda n: n.first)


def _time(scan: Scan, number: Number, following: Number | None) -> TimeOfDay | None:
    text = scan.tokens[number.first].text
    clock = _CLOCK.fullmatch(text) if number.digits else None
    if clock:
        return _made(scan, number.first, number.last, int(clock[1]), int(clock[2]))
    run = _RUN.fullmatch(text) if number.digits and len(text) >= 3 else None
    if run:
        return _made(scan, number.first, number.last, int(run[1]), int(run[2]))
    hour = int(number.value)
    if not 0 <= hour <= 24 or number.value != hour:
        return None
    return _worded(scan, number, hour, following)


def _worded(scan: Scan, number: Number, hour: int, following: Number | None) -> TimeOfDay | None:
    after = _at(scan, number.last)
    before = _at_end(scan, number.first)
    if "half_before" in before:
        begin = min(h.first for h in scan.named("slots", "half_before") if h.last == number.first)
        return _made(scan, begin, number.last, hour, 30)
    if "half_to" in before:
        return _made(scan, number.first, number.last, hour - 1 or 12, 30)
    if "quarter_to" in before:
        return _made(scan, number.first, number.last, hour - 1 or 12, 45)
    last = number.last + (1 if "oclock" in after else 0)
    if "quarter_past" in _at(scan, last) or "quarter_past" in before:
        return _made(scan, number.first, last + 1, hour, 15)
    if "half" in _at(scan, last):
        return _made(scan, number.first, last + 1, hour, 30)
    if (
        following is not None
        and following.first in (last, last + 1)
        and _minute(scan, number, following, last)
    ):
        return _made(scan, number.first, following.last, hour, int(following.value))
    if (
        "oclock" in after
        or "at" in before
        or after & {"am", "pm"}
        or before & {"after", "before", "around", "between"}
    ):
        return _made(scan, number.first, last, hour, 0)
    return None


def _minute(scan: Scan, number: Number, following: Number, last: int) -> bool:
    joined = following.first == last or "oclock" in _at(scan, number.last)
    if not joined or scan.tokens[following.first].brk == 1:
        return False
    return following.value in (0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55) and following.value == int(
        following.value
    )


def _made(scan: Scan, first: int, last: int, hour: int, minute: int) -> TimeOfDay | None:
    if hour > 24 or minute > 59:
        return None
    near = _at(scan, last) | _at_end(scan, first)
    if "turn" not in near and not any(token.brk for token in scan.tokens[last + 1 : last + 2]):
        near |= _at(scan, last + 1)  # not "8:15 car l'après-midi je travaille"
    half = "pm" if "pm" in near else "am" if "am" in near else ""
    return TimeOfDay(first, last, hour, minute, half)


def _at(scan: Scan, index: int) -> set[str]:
    return {hit.name for hit in scan.of("slots") if hit.first == index}


def _at_end(scan: Scan, index: int) -> set[str]:
    return {hit.name for hit in scan.of("slots") if hit.last == index}
