"""Waiting for another process, where there is nothing to wait on but to ask again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

SECONDS = 20.0
_PAUSE = 0.005


def until(true: Callable[[], object], seconds: float = SECONDS, what: str = "it") -> None:
    """Come back as soon as `true()` is; AssertionError when it is not within `seconds`."""
    never = threading.Event()
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"{what} did not come true within {seconds:g} s"
        never.wait(_PAUSE)
