"""Word lists are read and compiled once a process: before the first patient writes, not while they wait."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Final

from app.understanding.lexicon import LANGUAGES, usable

FIRST: Final = ("en", "es")
"""What most patients here write; it takes half a second each."""


def warm() -> threading.Thread:
    """Load the commonest languages now and the others beside: an emergency in the first text waits for none.

    The thread is handed back for who wants to wait for all of them.
    """
    _load(FIRST)
    rest = threading.Thread(
        target=_load, args=([code for code in LANGUAGES if code not in FIRST],), name="warm", daemon=True
    )
    rest.start()
    return rest


def warm_beside() -> threading.Thread:
    """Load every language in a thread of its own: a web process answers meanwhile."""
    everything = threading.Thread(
        target=_load,
        args=([*FIRST, *(code for code in LANGUAGES if code not in FIRST)],),
        name="warm",
        daemon=True,
    )
    everything.start()
    return everything


def _load(languages: Iterable[str]) -> None:
    for code in languages:
        usable(code)
