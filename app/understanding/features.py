"""What the second opinion sees of a reply: its words, their neighbours and their parts, as plain strings."""

from __future__ import annotations

from collections.abc import Sequence

from app.understanding.normal import Token, strip_marks

_PART = (3, 4, 5)
_LONG = 4
_SIGNS = (1, 2, 3, 4)
MOST = 120
"""Words looked at; what follows in a longer reply is left to the word lists."""


def features(tokens: Sequence[Token]) -> dict[str, int]:
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
