"""Putting messages into the outbox, in the transaction that decided on them, and taking them out again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, Table, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, make_transient_to_detached

from app.errors import Invalid
from app.i18n.segments import segments
from app.outbox.models import Message, MessageStatus, Purpose
from app.patients.models import Patient, Site
from app.store import keyring_of, new_id

CANCELLABLE = (Purpose.REPLY, Purpose.OUTREACH)
_TABLE: Table = Message.metadata.tables["message"]
_INSERT: dict[str, Any] = {
    name: insert(_TABLE)
    .on_conflict_do_nothing(index_elements=["business_key"])
    .execution_options(preserve_rowcount=True)
    for name, insert in (("postgresql", postgresql_insert), ("sqlite", sqlite_insert))
}
_COLUMNS = tuple(_TABLE.columns.keys())
_DEFAULTS = {"attempts": 0, "lookups": 0, "status": MessageStatus.QUEUED, "direction": "out"}


def queue_text(
    session: Session,
    *,
    patient: Patient | None,
    site: Site,
    number: str,
    body: str,
    purpose: Purpose,
    now: datetime,
    business_key: str,
    language: str = "en",
    step: str = "",
    case_id: UUID | None = None,
    conversation_id: UUID | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    author: str = "bot",
    lane_order: int = 0,
    our_number: str = "",
    programme: str = "*",
    channel: str = "sms",
) -> Message:
    """A text that goes out at `due_at` (now) unless it may not then; after `expires_at` it is not sent any more.

    The same `business_key` twice is one row, the first one's. Once this transaction is committed, put its id on
    the queue; if that is lost, the sweep does. Invalid when there is nothing to say.
    """
    if not body.strip():
        raise Invalid("A text needs words.")
    return _put(
        session,
        channel=channel,
        purpose=purpose,
        patient=patient,
        site=site,
        number=number,
        body=body,
        segments=max(1, segments(body).count),
        business_key=business_key,
        language=language,
        step=step,
        case_id=case_id,
        conversation_id=conversation_id,
        due_at=due_at or now,
        expires_at=expires_at,
        author=author,
        lane_order=lane_order,
        our_number=our_number,
        programme=programme,
        now=now,
    )


def queue_call(
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
    language: str = "en",
    our_number: str = "",
    programme: str = "*",
) -> Message:
    """A call that will be placed at `due_at` (now) unless it may not be then; otherwise as `queue_text`."""
    return _put(
        session,
        channel="voice",
        purpose=purpose,
        patient=patient,
        site=site,
        number=number,
        body="",
        segments=0,
        business_key=business_key,
        language=language,
        step="",
        case_id=case_id,
        conversation_id=conversation_id,
        due_at=due_at or now,
        expires_at=expires_at,
        author="bot",
        lane_order=0,
        our_number=our_number,
        programme=programme,
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

    What is already being sent is past recall. Whoever cancels knows why, so nobody has to follow these up.
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
    return _count(done)


def _put(
    session: Session, *, patient: Patient | None, site: Site, number: str, now: datetime, **given: Any
) -> Message:
    """One INSERT that does nothing when the key is there; the object is complete without reading it back."""
    session.flush()
    row = {
        **dict.fromkeys(_COLUMNS),
        **_DEFAULTS,
        **given,
        "id": new_id(),
        "site_id": site.id,
        "patient_id": patient.id if patient else None,
        "number": number,
        "number_index": keyring_of(session).blind("phone", number),
        "created_at": now,
        # Whoever queues it puts it on a queue; what is due later is offered by the sweep.
        "offered_at": now if given["due_at"] <= now else None,
    }
    made = session.connection().execute(_INSERT[session.get_bind().dialect.name], row)
    if _count(made) == 0:
        return session.scalars(select(Message).where(Message.business_key == row["business_key"])).one()
    message = Message(**row)
    make_transient_to_detached(message)
    session.add(message)
    return message


def _count(result: Any) -> int:
    cursor: CursorResult[Any] = result
    return cursor.rowcount
