"""Amounts that answer a symptom question: a temperature that is no fever, a gain set against the one asked about."""

from __future__ import annotations

from functools import lru_cache

from app.understanding import lexicon
from app.understanding.lexicon import Scan
from app.understanding.measures import SUGARS, stands_alone
from app.understanding.message import Message
from app.understanding.normal import tokenize
from app.understanding.numbers import Number, atoms, grouped
from app.understanding.scopes import Scopes
from app.understanding.spoken import said
from app.understanding.topics import topic_hits

_MOST_GAINED = 40
_POUNDS = 2.2
"""Of a kilogram."""
_WEIGHTS = (80, 500)
_FEVER = 38.0
_LIVED = (35, 43)
"""Degrees Celsius."""
_NO_FEVER = ((95.0, 100.3), (35.0, 37.9))
_RAISED = ((99.5, 100.3), (37.3, 37.9))


def temperature(message: Message, topics: tuple[str, ...], signs: set[str]) -> str:
    """Yes or no to a question about fever by the temperature told; "" when none is."""
    if "fever" not in topics:
        return ""
    told = [mark for mark in message.evidence if mark.rule.startswith("measure.temperature_f")]
    if any(mark.effect != "past" for mark in told):
        return "yes"
    degrees = [value for scan in message.own for value in _celsius(scan)]
    if any(value >= _FEVER for value in degrees):
        return "yes"
    values = degrees or [number.value for scan in message.own for number in grouped(scan)]
    values += [value for scan in message.own for _, _, value in said(scan) if not degrees]
    normal = [value for value in values if any(low <= value <= high for low, high in _NO_FEVER)]
    if normal and all(any(low <= value <= high for low, high in _RAISED) for value in normal):
        # "37.8 every night": no fever by the number; whoever tells of it as one does not say no.
        best = topic_hits(message, "fever")
        return "" if "fever" in signs or (best and best[1] == "yes") else "no"
    return "no" if normal else ""


def _celsius(scan: Scan) -> list[float]:
    """Temperatures said in words: thirty-eight seven, "trente-huit sept", "trinta e nove e meio"."""
    found = {atom.first: atom for atom in atoms(scan) if not atom.digits and not atom.factor}
    joins = {hit.first: hit.last for hit in scan.named("numbers", "join")}
    joins |= {hit.first: hit.last for hit in scan.named("units", "point")}
    halves = {hit.first for hit in scan.named("numbers", "half")}
    out = []
    for tens in found.values():
        after = joins.get(tens.last, tens.last)
        unit = found.get(after)
        if tens.value not in (30, 40) or unit is None or not _LIVED[0] <= tens.value + unit.value < _LIVED[1]:
            continue
        tenth = found.get(joins.get(unit.last, unit.last))
        value = tens.value + unit.value
        value += 0.5 if unit.last in halves else 0.0
        out.append(value + tenth.value / 10 if tenth is not None and tenth.value < 10 else value)
    return out


def gained(message: Message, topics: tuple[str, ...]) -> str:
    """Yes or no to "have you gained 3 pounds or more" by the one amount told; "" when it cannot be said."""
    if "weight" not in topics or not message.own:
        return ""
    scan = message.own[0]
    asked = (int(token.text) for token in tokenize(message.expectation.prompt) if token.text.isdecimal())
    bound = next(asked, 0)
    kilos = scan.named("units", "kilos") and not scan.named("units", "pounds")
    each = _POUNDS if kilos and _in_pounds(message) else 1.0
    found = [n.value for n in grouped(scan) if 0 < n.value <= _MOST_GAINED and not _stands_for(scan, n)]
    amounts = [value * each for value in found]
    numbers = [number.value for number in grouped(scan)]
    if bound and len(numbers) == 2 and all(_WEIGHTS[0] <= value <= _WEIGHTS[1] for value in numbers):
        return "no" if abs(numbers[0] - numbers[1]) * each < bound else ""
    if not bound or len(amounts) != 1:
        return ""
    down = scan.named("units", "weight_down")
    return "yes" if amounts[0] >= bound and not down else "no"


def _in_pounds(message: Message) -> bool:
    lists = lexicon.usable(message.language)
    scan = lists.scan(tokenize(message.expectation.prompt)) if lists else None
    return scan is not None and bool(scan.named("units", "pounds"))


def _stands_for(scan: Scan, number: Number) -> bool:
    """Whether a "one" stands for a thing, not for a pound: "waiting on my son to bring one"."""
    pounds = {hit.first for name in ("pounds", "kilos") for hit in scan.named("units", name)}
    return number.value == 1 and not number.digits and number.first > 0 and number.last not in pounds


def sugar(message: Message, topics: tuple[str, ...], signs: set[str]) -> str:
    """Yes or no to "has your sugar been under 70 or over 300" by what was measured; "" when it cannot be said."""
    bounds = _bounds(message.expectation.prompt, message.language) if "sugar" in topics else {}
    if not bounds or not message.own:
        return ""
    if ("over" in bounds and "high_sugar" in signs) or ("under" in bounds and "low_sugar" in signs):
        return "yes"
    low, high = bounds.get("under", 0), bounds.get("over", SUGARS[1])
    scan = message.own[0]
    found = [n for n in grouped(scan) if SUGARS[0] <= n.value < SUGARS[1] and not _of_then(scan, n)]
    values = [number.value for number in found]
    if not values or scan.named("units", "pressure"):
        return ""
    if min(values) < low <= max(values) and not all(stands_alone(scan, n.last) for n in found):
        return ""  # One of them may be no sugar: 30 units, 40 minutes.
    return "yes" if any(value < low or value > high for value in values) else "no"


def _of_then(scan: Scan, number: Number) -> bool:
    """Whether a number is told as that of a stay that is over: "it was 48 in the hospital"."""
    start, end = scan.tokens[number.first].start, scan.tokens[number.last - 1].end
    return Scopes(scan, []).told_of_then(start, end)


@lru_cache(maxsize=128)
def _bounds(prompt: str, language: str) -> dict[str, int]:
    """The numbers a question sets as over or under."""
    lists, tokens = lexicon.usable(language), tokenize(prompt)
    if lists is None:
        return {}
    scan = lists.scan(tokens)
    out = {}
    for name in ("over", "under"):
        for hit in scan.named("topics", f"sugar.{name}"):
            near = [t.text for t in tokens[max(hit.first - 1, 0) : hit.last + 1] if t.text.isdecimal()]
            if near:
                out[name] = int(near[-1])
    return out
