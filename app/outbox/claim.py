"""Taking messages for sending: one process gets each, and only those that may go out at this moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.channels.base import Outgoing
from app.channels.pace import Pace
from app.consent.ledger import OPT_OUT
from app.consent.may_send import Caps, Verdict, verdict
from app.outbox.claiming import CLAIM_MANY, CLAIM_ONE, FACTS, STATE, M
from app.outbox.models import MessageStatus, Purpose
from app.outbox.outcome import Outcome
from app.outbox.recent import Ledger, one_at_a_time, starts

TOO_LATE = "it was too late to be of use"
PACED = "its turn at the carrier comes"
"""Why what we start waits though it may go: it has its place in time, and does not ask for one again."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is ours to send, until it is settled."""

    id: UUID
    channel: str
    purpose: Purpose
    programme: str
    patient_id: UUID | None
    conversation_id: UUID | None
    number: str
    number_index: str
    our_number: str
    body: str
    created_at: datetime
    expires_at: datetime | None
    attempts: int
    segments: int
    reason: str | None
    claimed_at: datetime

    def outgoing(self, may: Verdict) -> Outgoing:
        """What the carrier is handed; it is valid until the window closes or the message expires."""
        ends = [moment for moment in (may.until, self.expires_at) if moment is not None]
        valid = int((min(ends) - self.claimed_at).total_seconds()) if ends else None
        return Outgoing(self.id.hex, self.number, self.body, self.our_number, valid)


@dataclass(frozen=True, slots=True)
class Claimant:
    """The process that claims, how often it may start something with one person, and the pace of our numbers."""

    process_id: UUID
    caps: Caps
    pace: Pace | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What a claim gave: messages to send, and what became of the others; `missed` were not ours to take."""

    ready: list[tuple[Claimed, Outgoing]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    missed: list[UUID] = field(default_factory=list)

    def __add__(self, other: Taken) -> Taken:
        """Both together."""
        return Taken(self.ready + other.ready, self.outcomes + other.outcomes, self.missed + other.missed)


def claim(
    session: Session,
    ids: Sequence[UUID],
    *,
    process_id: UUID,
    now: datetime,
    caps: Caps,
    pace: Pace | None = None,
) -> Taken:
    """Claim what of `ids` is queued, due, first in its conversation and allowed now.

    The row is locked before it is judged: whoever opts out or cancels in the meantime waits for our commit, or
    is seen by it. Two processes with the same id: one claims it, for the other it is missed.
    """
    statement = CLAIM_ONE if len(ids) == 1 else CLAIM_MANY
    given = {"one": ids[0]} if len(ids) == 1 else {"ids": list(ids)}
    connection = session.connection()
    rows = connection.execute(statement, {**given, "now": now, "process": process_id}).all()
    claimed = {row.id: Claimed(**row._mapping, claimed_at=now) for row in rows}
    taken = Taken(missed=[i for i in ids if i not in claimed])
    if not claimed:
        return taken
    started = _started(session, claimed, now)
    facts = {fact["id"]: fact for fact in connection.execute(FACTS, {"ids": list(claimed)}).mappings()}
    for message in sorted(claimed.values(), key=lambda message: (message.created_at, message.id)):
        starts_something = message.purpose is Purpose.OUTREACH
        recent = started.before(message) if starts_something else []
        may = _judge(message, facts[message.id], recent, now, caps)
        if may.kind != "now":
            taken.outcomes.append(_let_go(session, message, may, now))
            continue
        taken.ready.append((message, message.outgoing(may)))
        if starts_something:
            started.add(message)
    return taken if pace is None else _in_turn(session, taken, pace, now)


def _in_turn(session: Session, taken: Taken, pace: Pace, now: datetime) -> Taken:
    """What is ready when its number's pace allows it; answers take their turns first and do not wait for them."""
    texts = [message for message, _ in taken.ready if message.channel == "sms" and message.reason != PACED]
    texts.sort(key=lambda message: message.purpose is Purpose.OUTREACH)
    places = pace.book([(message.our_number, max(1, message.segments)) for message in texts], now)
    at = {message.id: place for message, place in zip(texts, places, strict=True)}
    ready = []
    for message, outgoing in taken.ready:
        place = at.get(message.id, now)
        if message.purpose is Purpose.OUTREACH and place > now:
            taken.outcomes.append(_let_go(session, message, Verdict("later", place, PACED), now))
        else:
            ready.append((message, outgoing))
    return Taken(ready, taken.outcomes, taken.missed)


def _started(session: Session, claimed: Mapping[UUID, Claimed], now: datetime) -> Ledger:
    """What was started before with those whom this batch would start something with, its own rows left out."""
    outreach = [message for message in claimed.values() if message.purpose is Purpose.OUTREACH]
    if not outreach:
        return Ledger([])
    one_at_a_time(session, outreach)
    patients = {message.patient_id for message in outreach if message.patient_id is not None}
    numbers = {message.number_index for message in outreach}
    return starts(session, patients, numbers, now, besides=claimed)


def _judge(
    message: Claimed, fact: Mapping[Any, Any], recent: Sequence[datetime], now: datetime, caps: Caps
) -> Verdict:
    if message.expires_at is not None and message.expires_at <= now:
        return Verdict("never", reason=TOO_LATE)
    return verdict(
        patient=_Patient.of(fact),
        site=_Site.of(fact),
        channel=message.channel,
        purpose=message.purpose,
        now=now,
        standing=fact["decision"] != OPT_OUT,
        recent=recent,
        number=message.number,
        number_state=fact["number_state"],
        caps=caps,
    )


def _let_go(session: Session, message: Claimed, may: Verdict, now: datetime) -> Outcome:
    """Put back what may go out later; skip what never may, or only when it is of no use any more."""
    given: dict[str, Any] = {"claimed_by": None, "claimed_at": None, "attempts": message.attempts - 1}
    late = may.at is not None and message.expires_at is not None and may.at >= message.expires_at
    if may.kind == "later" and not late:
        given |= {"status": MessageStatus.QUEUED, "due_at": may.at, "offered_at": None}
    else:
        given |= {"status": MessageStatus.SKIPPED, "finished_at": now}
    reason = f"{may.reason}; {TOO_LATE}" if late else may.reason
    session.connection().execute(update(M).where(M.c.id == message.id).values(**given, reason=reason[:160]))
    skipped = given["status"] is MessageStatus.SKIPPED
    return Outcome(message.id, "skipped" if skipped else "later", reason, None if skipped else may.at)


def why_not(session: Session, message_id: UUID, now: datetime) -> tuple[Outcome, UUID | None]:
    """Why a message could not be claimed, and which one has to go out before it, if that can be sent now."""
    row = session.connection().execute(STATE, {"one": message_id, "now": now}).one_or_none()
    if row is None or row.status is not MessageStatus.QUEUED:
        return Outcome(message_id, "gone"), None
    if row.due_at > now:
        return Outcome(message_id, "later", row.reason or "", row.due_at), None
    if row.held is not None and row.purpose is not Purpose.SAFETY:
        return Outcome(message_id, "held", row.held), None
    return Outcome(message_id, "waiting"), row.head


@dataclass(frozen=True, slots=True)
class _Patient:
    status: str
    deceased_at: datetime | None
    merged_into: UUID | None
    time_zone: str | None

    @classmethod
    def of(cls, fact: Mapping[Any, Any]) -> _Patient | None:
        if fact["status"] is None:
            return None
        return cls(fact["status"], fact["deceased_at"], fact["merged_into"], fact["patient_zone"])


@dataclass(frozen=True, slots=True)
class _Site:
    time_zone: str
    window: Mapping[str, Any]

    @classmethod
    def of(cls, fact: Mapping[Any, Any]) -> _Site | None:
        return cls(fact["site_zone"], fact["window"]) if fact["site_zone"] is not None else None
