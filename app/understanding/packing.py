"""A finished trie as plain lists that JSON holds, and back: the same places, the same order of matches."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from app.understanding.patterns import Choice, Payload
from app.understanding.places import Place, Ways, following

_NOWHERE = -1
_PORTION = 200
"""Places a line: as one, thousands of lists would be in memory at once."""


def pack(roots: Sequence[Place]) -> list[Any]:
    """The words, the numbers of ``roots``, then portions of places, each once and after those it leads to."""
    packer = _Packer()
    numbers = [packer.number(root) for root in roots]
    places = packer.places
    return [
        list(packer.words),
        numbers,
        *(places[begin : begin + _PORTION] for begin in range(0, len(places), _PORTION)),
    ]


def unpack(packed: Iterator[Any]) -> list[Place]:
    """The roots that ``pack`` was given, from what it made."""
    words = [sys.intern(word) for word in next(packed)]
    roots = next(packed)
    choices: dict[tuple[int, ...], Choice] = {}
    endings: dict[tuple[int, ...], Payload] = {}
    made: list[Place] = []

    def ways(flat: list[int]) -> Ways:
        return tuple((words[word], made[to]) for word, to in _pairs(flat))

    def chosen(pairs: list[tuple[list[int], int]]) -> tuple[tuple[Choice, Place], ...]:
        found = []
        for among, to in pairs:
            key = tuple(among)
            if key not in choices:
                choices[key] = Choice(" ".join(words[word] for word in among))
            found.append((choices[key], made[to]))
        return tuple(found)

    def payload(section: int, name: int) -> Payload:
        return endings.setdefault((section, name), (words[section], words[name]))

    for lit, pre, term, at, sets, fills, gap, wild, ends in chain.from_iterable(packed):
        made.append(
            Place(
                (ways(lit), ways(pre), ways(term), ways(at)),
                (chosen(sets), chosen(fills)),
                tuple((reach, made[to]) for reach, to in _pairs(gap)),
                made[wild] if wild != _NOWHERE else None,
                tuple(payload(section, name) for section, name in _pairs(ends)),
            )
        )
    return [made[root] for root in roots]


def _pairs(flat: list[int]) -> Iterable[tuple[int, int]]:
    return zip(flat[::2], flat[1::2], strict=True)


class _Packer:
    def __init__(self) -> None:
        self.words: dict[str, int] = {}
        self.places: list[list[Any]] = []
        self._numbers: dict[Place, int] = {}

    def number(self, root: Place) -> int:
        stack = [root]
        while stack:
            place = stack[-1]
            waiting = [child for child in following(place) if child not in self._numbers]
            if place in self._numbers or not waiting:
                stack.pop()
                if place not in self._numbers:
                    self._numbers[place] = len(self.places)
                    self.places.append(self._entry(place))
            else:
                stack.extend(waiting)
        return self._numbers[root]

    def _entry(self, place: Place) -> list[Any]:
        lit = {place.word: place.after} if place.word is not None and place.after else place.lit
        ways = [
            [number for word, to in table.items() for number in (self._word(word), self._numbers[to])]
            for table in (lit, place.pre, place.term, place.at)
        ]
        chosen = [
            [([self._word(word) for word in sorted(among.words)], self._numbers[to]) for among, to in pairs]
            for pairs in (place.sets, place.fills)
        ]
        gap = [number for reach, to in place.gap for number in (reach, self._numbers[to])]
        wild = self._numbers[place.wild] if place.wild else _NOWHERE
        ends = [self._word(text) for end in place.ends for text in end]
        return [*ways, *chosen, gap, wild, ends]

    def _word(self, word: str) -> int:
        return self.words.setdefault(word, len(self.words))
