"""Which language a reply is written in: by its script, else by the small words; "" when it cannot be told."""

from __future__ import annotations

from app.understanding import lexicon
from app.understanding.normal import Token

UNKNOWN = "und"
_VIETNAMESE = frozenset("ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")
_LATIN = ("en", "es", "pt", "fr", "ht", "tl", "vi")
_ENOUGH, _MARGIN = 2, 1


def script(tokens: list[Token]) -> str:
    """The language a script points to: zh, ko, ru, ar, "latin", "und" for any other, "" without letters."""
    counts: dict[str, int] = {}
    for token in tokens:
        if token.kind in ("word", "han"):
            name = _script(token.text[0])
            counts[name] = counts.get(name, 0) + (1 if token.kind == "han" else 2)
    return max(counts, key=lambda name: counts[name]) if counts else ""


def _script(char: str) -> str:
    code = ord(char)
    if code < 0x250 or 0x1E00 <= code < 0x1F00:
        return "latin"
    for low, high, name in (
        (0x400, 0x52F, "ru"),
        (0x600, 0x77F, "ar"),
        (0xFB50, 0xFEFF, "ar"),
        (0x1100, 0x11FF, "ko"),
        (0xAC00, 0xD7A3, "ko"),
        (0x2E80, 0x2FDF, "zh"),
        (0x3400, 0x9FFF, "zh"),
        (0x3005, 0x3007, "zh"),
    ):
        if low <= code <= high:
            return name
    return UNKNOWN


def detect(tokens: list[Token], expected: str) -> str:
    """The language a reply is plainly written in when it is not the expected one; "" otherwise."""
    found = script(tokens)
    if found in ("", expected):
        return ""
    if found != "latin":
        return found
    words = [token.text for token in tokens if token.kind == "word"]
    if any(char in _VIETNAMESE for word in words for char in word):
        return "" if expected == "vi" else "vi"
    if len(words) < _ENOUGH:
        return ""
    own = _score(expected, words) if expected in _LATIN else 0
    if len(words) + sum(word.count("'") for word in words) <= own + _MARGIN:
        return ""  # No other language can know enough of them.
    scores = {code: own if code == expected else _score(code, words) for code in _LATIN}
    best = max(_LATIN, key=lambda code: scores[code])
    if best != expected and scores[best] >= _ENOUGH and scores[best] > own + _MARGIN:
        return best
    return ""


def _score(code: str, words: list[str]) -> int:
    known = lexicon.usable(code)
    if known is None:
        return 0
    split = [part for word in words for part in (word.split("'") if code in ("fr", "ht") else [word])]
    return sum(known.folder.forms(word)[0] in known.function_words for word in split)
