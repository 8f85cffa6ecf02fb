"""Receipts: kept exactly as they came, then moving the message along its graph, or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal, TypedDict, Unpack
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, and_, bindparam, case, func, insert, literal, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from app.channels.errors import policy
from app.channels.holds import line
from app.outbox import calls
from app.outbox.claiming import M
from app.outbox.lessons import learn
from app.outbox.models import MessageStatus, Receipt
from app.outbox.status import FINAL, NOT_REACHED, reported, sources
from app.store.database import Sessions, begin
from app.store.ids import new_id
from app.store.live import announce

OVERDUE = timedelta(seconds=5)
"""A receipt is settled by its job long before; after this the sweep does it."""


_OTHER = M.alias("other")
_KEEP = insert(Receipt)
_COLUMNS = tuple(Receipt.__table__.columns.keys())
_Whose = tuple[Literal["id", "carrier_sid"], UUID | str]
_log = structlog.get_logger("careloop.outbox")


class Posted(TypedDict):
    """What the carrier posted about a message, and when; `ref` is the message id we put into the receipt's URL."""

    ref: str | None
    sid: str
    status: str
    error_code: str | None
    sequence: int | None
    params: Mapping[str, Any]
    now: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """What a receipt did: `status` is the message's new one when it `moved`."""

    message_id: UUID | None
    moved: bool
    status: MessageStatus | None = None


def ref_of(text: str | None) -> UUID | None:
    """The opaque reference that goes out with a message and comes back with each receipt; None when it is not ours."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def record_receipt(session: Session, **posted: Unpack[Posted]) -> Receipt:
    """Keep what the carrier posted; nonsense for a ref is no ref."""
    receipt = _receipt(**posted)
    session.add(receipt)
    return receipt


def _receipt(**posted: Unpack[Posted]) -> Receipt:
    return Receipt(
        id=new_id(),
        message_id=ref_of(posted["ref"]),
        carrier_sid=posted["sid"][:40],
        status=posted["status"][:24],
        error_code=(posted["error_code"] or "")[:12] or None,
        sequence=posted["sequence"],
        params=dict(posted["params"]),
        received_at=posted["now"],
    )


def receive(sessions: Sessions, **posted: Unpack[Posted]) -> Settled:
    """Keep a receipt and apply it in one transaction; if applying fails, keep it all the same for the sweep.

    The carrier does not send it again. Only when the database cannot be written at all does this raise.
    """
    try:
        with begin(sessions) as session, session.no_autoflush:
            receipt = _receipt(**posted)
            settled = _apply(session, receipt, posted["now"])
            # Written once it is known what it did, and past the session's unit of work, which costs half as much again.
            session.connection().execute(_KEEP, {name: getattr(receipt, name) for name in _COLUMNS})
            return settled
    except SQLAlchemyError as problem:
        _log.warning("receipt_left_to_the_sweep", problem=type(problem).__name__)
        with begin(sessions) as session:
            record_receipt(session, **posted)
        return Settled(None, False)


def settle_receipt(session: Session, receipt_id: UUID, now: datetime) -> Settled:
    """Apply one receipt: its message moves along the graph or stays. Done twice, it does nothing the second time.

    It also resolves a message whose sending was unknown: the ref in its URL proves that the carrier has it.
    """
    receipt = session.get(Receipt, receipt_id)
    if receipt is None or receipt.applied is not None:
        return Settled(None, False)
    return _apply(session, receipt, now)


def _apply(session: Session, receipt: Receipt, now: datetime) -> Settled:
    target, code = reported(receipt.status), receipt.error_code
    if receipt.carrier_sid.startswith("CA"):
        target, code = calls.progress(session, receipt, target, now)
    settled = Settled(None, False)
    if target is not None:
        settled = _move(session, _whose(receipt), receipt.carrier_sid, target, code, receipt.received_at, now)
    receipt.applied = settled.moved
    session.flush()
    return settled


def apply_status(
    session: Session, message_id: UUID, sid: str, target: MessageStatus, code: str | None, now: datetime
) -> Settled:
    """Apply what the carrier's list says of a message, as if it had been a receipt."""
    return _move(session, ("id", message_id), sid, target, code, now, now)


def pending_receipts(session: Session, now: datetime, limit: int) -> list[UUID]:
    """Receipts nobody has settled in time, the oldest first."""
    return list(
        session.scalars(
            select(Receipt.id)
            .where(Receipt.applied.is_(None), Receipt.received_at <= now - OVERDUE)
            .order_by(Receipt.received_at)
            .limit(limit)
        )
    )


def _whose(receipt: Receipt) -> _Whose:
    if receipt.message_id is not None:
        return "id", receipt.message_id
    return "carrier_sid", receipt.carrier_sid


def _move(
    session: Session,
    whose: _Whose,
    sid: str,
    target: MessageStatus,
    code: str | None,
    at: datetime,
    now: datetime,
) -> Settled:
    given = {"of": whose[1], "the_sid": sid, "the_code": code, "at": at}
    if target in NOT_REACHED:
        given["why"] = policy(code).words[:160] if code else "The carrier could not deliver it."
    row = session.connection().execute(_moving(whose[0], target), given).one_or_none()
    if row is None:
        return _stays(session, whose, sid, code)
    if row.carrier_sid not in (sid, None):
        # What was given up as absent came through after all, beside its second sending.
        _log.error("two_sids_for_one_message", message=str(row.id))
    if code is not None and target in NOT_REACHED:
        learn(
            session,
            policy(code),
            number=row.number,
            number_index=row.number_index,
            patient_id=row.patient_id,
            sid=sid,
            now=now,
            line=line(row.channel, row.our_number),
        )
    if row.conversation_id is not None:
        announce(session, "conversation", row.conversation_id)
    return Settled(row.id, True, target)


def _stays(session: Session, whose: _Whose, sid: str, code: str | None) -> Settled:
    """An old story: only what was not known yet is kept of it."""
    known = and_(M.c.error_code.is_not(None) if code else True, M.c.carrier_sid.is_not(None))
    outgoing = and_(M.c[whose[0]] == whose[1], M.c.direction == "out")
    row = session.connection().execute(select(M.c.id, known.label("known")).where(outgoing)).one_or_none()
    if row is None:
        return Settled(None, False)
    if not row.known:
        session.connection().execute(
            update(M)
            .where(M.c.id == row.id)
            .values(error_code=func.coalesce(M.c.error_code, code), carrier_sid=_sid(literal(sid)))
        )
    return Settled(row.id, False)


@cache
def _moving(by: str, target: MessageStatus) -> ReturningUpdate[Any]:
    """The statement that moves a message there: built once each, which is half of what a receipt costs."""
    code, sid = (
        bindparam("the_code", type_=M.c.error_code.type),
        bindparam("the_sid", type_=M.c.carrier_sid.type),
    )
    at, why = bindparam("at", type_=M.c.sent_at.type), bindparam("why", type_=M.c.reason.type)
    values: dict[str, Any] = {
        "status": target,
        # A code, once known, is never cleared by a later report without one.
        "error_code": func.coalesce(code, M.c.error_code),
        "carrier_sid": _sid(sid),
        "sent_at": func.coalesce(M.c.sent_at, at),
    }
    if target in FINAL:
        values["finished_at"] = func.coalesce(M.c.finished_at, at)
    if target in NOT_REACHED:
        values["reason"] = why
    whose = and_(M.c[by] == bindparam("of", type_=M.c[by].type), M.c.direction == "out")
    whom = (M.c.number, M.c.number_index, M.c.patient_id, M.c.conversation_id)
    told = (M.c.id, *whom, M.c.carrier_sid, M.c.channel, M.c.our_number)
    return update(M).where(whose, M.c.status.in_(sources(target))).values(values).returning(*told)


def _sid(sid: ColumnElement[Any]) -> ColumnElement[Any]:
    """The carrier's id, unless there is one, or another message has it: then both keep what they have."""
    taken = select(_OTHER.c.id).where(_OTHER.c.carrier_sid == sid).exists()
    return case((and_(M.c.carrier_sid.is_(None), ~taken), sid), else_=M.c.carrier_sid)
