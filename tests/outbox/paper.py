"""A carrier on paper: it keeps what it was handed, and fails as it is told to."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime

from app.channels.base import Found, Kind, Outgoing, SendError, Sent
from app.channels.errors import policy
from app.clock import Clock


def error(code: str) -> SendError:
    """The error a carrier's code stands for."""
    known = policy(code)
    return SendError(known.kind, code, known.words)


class PaperCarrier:
    """`next` holds what the next sends do: an error to raise, or "lost": taken, but the answer breaks off."""

    name = "twilio"

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.taken: list[Outgoing] = []
        self.listed: list[Found] = []
        self.next: deque[SendError | str] = deque()
        self.list_error: SendError | None = None
        self.during: Callable[[Outgoing], None] = lambda outgoing: None
        self._lock = threading.Lock()

    def send(self, outgoing: Outgoing) -> Sent:
        with self._lock:
            told = self.next.popleft() if self.next else None
        if isinstance(told, SendError) and told.kind is not Kind.UNKNOWN:
            raise told
        if isinstance(told, SendError):
            raise told
        with self._lock:
            self.taken.append(outgoing)
            sid = f"SM{len(self.taken):032x}"
            self.listed.append(Found(sid, "queued", self.clock.now(), outgoing.body))
        self.during(outgoing)
        if told == "lost":
            raise error("lost")
        return Sent(sid, "queued")

    def find(self, to: str, since: datetime) -> list[Found]:
        if self.list_error is not None:
            raise self.list_error
        since = since.replace(microsecond=0)
        return [found for found in self.listed if found.created >= since]

    @property
    def bodies(self) -> list[str]:
        """The words that went out, in order."""
        return [outgoing.body for outgoing in self.taken]
