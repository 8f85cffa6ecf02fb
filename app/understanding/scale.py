"""A number from 0 to 10: digits, words, ranges, halves, "was 8 now 3", "the worst", "no pain"."""

from __future__ import annotations

import re
from math import ceil

from app.understanding import numbers
from app.understanding.answers import NOTHING, Answer
from app.understanding.choices import tail
from app.understanding.lexicon import Scan
from app.understanding.message import Message, covered
from app.understanding.numbers import Number

_TOP = 10
_SURE, _LIKELY = 0.95, 0.8
_OF_TEN = re.compile(r"^\s*/\s*$")


def scale(message: Message) -> Answer:
    """The number a reply gives, as an int; the higher of a range, the present one of two times."""
    for scan in message.own + message.other:
        found = _candidates(scan)
        if found:
            return _choose(scan, found, message)
    for scan in message.own + message.other:
        for name, value in (("max", _TOP), ("zero_words", 0)):
            hits = scan.named("numbers", name)
            if hits:
                message.note(hits[0], f"answer:{value}")
                return Answer(value, _LIKELY)
    return NOTHING


def _candidates(scan: Scan) -> list[Number]:
    refused = {i for hit in scan.named("numbers", "not_scale") for i in range(hit.first, hit.last)}
    out: list[Number] = []
    for number in numbers.grouped(scan):
        token = scan.tokens[number.first]
        if number.first in refused or ":" in token.text:
            continue
        if number.value == _TOP and out and (_OF_TEN.match(token.sep) or _of(scan, out[-1], number)):
            continue
        out.append(number)
    return out


def _of(scan: Scan, left: Number, right: Number) -> bool:
    return any(left.last <= hit.first < right.first for hit in scan.named("numbers", "of_ten"))


def _choose(scan: Scan, found: list[Number], message: Message) -> Answer:
    zero = scan.named("numbers", "0")
    begin = tail(message, scan)
    later = [n for n in found if n.first >= begin] or found
    was = scan.named("answers", "was")
    present = [n for n in later if not any(0 <= n.first - hit.last <= 1 for hit in was)] or later
    if len(present) > 1 and not _range(scan, present[-2], present[-1]):
        present = present[-1:]
    elif len(present) > 1:
        present = present[-2:]
    values = {n.value + (0.5 if _half(scan, n) else 0) for n in present}
    value = max(values)
    if value > _TOP or value < 0 or (len(values) > 2 and not zero):
        return NOTHING
    first, last = present[0], present[-1]
    message.mark(
        scan.tokens[first.first].start, scan.tokens[last.last - 1].end, "number", f"answer:{ceil(value)}"
    )
    return Answer(ceil(value), _SURE if len(values) == 1 else _LIKELY)


def _range(scan: Scan, left: Number, right: Number) -> bool:
    between = range(left.last, right.first)
    if not between:
        return (
            "-" in scan.tokens[right.first].sep
            or "," in scan.tokens[right.first].sep
            or bool(scan.tokens[right.first].sep.strip())
        )
    words = {i for hit in scan.named("numbers", "range") for i in range(hit.first, hit.last)}
    return all(index in words for index in between) and len(between) <= 2


def _half(scan: Scan, number: Number) -> bool:
    hits = [h for h in scan.named("numbers", "half") if h.first == number.last]
    return bool(hits) and not covered(hits[0], [])
