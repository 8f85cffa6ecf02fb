"""When a paused conversation goes on: after a time, on a day of the programme, or some time before the
appointment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from app.flow.effects import Sleep
from app.flow.schema import Pause
from app.flow.state import State

APPOINTMENT = "appointment.start"


def rest(step: str, pause: Pause, state: State, facts: Mapping[str, Any], now: datetime) -> Sleep | None:
    """The rest to take at this step; None when no day is left or the time for it is past.

    Of `days`, each is taken once; today's and those gone by are passed over, because the patient was just talked
    to. What was taken is counted in `state.visits`.
    """
    if pause.days is not None:
        day = _next_day(step, pause.days, state, elapsed(facts, now))
        return None if day is None else Sleep(step, None, day)
    if pause.until is None:
        return Sleep(step, pause.span, pause.day)
    start = facts.get(APPOINTMENT)
    if isinstance(start, datetime) and start.tzinfo and start - timedelta(seconds=pause.before or 0) <= now:
        return None
    return Sleep(step, pause.before, None, APPOINTMENT)


def _next_day(step: str, days: list[int], state: State, today: int | None) -> int | None:
    taken = state.visits.get(step, 0)
    while taken < len(days) and today is not None and days[taken] <= today:
        taken += 1
    state.visits[step] = taken + 1
    return days[taken] if taken < len(days) else None


def next_check(sleep: Sleep, facts: Mapping[str, Any], now: datetime) -> date | None:
    """The day on which a rest will be over, as far as the facts tell."""
    if sleep.before_fact:
        start = facts.get(sleep.before_fact)
        return (start - timedelta(seconds=sleep.seconds or 0)).date() if isinstance(start, datetime) else None
    if sleep.day is not None:
        begun = first_day(facts)
        return begun + timedelta(days=sleep.day) if begun else None
    return (now + timedelta(seconds=sleep.seconds or 0)).date()


def first_day(facts: Mapping[str, Any]) -> date | None:
    """Day 0 of the programme: the fact `trigger.date`, else `discharge.date`; a date, a time or ISO text."""
    return _day(facts.get("trigger.date")) or _day(facts.get("discharge.date"))


def elapsed(facts: Mapping[str, Any], now: datetime) -> int | None:
    """Whole days since day 0, by the patient's calendar where the fact `today` tells it; None without a day 0."""
    begun, today = first_day(facts), _day(facts.get("today")) or now.date()
    return None if begun is None else (today - begun).days


def _day(value: Any) -> date | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None
