"""What the second opinion sees of a reply: its words, their neighbours and parts, and what the lists matched in it."""

from __future__ import annotations

from collections.abc import Sequence

from app.understanding.lexicon import Scan
from app.understanding.normal import Token, strip_marks

_PART = (3, 4, 5)
_LONG = 4
_SIGNS = (1, 2, 3, 4)
LISTED = ("signs", "scopes", "idioms", "answers")
LIST = "k:"
MOST = 120
"""Words looked at; what follows in a longer reply is left to the word lists."""


def features(tokens: Sequence[Token], scans: Sequence[Scan]) -> dict[str, int]:
    """Each feature once, with the place of the word it begins at; the same reply always gives the same."""
    tokens = tokens[:MOST]
    words = [_plain(token) for token in tokens]
    found: dict[str, int] = {}
    for at, word in enumerate(words):
        found.setdefault(f"w:{word}", at)
        if at + 1 < len(words):
            found.setdefault(f"b:{word} {words[at + 1]}", at)
        if at + 2 < len(words):
            found.setdefault(f"s:{word} {words[at + 2]}", at)
        if len(word) >= _LONG:
            marked = f"<{word}>"
            for size in _PART:
                for start in range(len(marked) - size + 1):
                    found.setdefault(f"p:{marked[start : start + size]}", at)
    _signs(tokens, found)
    for scan in scans:
        for section in LISTED:
            for hit in scan.of(section):
                found.setdefault(f"{LIST}{section}.{hit.name}", min(hit.first, len(tokens) - 1))
    return found


def _plain(token: Token) -> str:
    if token.kind == "num":
        return "#"
    return strip_marks(token.text) if token.kind == "word" else token.text


def _signs(tokens: Sequence[Token], found: dict[str, int]) -> None:
    """Runs of signs of scripts that are read sign by sign (Chinese, Korean)."""
    for at, token in enumerate(tokens):
        run = ""
        for size in _SIGNS:
            behind = at + size - 1
            if behind >= len(tokens) or tokens[behind].kind != "han" or token.kind != "han":
                break
            run += tokens[behind].text
            found.setdefault(f"h:{run}", at)
