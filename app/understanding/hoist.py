"""Long choices of a sign-by-sign script become term lists of their own, so that patterns do not multiply."""

from __future__ import annotations

import re
from collections.abc import Iterator

_INNERMOST = re.compile(r"\(([^()]*)\)([*?]?)")
_PLAIN = re.compile(r"[^.^$<>]*\Z")
_LEAST = 2
_OPEN, _CLOSE = "\x02", "\x03"


class Hoist:
    """Replaces each bracket of plain words by the name of a list, the same words by the same name."""

    def __init__(self) -> None:
        self.blocks: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def block(self, text: str) -> str:
        """The block with its brackets replaced; comments and separators stay as they are."""
        lines = (line.split("#", 1)[0] for line in text.split("\n"))
        return "\n".join(";".join(self._pattern(part) for part in line.split(";")) for line in lines)

    def _pattern(self, pattern: str) -> str:
        while (found := next(self._candidates(pattern), None)) is not None:
            name = self._name(found[1])
            put = f"{_OPEN}{name}{_CLOSE}" if found[2] == "*" else name + found[2]
            pattern = f"{pattern[: found.start()]} {put} {pattern[found.end() :]}"
        return pattern.replace(_OPEN, "(").replace(_CLOSE, ")*")

    def _candidates(self, pattern: str) -> Iterator[re.Match[str]]:
        for match in _INNERMOST.finditer(pattern):
            if _PLAIN.match(match[1]) and match[1].count("|") + 1 >= _LEAST and _OPEN not in match[1]:
                yield match

    def _name(self, inner: str) -> str:
        key = ";".join(part.strip() for part in inner.split("|") if part.strip())
        if key not in self._names:
            name = f"AUTO_{len(self._names)}"
            self._names[key] = name
            self.blocks[name] = key
        return self._names[key]
