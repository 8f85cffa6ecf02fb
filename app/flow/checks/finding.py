"""One thing found wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, in which step ("" for the whole script), and what to do; an error keeps a script from
    patients."""

    severity: Literal["error", "warning"]
    step: str
    words: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.step + ': ' if self.step else ''}{self.words}"


def error(step: str, words: str) -> Finding:
    """A finding that keeps a script from being published."""
    return Finding("error", step, words)


def warning(step: str, words: str) -> Finding:
    """A finding an admin should look at."""
    return Finding("warning", step, words)
