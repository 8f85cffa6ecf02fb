"""The moments in a CSV row: start, length, admission and discharge, as aware UTC."""

import re
from datetime import datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.ehr.csv_dates import Moment, Order, date_order, parse_clock, parse_moment, settled
from app.ehr.csv_header import Row, Table
from app.ehr.records import RowError
from app.ehr.times import minutes_between, utc_of

_DATE_FIELDS = ("birth_date", "date", "start", "end", "time", "admit", "discharge", "deceased_date")
_MINUTES = re.compile(r"^(\d{1,3})(?:\.0+)?\s*(?:m|min|mins|minutes|minutos)?\.?$", re.I)
_HOURS = re.compile(r"^(\d{1,2}):(\d{2})(?::00)?$")
_CENTURY = 2000  # visits are in this one; only birth dates can be in another


class SheetTimes:
    """How one file's dates and times are read: month or day first by the whole file, its zone by default."""

    def __init__(self, table: Table, zone: ZoneInfo, order: Order | None = None) -> None:
        self._zone = zone
        told = {field: date_order(row.get(field) for row in table.rows) for field in _DATE_FIELDS}
        whole = settled(told.values())
        self.orders = {
            field: order or (whole if own is Order.UNKNOWN else own) for field, own in told.items()
        }

    def zone(self, row: Row) -> ZoneInfo:
        """The zone a row's wall times are in; RowError when it names one that does not exist."""
        name = row.get("time_zone")
        if not name:
            return self._zone
        try:
            return ZoneInfo(name) if "/" in name else parse_clock(f"12:00 {name}").zone or self._zone
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise RowError(f"The time zone {name!r} is not known. Write it like America/Chicago.") from error

    def _moment(self, row: Row, field: str) -> Moment | None:
        cell = row.get(field)
        return parse_moment(cell, self.orders[field], century=_CENTURY) if cell else None

    def _utc(self, moment: Moment, row: Row) -> datetime:
        if moment.day is None:
            raise RowError("There is no date.")
        return utc_of(moment.day, moment.clock or time(0), moment.offset, moment.zone or self.zone(row))

    def day_or_time(self, row: Row, field: str) -> datetime | None:
        """A moment where a day alone is enough (its midnight); None when the cell is empty."""
        moment = self._moment(row, field)
        return self._utc(moment, row) if moment else None

    def start(self, row: Row) -> datetime:
        """When an appointment or slot starts; RowError without a date, or without a time of day."""
        day = self._moment(row, "start") or self._moment(row, "date")
        moment = day if day and day.clock else self._with_clock(row, day)
        if moment.day and moment.clock is None:
            raise RowError("There is a date but no time of day.")
        return self._utc(moment, row)

    def _with_clock(self, row: Row, day: Moment | None) -> Moment:
        cell = row.get("time")
        if not cell:
            return day or Moment()
        try:
            told = parse_clock(cell)
        except RowError:
            if not self._is_day(cell):
                raise
            return self._whole_moment(row, day)
        return Moment(day.day if day else None, told.clock, told.offset, told.zone)

    def _is_day(self, cell: str) -> bool:
        return len(re.findall(r"\d+", cell)) >= 4  # some systems write the whole moment in the time column

    def _whole_moment(self, row: Row, day: Moment | None) -> Moment:
        full = self._moment(row, "time")
        if full is None or full.clock is None or (day and day.day != full.day):
            raise RowError(f"The time {row.get('time')!r} cannot be read. Write it like 9:30 AM or 14:30.")
        return full

    def minutes(self, row: Row, start: datetime) -> int | None:
        """How long a visit takes, from its length or its end; None when the row does not say."""
        cell = row.get("minutes")
        plain_minutes, hours = _MINUTES.match(cell), _HOURS.match(cell)
        if plain_minutes:
            return int(plain_minutes[1]) or None
        if hours:
            return int(hours[1]) * 60 + int(hours[2]) or None
        return minutes_between(start, self._end(row, start)) if row.get("end") else None

    def _end(self, row: Row, start: datetime) -> datetime:
        try:
            told = parse_clock(row.get("end"))
        except RowError:
            moment = self._moment(row, "end")
            return self._utc(moment, row) if moment and moment.clock else start
        local = start.astimezone(told.zone or self.zone(row))
        return self._utc(Moment(local.date(), told.clock, told.offset, told.zone), row)
