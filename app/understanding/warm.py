"""Word lists are read and compiled once a process: before the first patient writes, not while they wait."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from app.understanding.lexicon import LANGUAGES, LOCALES, load, usable

FIRST: Final = ("en", "es")
"""What most patients here write; it takes a third of a second each."""
_begun = set(FIRST[:1])


def warm() -> threading.Thread:
    """Load the commonest languages now and the others beside: an emergency in the first text waits for none.

    The thread is handed back for who wants to wait for all of them. ``LexiconError`` when a list that every reply
    is read by has a fault: a process that could not see an emergency does not start.
    """
    _checked(FIRST)
    rest = threading.Thread(target=_load, args=(_others(),), name="warm", daemon=True)
    rest.start()
    return rest


def warm_first() -> None:
    """Load the commonest language now: a web process needs others only where a caller speaks them.

    ``LexiconError`` when its list has a fault.
    """
    _checked(FIRST[:1])


def warm_beside(language: str) -> None:
    """Load a language in a thread of its own, once: a caller's, while they still hear what is said to them."""
    if language in _begun:
        return
    _begun.add(language)
    threading.Thread(target=_load, args=((language,),), name="warm", daemon=True).start()


def _others() -> list[str]:
    """The other languages, the largest first: the memory it took to compile one then holds the next."""
    others = [code for code in LANGUAGES if code not in FIRST]
    return sorted(others, key=lambda code: -_size(LOCALES / code / "replies.yaml"))


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _checked(languages: Iterable[str]) -> None:
    for code in languages:
        load(code)
        usable(code)


def _load(languages: Iterable[str]) -> None:
    for code in languages:
        usable(code)
