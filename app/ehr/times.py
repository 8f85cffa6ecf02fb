"""Times as sources write them, turned into aware UTC; what cannot be read is a RowError in plain words."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from app.ehr.records import RowError

FIRST_YEAR, LAST_YEAR = 1880, 2200
_HL7 = re.compile(r"^(\d{4})(\d{2})?(\d{2})?(?:(\d{2})(\d{2})?(\d{2})?(?:\.\d{1,6})?)?\s*([+-]\d{4})?$")
_OFFSET = re.compile(r"^(Z|[+-]\d{2}:?\d{2})$")


def to_utc(local: datetime, zone: ZoneInfo) -> datetime:
    """A wall time in a zone as aware UTC; a time the clocks skip that day is a RowError."""
    aware = local.replace(tzinfo=zone)
    utc = aware.astimezone(UTC)
    if utc.astimezone(zone).replace(tzinfo=None) != local:
        raise RowError(f"The time {local:%Y-%m-%d %H:%M} does not exist in {zone.key}: clocks change.")
    return utc


def offset_zone(text: str) -> timezone:
    """`Z`, `+0215` or `-05:00` as a fixed offset."""
    if not _OFFSET.match(text):
        raise RowError(f"The time zone offset {text!r} cannot be read.")
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    if minutes >= 24 * 60:
        raise RowError(f"The time zone offset {text!r} cannot be read.")
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def checked_date(year: int, month: int, day: int, text: str) -> date:
    """A date that exists, in a year people live in, else a RowError that quotes `text`."""
    try:
        found = date(year, month, day)
    except ValueError as error:
        raise RowError(f"The date {text!r} does not exist.") from error
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise RowError(f"The year in the date {text!r} cannot be right.")
    return found


def utc_of(day: date, clock: time, offset: timezone | None, zone: ZoneInfo) -> datetime:
    """A date and a wall time as aware UTC, by its own offset where it has one, else in `zone`."""
    local = datetime.combine(day, clock)
    return local.replace(tzinfo=offset).astimezone(UTC) if offset else to_utc(local, zone)


def hl7_date(text: str) -> date | None:
    """The day of an HL7 timestamp as written, whatever its offset; None when it has only year or month."""
    match = _HL7.match(text.strip())
    if not match:
        raise RowError(f"The date {text!r} cannot be read.")
    year, month, day = match.group(1, 2, 3)
    return checked_date(int(year), int(month), int(day), text) if month and day else None


def hl7_time(text: str, zone: ZoneInfo) -> datetime:
    """An HL7 timestamp (YYYYMMDD[HHMM[SS[.S]]][+/-ZZZZ]) as aware UTC; a day without time is its midnight."""
    day = hl7_date(text)
    match = _HL7.match(text.strip())
    if day is None or match is None:
        raise RowError(f"The date {text!r} has no day.")
    hour, minute, second, offset = match.group(4, 5, 6, 7)
    try:
        clock = time(int(hour or 0), int(minute or 0), int(second or 0))
    except ValueError as error:
        raise RowError(f"The time in {text!r} does not exist.") from error
    return utc_of(day, clock, offset_zone(offset) if offset else None, zone)


def hl7_has_time(text: str) -> bool:
    """Whether an HL7 timestamp says more than the day."""
    match = _HL7.match(text.strip())
    return bool(match and match.group(4))


def fhir_time(text: str, zone: ZoneInfo) -> datetime:
    """A FHIR dateTime or instant as aware UTC; without offset it is read in `zone`."""
    text = text.strip()
    if not re.match(r"^\d{4}-\d{2}-\d{2}", text):
        raise RowError(f"The date {text!r} has no day.")
    try:
        found = datetime.fromisoformat(text)
        found = found.astimezone(UTC) if found.tzinfo else to_utc(found, zone)
    except (ValueError, OverflowError) as error:
        raise RowError(f"The date {text!r} cannot be read.") from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise RowError(f"The year in the date {text!r} cannot be right.")
    return found


def fhir_has_time(text: str) -> bool:
    """Whether a FHIR dateTime says more than the day."""
    return "T" in text


def minutes_between(start: datetime, end: datetime) -> int | None:
    """Whole minutes from start to end; None when the end is not after the start or a day later."""
    minutes = int((end - start).total_seconds() // 60)
    return minutes if 0 < minutes <= 24 * 60 else None
