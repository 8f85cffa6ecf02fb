"""Make a reply comparable: fold case, width, digits and marks, split into tokens that know where they stood."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Joiners, variation selectors, the keycap ring and skin tones say nothing by themselves.
_DROPPED = frozenset("\u200d\u20e3\ufe0e\ufe0f\u00ad\u0640") | {chr(c) for c in range(0x1F3FB, 0x1F400)}
_SPECIAL = {
    "\U0001f51f": "10",  # the keycap ten is one character
    "\u2019": "'",
    "\u2018": "'",
    "\u02bc": "'",
    "\u00b4": "'",
    "`": "'",
    "\uff07": "'",
    "\u0131": "i",
    "\u00b0": "\u00b0",
    "\u2070": "0",
    "\u066b": ".",  # the Arabic decimal sign: ٣٫٥
}
_SIGNS = r"\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uac00-\ud7a3\U00020000-\U0002ffff"
_LETTERS = rf"[^\W\d_{_SIGNS}]+"
_TOKEN = re.compile(
    r"(?P<num>[0-9]+(?:[.,:][0-9]+)*)"
    rf"|(?P<han>[{_SIGNS}])"
    rf"|(?P<word>\b[ap]\. ?m\b\.?|{_LETTERS}(?:'{_LETTERS})*)"
    r"|(?P<emoji>[\u00b0\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f1e6-\U0001faff]|[:;=]'?-?[()DPp/](?!\w)|<3|(?<!\S)\++(?=[\s.!]*\Z))"
)
_SENTENCE = re.compile(r"[.!?;\n\u2026\u3002\u061f\u061b]|--| - | \u2013 |\u2014")
_HALF_DAY = {"a.m": "am", "p.m": "pm"}
_COMMA = re.compile(r"[,:()\u060c\u3001\"\u201c\u201d\u00ab\u00bb]")


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, ideograph or emoji, with the span it had in the reply as received.

    ``brk`` is what stood before it: 0 nothing, 1 a comma, 2 the end of a sentence. ``glued`` means no space.
    """

    text: str
    start: int
    end: int
    kind: str
    sep: str
    brk: int
    glued: bool


def normalise(text: str) -> tuple[str, list[int]]:
    """The folded text (NFKC, case, digits, emoji) and, for each of its characters, the index it came from."""
    if text.isascii() and "`" not in text and text.isprintable():
        return text.lower(), list(range(len(text)))
    out: list[str] = []
    where: list[int] = []
    index, size = 0, len(text)
    while index < size:
        stop = index + 1
        while stop < size and (unicodedata.combining(text[stop]) or "\u1160" <= text[stop] <= "\u11ff"):
            stop += 1
        folded = _fold(text[index:stop])
        out.append(folded)
        where.extend([index] * len(folded))
        index = stop
    return "".join(out), where


@lru_cache(maxsize=4096)
def _fold(cluster: str) -> str:
    if cluster in _SPECIAL:
        return _SPECIAL[cluster]
    if cluster in _DROPPED:
        return ""
    # Composed once more after case folding: a capital may fold into a letter and a mark.
    composed = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    return "".join(_fold_one(char) for char in composed)


def _fold_one(char: str) -> str:
    if char in _SPECIAL or char in _DROPPED:
        return _SPECIAL.get(char, "")
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category in ("Cf", "Cs") or "\u064b" <= char <= "\u065f":
        return ""
    if category in ("Cc", "Zl", "Zp"):
        return "\n" if char in "\n\r\u2028\u2029" else " "
    return " " if category == "Zs" else char


@lru_cache(maxsize=8192)
def strip_marks(word: str) -> str:
    """The word without Latin accents (``né`` to ``ne``, ``đ`` to ``d``); other scripts are left alone."""
    if word.isascii():
        return word
    out = []
    for char in unicodedata.normalize("NFD", word):
        if not ("\u0300" <= char <= "\u036f"):
            out.append({"đ": "d", "ø": "o", "œ": "oe", "æ": "ae", "ł": "l"}.get(char, char))
    return unicodedata.normalize("NFC", "".join(out))


def tokenize(text: str) -> list[Token]:
    """The tokens of a reply in order; punctuation is kept as the break before the next token."""
    folded, where = normalise(text)
    tokens: list[Token] = []
    last = 0
    for match in _TOKEN.finditer(folded):
        begin, finish = match.span()
        sep = folded[last:begin]
        tokens.append(
            Token(
                text=_HALF_DAY.get(match.group().replace(" ", "").rstrip("."), match.group()),
                start=where[begin],
                end=where[finish - 1] + 1,
                kind=match.lastgroup or "word",
                sep=sep,
                brk=_break(sep),
                glued=bool(tokens) and not sep,
            )
        )
        last = finish
    return tokens


def _break(sep: str) -> int:
    if len(sep) < 2 and sep in ("", " "):
        return 0
    if _SENTENCE.search(sep):
        return 2
    return 1 if _COMMA.search(sep) else 0
