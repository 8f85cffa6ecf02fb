"""A small pool of threads that does things in order per key, and says when all is done."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from zlib import crc32

log = logging.getLogger("sandbox")

Act = Callable[[], None]


class Courier:
    """Runs acts on `threads` threads; acts handed over under one key run one after the other."""

    def __init__(self, name: str, threads: int) -> None:
        self._queues: list[SimpleQueue[Act | None]] = [SimpleQueue() for _ in range(threads)]
        self._open = 0
        self._idle = threading.Condition()
        for number, queue in enumerate(self._queues):
            threading.Thread(target=self._run, args=(queue,), name=f"{name}-{number}", daemon=True).start()

    def hand(self, key: str, act: Act) -> None:
        """Run `act` soon, after everything handed over before under the same key."""
        with self._idle:
            self._open += 1
        self._queues[crc32(key.encode()) % len(self._queues)].put(act)

    def settle(self, timeout: float) -> bool:
        """Wait until nothing is left to do; False when `timeout` seconds were not enough."""
        with self._idle:
            return self._idle.wait_for(lambda: self._open == 0, timeout)

    def close(self) -> None:
        """Let every thread end after what it has in hand."""
        for queue in self._queues:
            queue.put(None)

    def _run(self, queue: SimpleQueue[Act | None]) -> None:
        while (act := queue.get()) is not None:
            try:
                act()
            except Exception:
                log.exception("an act of the sandbox failed")
            with self._idle:
                self._open -= 1
                if not self._open:
                    self._idle.notify_all()
