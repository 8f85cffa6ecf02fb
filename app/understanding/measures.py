"""Numbers with a meaning: temperature, sugar, pressure, oxygen, pulse and weight, against a practice's bounds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.understanding import numbers, spoken
from app.understanding.lexicon import Hit, Scan, usable
from app.understanding.normal import Token
from app.understanding.reading import Urgency
from app.understanding.schema import Thresholds

_NEAR = 6
SIGN_BY_SIGN = ("zh", "ko")
_IN_GRAMS = re.compile(r"[0-4][.,]\d\d")
"""Sugar as the French tell it, in grams per litre: "glycémie 1,10"."""
_PER_LITRE = 100
_AGAIN = {"glucose": "glucose", "oxygen": "oxygen", "pulse": "pulse", "temperature_f": "temperature"}
_ORDINALS = frozenset(("st", "nd", "rd", "th"))
_TODAY, _BESIDE, _LEAST = 2, 2, 15
_KILO = 2.2046
_MMOL, _FEW = 18, 40
"""Sugar in mmol/L is told in tenths, or below 15; in mg/dL it never is."""
_PAIR = re.compile(
    r"(?<![\d/.-])(\d{2,3})\s*(?:/|over|sobre|\\|на|trên|sur|por|sou|taas ng|على|에|比|和)\s*(\d{2,3})(?![\d/])"
)
_LOOSE_PAIR = re.compile(r"(?<![\d/.-])(\d{2,3})\s+(?:and|y|e|et|и|ak|va|và|at|w|و)\s*(\d{2,3})(?![\d/])")
"""Two numbers that are a blood pressure only where the reply speaks of it."""
_SHORT_PAIR = re.compile(
    r"(?<![\d/.,-])(1\d|2[0-8])\s*(?:/|par|por|sur|sobre|x|на)\s*([4-9]|1[0-7])(?![\d/])"
)
"""A pressure in centimetres, as many countries say it: 19/11, 18 por 10."""
_WEEKLY = "weight_gain_lb_week"
_DAILY = "weight_gain_lb_day"
_WEIGHTS = (70, 600)
_GAIN_MOST = 40
SUGARS, _SURELY_SUGAR = (20, 1000), 100
"""What may be a blood sugar, and from where on a number beside others is one: not 30 units, 40 minutes."""
_BOUNDS = {
    "oxygen": (40, 100, "oxygen"),
    "sugar_low": (20, 69, "glucose"),
    "pulse": (15, 260, "pulse"),
    "pressure": (60, 280, "systolic"),
    "pressure_low": (30, 170, "diastolic"),
}


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
    units = scan.of("units")
    values = _values(scan)
    found = [*_pressures(_PAIR, folded, where), *_said_pressures(scan, values)]
    if not found and scan.named("units", "pressure"):
        found = _pressures(_LOOSE_PAIR, folded, where)
    if not found and any(hit.name == "pressure" for hit in units):
        found = _pressures(_SHORT_PAIR, folded, where, times=10)
    taken = [(m.start, m.end) for m in found]
    counted = [
        (h.start, h.end) for h in scan.named("numbers", "not_scale") if scan.language not in SIGN_BY_SIGN
    ]
    free = [
        value
        for value in values
        if not any(
            s < scan.tokens[value[1] - 1].end and scan.tokens[value[0]].start < e
            for s, e in (*taken, *counted)
        )
    ]
    gained = _two_weights(scan, free, topics)
    alone = all(stands_alone(scan, last) for _, last, value in free if SUGARS[0] <= value < SUGARS[1])
    roads = bool(scan.named("intents", "running_late"))  # "stuck on the 101"
    for index, last, value in [] if gained else free:
        token = scan.tokens[index]
        ranked = _ranked(scan, units, index, last)
        value *= _PER_LITRE if "grams" in ranked and _IN_GRAMS.fullmatch(token.text) else 1
        near = _fitting(ranked, index, value, paired=bool(found))
        tied = {hit.name for hit in units if hit.first == last}
        sure = value >= _SURELY_SUGAR or len(free) == 1 or alone
        asked = topics if sure else tuple(t for t in topics if t != "sugar")
        bare = guess and not (roads and value == int(value))
        measure = _measure(value, near, tied, asked, guess=bare)
        if measure is not None:
            found.append(Measure(measure[0], measure[1], token.start, token.end))
    return [*found, *_told_again(scan, free, found), *gained]


def stands_alone(scan: Scan, last: int) -> bool:
    """Whether no word follows a number that it may count: "49 then 47", "54 about an hour ago", not "30 units"."""
    if last >= len(scan.tokens) or scan.tokens[last].brk:
        return True
    lists = usable(scan.language)
    cues = ("contrast", "current", "list")
    joins = {hit.first for name in cues for hit in scan.named("scopes", name)}
    joins |= {hit.first for hit in scan.named("units", "now")}
    return last in joins or (lists is not None and scan.tokens[last].text in lists.function_words)


def _told_again(scan: Scan, values: list[tuple[int, int, float]], found: list[Measure]) -> list[Measure]:
    """A number of today beside one measured before is of the same kind: "sugar was 310 then, its 140 now"."""
    kinds = {measure.quantity for measure in found}
    unit = _AGAIN.get(kinds.pop(), "") if len(kinds) == 1 else ""
    if not unit:
        return []
    out = []
    for index, last, value in values:
        start, end = scan.tokens[index].start, scan.tokens[last - 1].end
        today = any(-_TODAY <= hit.first - last <= _TODAY for hit in scan.named("units", "now"))
        measure = _by_unit(unit, value)
        if (
            today
            and value >= _LEAST
            and measure is not None
            and not any(m.start < end and start < m.end for m in found)
        ):
            out.append(Measure(*measure, start, end))
    return out


def _ranked(scan: Scan, units: list[Hit], index: int, last: int) -> dict[str, Hit]:
    """The unit words around a number by name, the nearest first; those before it count as nearer."""
    near = [hit for hit in units if _close(scan, hit, index)]
    near.sort(key=lambda hit: index - hit.last if hit.last <= index else max(hit.first - last, 0) + 1.5)
    ranked: dict[str, Hit] = {}
    for hit in near:
        ranked.setdefault(hit.name, hit)
    return ranked


def _fitting(near: dict[str, Hit], index: int, value: float, *, paired: bool) -> dict[str, Hit]:
    """The unit words a number may be meant by.

    The 2 of "sugar was 126 after 2 eggs" is no sugar in mmol/L; beside a whole pressure, a weight is no other one.
    """
    sugar = near.get("glucose")
    beside = sugar is not None and 0 <= index - sugar.last <= _BESIDE
    count = value < _LEAST and value == int(value) and "mmol" not in near
    drop = {"glucose"} if count and not beside else set()
    drop |= {"pressure"} if paired and "weight" in near else set()
    weight = near.get("weight")
    if weight is not None and weight.last == index and value >= _WEIGHTS[0]:
        drop |= {"pulse"}  # "HR 66, wt 171"
    return {name: hit for name, hit in near.items() if name not in drop}


def _two_weights(scan: Scan, values: list[tuple[int, int, float]], topics: tuple[str, ...]) -> list[Measure]:
    """What lies between two weights that are told: 187 yesterday and 191 today."""
    heavy = [item for item in values if _WEIGHTS[0] <= item[2] <= _WEIGHTS[1]]
    names = {hit.name for hit in scan.of("units")}
    if len(heavy) != 2:
        return []
    weighed = {"swelling", "weight"} & set(topics) or names & {"weight", "pounds", "kilos"}
    risen = "day" in names and heavy[1][0] - heavy[0][1] <= 1 and not topics  # from 182 to 187 overnight
    if not (weighed or risen):
        return []
    if names & {"pressure", "glucose", "pulse", "temperature", "oxygen"}:
        return []
    (first, _, one), (second, last, two) = heavy
    turned = any(_apart(hit, first) < _apart(hit, second) for hit in scan.named("units", "now"))
    turned = turned or any(_apart(hit, second) < _apart(hit, first) for hit in scan.named("units", "then"))
    gain = one - two if turned else two - one
    if not 0 < gain <= _GAIN_MOST:
        return []
    pounds = gain * _KILO if "kilos" in names else gain
    daily = "day" in names and "week" not in names
    tokens = scan.tokens
    return [Measure(_DAILY if daily else _WEEKLY, pounds, tokens[first].start, tokens[last - 1].end)]


def _apart(hit: Hit, index: int) -> int:
    return abs(hit.first - index)


def _said_pressures(scan: Scan, values: list[tuple[int, int, float]]) -> list[Measure]:
    """One seventy over ninety five, as it is spoken."""
    over = {hit.first: hit.last for hit in scan.named("units", "over")}
    out = []
    for (first, last, upper), (begin, end, lower) in pairwise(values):
        worded = not (scan.tokens[first].kind == scan.tokens[begin].kind == "num")
        if worded and over.get(last) == begin and 60 <= upper <= 280 and 30 <= lower <= 170 and lower < upper:
            start, stop = scan.tokens[first].start, scan.tokens[end - 1].end
            out += [Measure("systolic", upper, start, stop), Measure("diastolic", lower, start, stop)]
    return out


@dataclass(frozen=True, slots=True)
class Judged:
    """A measurement with its urgency, the sign it stands for ("" within bounds), and the bound it has reached."""

    measure: Measure
    level: Urgency
    sign: str = ""
    bound: str = ""


def judge(found: list[Measure], bands: Thresholds) -> list[Judged]:
    """Each measurement beside the bands of its quantity; the worst one reached counts."""
    out = []
    for measure in found:
        level, side, bound = Urgency.NONE, "", ""
        for band in bands.bands.get(measure.quantity, ()):
            low = band.at_most is not None and measure.value <= band.at_most
            high = band.at_least is not None and measure.value >= band.at_least
            if (low or high) and Urgency.parse(band.urgency) > level:
                level, side = Urgency.parse(band.urgency), "low" if low else "high"
                bound = f"<={band.at_most:g}" if low else f">={band.at_least:g}"
        sign = SIGN_OF.get((measure.quantity, side), "") if level > Urgency.ROUTINE else ""
        out.append(Judged(measure, level, sign, bound))
    return out


def _values(scan: Scan) -> list[tuple[int, int, float]]:
    """Numbers as (first token, one past the last, value), in figures or spoken; in Chinese and Korean 38度5 too."""
    tokens = scan.tokens
    written = [(i, i + 1, _number(token.text)) for i, token in enumerate(tokens) if token.kind == "num"]
    out = [(i, last, value) for i, last, value in written if value is not None and not _ordinal(tokens, i)]
    if scan.language not in SIGN_BY_SIGN:
        words = spoken.said(scan)
        covered = {index for first, last, _ in words for index in range(first, last)}
        return sorted([item for item in out if item[0] not in covered] + words)
    out += [(n.first, n.last, n.value) for n in numbers.grouped(scan) if not tokens[n.first].text.isdecimal()]
    return [(first, last, value + _tenths(scan, last)) for first, last, value in sorted(out)]


def _ordinal(tokens: Sequence[Token], index: int) -> bool:
    """The 19 of "heart surgery on the 19th" measures nothing."""
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    return after is not None and after.glued and after.text in _ORDINALS


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


def _pressures(pair: re.Pattern[str], folded: str, where: list[int], times: int = 1) -> list[Measure]:
    out = []
    for match in pair.finditer(folded):
        upper, lower = int(match.group(1)) * times, int(match.group(2)) * times
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
    for name in near:
        measure = _by_unit(name, value, mmol="mmol" in near)
        if measure is not None:
            return measure
    if "fever" in topics:
        return _temperature(value)
    if "sugar" in topics and SUGARS[0] <= value < SUGARS[1]:
        return "glucose", value
    if "weight" in near and {"swelling", "weight"} & set(topics):
        return _weight(value, near, {"pounds"})
    tenths = value != int(value)
    fever = value in range(101, 108) or (tenths and (38 <= value <= 42.5 or 100.4 <= value < 108))
    return _temperature(value) if guess and fever and not tied else None


def _by_unit(name: str, value: float, *, mmol: bool = False) -> tuple[str, float] | None:
    if name in _BOUNDS:
        low, high, quantity = _BOUNDS[name]
        return (quantity, value) if low <= value <= high else None
    if name == "glucose" and 0.2 <= value < 1:
        return "glucose", value * 100
    if name == "glucose" and 1 <= value <= 999:
        return "glucose", value * _MMOL if value < _LEAST or (value < _FEW and (mmol or value % 1)) else value
    return _temperature(value) if name in ("temperature", "degrees") else None


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
