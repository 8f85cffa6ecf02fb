"""The sandbox's time: a clock that can be moved forward, and what is due later."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Act = Callable[[], None]


class Timeline:
    """Runs acts when they are due; `advance` moves the clock forward so that no test has to wait.

    Acts run on one thread and must be short: they hand their work to a `Courier` or to a call.
    """

    def __init__(self) -> None:
        self._ahead = 0.0
        self._due: list[tuple[float, int, Act]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._running = 0
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="sandbox-timeline", daemon=True)
        self._thread.start()

    def now(self) -> datetime:
        """The sandbox's time, aware, in UTC."""
        return datetime.fromtimestamp(self._seconds(), UTC)

    def after(self, seconds: float, act: Act) -> None:
        """Run `act` once, `seconds` of sandbox time from now."""
        with self._changed:
            heapq.heappush(self._due, (self._seconds() + seconds, next(self._numbers), act))
            self._changed.notify_all()

    def advance(self, by: timedelta) -> None:
        """Move the clock forward; what has become due runs, in its order, before this returns."""
        with self._changed:
            self._ahead += max(0.0, by.total_seconds())
            self._changed.notify_all()
            self._changed.wait_for(self._quiet, timeout=30)

    def clear(self) -> None:
        """Forget everything that is due."""
        with self._changed:
            self._due.clear()

    def close(self) -> None:
        """Stop the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _seconds(self) -> float:
        return time.time() + self._ahead

    def _quiet(self) -> bool:
        late = bool(self._due) and self._due[0][0] <= self._seconds()
        return self._closed or not (late or self._running)

    def _run(self) -> None:
        while (act := self._next()) is not None:
            act()
            with self._changed:
                self._running = 0
                self._changed.notify_all()

    def _next(self) -> Act | None:
        with self._changed:
            while not self._closed:
                if self._due and self._due[0][0] <= self._seconds():
                    self._running = 1
                    return heapq.heappop(self._due)[2]
                wait = self._due[0][0] - self._seconds() if self._due else None
                self._changed.wait(wait)
        return None
