"""Everything the carrier remembers, behind one lock."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from app.sandbox.config import Line
from app.sandbox.records import Call, Message


@dataclass(slots=True)
class Phone:
    """How a patient's number behaves.

    `answers`: `ring` waits for a person; human, busy, no_answer, declined, failed or an AnsweredBy value is a
    rule. `line`: mobile, landline (30006), landline_refused (21614), unreachable (30003), unknown (30005),
    filtered (30007).
    """

    answers: str = "ring"
    line: str = "mobile"


@dataclass(slots=True)
class State:
    """Messages, calls, opt-outs and counters of one account; hold `lock` to change anything.

    `messages` and `calls` are in the order they came; `by_to` and `by_from` find them by number.
    """

    lines: dict[str, Line] = field(default_factory=dict)
    services: dict[str, dict[str, bool]] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    by_to: dict[str, list[Message]] = field(default_factory=dict)
    by_from: dict[str, list[Message]] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)
    blocks: set[tuple[str, str]] = field(default_factory=set)
    accepted: Counter[tuple[str, str]] = field(default_factory=Counter)
    counters: Counter[str] = field(default_factory=Counter)
    phones: dict[str, Phone] = field(default_factory=dict)
    failures: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=1000))
    made: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)
    changed: threading.Condition = field(init=False)

    def __post_init__(self) -> None:
        self.changed = threading.Condition(self.lock)

    def next_number(self) -> int:
        """A number that grows with every message and call."""
        with self.lock:
            self.made += 1
            return self.made

    def keep_message(self, message: Message) -> None:
        """Remember a message and wake whoever waits for one."""
        with self.lock:
            self.messages[message.sid] = message
            self.by_to.setdefault(message.to, []).append(message)
            self.by_from.setdefault(message.sender, []).append(message)
            self.changed.notify_all()

    def keep_call(self, call: Call) -> None:
        """Remember a call and wake whoever waits for one."""
        with self.lock:
            self.calls[call.sid] = call
            self.changed.notify_all()

    def forget_message(self, sid: str) -> bool:
        """Delete a message; False when there is none."""
        with self.lock:
            message = self.messages.pop(sid, None)
            if message is None:
                return False
            self.by_to[message.to].remove(message)
            self.by_from[message.sender].remove(message)
            return True

    def thread(self, number: str) -> list[Message]:
        """What was texted to and from a phone, oldest first."""
        with self.lock:
            both = [*self.by_to.get(number, ()), *self.by_from.get(number, ())]
        return sorted(both, key=lambda message: message.number)

    def texted(self) -> list[str]:
        """The phones that have a thread, the one with the latest text first."""
        with self.lock:
            latest = {message.patient: message.number for message in self.messages.values()}
        return sorted(latest, key=lambda number: -latest[number])

    def calls_with(self, number: str) -> list[Call]:
        """The calls to and from a phone, oldest first."""
        with self.lock:
            return [call for call in self.calls.values() if number in (call.to, call.sender)]

    def newest(self, to: str, sender: str) -> Iterator[Message]:
        """Messages newest first, by number where one is given."""
        with self.lock:
            found = self.by_to.get(to, []) if to else self.by_from.get(sender, []) if sender else None
            chosen = list(self.messages.values()) if found is None else list(found)
        return (m for m in reversed(chosen) if m.to == (to or m.to) and m.sender == (sender or m.sender))

    def wait(self, true: Callable[[], bool], timeout: float) -> bool:
        """Wait until something is true of this state; False after `timeout` seconds."""
        with self.changed:
            return self.changed.wait_for(true, timeout)

    def clear(self) -> None:
        """Forget messages, calls, opt-outs, counters and answering rules; lines and services stay."""
        with self.lock:
            for kept in (self.messages, self.by_to, self.by_from, self.calls, self.phones):
                kept.clear()
            self.blocks.clear()
            self.accepted.clear()
            self.counters.clear()
            self.failures.clear()
            self.changed.notify_all()
