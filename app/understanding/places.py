"""A finished trie: every equal place kept once, walked once a reply.

Half of all patterns end alike, so a built trie holds each ending many times over; here places that lead on in the
same way to the same ends are one. Matches and their order stay what the built trie says.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from types import EllipsisType

from app.understanding.patterns import (
    GLUED,
    WALL,
    Choice,
    Node,
    Path,
    Payload,
    Step,
    TermEnds,
    insert,
    openings,
)

FILL_MOST = 4
_MANY = 6
"""Sets at one place from which on they are looked up by word."""
_NO_WAY: Mapping[str, Place] = {}

Ways = tuple[tuple[str, "Place"], ...]
Chosen = tuple[tuple[Choice, "Place"], ...]
Reach = tuple[tuple[int, "Place"], ...]
Quick = tuple[dict[str, list[int]], tuple[int, ...]]
Words = frozenset[str]
Ending = tuple[Path, Payload]
Known = dict[tuple[object, ...], "Place"]


class Place:
    """One place of a finished trie, never changed: the ways on, and what ends here.

    ``word`` leads to ``after`` where a single word leads on, as it does from most places; ``lit`` holds several.
    ``quick`` is made of ``sets`` when a place with many is first reached: a few such places are reached by nearly
    every word of a reply, and nearly none of their sets holds it. So is ``begins``: the words and terms one of
    which has to stand next, where nothing else leads on; None where something else may. Most places reached lead
    nowhere, and that is seen by it.
    """

    __slots__ = (
        "after",
        "at",
        "begins",
        "ends",
        "fills",
        "gap",
        "lengths",
        "lit",
        "pre",
        "quick",
        "sets",
        "term",
        "wild",
        "word",
    )

    def __init__(
        self,
        ways: tuple[Ways, Ways, Ways, Ways],
        chosen: tuple[Chosen, Chosen],
        gap: Reach,
        wild: Place | None,
        ends: tuple[Payload, ...],
    ) -> None:
        lit, pre, term, at = ways
        single = lit[0] if len(lit) == 1 else None
        self.word = single[0] if single else None
        self.after = single[1] if single else None
        self.lit = dict(lit) if len(lit) > 1 else _NO_WAY
        self.pre, self.term, self.at = (dict(way) if way else _NO_WAY for way in (pre, term, at))
        self.lengths = tuple(sorted({len(stem) for stem, _ in pre}))
        self.sets, self.fills = chosen
        self.gap, self.wild, self.ends = gap, wild, ends
        self.quick: Quick | None = None
        self.begins: Words | EllipsisType | None = ...

    def beginning(self) -> Words | None:
        """What ``begins`` is, found when the place is first reached."""
        other = self.at or self.pre or self.wild or self.fills or self.gap
        if other or any(among.any or among.pre for among, _ in self.sets):
            self.begins = None
            return None
        words = {*self.lit, *self.term}.union(*(among.words for among, _ in self.sets))
        self.begins = frozenset(words | {self.word} if self.word else words)
        return self.begins

    def sets_with(self, words: tuple[str, ...]) -> Iterable[tuple[Choice, Place]]:
        """The sets that may hold one of these words, in their order."""
        if len(self.sets) < _MANY:
            return self.sets
        if self.quick is None:
            self.quick = _quick(self.sets)
        by_word, always = self.quick
        chosen = {at for word in words for at in by_word.get(word, ())}
        return (
            [self.sets[at] for at in sorted(chosen.union(always))]
            if chosen
            else map(self.sets.__getitem__, always)
        )


def _quick(sets: Chosen) -> Quick:
    """By each word the sets that hold it, and the sets that hold more than words."""
    by_word: dict[str, list[int]] = {}
    always = []
    for at, (among, _) in enumerate(sets):
        if among.any or among.pre or among.term:
            always.append(at)
        else:
            for word in among.lit:
                by_word.setdefault(word, []).append(at)
    return by_word, tuple(always)


def trie(endings: Sequence[Ending], known: Known) -> Place:
    """The trie of these paths, built and finished word by word: as a whole it takes several times the memory.

    No path begins with a gap or a fill (``parse`` trims them), nor, spelt out, with a set.
    """
    groups: dict[Step, list[Ending]] = {}
    for ending in endings:
        for step in openings(ending[0]):
            groups.setdefault(step, []).append(ending)
    ways: dict[str, list[tuple[str, Place]]] = {"lit": [], "pre": [], "term": [], "at": [], "any": []}
    for (kind, value), group in groups.items():
        node = Node()
        for path, payload in group:
            insert(node, path[1:], payload)
        ways[kind].append((sys.intern(value), finished(node, known)))
    lit, pre, term, at, wild = (tuple(ways[kind]) for kind in ("lit", "pre", "term", "at", "any"))
    return Place((lit, pre, term, at), ((), ()), (), wild[0][1] if wild else None, ())


def finished(node: Node, known: Known) -> Place:
    """The place for a node and all that follows it; ``known`` holds those made before, of the same language."""
    lit, pre, term, at, sets, fills = node.lit, node.pre, node.term, node.at, node.sets, node.fills
    # Most places are ends and have no tables at all: not even an empty loop is spent on those.
    ways = (
        _ways(lit, known) if lit else (),
        _ways(pre, known) if pre else (),
        _ways(term, known) if term else (),
        _ways(at, known) if at else (),
    )
    chosen = (_chosen(sets, known) if sets else (), _chosen(fills, known) if fills else ())
    gap = tuple([(reach, finished(child, known)) for reach, child in node.gap]) if node.gap else ()
    wild = finished(node.wild, known) if node.wild else None
    key = (ways, chosen, gap, wild, node.ends)
    place = known.get(key)
    if place is None:
        place = known[key] = Place(*key)
    return place


def _ways(table: Mapping[str, Node], known: Known) -> Ways:
    return tuple([(sys.intern(word), finished(child, known)) for word, child in table.items()])


def _chosen(table: Mapping[str, tuple[Choice, Node]], known: Known) -> Chosen:
    return tuple([(among, finished(child, known)) for among, child in table.values()])


def walk(
    root: Place,
    forms: Sequence[tuple[str, ...]],
    breaks: Sequence[int],
    terms: TermEnds,
    tail: int | None = None,
) -> list[tuple[int, int, str, str]]:
    """Every match as (first token, one past the last, section, name), each once, in reading order.

    ``breaks`` says what stands before each token: ``Token.brk``, or ``GLUED`` when nothing does.
    ``tail`` is where only polite words follow: ``$`` holds from there on, so that a thanks changes nothing.
    """
    found: dict[tuple[int, int, str, str], None] = {}
    size = len(forms)
    tail = size if tail is None else tail
    stands = [(*forms[at], *terms[at]) for at in range(size)] if terms else forms
    for begin in range(size):
        stack: list[tuple[Place, int]] = [(root, begin)]
        if begin == 0 and "^" in root.at:
            stack.append((root.at["^"], 0))
        while stack:
            place, index = stack.pop()
            if place.ends and index > begin:
                for section, name in place.ends:
                    found[(begin, index, section, name)] = None
            begins = place.beginning() if place.begins is ... else place.begins
            if begins is not None and (index >= size or begins.isdisjoint(stands[index])):
                continue
            if tail <= index < size and "$" in place.at and index > begin:
                stack.append((place.at["$"], index))
            _expand(place, index, size, stack, forms, breaks, terms)
    return list(found)


def _expand(
    place: Place,
    index: int,
    size: int,
    stack: list[tuple[Place, int]],
    forms: Sequence[tuple[str, ...]],
    breaks: Sequence[int],
    terms: TermEnds,
) -> None:
    if index >= size:
        stack.extend((place.at[edge], index) for edge in ("$", ">") if edge in place.at)
        # Of many fills hardly one leads to an end: the others are not even looked at.
        stack.extend((child, index) for _, child in place.fills if child.ends or child.at or child.fills)
        return
    if place.at and breaks[index] != GLUED:
        stack.extend((place.at[edge], index) for edge in ("<", ">") if edge in place.at)
    _words(place, index, stack, forms[index])
    if place.term and terms:
        for name, ends in terms[index].items():
            child = place.term.get(name)
            if child is not None:
                stack.extend((child, end) for end in ends)
    if place.wild is not None:
        stack.append((place.wild, index + 1))
    for among, child in place.sets_with(forms[index]) if place.sets else ():
        for end in among.ends(index, forms, terms):
            stack.append((child, end))
    for among, child in place.fills:
        for end in _filled(among, index, size, forms, terms):
            stack.append((child, end))
    for reach, child in place.gap:
        for step in range(min(reach, size - index - 1) + 1):
            if breaks[index + step] == 2 and step + index > 0:
                break
            stack.append((child, index + step))
            if terms and WALL in terms[index + step]:
                break


def _words(place: Place, index: int, stack: list[tuple[Place, int]], forms: tuple[str, ...]) -> None:
    word, after, lit, pre = place.word, place.after, place.lit, place.pre
    for form in forms:
        child = after if form == word else lit.get(form)
        if child is not None:
            stack.append((child, index + 1))
        if pre:
            for length in place.lengths:
                child = pre.get(form[:length])
                if child is not None:
                    stack.append((child, index + 1))


def _filled(
    among: Choice, index: int, size: int, forms: Sequence[tuple[str, ...]], terms: TermEnds
) -> Iterable[int]:
    first = among.ends(index, forms, terms)
    if not first:
        return (index,)
    edge = set(first) - {index}
    reached = {index} | edge
    for _ in range(FILL_MOST - 1):
        edge = {end for at in edge if at < size for end in among.ends(at, forms, terms)} - reached
        if not edge:
            break
        reached |= edge
    return reached


def vocabulary(root: Place) -> set[str]:
    """Every whole word the trie knows."""
    words: set[str] = set()
    seen: set[Place] = set()
    stack = [root]
    while stack:
        place = stack.pop()
        if place in seen:
            continue
        seen.add(place)
        words.update(place.lit, (place.word,) if place.word else ())
        words.update(word for among, _ in (*place.sets, *place.fills) for word in among.lit if word.isalpha())
        stack.extend(following(place))
    return words


def following(place: Place) -> list[Place]:
    """Every place that a place leads to."""
    ways = [place.after, place.wild]
    ways += [*place.lit.values(), *place.pre.values(), *place.term.values(), *place.at.values()]
    ways += [child for _, child in (*place.sets, *place.fills)] + [child for _, child in place.gap]
    return [child for child in ways if child is not None]
