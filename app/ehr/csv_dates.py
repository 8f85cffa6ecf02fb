"""Dates and times in spreadsheets: month or day first is decided by the file as a whole, never row by row."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta, timezone
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale

from app.ehr.records import RowError
from app.ehr.times import checked_date, offset_zone
from app.ehr.vocab import plain


class Order(StrEnum):
    """How 3/4/2026 is to be read; UNKNOWN when nothing in the file tells."""

    MONTH_FIRST = "month first"
    DAY_FIRST = "day first"
    UNKNOWN = "unknown"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Moment:
    """What a cell says of a moment: a day, a wall time, an offset or zone; each may be missing."""

    day: date | None = None
    clock: time | None = None
    offset: timezone | None = None
    zone: ZoneInfo | None = None


_HALF = r"(?:(?P<half>[ap])(?:\.?\s?m\b\.?|(?=\s|$)))"
_TIME = r"(?P<time>\d{1,2}(?::\d{2}){0,2}(?:\.\d+)?[\s.A-Za-z]*(?:[+-]\d{2}:?\d{2})?)"
_ISO = re.compile(rf"^(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?:[T\s]+{_TIME})?$", re.I)
_COMPACT = re.compile(rf"^(?P<y>(?:18|19|20|21)\d{{2}})(?P<m>\d{{2}})(?P<d>\d{{2}})(?:[T\s]+{_TIME})?$", re.I)
_SLASH = re.compile(
    rf"^(?P<a>\d{{1,2}})(?P<sep>[/.-])(?P<b>\d{{1,2}})(?P=sep)(?P<y>\d{{4}}|\d{{2}})(?:[T,\s]+{_TIME})?$",
    re.I,
)
_DAY_NAME = re.compile(
    rf"^(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s./-]+(?:de\s+)?(?P<name>[^\W\d_]{{3,}})\.?[\s.,/-]+(?:de\s+)?"
    rf"(?P<y>\d{{4}}|\d{{2}})(?:[T,\s]+{_TIME})?$", re.I,
)  # fmt: skip
_NAME_DAY = re.compile(
    rf"^(?P<name>[^\W\d_]{{3,}})\.?[\s.-]+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s.,-]+(?P<y>\d{{4}})"
    rf"(?:[T,\s]+{_TIME})?$", re.I,
)  # fmt: skip
_EXCEL = re.compile(r"^\d{5}(\.\d+)?$")
_WEEKDAY = re.compile(
    r"^(mon|tue|wed|thu|fri|sat|sun|lun|mar|mi[eé]|jue|vie|s[aá]b|dom)[^\W\d_]*[.,]\s*", re.I
)
_CLOCK = re.compile(
    r"^(?P<h>\d{1,2})(?::(?P<m>\d{2}))?(?::(?P<s>\d{2})(?:\.\d+)?)?\s*" + _HALF + r"?\s*"
    r"(?P<offset>Z|[+-]\d{2}:?\d{2})?(?P<abbr>[A-Z]{2,4})?$", re.I,
)  # fmt: skip
_ABBREVIATIONS = {
    "ET": "America/New_York", "EST": "America/New_York", "EDT": "America/New_York",
    "CT": "America/Chicago", "CST": "America/Chicago", "CDT": "America/Chicago",
    "MT": "America/Denver", "MST": "America/Denver", "MDT": "America/Denver",
    "PT": "America/Los_Angeles", "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles", "UTC": "UTC",
}  # fmt: skip


@cache
def _months() -> dict[str, int]:
    found: dict[str, int] = {}
    for language in ("en", "es"):
        for width in ("wide", "abbreviated"):
            for number, name in Locale.parse(language).months["format"][width].items():
                found[plain(name)] = number
    return found


def date_order(values: Iterable[str]) -> Order:
    """How the slash dates in one column are to be read, by those that can be read only one way."""
    month_first = day_first = False
    for value in values:
        match = _SLASH.match(_WEEKDAY.sub("", value.strip()))
        if match:
            first, second = int(match["a"]), int(match["b"])
            day_first = day_first or first > 12 >= second
            month_first = month_first or second > 12 >= first
    if month_first and day_first:
        return Order.MIXED
    return Order.MONTH_FIRST if month_first else Order.DAY_FIRST if day_first else Order.UNKNOWN


def settled(orders: Iterable[Order]) -> Order:
    """The order of a whole file: what its telling columns agree on, UNKNOWN when none tells, else MIXED."""
    told = {order for order in orders if order is not Order.UNKNOWN}
    if not told:
        return Order.UNKNOWN
    return told.pop() if len(told) == 1 else Order.MIXED


def _full_year(text: str, cell: str) -> int:
    if len(text) == 4:
        return int(text)
    if int(text) >= 40:
        return 1900 + int(text)
    raise RowError(
        f"The year in {cell!r} has only two digits: it could be 19{text} or 20{text}. "
        "Save the file with four-digit years and import it again."
    )


def _slash_date(match: re.Match[str], order: Order, cell: str, *, century: int | None) -> date:
    first, second = int(match["a"]), int(match["b"])
    year = century + int(match["y"]) if century and len(match["y"]) == 2 else _full_year(match["y"], cell)
    if second > 12 >= first or first == second:
        return checked_date(year, first, second, cell)
    if first > 12 >= second:
        return checked_date(year, second, first, cell)
    if order is Order.MONTH_FIRST:
        return checked_date(year, first, second, cell)
    if order is Order.DAY_FIRST:
        return checked_date(year, second, first, cell)
    why = "this file has both kinds" if order is Order.MIXED else "nothing in this file tells which"
    raise RowError(
        f"The date {cell!r} could be month/day or day/month, and {why}. Save the dates as "
        f"year-month-day (for example {year}-{first:02d}-{second:02d}) or say on import which comes first."
    )


def _named_month(name: str, cell: str) -> int:
    found = _months().get(plain(name)) or _months().get(plain(name)[:3])
    if not found:
        raise RowError(f"The month in the date {cell!r} is not known.")
    return found


def _day(cell: str, order: Order, century: int | None) -> tuple[date, str] | None:
    for pattern in (_ISO, _COMPACT, _SLASH, _DAY_NAME, _NAME_DAY):
        match = pattern.match(cell)
        if not match:
            continue
        rest = match["time"] or ""
        if pattern is _SLASH:
            return _slash_date(match, order, cell, century=century), rest
        year = match["y"]
        full = century + int(year) if century and len(year) == 2 else _full_year(year, cell)
        named = pattern in (_DAY_NAME, _NAME_DAY)
        month = _named_month(match["name"], cell) if named else int(match["m"])
        return checked_date(full, month, int(match["d"]), cell), rest
    return None


def _excel(cell: str) -> Moment | None:
    if not _EXCEL.match(cell):
        return None
    minutes = round(float(cell) * 24 * 60)
    day = date(1899, 12, 30) + timedelta(days=minutes // (24 * 60))  # Excel counts days from there
    clock = time(minutes // 60 % 24, minutes % 60)
    return Moment(day, clock if "." in cell else None)


def parse_clock(cell: str) -> Moment:
    """A wall time (`9:30 AM`, `0930`, `14:30`, `9a`, Excel's 0.395833), with the offset or zone it names."""
    cell = cell.strip()
    if re.fullmatch(r"0?\.\d+", cell):
        minutes = round(float(cell) * 24 * 60)
        return Moment(clock=time(minutes // 60 % 24, minutes % 60))
    match = _CLOCK.match(re.sub(r"^(\d{1,2})(\d{2})(?=\s*([ap]|$))", r"\1:\2", cell, flags=re.I))
    if not match or (not match["m"] and not match["half"]):
        raise RowError(f"The time {cell!r} cannot be read. Write it like 9:30 AM or 14:30.")
    hour, half = int(match["h"]), (match["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise RowError(f"The time {cell!r} does not exist.")
        hour = hour % 12 + (12 if half == "p" else 0)
    elif len(match["h"]) == 1 and 1 <= hour <= 6:
        raise RowError(f"The time {cell!r} could be morning or afternoon. Add AM or PM.")
    offset = offset_zone(match["offset"].upper()) if match["offset"] else None
    return Moment(None, _checked_time(hour, match, cell), offset, _named_zone(match["abbr"], cell))


def _checked_time(hour: int, match: re.Match[str], cell: str) -> time:
    try:
        return time(hour, int(match["m"] or 0), int(match["s"] or 0))
    except ValueError as error:
        raise RowError(f"The time {cell!r} does not exist.") from error


def _named_zone(name: str | None, cell: str) -> ZoneInfo | None:
    if not name:
        return None
    zone = _ABBREVIATIONS.get(name.upper())
    if not zone:
        raise RowError(f"The time zone in {cell!r} is not known.")
    return ZoneInfo(zone)


def parse_moment(cell: str, order: Order, *, century: int | None = None) -> Moment:
    """The day, and the time if there is one, that a cell says; RowError when it cannot be read one way only.

    `century` reads two-digit years as `century` plus the year (2000 for appointments); without it they are
    taken for 1940-1999 and refused where they could mean two.
    """
    cell = _WEEKDAY.sub("", " ".join(cell.split()))
    excel = _excel(cell)
    if excel:
        return excel
    found = _day(cell, order, century)
    if found is None:
        raise RowError(f"The date {cell!r} cannot be read. Write it like 2026-03-04.")
    day, rest = found
    if not rest or re.fullmatch(r"0{1,2}:00(:00)?(\.0+)?", rest):
        return Moment(day)  # exports write midnight where they mean no time
    clock = parse_clock(rest)
    return Moment(day, clock.clock, clock.offset, clock.zone)
