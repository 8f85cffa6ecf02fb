"""What the outbox knows of a carrier: hand over one message, look one up, errors that carry policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from app.errors import CareloopError

TWILIO = "twilio"
"""The carrier whose hold stops texts and calls alike: they use the same credentials."""


class Kind(StrEnum):
    """What to do about an error.

    retry: it was not taken, and may be later. unknown: it may have been taken; never blindly send again.
    reject: this message will never go through. stop: nothing will, until a person looks. ours: we asked for
    something wrong.
    """

    RETRY = "retry"
    UNKNOWN = "unknown"
    REJECT = "reject"
    STOP = "stop"
    OURS = "ours"


class SendError(CareloopError):
    """A carrier did not (provably) take it. `kind` says what to do, `problem` is the carrier's code."""

    code = "send"

    def __init__(self, kind: Kind, problem: str, words: str) -> None:
        super().__init__(words)
        self.kind = kind
        self.problem = problem

    @property
    def of_all(self) -> bool:
        """Whether whatever else the carrier is asked now would fail alike, and not for this number alone."""
        return self.kind in (Kind.RETRY, Kind.UNKNOWN, Kind.STOP)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One text or call to hand over. `ref` (32 hex digits) comes back with each receipt; `valid` is seconds.

    `sender` is the number of ours the patient knows, or "" for the configured one. A call has no `body`.
    """

    ref: str
    to: str
    body: str = ""
    sender: str = ""
    valid: int | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The carrier took it under this id."""

    sid: str
    status: str


@dataclass(frozen=True, slots=True)
class Found:
    """One of ours in the carrier's own list. `status` and `error_code` are the carrier's words."""

    sid: str
    status: str
    created: datetime
    body: str = ""
    error_code: str | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """A text of a patient in the carrier's own list; `media` is how many pictures hang on it."""

    sid: str
    sender: str
    to: str
    body: str
    media: int
    at: datetime


class Trouble(StrEnum):
    """Why a file is not here: what to do next depends on it.

    later: busy or away. missing: not there (yet). closed: our credentials are not taken. unsafe: it lies where we do
    not fetch from. big: more than we take.
    """

    LATER = "later"
    MISSING = "missing"
    CLOSED = "closed"
    UNSAFE = "unsafe"
    BIG = "big"


class FileError(CareloopError):
    """A file could not be fetched, listed or deleted at the carrier."""

    code = "file"

    def __init__(self, trouble: Trouble, problem: str) -> None:
        super().__init__(f"{trouble.value}: {problem}")
        self.trouble = trouble
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file's bytes and the content type the carrier gave with them."""

    data: bytes
    content_type: str


class Files(Protocol):
    """The files that hang on patients' texts, at the carrier. Every way it can fail is a FileError."""

    def listed(self, message_sid: str) -> list[str]:
        """The ids of a text's files."""
        ...

    def fetch(self, message_sid: str, sid: str) -> Fetched:
        """One file."""
        ...

    def remove(self, message_sid: str, sid: str) -> None:
        """Have the carrier forget a file; one that it no longer has is removed."""
        ...


@runtime_checkable
class Inbox(Protocol):
    """A carrier that can tell what patients wrote, for the webhooks that never reached us."""

    def received(self, to: str, since: datetime, until: datetime, most: int | None) -> list[Received] | None:
        """What came in for that number of ours in that time (to the second); None when it is `most` or more.

        SendError when the list fails.
        """
        ...


class Carrier(Protocol):
    """One channel of one carrier. Several threads may use it at once."""

    name: str
    """Whose credentials it uses: what one hold stops."""

    def send(self, outgoing: Outgoing) -> Sent:
        """Hand it over, once. Raises SendError; any other exception is a fault in here."""
        ...

    def find(self, to: str, since: datetime) -> list[Found]:
        """What was accepted for that number since then (to the second). SendError when the list fails."""
        ...
