"""Putting messages into the outbox, in the transaction that decided on them, and taking them out again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NotRequired, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import CursorResult, Table, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, make_transient_to_detached

from app.errors import Conflict, Invalid
from app.i18n.segments import segments
from app.outbox.models import Message, MessageStatus, Purpose
from app.patients.models import Patient, Site
from app.store import keyring_of, new_id

Draft = dict[str, Any]
"""An outbox row that is not written yet; `id` is the message's."""
CANCELLABLE = (Purpose.REPLY, Purpose.OUTREACH)
_TABLE: Table = Message.metadata.tables["message"]
_INSERT: dict[str, Any] = {
    name: insert(_TABLE)
    .on_conflict_do_nothing(index_elements=["business_key"])
    .execution_options(preserve_rowcount=True)
    for name, insert in (("postgresql", postgresql_insert), ("sqlite", sqlite_insert))
}
_DEFAULTS: Final = {
    **dict.fromkeys(_TABLE.columns.keys()),
    "attempts": 0,
    "lookups": 0,
    "status": MessageStatus.QUEUED,
    "direction": "out",
    "channel": "sms",
    "language": "en",
    "step": "",
    "author": "bot",
    "lane_order": 0,
    "our_number": "",
    "programme": "*",
}


class Words(TypedDict):
    """A text to be written. It goes out at `due_at` (now) unless it may not then; after `expires_at` not any more."""

    patient: Patient | None
    site: Site
    number: str
    body: str
    purpose: Purpose
    now: datetime
    business_key: str
    language: NotRequired[str]
    step: NotRequired[str]
    case_id: NotRequired[UUID | None]
    conversation_id: NotRequired[UUID | None]
    due_at: NotRequired[datetime | None]
    expires_at: NotRequired[datetime | None]
    author: NotRequired[str]
    lane_order: NotRequired[int]
    our_number: NotRequired[str]
    programme: NotRequired[str]
    channel: NotRequired[str]


def queue_text(session: Session, **words: Unpack[Words]) -> Message:
    """Put a text into the outbox; the same `business_key` twice is one row, the first one's.

    Once this transaction is committed, put its id on the queue; if that is lost, the sweep does. Invalid when
    there is nothing to say.
    """
    return _put(session, draft_text(session, **words))


def draft_text(session: Session, **words: Unpack[Words]) -> Draft:
    """A text ready for the outbox and not yet in it, for `put_all`; Invalid when there is nothing to say."""
    if not words["body"].strip():
        raise Invalid("A text needs words.")
    return _draft(session, segments=max(1, segments(words["body"]).count), **words)


def put_all(session: Session, drafts: Sequence[Draft]) -> None:
    """Put texts into the outbox together. Their keys must be new: the turns they belong to are."""
    if not drafts:
        return
    if _insert(session, drafts) < len(drafts):
        raise Conflict("A text of this turn is in the outbox already.")


def draft_call(
    session: Session,
    *,
    patient: Patient | None,
    site: Site,
    number: str,
    purpose: Purpose,
    now: datetime,
    business_key: str,
    case_id: UUID | None,
    conversation_id: UUID | None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> Draft:
    """A call ready for the outbox, placed at `due_at` (now) unless it may not be then; otherwise as `draft_text`."""
    return _draft(
        session,
        channel="voice",
        purpose=purpose,
        patient=patient,
        site=site,
        number=number,
        body="",
        segments=0,
        business_key=business_key,
        case_id=case_id,
        conversation_id=conversation_id,
        due_at=due_at,
        expires_at=expires_at,
        now=now,
    )


def cancel_queued(
    session: Session,
    *,
    conversation_id: UUID | None = None,
    number_index: str | None = None,
    patient_id: UUID | None = None,
    purposes: Sequence[Purpose] = CANCELLABLE,
    because: str,
    now: datetime,
) -> int:
    """Skip what is queued for any of these, with the reason: how many. Safety, notices, staff's texts stay.

    What is already being sent is past recall; what nobody knows was sent is not sent again. Whoever cancels knows why,
    so nobody has to follow these up.
    """
    chosen = [
        column == value
        for column, value in (
            (Message.conversation_id, conversation_id),
            (Message.number_index, number_index),
            (Message.patient_id, patient_id),
        )
        if value is not None
    ]
    if not chosen:
        raise Invalid("Say whose messages are cancelled.")
    session.flush()
    done = session.execute(
        update(Message)
        .where(or_(*chosen), Message.status == MessageStatus.QUEUED, Message.purpose.in_(purposes))
        .values(
            status=MessageStatus.SKIPPED,
            reason=because[:160],
            finished_at=now,
            consequence_at=now,
        )
    )
    # Where the carrier turns out not to have it, it is queued again, and is then of no use any more.
    session.execute(
        update(Message)
        .where(or_(*chosen), Message.status == MessageStatus.UNKNOWN, Message.purpose.in_(purposes))
        .values(expires_at=now, consequence_at=now)
    )
    return _count(done)


def _draft(
    session: Session, *, patient: Patient | None, site: Site, number: str, now: datetime, **given: Any
) -> Draft:
    due_at = given.pop("due_at", None) or now
    return {
        **_DEFAULTS,
        **given,
        "id": new_id(),
        "site_id": site.id,
        "patient_id": patient.id if patient else None,
        "number": number,
        "number_index": keyring_of(session).blind("phone", number),
        "created_at": now,
        "due_at": due_at,
        # Whoever queues it puts it on a queue; what is due later is offered by the sweep.
        "offered_at": now if due_at <= now else None,
    }


def _put(session: Session, row: Draft) -> Message:
    """One row, or the one that has its key already; the object is complete without reading it back."""
    if not _insert(session, [row]):
        return session.scalars(select(Message).where(Message.business_key == row["business_key"])).one()
    message = Message(**row)
    make_transient_to_detached(message)
    session.add(message)
    return message


def _insert(session: Session, rows: Sequence[Draft]) -> int:
    """Insert those whose key is not there yet: how many. What they refer to is written first."""
    session.flush()
    statement = _INSERT[session.get_bind().dialect.name]
    # Row by row in one round trip: a statement with all of them in it costs three times the work.
    return _count(session.connection().execute(statement, rows if len(rows) > 1 else rows[0]))


def _count(result: Any) -> int:
    cursor: CursorResult[Any] = result
    return cursor.rowcount
