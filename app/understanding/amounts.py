"""Amounts that answer a symptom question: a temperature that is no fever, a gain set against the one asked about."""

from __future__ import annotations

from app.understanding.message import Message
from app.understanding.normal import tokenize
from app.understanding.numbers import grouped
from app.understanding.spoken import said

_MOST_GAINED = 40
_NO_FEVER = ((95.0, 100.3), (35.0, 37.9))


def temperature(message: Message, topics: tuple[str, ...]) -> str:
    """Yes or no to a question about fever by the temperature told; "" when none is."""
    if "fever" not in topics:
        return ""
    if any(mark.rule.startswith("measure.temperature_f") for mark in message.evidence):
        return "yes"
    values = [number.value for scan in message.own for number in grouped(scan)]
    values += [value for scan in message.own for _, _, value in said(scan)]
    return "no" if any(low <= value <= high for value in values for low, high in _NO_FEVER) else ""


def gained(message: Message, topics: tuple[str, ...]) -> str:
    """Yes or no to "have you gained 3 pounds or more" by the one amount told; "" when it cannot be said."""
    if "weight" not in topics or not message.own:
        return ""
    scan = message.own[0]
    asked = (int(token.text) for token in tokenize(message.expectation.prompt) if token.text.isdecimal())
    bound = next(asked, 0)
    amounts = [number.value for number in grouped(scan) if 0 < number.value <= _MOST_GAINED]
    if not bound or len(amounts) != 1:
        return ""
    down = scan.named("units", "weight_down")
    return "yes" if amounts[0] >= bound and not down else "no"
