"""Tests on the start of an offered time: its day, its date, its hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from app.understanding.clocktime import TimeOfDay

Test = Callable[[datetime], bool]


def on_weekday(day: int) -> Test:
    """On that day of the week, Monday being 1."""
    return lambda start: start.isoweekday() == day


def on_days(days: range) -> Test:
    """On one of those days of the week."""
    return lambda start: start.isoweekday() in days


def on_day(day: int) -> Test:
    """On that day of the month."""
    return lambda start: start.day == day


def days_before(day: int) -> Test:
    """Before that day of the month, within the month."""
    return lambda start: start.day < day


def days_after(day: int) -> Test:
    """After that day of the month, within the month."""
    return lambda start: start.day > day


def on_date(pair: tuple[int, int]) -> Test:
    """On that month and day."""
    return lambda start: (start.month, start.day) == pair


def hour_or_day(value: int) -> Test:
    """At that hour, or on that day of the month."""
    return lambda start: start.day == value or (start.hour - 1) % 12 + 1 == value


def in_hour(clock: TimeOfDay) -> Test:
    """Within that hour."""
    return lambda start: clock.matches(start.hour, 0)


def within(first: date, days: int) -> Test:
    """Within so many days from the first."""
    return lambda start: first <= start.date() < first + timedelta(days=days)


def between(low: int, high: int) -> Test:
    """Between two minutes of the day."""
    return lambda start: low <= start.hour * 60 + start.minute <= high


def at(clock: TimeOfDay) -> Test:
    """At that time of day."""
    return lambda start: clock.matches(start.hour, start.minute)
