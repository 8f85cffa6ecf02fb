"""Calls by their CallSid: begun by us or by a patient, and how far each one is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app.outbox.models import Call, Message, MessageStatus, Receipt
from app.store import keyring_of, new_id

OVER: Final = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
NOBODY_ANSWERED = "480"
"""With `failed` it only means that nobody picked up (twilio.md §5.4)."""
TELLING = frozenset({"404", "484", "603", "607", "608"})


def open_call(
    session: Session,
    *,
    sid: str,
    direction: str,
    number: str,
    now: datetime,
    message_id: UUID | None = None,
    patient_id: UUID | None = None,
    conversation_id: UUID | None = None,
    status: str = "ringing",
) -> Call:
    """The call of a CallSid, made when it is new; whichever webhook is first makes it. `number` is the patient's."""
    known = session.scalars(select(Call).where(Call.carrier_sid == sid)).one_or_none()
    if known is not None:
        return known
    insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    session.execute(
        insert(Call)
        .values(
            id=new_id(),
            carrier_sid=sid,
            direction=direction,
            number_index=keyring_of(session).blind("phone", number),
            message_id=message_id,
            patient_id=patient_id,
            conversation_id=conversation_id,
            status=status,
            started_at=now,
        )
        .on_conflict_do_nothing(index_elements=["carrier_sid"])
    )
    return session.scalars(select(Call).where(Call.carrier_sid == sid)).one()


def progress(
    session: Session, receipt: Receipt, target: MessageStatus | None, now: datetime
) -> tuple[MessageStatus | None, str | None]:
    """Bring a call up to a receipt, by its SequenceNumber; what that means for the message we placed it for."""
    params: Mapping[str, Any] = receipt.params or {}
    sip = str(params.get("SipResponseCode", ""))
    call = _call_of(session, receipt, now)
    if call is not None:
        _step(session, call.id, receipt, params)
    code = receipt.error_code or (f"sip{sip}" if sip in TELLING and receipt.status != "completed" else None)
    if receipt.status == "failed" and sip == NOBODY_ANSWERED:
        return MessageStatus.UNDELIVERED, receipt.error_code or "sip480"
    return target, code


def _call_of(session: Session, receipt: Receipt, now: datetime) -> Call | None:
    known = session.scalars(select(Call).where(Call.carrier_sid == receipt.carrier_sid)).one_or_none()
    if known is not None or receipt.message_id is None:
        return known
    message = session.get(Message, receipt.message_id)
    if message is None:
        return None
    return open_call(
        session,
        sid=receipt.carrier_sid,
        direction="out",
        number=message.number,
        now=now,
        message_id=message.id,
        patient_id=message.patient_id,
        conversation_id=message.conversation_id,
        status=receipt.status,
    )


def _step(session: Session, call_id: UUID, receipt: Receipt, params: Mapping[str, Any]) -> None:
    values: dict[str, Any] = {"status": receipt.status[:16]}
    if receipt.sequence is not None:
        values["sequence"] = receipt.sequence
    if answered_by := params.get("AnsweredBy"):
        values["answered_by"] = str(answered_by)[:24]
    if receipt.status in OVER:
        values["ended_at"] = receipt.received_at
        values["duration"] = _seconds(params.get("CallDuration"))
    newer = Call.sequence < receipt.sequence if receipt.sequence is not None else Call.ended_at.is_(None)
    session.execute(update(Call).where(Call.id == call_id, newer).values(**values))


def _seconds(given: object) -> int | None:
    text = str(given or "")
    return int(text) if text.isdecimal() else None
