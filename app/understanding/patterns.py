"""Phrase patterns: the small notation of the word lists, compiled into one trie that is walked once a reply.

A pattern is words in order. ``word*`` any word that begins so · ``word?`` may be missing · ``(a|b c)`` either ·
``..`` up to three words between, ``...`` up to seven, within one sentence · ``_`` any one word ·
``NAME`` a term list of the same file · ``^`` start and ``$`` end of the reply.
Patterns are separated by ``;`` or line ends; ``#`` begins a comment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from app.understanding.errors import LexiconError

_GAPS = {"..": 3, "...": 7}
_ITEM = re.compile(r"\(|\)\??|\||[^\s()|]+")
_TERM = re.compile(r"[A-Z][A-Z0-9_]+\??$")
MAX_PATHS = 400

Step = tuple[str, str]  # ("lit", word) | ("pre", word) | ("term", NAME) | ("gap", "3") | ("any", "") | ("at", "^")
Path = tuple[Step, ...]
Splitter = Callable[[str], list[str]]


@dataclass(slots=True)
class Node:
    """One place in the trie: the ways on, and what ends here."""

    lit: dict[str, Node] = field(default_factory=dict)
    pre: dict[str, Node] = field(default_factory=dict)
    lengths: tuple[int, ...] = ()
    term: dict[str, Node] = field(default_factory=dict)
    gap: list[tuple[int, Node]] = field(default_factory=list)
    any: Node | None = None
    at: dict[str, Node] = field(default_factory=dict)
    ends: list[tuple[str, str]] = field(default_factory=list)


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
    return [path for path in paths if path]


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
            if items[index] == ")?":
                inner = [*inner, ()]
        else:
            inner = _steps(item, split)
        current = [left + right for left in current for right in inner]
        index += 1
    return done + current, index


def _steps(item: str, split: Splitter) -> list[Path]:
    if item in _GAPS:
        return [(("gap", str(_GAPS[item])),)]
    if item == "_":
        return [(("any", ""),)]
    if item in "^$":
        return [(("at", item),)]
    optional = len(item) > 1 and item.endswith("?")
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
    return [path, ()] if optional else [path]


def insert(root: Node, path: Path, payload: tuple[str, str]) -> None:
    """Put one path into the trie, ending in ``payload``."""
    node = root
    for kind, value in path:
        node = _child(node, kind, value)
    if payload not in node.ends:
        node.ends.append(payload)


def _child(node: Node, kind: str, value: str) -> Node:
    if kind == "gap":
        size = int(value)
        for known, child in node.gap:
            if known == size:
                return child
        node.gap.append((size, Node()))
        return node.gap[-1][1]
    if kind == "any":
        node.any = node.any or Node()
        return node.any
    table = {"lit": node.lit, "pre": node.pre, "term": node.term, "at": node.at}[kind]
    child = table.get(value)
    if child is None:
        child = table[value] = Node()
        if kind == "pre":
            node.lengths = tuple(sorted({len(word) for word in node.pre}))
    return child


TermEnds = list[dict[str, list[int]]]


def walk(
    root: Node, forms: Sequence[tuple[str, ...]], breaks: Sequence[int], terms: TermEnds
) -> list[tuple[int, int, str, str]]:
    """Every match as (first token, one past the last, section, name), each once, in reading order."""
    found: dict[tuple[int, int, str, str], None] = {}
    size = len(forms)
    for begin in range(size):
        stack: list[tuple[Node, int]] = [(root, begin)]
        if begin == 0 and "^" in root.at:
            stack.append((root.at["^"], 0))
        while stack:
            node, index = stack.pop()
            if node.ends and index > begin:
                for section, name in node.ends:
                    found[(begin, index, section, name)] = None
            _expand(node, index, size, stack, forms, breaks, terms)
    return list(found)


def _expand(
    node: Node,
    index: int,
    size: int,
    stack: list[tuple[Node, int]],
    forms: Sequence[tuple[str, ...]],
    breaks: Sequence[int],
    terms: TermEnds,
) -> None:
    if index >= size:
        if "$" in node.at:
            stack.append((node.at["$"], index))
        return
    lit, pre = node.lit, node.pre
    for form in forms[index]:
        child = lit.get(form)
        if child is not None:
            stack.append((child, index + 1))
        if pre:
            for length in node.lengths:
                child = pre.get(form[:length])
                if child is not None:
                    stack.append((child, index + 1))
    if node.term and terms:
        for name, ends in terms[index].items():
            child = node.term.get(name)
            if child is not None:
                stack.extend((child, end) for end in ends)
    if node.any is not None:
        stack.append((node.any, index + 1))
    for reach, child in node.gap:
        for step in range(min(reach, size - index - 1) + 1):
            if breaks[index + step] == 2 and step + index > 0:
                break
            stack.append((child, index + step))


def vocabulary(root: Node) -> set[str]:
    """Every whole word the trie knows."""
    words: set[str] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        words.update(node.lit)
        stack.extend(node.lit.values())
        stack.extend(node.pre.values())
        stack.extend(node.term.values())
        stack.extend(child for _, child in node.gap)
        stack.extend(node.at.values())
        if node.any is not None:
            stack.append(node.any)
    return words
