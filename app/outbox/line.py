"""The messages that are with the carrier or next to be handed over, and their answers as they come."""

from __future__ import annotations

import time
from concurrent.futures import Executor
from queue import Empty, SimpleQueue

import structlog

from app.channels.base import Kind, Outgoing, SendError
from app.channels.carriers import Carriers
from app.channels.errors import policy
from app.outbox.claim import Claimed
from app.outbox.settle import Tried

LINGER = 0.1
"""Seconds that an answer waits for others to be written down with it, while the carrier is slow."""

_log = structlog.get_logger("careloop.outbox")


class Line:
    """What was handed to threads and whose answer was not taken yet."""

    def __init__(self, carriers: Carriers) -> None:
        self.length = 0
        self._carriers = carriers
        self._answers: SimpleQueue[Tried] = SimpleQueue()

    def join(self, one: tuple[Claimed, Outgoing], threads: Executor) -> None:
        """Have it sent by the next free thread."""
        self.length += 1
        threads.submit(self._send, one)

    def _send(self, one: tuple[Claimed, Outgoing]) -> None:
        self._answers.put(send(one, self._carriers))

    def answers(self, down_to: int) -> list[Tried]:
        """The answers that are there when at most `down_to` are missing, or a moment after the first one."""
        found: list[Tried] = []
        until: float | None = None
        while True:
            missing = self.length > down_to
            try:
                found.append(
                    self._answers.get(missing, None if until is None else max(0.0, until - time.monotonic()))
                )
            except Empty:
                return found
            self.length -= 1
            until = until or time.monotonic() + LINGER


def send(one: tuple[Claimed, Outgoing], carriers: Carriers) -> Tried:
    """Hand one message to its carrier; whatever happens is an answer."""
    message, outgoing = one
    carrier = carriers.get(message.channel)
    if carrier is None:
        words = "Nothing is set up to send over this channel."
        return Tried(message, SendError(Kind.OURS, "no_carrier", words))
    try:
        return Tried(message, carrier.send(outgoing))
    except SendError as error:
        return Tried(message, error)
    except Exception:
        # A fault of ours, or the job's time was up: either way it may have been sent.
        _log.exception("send_fault", message=str(message.id))
        lost = policy("lost")
        return Tried(message, SendError(lost.kind, lost.code, lost.words))
