"""Jobs for tests of the worker: they leave a trace in a file."""

from __future__ import annotations

from pathlib import Path


def note(path: str, words: str) -> None:
    """Add a line to a file."""
    with Path(path).open("a") as out:
        out.write(f"{words}\n")


def fail(path: str) -> None:
    """Add a line to a file, then fail."""
    note(path, "failing")
    raise ValueError("chest pain")
