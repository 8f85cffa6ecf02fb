"""What the carrier remembers: messages, calls, attachments, failures."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

FINAL_MESSAGE = {"delivered", "undelivered", "failed", "canceled", "received", "read"}
FINAL_CALL = {"completed", "busy", "no-answer", "failed", "canceled"}


def new_sid(prefix: str) -> str:
    """A Twilio identifier: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


@dataclass(slots=True)
class Media:
    """A picture or recording that belongs to a message."""

    sid: str
    content_type: str
    data: bytes
    created: datetime


@dataclass(slots=True)
class Message:
    """One text. `origin` is who wrote it: the app, the patient, or the carrier itself (opt-out answers)."""

    sid: str
    number: int
    to: str
    sender: str
    body: str
    direction: str
    origin: str
    status: str
    created: datetime
    updated: datetime
    sent: datetime | None = None
    service: str = ""
    callback: str = ""
    segments: int = 1
    media: list[Media] = field(default_factory=list)
    media_urls: tuple[str, ...] = ()
    error_code: int | None = None
    history: list[tuple[str, datetime]] = field(default_factory=list)
    quirks: dict[str, Any] = field(default_factory=dict)
    webhook: dict[str, Any] | None = None

    @property
    def patient(self) -> str:
        """The number of the phone at the other end of the practice."""
        return self.sender if self.direction == "inbound" else self.to


@dataclass(slots=True)
class Call:
    """One leg of a call, with what was asked of the carrier and what happened."""

    sid: str
    number: int
    to: str
    sender: str
    direction: str
    status: str
    created: datetime
    updated: datetime
    url: str = ""
    method: str = "POST"
    twiml: str = ""
    fallback_url: str = ""
    callback: str = ""
    callback_events: frozenset[str] = frozenset({"completed"})
    timeout: int = 60
    time_limit: int = 14400
    amd: str = ""
    amd_async: bool = False
    amd_callback: str = ""
    parent: str = ""
    answered_by: str = ""
    started: datetime | None = None
    ended: datetime | None = None
    sequence: int = 0
    awaiting: dict[str, Any] | None = None
    typed: str = ""
    transcript: list[dict[str, Any]] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    failures: list[dict[str, Any]] = field(default_factory=list)

    @property
    def patient(self) -> str:
        """The number of the phone at the other end of the practice."""
        return self.sender if self.direction == "inbound" else self.to

    @property
    def over(self) -> bool:
        """Whether the call has reached its last state."""
        return self.status in FINAL_CALL
