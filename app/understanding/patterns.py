"""Phrase patterns: the small notation of the word lists, put into one trie (see ``places`` for what becomes of it).

A pattern is words in order. ``word*`` any word that begins so · ``word?`` may be missing ·
``words?`` with or without its s · ``(a|b c)`` either ·
``..`` up to three words between, ``...`` up to seven, within one sentence, none of the list WALL ·
``_`` any one word ·
``(…)?`` may be missing · ``(a |b )*`` up to four of these words, in any order, or none ·
``NAME`` a term list of the same file · ``^`` start and ``$`` end of the reply ·
``<`` and ``>`` the edge of what is written together, for scripts that are matched sign by sign (Korean, Chinese).
Patterns are separated by ``;`` or line ends; ``#`` begins a comment.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from app.understanding.errors import LexiconError

_GAPS = {"..": 3, "...": 7}
_ITEM = re.compile(r"\(|\)[?*]?|\||[^\s()|]+")
_TERM = re.compile(r"[A-Z][A-Z0-9_]+\??$")
MAX_PATHS = 400
WALL = "WALL"
"""The term list of words that no gap steps over: a denial between two words is not filling."""

GLUED = -1

# ("lit", word) | ("pre", stem) | ("term", NAME) | ("gap", "3") | ("any", "") | ("at", "^")
# | ("set", "a b* NAME _") one of these | ("fill", "a b* NAME _") none or some of these
Step = tuple[str, str]
Path = tuple[Step, ...]
Splitter = Callable[[str], Sequence[str]]
TermEnds = list[dict[str, list[int]]]
Payload = tuple[str, str]


_NO_WORD: frozenset[str] = frozenset()


class Choice:
    """A set of words, stems and terms, any of which may stand at one place."""

    __slots__ = ("any", "lengths", "lit", "pre", "term")

    def __init__(self, text: str) -> None:
        # Thousands of choices are made of the same words: each is kept in memory once.
        words = [sys.intern(word) for word in text.split(" ")]
        self.any = "_" in words
        self.term = frozenset(word for word in words if _TERM.match(word)) or _NO_WORD
        self.pre = frozenset(word[:-1] for word in words if word.endswith("*")) or _NO_WORD
        self.lit = frozenset(words) - self.term
        self.lengths = tuple(sorted({len(word) for word in self.pre}))

    @property
    def words(self) -> frozenset[str]:
        """What the choice is made of, as it is written in a pattern."""
        return self.lit | self.term

    def ends(self, index: int, forms: Sequence[tuple[str, ...]], terms: TermEnds) -> Sequence[int]:
        """Where the reply may go on after one of these words at ``index``; nowhere, for nearly every choice."""
        if self.any:
            return (index + 1,)
        here = forms[index]
        stands = not self.lit.isdisjoint(here) or (self.pre and self._begins(here))
        if not self.term or not terms:
            return (index + 1,) if stands else ()
        out = [index + 1] if stands else []
        for name, ends in terms[index].items():
            if name in self.term:
                out.extend(ends)
        return out

    def _begins(self, here: tuple[str, ...]) -> bool:
        return any(form[:length] in self.pre for form in here for length in self.lengths)


@lru_cache(maxsize=16384)
def choice(text: str) -> Choice:
    """The choice of those words; the same words are kept once."""
    return Choice(text)


def forget() -> None:
    """Let go of what is only remembered while one language is compiled: no other has the same."""
    choice.cache_clear()
    _steps.cache_clear()


# Most places have one way on: the tables a place does not need are these shared, never written ones.
_NO_WAY: dict[str, Node] = {}
_NO_CHOICE: dict[str, tuple[Choice, Node]] = {}
_NO_GAP: list[tuple[int, Node]] = []


class Node:
    """One place in a trie that is being built: the ways on, and what ends here."""

    __slots__ = ("at", "ends", "fills", "gap", "lengths", "lit", "pre", "sets", "term", "wild")

    def __init__(self) -> None:
        self.lit = self.pre = self.term = self.at = _NO_WAY
        self.sets = self.fills = _NO_CHOICE
        self.gap = _NO_GAP
        self.ends: tuple[Payload, ...] = ()
        self.lengths: tuple[int, ...] = ()
        self.wild: Node | None = None


def is_term(word: str) -> bool:
    """Whether a word of a pattern names a term list."""
    return word[:1].isupper() and bool(_TERM.match(word))


def lines(block: str) -> Iterator[str]:
    """The patterns of a block, without comments and blanks."""
    for line in block.split("\n"):
        for part in line.split("#", 1)[0].split(";"):
            part = part.strip()
            if part:
                yield part


def parse(pattern: str, split: Splitter) -> list[Path]:
    """Every path a pattern stands for; ``LexiconError`` when it is malformed or stands for too many."""
    items = _ITEM.findall(pattern)
    paths, rest = _alternatives(items, 0, split)
    if rest != len(items):
        raise LexiconError(f"unbalanced brackets in {pattern!r}")
    if len(paths) > MAX_PATHS:
        raise LexiconError(f"{pattern!r} stands for {len(paths)} phrases; name a term list instead")
    return [trimmed for path in paths if (trimmed := _trim(path))]


def _trim(path: Path) -> Path:
    """A path without gaps at its ends, where they say nothing."""
    begin, end = 0, len(path)
    while begin < end and path[begin][0] in ("gap", "fill"):
        begin += 1
    while end > begin and path[end - 1][0] in ("gap", "fill"):
        end -= 1
    return path[begin:end]


def _alternatives(items: Sequence[str], index: int, split: Splitter) -> tuple[list[Path], int]:
    done: list[Path] = []
    current: list[Path] = [()]
    while index < len(items) and not items[index].startswith(")"):
        item = items[index]
        if item == "|":
            done, current = done + current, [()]
            index += 1
            continue
        if item == "(":
            inner, index = _alternatives(items, index + 1, split)
            if index >= len(items):
                raise LexiconError("a bracket is not closed")
            inner = _group(inner, items[index])
        else:
            inner = list(_steps(item, split))
        current = [left + right for left in current for right in inner]
        index += 1
    return done + current, index


def _group(inner: list[Path], closing: str) -> list[Path]:
    if closing == ")*":
        words = dict.fromkeys(_spell(step) for path in inner for step in path)
        words.pop("", None)
        return [(("fill", " ".join(words)),)]
    single = dict.fromkeys(_spell(path[0]) for path in inner if len(path) == 1)
    single.pop("", None)
    if len(single) > 1:
        rest = [path for path in inner if len(path) != 1 or not _spell(path[0])]
        inner = [(("set", " ".join(single)),), *rest]
    return [*inner, ()] if closing == ")?" else inner


def _spell(step: Step) -> str:
    kind, value = step
    if kind == "pre":
        return value + "*"
    if kind == "any":
        return "_"
    return value if kind in ("lit", "term", "set") else ""


@lru_cache(maxsize=65536)
def _steps(item: str, split: Splitter) -> tuple[Path, ...]:
    """What an item stands for; the same item is the same object wherever it is written."""
    if item in _GAPS:
        return ((("gap", str(_GAPS[item])),),)
    if item == "_":
        return ((("any", ""),),)
    if item in ("^", "$", "<", ">"):
        return ((("at", item),),)
    optional = len(item) > 1 and item.endswith("?")
    if optional and item.endswith("s?") and item[:-2].islower():
        return tuple(tuple(("lit", part) for part in split(word)) for word in (item[:-1], item[:-2]))
    word = item[:-1] if optional else item
    path: Path
    if _TERM.match(word):
        path = (("term", word),)
    elif word.endswith("*"):
        parts = split(word[:-1])
        path = (*(("lit", part) for part in parts[:-1]), ("pre", parts[-1])) if parts else ()
    else:
        path = tuple(("lit", part) for part in split(word))
    if not path:
        raise LexiconError(f"{item!r} holds no word")
    return (path, ()) if optional else (path,)


def insert(root: Node, path: Path, payload: Payload) -> None:
    """Put one path into the trie, ending in ``payload``."""
    node = root
    for kind, value in path:
        node = _child(node, kind, value)
    if payload not in node.ends:
        node.ends = (*node.ends, payload)


def openings(path: Path) -> list[Step]:
    """The steps a path may begin with: a leading set is spelt out, so that the trie's root is a plain look-up."""
    kind, value = path[0]
    return [_unspell(word) for word in value.split(" ")] if kind == "set" else [path[0]]


def _unspell(word: str) -> Step:
    if word == "_":
        return ("any", "")
    if _TERM.match(word):
        return ("term", word)
    return ("pre", word[:-1]) if word.endswith("*") else ("lit", word)


def _child(node: Node, kind: str, value: str) -> Node:
    if kind in ("set", "fill"):
        return _chosen(node, kind, value)
    if kind == "gap":
        return _gapped(node, int(value))
    if kind == "any":
        node.wild = after = node.wild or Node()
        return after
    table: dict[str, Node] = getattr(node, kind)
    child = table.get(value)
    if child is None:
        if not table:
            table = {}
            setattr(node, kind, table)
        child = table[value] = Node()
        if kind == "pre":
            node.lengths = tuple(sorted({len(word) for word in table}))
    return child


def _chosen(node: Node, kind: str, value: str) -> Node:
    choices = node.sets if kind == "set" else node.fills
    if value in choices:
        return choices[value][1]
    added = {**choices, value: (choice(value), Node())}
    if kind == "set":
        node.sets = added
    else:
        node.fills = added
    return added[value][1]


def _gapped(node: Node, size: int) -> Node:
    for known, after in node.gap:
        if known == size:
            return after
    node.gap = [*node.gap, (size, Node())]
    return node.gap[-1][1]
