"""A practice's own limits for weight, temperature, sugar, pressure, oxygen and pulse, for each programme. Pure.

An emergency's limit may be made tighter, never looser than the one that ships, and never taken away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.understanding.reading import Urgency
from app.understanding.rules import rules

Bands = dict[str, list[dict[str, Any]]]
"""Bands by quantity, as `app.understanding.schema.Thresholds` takes them."""


@dataclass(frozen=True, slots=True)
class Bound:
    """One side of one quantity. `possible`: numbers that can be meant; `loosest`: how far "today" may be moved."""

    quantity: str
    high: bool
    words: str
    unit: str
    possible: tuple[float, float]
    loosest: float

    @property
    def key(self) -> str:
        """Its name in forms."""
        return f"{self.quantity}-{'high' if self.high else 'low'}"

    @property
    def edge(self) -> str:
        """The field of a band it sets."""
        return "at_least" if self.high else "at_most"

    def looser(self, value: float, than: float) -> bool:
        """Whether a limit lets more pass than another one."""
        return value > than if self.high else value < than


@dataclass(frozen=True, slots=True)
class Levels:
    """From which value on somebody acts today, and from which it is an emergency (None: never by this alone)."""

    today: float
    emergency: float | None = None


BOUNDS: Final = (
    Bound("weight_gain_lb_day", True, "Weight gain in a day", "lb", (0.5, 30), 5),
    Bound("weight_gain_lb_week", True, "Weight gain in a week", "lb", (0.5, 40), 8),
    Bound("temperature_f", True, "High temperature", "°F", (97, 111), 102),
    Bound("temperature_f", False, "Low temperature", "°F", (85, 98), 94),
    Bound("glucose", True, "High blood sugar", "mg/dL", (100, 1000), 400),
    Bound("glucose", False, "Low blood sugar", "mg/dL", (20, 120), 60),
    Bound("systolic", True, "High blood pressure, upper number", "mmHg", (110, 280), 200),
    Bound("systolic", False, "Low blood pressure, upper number", "mmHg", (50, 130), 85),
    Bound("diastolic", True, "High blood pressure, lower number", "mmHg", (70, 180), 120),
    Bound("oxygen", False, "Low oxygen", "%", (50, 100), 90),
    Bound("pulse", True, "Fast pulse, a minute", "beats", (70, 260), 130),
    Bound("pulse", False, "Slow pulse, a minute", "beats", (20, 80), 40),
)
BY_KEY: Final = {bound.key: bound for bound in BOUNDS}


def shipped(bound: Bound) -> Levels:
    """The limits everybody has who sets none."""
    return _levels(
        bound, [band.model_dump(exclude_none=True) for band in rules().thresholds.bands[bound.quantity]]
    )


def set_levels(bands: Mapping[str, Any]) -> dict[str, Levels]:
    """The limits of a programme by bound; those it does not set are the shipped ones."""
    return {
        bound.key: _levels(bound, bands[bound.quantity]) if bound.quantity in bands else shipped(bound)
        for bound in BOUNDS
    }


def read_levels(typed: Mapping[str, str]) -> tuple[dict[str, Levels], dict[str, str]]:
    """The limits typed into the form's fields `KEY-today` and `KEY-emergency`, and what is wrong by field."""
    levels: dict[str, Levels] = {}
    problems: dict[str, str] = {}
    for bound in BOUNDS:
        numbers = {}
        for name in ("today", "emergency"):
            text = typed.get(f"{bound.key}-{name}", "").strip().replace(",", ".")
            numbers[name] = _number(text)
            if text and numbers[name] is None:
                problems[f"{bound.key}-{name}"] = "Write a number, like 2 or 2.5."
        if any(field.startswith(bound.key) for field in problems):
            continue
        wrong = level_faults(bound, numbers["today"], numbers["emergency"])
        problems.update({f"{bound.key}-{name}": words for name, words in wrong.items()})
        if not wrong and numbers["today"] is not None:
            levels[bound.key] = Levels(numbers["today"], numbers["emergency"])
    return levels, problems


def level_faults(bound: Bound, today: float | None, emergency: float | None) -> dict[str, str]:
    """What is wrong with a bound's limits, by `today` and `emergency`, with what to do; empty when nothing is."""
    most, usual = shipped(bound).emergency, shipped(bound).today
    direction = "or less" if bound.high else "or more"
    low, high = bound.possible
    found: dict[str, str] = {}
    for name, value in (("today", today), ("emergency", emergency)):
        if value is not None and not low <= value <= high:
            found[name] = f"Write a number between {low:g} and {high:g}."
    if today is None:
        found["today"] = f"It cannot be left out. {usual:g} is what ships."
    elif bound.looser(today, bound.loosest):
        found.setdefault("today", f"That would come too late: at most as loose as {bound.loosest:g}.")
    if most is not None and emergency is None:
        found["emergency"] = f"It cannot be taken away. Write {most:g} {direction}."
    elif most is not None and emergency is not None and bound.looser(emergency, most):
        found.setdefault("emergency", f"It may only be tighter than what ships: {most:g} {direction}.")
    if today is not None and emergency is not None and not found and not bound.looser(emergency, today):
        found["emergency"] = f"It must lie beyond “today”, which is {today:g}."
    return found


def bands_of(levels: Mapping[str, Levels]) -> Bands:
    """The bands of a programme: only of quantities where a limit differs from the shipped one."""
    out: Bands = {}
    for quantity in dict.fromkeys(bound.quantity for bound in BOUNDS):
        sides = [bound for bound in BOUNDS if bound.quantity == quantity]
        if any(levels[bound.key] != shipped(bound) for bound in sides):
            mild = [
                b for b in rules().thresholds.bands[quantity] if Urgency.parse(b.urgency) < Urgency.URGENT
            ]
            out[quantity] = [band for bound in sides for band in _bands(bound, levels[bound.key])]
            out[quantity] += [band.model_dump(exclude_none=True, exclude_defaults=True) for band in mild]
    return out


def limit_faults(limits: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What is wrong with the limits of all programmes, in sentences; empty when nothing is."""
    found = []
    for script, bands in limits.items():
        for bound in BOUNDS:
            if bound.quantity in bands:
                today, emergency = _first(bound, bands, "urgent"), _first(bound, bands, "emergency")
                wrong = level_faults(bound, today, emergency)
                found += [f"{script}: {bound.words}: {words}" for words in wrong.values()]
        found += [f"{script}: “{name}” is no measurement." for name in bands if name not in _QUANTITIES]
    return found


_QUANTITIES: Final = frozenset(bound.quantity for bound in BOUNDS)


def _levels(bound: Bound, bands: list[dict[str, Any]]) -> Levels:
    today = _first(bound, {bound.quantity: bands}, "urgent")
    emergency = _first(bound, {bound.quantity: bands}, "emergency")
    assert today is not None, f"{bound.quantity} ships without a limit for today"
    return Levels(today, emergency)


def _first(bound: Bound, bands: Mapping[str, Any], urgency: str) -> float | None:
    found = (
        band[bound.edge]
        for band in bands[bound.quantity]
        if band["urgency"] == urgency and bound.edge in band
    )
    return next(found, None)


def _bands(bound: Bound, levels: Levels) -> list[dict[str, Any]]:
    found = [{bound.edge: levels.today, "urgency": "urgent"}]
    if levels.emergency is not None:
        found.append({bound.edge: levels.emergency, "urgency": "emergency"})
    return found


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return round(value, 1) if 0 <= value < 10_000 else None
