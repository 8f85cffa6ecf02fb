"""PURE. The graph a message's status moves along; SQL and tests use this one table.

What carriers report is a chain: a later link replaces an earlier one and is never replaced by it, so receipts
in any order end at the same place. What they report is true whatever we believed: a message given up as absent
that then reports itself was sent after all, and must not be sent again.
"""

from __future__ import annotations

from typing import Final

from app.outbox.models import MessageStatus as S

REPORTED: Final = (S.ACCEPTED, S.SENT, S.CANCELED, S.FAILED, S.UNDELIVERED, S.DELIVERED, S.READ)
"""What carriers report, each outranking those before it. Arrival beats failure: the phone had it then."""
OWN: Final = (S.QUEUED, S.SENDING, S.UNKNOWN, S.SKIPPED)
"""What only we know; any report outranks it."""

MOVES: Final[dict[S, frozenset[S]]] = {
    S.QUEUED: frozenset({S.SENDING, S.SKIPPED, *REPORTED}),
    S.SENDING: frozenset({S.QUEUED, S.UNKNOWN, S.SKIPPED, *REPORTED}),
    S.UNKNOWN: frozenset({S.QUEUED, *REPORTED}),
    S.SKIPPED: frozenset(REPORTED),
    **{status: frozenset(REPORTED[rank + 1 :]) for rank, status in enumerate(REPORTED)},
    S.RECEIVED: frozenset(),
    S.SPOKEN: frozenset(),
}

FINAL: Final = frozenset({S.CANCELED, S.FAILED, S.UNDELIVERED, S.DELIVERED, S.READ, S.SKIPPED})
"""Nothing more is expected, though a better report is still believed."""
NOT_REACHED: Final = frozenset({S.FAILED, S.UNDELIVERED, S.SKIPPED})
"""The patient did not get it: somebody follows up (`consequence_at`)."""
GONE_OUT: Final = (S.SENDING, S.UNKNOWN, S.ACCEPTED, S.SENT, S.DELIVERED, S.READ)
"""It reached the patient, or may have: this is what caps count."""

_REPORTS: Final[dict[str, S]] = {
    # Messages (D/messaging/api/message-resource)
    "accepted": S.ACCEPTED,
    "scheduled": S.ACCEPTED,
    "queued": S.ACCEPTED,
    "sending": S.ACCEPTED,
    "sent": S.SENT,
    "partially_delivered": S.SENT,
    "delivered": S.DELIVERED,
    "undelivered": S.UNDELIVERED,
    "failed": S.FAILED,
    "canceled": S.CANCELED,
    "read": S.READ,
    # Calls (D/voice/api/call-resource): connected is sent, over is delivered
    "initiated": S.ACCEPTED,
    "ringing": S.ACCEPTED,
    "in-progress": S.SENT,
    "answered": S.SENT,
    "completed": S.DELIVERED,
    "busy": S.UNDELIVERED,
    "no-answer": S.UNDELIVERED,
}


def reported(word: str) -> S | None:
    """The status a carrier's word stands for; None for a word that says nothing of an outgoing message."""
    return _REPORTS.get(word.lower())


def sources(target: S) -> tuple[S, ...]:
    """Where a message may come from to be `target`: what a conditional UPDATE asks for."""
    return _SOURCES[target]


_SOURCES: Final = {target: tuple(s for s in S if target in MOVES[s]) for target in S}
