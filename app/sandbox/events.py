"""What happens, told live to every open page."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import Any

KEPT = 4000


class Events:
    """A numbered list of the latest events; each stream reads on from the number it has seen.

    Without an open stream nothing is kept: a page loads what it shows when it opens or reconnects.
    """

    def __init__(self) -> None:
        self._kept: deque[tuple[int, str, Any]] = deque(maxlen=KEPT)
        self._last = 0
        self._streams = 0
        self._changed = threading.Condition()
        self._closed = False

    def tell(self, kind: str, make: Callable[[], Any]) -> None:
        """Add an event; `make` gives its data, ready for JSON, and is only asked when somebody listens."""
        if not self._streams:
            return
        data = make()
        with self._changed:
            self._last += 1
            self._kept.append((self._last, kind, data))
            self._changed.notify_all()

    def stream(self, ping: float = 15.0) -> Iterator[str]:
        """Server-sent events from now on, without end; a comment every `ping` seconds keeps it open."""
        with self._changed:
            self._streams += 1
            seen = self._last
        try:
            yield "retry: 1000\nevent: hello\ndata: {}\n\n"
            while not self._closed:
                found = self._since(seen, ping)
                seen = found[-1][0] if found else seen
                yield "".join(_line(event) for event in found) or ": still here\n\n"
        finally:
            with self._changed:
                self._streams -= 1

    def close(self) -> None:
        """End every stream."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _since(self, seen: int, timeout: float) -> list[tuple[int, str, Any]]:
        with self._changed:
            self._changed.wait_for(lambda: self._last > seen or self._closed, timeout)
            fresh = takewhile(lambda event: event[0] > seen, reversed(self._kept))
            return list(fresh)[::-1]


def _line(event: tuple[int, str, Any]) -> str:
    number, kind, data = event
    return f"id: {number}\nevent: {kind}\ndata: {json.dumps(data)}\n\n"
