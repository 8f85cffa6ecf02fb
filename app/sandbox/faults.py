"""Faults on demand: what shall go wrong, for whom, how often."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from app.sandbox.errors import refuse

KINDS = (
    "latency",
    "status",
    "lost_request",
    "lost_response",
    "error_code",
    "duplicate_callback",
    "reorder_callbacks",
    "drop_callbacks",
    "webhook_duplicate",
    "answer_machine",
    "busy",
    "no_answer",
    "call_failed",
    "media_redirect",
    "media_wrong",
    "media_large",
    "media_slow",
)
REST_KINDS = ("latency", "status", "lost_request", "lost_response")
RECEIPT_KINDS = ("duplicate_callback", "reorder_callbacks", "drop_callbacks")
CALL_KINDS = ("answer_machine", "busy", "no_answer", "call_failed")


@dataclass(slots=True)
class Fault:
    """One thing that shall go wrong `count` times (None: until cleared), for `to` or for everybody."""

    id: int
    kind: str
    count: int | None = 1
    to: str = ""
    on: str = ""
    probability: float = 1.0
    seconds: float = 1.0
    status: int = 503
    recorded: bool = False
    code: int = 0
    answered_by: str = "machine_end_beep"
    statuses: tuple[str, ...] = ()
    url: str = ""
    size: int = 32 * 1024 * 1024
    used: int = 0

    def matches(self, kind: str, to: str, on: str) -> bool:
        """Whether this fault is for that kind, number and resource."""
        return self.kind == kind and self.to in ("", to) and self.on in ("", on)

    def to_json(self) -> dict[str, Any]:
        """The fault as the API shows it; `count` is how often it is still to happen."""
        return asdict(self)


class Faults:
    """The faults in force; taking one uses it up."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._lock = threading.Lock()
        self._made = 0
        self.all: list[Fault] = []

    def add(self, wanted: dict[str, Any]) -> Fault:
        """Put a fault in force; unknown kinds and fields are refused with 20001."""
        kind = wanted.get("kind")
        known = set(Fault.__slots__) - {"id", "used"}
        if kind not in KINDS or set(wanted) - known:
            raise refuse(20001)
        values = {**wanted, "statuses": tuple(wanted.get("statuses", ()))}
        if values.get("count") == 0:
            values["count"] = None
        with self._lock:
            self._made += 1
            fault = Fault(id=self._made, **values)
            self.all = [*self.all, fault]
        return fault

    def clear(self, fault_id: int | None = None) -> None:
        """Take one fault out of force, or all."""
        with self._lock:
            self.all = [f for f in self.all if fault_id is not None and f.id != fault_id]

    def take(self, kind: str, to: str, on: str = "messages") -> Fault | None:
        """The first fault of that kind in force for this number, used once; None when all is well."""
        if not self.all:
            return None
        with self._lock:
            for fault in self.all:
                if fault.matches(kind, to, on) and self._random.random() < fault.probability:
                    self._use(fault)
                    return fault
        return None

    def first(self, kinds: Iterable[str], to: str, on: str) -> Fault | None:
        """The first fault of any of these kinds, in their order."""
        return next((fault for kind in kinds if (fault := self.take(kind, to, on))), None)

    def _use(self, fault: Fault) -> None:
        fault.used += 1
        if fault.count is not None:
            fault.count -= 1
            if fault.count <= 0:
                self.all = [f for f in self.all if f is not fault]
