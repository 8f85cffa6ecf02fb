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
_COUNTED = 8
MOST = 120
"""Words looked at; what follows in a longer reply is left to the word lists."""


def features(tokens: Sequence[Token], scans: Sequence[Scan]) -> dict[str, int]:
    """Each feature once, with where in the reply it begins; the same reply always gives the same.

    Thanks and emoji are left out: they change nothing.
    """
    told, polite = _told(tokens, scans)
    return _words(told) | _matched(scans, polite, LISTED)


def asked_features(
    tokens: Sequence[Token], scans: Sequence[Scan], topic: str, *, symptom: bool
) -> dict[str, int]:
    """The same for a reply to a yes/no question about ``topic``: words and matches, alone and beside what was asked.

    Without parts of words and pairs of them: what a yes is depends on what was asked, not on spelling.
    """
    told, polite = _told(tokens, scans)
    plain: dict[str, int] = {}
    for token in told:
        plain.setdefault(f"w:{_plain(token)}", token.start)
    first = next(iter(plain), "")
    _signs(told, plain)
    plain |= _matched(scans, polite, (*LISTED, "topics"))
    sort = "symptom" if symptom else "other"
    found = {f"{lead}{name}": at for lead in ("", f"{sort}:", f"{topic}|") for name, at in plain.items()}
    begin = told[0].start if told else 0
    if first:
        found |= {f"first:{first}": begin, f"{topic}|first:{first}": begin}
    found |= {f"topic:{topic}": begin, f"sort:{sort}": begin, f"long:{min(_COUNTED, len(told))}": begin}
    return found


def _told(tokens: Sequence[Token], scans: Sequence[Scan]) -> tuple[list[Token], list[tuple[int, int]]]:
    """The words looked at, and where thanks stand."""
    polite = [(hit.start, hit.end) for scan in scans for hit in scan.named("intents", "thanks")]
    told = [token for token in tokens if token.kind != "emoji" and not _within(token.start, polite)]
    return told[:MOST], polite


def _within(start: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(low <= start < high for low, high in spans)


def _words(tokens: Sequence[Token]) -> dict[str, int]:
    words = [_plain(token) for token in tokens]
    found: dict[str, int] = {}
    for at, word in enumerate(words):
        start = tokens[at].start
        found.setdefault(f"w:{word}", start)
        if at + 1 < len(words):
            found.setdefault(f"b:{word} {words[at + 1]}", start)
        if at + 2 < len(words):
            found.setdefault(f"s:{word} {words[at + 2]}", start)
        if len(word) >= _LONG:
            marked = f"<{word}>"
            for size in _PART:
                for part in range(len(marked) - size + 1):
                    found.setdefault(f"p:{marked[part : part + size]}", start)
    _signs(tokens, found)
    return found


def _matched(
    scans: Sequence[Scan], polite: Sequence[tuple[int, int]], listed: Sequence[str]
) -> dict[str, int]:
    found: dict[str, int] = {}
    for scan in scans:
        for section in listed:
            for hit in scan.of(section):
                if hit.name != "filler" and not _within(hit.start, polite):
                    found.setdefault(f"{LIST}{section}.{hit.name}", hit.start)
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
            found.setdefault(f"h:{run}", token.start)
