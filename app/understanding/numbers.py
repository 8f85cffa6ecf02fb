"""Numbers said in digits or words, in any of the scripts: atoms as they stand, and the numbers they make."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.understanding.lexicon import Hit, Scan
from app.understanding.message import longest, overlaps
from app.understanding.normal import Token

_PLAIN = re.compile(r"\d{1,4}(?:[.,]\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Number:
    """A number at tokens ``first`` to ``last``; ``factor`` marks a word that multiplies (hundred)."""

    first: int
    last: int
    value: float
    digits: bool = False
    factor: bool = False


def atoms(scan: Scan) -> list[Number]:
    """Each number word and each run of digits by itself, in reading order."""
    words = [hit for hit in scan.of("numbers") if hit.name.isdigit() or hit.name[1:].isdigit()]
    words = longest(words)
    refused = scan.named("numbers", "not_number")
    found = [_word(hit) for hit in words if not overlaps(hit, refused)]
    if scan.language == "ko":
        found = [number for number in found if _stands(scan, number, found)]
    covered = {index for number in found for index in range(number.first, number.last)}
    for index, token in enumerate(scan.tokens):
        if token.kind == "num" and index not in covered and _PLAIN.fullmatch(token.text):
            found.append(Number(index, index + 1, float(token.text.replace(",", ".")), digits=True))
    return sorted(found, key=lambda number: number.first)


def _stands(scan: Scan, number: Number, found: list[Number]) -> bool:
    """Whether a Korean number word is one: a word's beginning, followed by nothing or by what may follow numbers."""
    begins, ends = {n.first for n in found}, {n.last for n in found}
    after = {hit.first for hit in scan.named("numbers", "after")}
    tokens = scan.tokens
    last = number.last
    digit = number.first > 0 and tokens[number.first - 1].kind == "num"
    if _ending(scan, number, found, digit=digit) or not _counts(scan, number, ends):
        return False
    opened = not tokens[number.first].glued or number.first in ends or digit
    return opened and (last >= len(tokens) or not tokens[last].glued or last in begins or last in after)


def _counts(scan: Scan, number: Number, ends: set[int]) -> bool:
    """A word that also means something else (네 is four and yes) is a number only before what is counted."""
    bound = {hit.first for hit in scan.named("numbers", "bound")}
    if number.first not in bound or number.first in ends:
        return True
    return number.last in {hit.first for hit in scan.named("numbers", "counter")}


def _ending(scan: Scan, number: Number, found: list[Number], *, digit: bool) -> bool:
    """Whether 일 or 이 after a whole number is "day" or an ending, not one or two: 25일, 여덟이요, 월 이십일."""
    tokens, first = scan.tokens, number.first
    text = tokens[first].text
    if text not in ("일", "이") or number.last - first > 1 or not tokens[first].glued:
        return False
    before = next((n for n in found if n.last == first), None)
    if not digit and before is None:
        return False
    follows = tokens[first + 1].text if first + 1 < len(tokens) and tokens[first + 1].glued else ""
    if text == "이":
        return (digit or before is not None) and follows != "" and follows in "요에예야나랑고네죠었구다"
    if digit or (before is not None and not before.factor and before.value > 0):
        return True
    return follows != "일" and _in_month(tokens, first, found)


def _in_month(tokens: list[Token], index: int, found: list[Number]) -> bool:
    """Whether the number words before that place stand right after 월."""
    while (before := next((n for n in found if n.last == index), None)) is not None:
        index = before.first
    return index > 0 and tokens[index - 1].text == "월"


def _word(hit: Hit) -> Number:
    factor = hit.name.startswith("x")
    return Number(hit.first, hit.last, float(hit.name[1:] if factor else hit.name), factor=factor)


def grouped(scan: Scan) -> list[Number]:
    """The numbers the atoms make: thirty five is 35, two thousand five is 2005, 四十八 is 48."""
    joins = {hit.first: hit.last for hit in scan.named("numbers", "join")}
    out: list[Number] = []
    for atom in atoms(scan):
        before = out[-1] if out else None
        merged = _merge(before, atom, joins, scan) if before else None
        if merged is not None:
            out[-1] = merged
        elif atom.factor:
            out.append(Number(atom.first, atom.last, atom.value))
        else:
            out.append(atom)
    return out


def _merge(left: Number, right: Number, joins: dict[int, int], scan: Scan) -> Number | None:
    joined = joins.get(left.last, left.last) == right.first and left.last != right.first
    if left.last != right.first and not joined:
        return None
    if scan.tokens[right.first].brk:
        return None
    if scan.language == "ar" and 20 <= left.value < 100 > right.value and not joined:
        return None  # Arabic says the units first: twenty, three are two numbers
    value = _value(left, right)
    return (
        None if value is None else Number(left.first, right.last, value, digits=left.digits and right.factor)
    )


def _value(left: Number, right: Number) -> float | None:
    if right.factor:
        if right.value == 10 and left.value >= 100 and left.value % 100 == 0:
            return left.value + 10
        tail = (
            left.value % 100 if right.value == 10 else left.value % 1000 if right.value == 100 else left.value
        )
        if tail == 0 or (right.value == 10 and tail > 9):
            return left.value + right.value if tail == 0 else None
        return left.value - tail + tail * right.value
    if left.digits or right.digits:
        return None
    whole = left.value == int(left.value) and left.value > 0
    if whole and right.value < 10 and left.value % 10 == 0 and (left.value % 100 >= 20 or left.value >= 100):
        return left.value + right.value
    if whole and right.value < 10 and left.value == 10:
        return None if left.last - left.first == 1 and not _ideograph(left) else left.value + right.value
    if whole and right.value < 100 and left.value >= 100 and left.value % 100 == 0:
        return left.value + right.value
    return None


def _ideograph(number: Number) -> bool:
    return not number.digits


def whole(number: Number) -> int | None:
    """The number as an integer, or None when it has a fraction."""
    return int(number.value) if number.value == int(number.value) else None
