"""Numbers with a meaning: temperature, sugar, pressure, oxygen, pulse and weight, against a practice's bounds."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.understanding import numbers
from app.understanding.lexicon import Hit, Scan
from app.understanding.reading import Urgency
from app.understanding.schema import Thresholds

_NEAR = 6
SIGN_BY_SIGN = ("zh", "ko")
_KILO = 2.2046
_PAIR = re.compile(r"(?<![\d/.-])(\d{2,3})\s*(?:/|over|sobre|\\|на|trên|sur|por)\s*(\d{2,3})(?![\d/])")
_WEEKLY = "weight_gain_lb_week"
_DAILY = "weight_gain_lb_day"


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity read from a reply, in the unit of its thresholds."""

    quantity: str
    value: float
    start: int
    end: int


SIGN_OF: dict[tuple[str, str], str] = {
    ("temperature_f", "high"): "high_temperature",
    ("temperature_f", "low"): "low_temperature",
    ("glucose", "low"): "low_glucose",
    ("glucose", "high"): "high_glucose",
    ("systolic", "high"): "high_blood_pressure",
    ("diastolic", "high"): "high_blood_pressure",
    ("systolic", "low"): "low_blood_pressure",
    ("oxygen", "low"): "low_oxygen",
    ("pulse", "low"): "slow_pulse",
    ("pulse", "high"): "fast_pulse",
    (_DAILY, "high"): "weight_up",
    (_WEEKLY, "high"): "weight_up",
}


def measures(
    scan: Scan, folded: str, where: list[int], topics: tuple[str, ...], *, guess: bool
) -> list[Measure]:
    """Every measurement a reply holds, by the words around each number.

    ``guess``: a bare number that can only be a fever counts as one; not in a language the reply is not written in.
    """
    found = _pressures(folded, where)
    taken = [(m.start, m.end) for m in found]
    units = scan.of("units")
    for index, last, value in _values(scan):
        token = scan.tokens[index]
        if any(s <= token.start < e for s, e in taken):
            continue
        near = {hit.name: hit for hit in units if _close(scan, hit, index)}
        tied = {hit.name for hit in units if hit.first == last}
        measure = _measure(value, near, tied, topics, guess=guess)
        if measure is not None:
            found.append(Measure(measure[0], measure[1], token.start, token.end))
    return found


def judge(found: list[Measure], bands: Thresholds) -> list[tuple[Measure, Urgency, str]]:
    """Each measurement with its urgency and the sign it stands for ("" when it is within bounds)."""
    out = []
    for measure in found:
        level, side = Urgency.NONE, ""
        for band in bands.bands.get(measure.quantity, ()):
            low = band.at_most is not None and measure.value <= band.at_most
            high = band.at_least is not None and measure.value >= band.at_least
            if (low or high) and Urgency.parse(band.urgency) > level:
                level, side = Urgency.parse(band.urgency), "low" if low else "high"
        out.append(
            (measure, level, SIGN_OF.get((measure.quantity, side), "") if level > Urgency.ROUTINE else "")
        )
    return out


def _values(scan: Scan) -> list[tuple[int, int, float]]:
    """Numbers as (first token, one past the last, value); in Chinese and Korean also those in words, and 38度5."""
    tokens = scan.tokens
    written = [(i, i + 1, _number(token.text)) for i, token in enumerate(tokens) if token.kind == "num"]
    out = [(first, last, value) for first, last, value in written if value is not None]
    if scan.language not in SIGN_BY_SIGN:
        return out
    out += [(n.first, n.last, n.value) for n in numbers.grouped(scan) if not tokens[n.first].text.isdecimal()]
    return [(first, last, value + _tenths(scan, last)) for first, last, value in sorted(out)]


def _tenths(scan: Scan, index: int) -> float:
    tokens = scan.tokens
    degrees = (
        index + 1 < len(tokens) and tokens[index].text in ("度", "도") and tokens[index + 1].kind == "num"
    )
    tenth = tokens[index + 1].text if degrees and tokens[index + 1].glued else ""
    return int(tenth) / 10 if len(tenth) == 1 else 0.0


def _number(text: str) -> float | None:
    match = re.fullmatch(r"(\d{1,4})(?:[.,](\d{1,2}))?", text)
    if match is None:
        return None
    return float(f"{match.group(1)}.{match.group(2) or 0}")


def _close(scan: Scan, hit: Hit, index: int) -> bool:
    low, high = min(hit.first, index), max(hit.last - 1, index)
    if high - low > (2 * _NEAR if scan.language in SIGN_BY_SIGN else _NEAR):
        return False
    return not any(scan.tokens[i].brk == 2 for i in range(low + 1, high + 1))


def _pressures(folded: str, where: list[int]) -> list[Measure]:
    out = []
    for match in _PAIR.finditer(folded):
        upper, lower = int(match.group(1)), int(match.group(2))
        if 60 <= upper <= 280 and 30 <= lower <= 170 and lower < upper:
            start, end = where[match.start()], where[match.end() - 1] + 1
            out += [Measure("systolic", upper, start, end), Measure("diastolic", lower, start, end)]
    return out


def _measure(
    value: float, near: dict[str, Hit], tied: set[str], topics: tuple[str, ...], *, guess: bool
) -> tuple[str, float] | None:
    if "celsius" in tied or "fahrenheit" in tied or "degrees" in tied:
        return _temperature(value)
    if tied & {"pounds", "kilos"}:
        return _weight(value, near, tied)
    if "oxygen" in near and 40 <= value <= 100:
        return "oxygen", value
    if "glucose" in near and 15 <= value <= 999:
        return "glucose", value
    if "glucose" in near and 1 <= value < 15:
        return "glucose", value * 18
    if "temperature" in near or "fever" in topics or "degrees" in near:
        return _temperature(value)
    if "pulse" in near and 15 <= value <= 260:
        return "pulse", value
    if "pressure" in near and 60 <= value <= 280:
        return "systolic", value
    if "weight" in near and "swelling" in topics:
        return _weight(value, near, {"pounds"})
    fever = (value in range(101, 108) and value > 100) or (38.5 <= value <= 42.5 and value != int(value))
    return _temperature(value) if guess and fever and not tied else None


def _temperature(value: float) -> tuple[str, float] | None:
    if 34 <= value <= 43.5:
        return "temperature_f", value * 9 / 5 + 32
    return ("temperature_f", value) if 93 <= value <= 111 else None


def _weight(value: float, near: dict[str, Hit], tied: set[str]) -> tuple[str, float] | None:
    if "weight" not in near or "weight_down" in near or value > 60:
        return None
    pounds = value * _KILO if "kilos" in tied else value
    if "week" in near and "day" not in near and "days_few" not in near:
        return _WEEKLY, pounds
    return _DAILY, pounds
