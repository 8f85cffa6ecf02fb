"""Measurements said in words, as a phone transcript holds them: one oh three point one, three fifty, 101 point 8."""

from __future__ import annotations

from app.understanding import numbers
from app.understanding.lexicon import Scan
from app.understanding.numbers import Number

_DIGITS_MOST = 4


def said(scan: Scan) -> list[tuple[int, int, float]]:
    """The numbers of a reply that are said in words, as (first token, one past the last, value)."""
    points = {hit.first: hit.last for hit in scan.named("units", "point")}
    joins = {hit.first: hit.last for hit in scan.named("numbers", "join")}
    atoms = {atom.first: atom for atom in numbers.atoms(scan)}
    out: list[tuple[int, int, float]] = []
    index, size = 0, len(scan.tokens)
    while index < size:
        run = _run(atoms, joins, index, scan)
        if not run:
            index += 1
            continue
        value, last = _value(run), run[-1].last
        tenth = atoms.get(points.get(last, -1))
        if tenth is not None and 0 <= tenth.value < 10 and not tenth.factor:
            value, last = value + tenth.value / 10, tenth.last
        if last - run[0].first > 1 or not run[0].digits:
            out.append((run[0].first, last, value))
        index = last
    return out


def _run(atoms: dict[int, Number], joins: dict[int, int], index: int, scan: Scan) -> list[Number]:
    """The number words that stand together; "and" joins only after a hundred. Digits stand alone."""
    run: list[Number] = []
    while (atom := atoms.get(index)) is not None:
        if run and (atom.digits or run[0].digits or scan.tokens[index].brk):
            break
        run.append(atom)
        index = atom.last
        if atom.factor and joins.get(index, -1) in atoms:
            index = joins[index]
    return run


def _value(run: list[Number]) -> float:
    if any(atom.factor for atom in run):
        return _counted(run)
    values = [int(atom.value) for atom in run]
    if len(values) > 1 and all(value < 10 for value in values):
        return float("".join(str(value) for value in values[:_DIGITS_MOST]))
    if len(values) > 1 and 0 < values[0] < 10 and values[1] >= 10:
        return values[0] * 100.0 + sum(values[1:])
    return float(sum(values)) if len(values) < 3 else float(values[-1])


def _counted(run: list[Number]) -> float:
    """Two hundred and six: what stands before a factor multiplies it, what stands after is added."""
    total = part = 0.0
    for atom in run:
        if atom.factor:
            total, part = total + max(part, 1.0) * atom.value, 0.0
        else:
            part += atom.value
    return total + part
