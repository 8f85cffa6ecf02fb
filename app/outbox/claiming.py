"""The statements a claim is made of, built once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Table, and_, bindparam, or_, select, tuple_, update

from app.channels.base import TWILIO
from app.channels.holds import line_of
from app.channels.models import CarrierHold
from app.consent.ledger import newest_decision
from app.outbox.models import Message, MessageStatus, Purpose
from app.outbox.status import sources
from app.patients.models import ContactPoint, Patient, Site

M: Table = Message.metadata.tables["message"]
_EARLIER = M.alias("earlier")
_TAKEN = (
    M.c.id,
    M.c.channel,
    M.c.purpose,
    M.c.programme,
    M.c.patient_id,
    M.c.conversation_id,
    M.c.number,
    M.c.number_index,
    M.c.our_number,
    M.c.body,
    M.c.created_at,
    M.c.expires_at,
    M.c.attempts,
    M.c.segments,
    M.c.reason,
)


def literally(status: MessageStatus) -> ColumnElement[MessageStatus]:
    """A status written out, not bound, so that the planner sees that the partial index applies."""
    return bindparam(None, status, type_=M.c.status.type, literal_execute=True)


def _before(now: ColumnElement[Any]) -> ColumnElement[bool]:
    """`earlier` is a text of the same conversation that has to leave first.

    One that is planned for later does not hold up what is due; one that is tried again does.
    """
    waits = and_(
        _EARLIER.c.status == MessageStatus.QUEUED, or_(_EARLIER.c.due_at <= now, _EARLIER.c.attempts > 0)
    )
    order = [tuple_(table.c.created_at, table.c.lane_order, table.c.id) for table in (_EARLIER, M)]
    return and_(
        _EARLIER.c.conversation_id == M.c.conversation_id,
        _EARLIER.c.channel == M.c.channel,
        _EARLIER.c.direction == "out",
        or_(_EARLIER.c.status == MessageStatus.SENDING, waits),
        order[0] < order[1],
    )


def _hold(now: ColumnElement[Any]) -> Any:
    stopped = CarrierHold.carrier.in_([TWILIO, line_of(M.c.channel, M.c.our_number)])
    return select(CarrierHold.reason).where(stopped, CarrierHold.until > now).correlate(M).limit(1)


def _claimable(now: ColumnElement[Any]) -> ColumnElement[bool]:
    blocked = select(_EARLIER.c.id).where(_before(now)).correlate(M).exists()
    free = and_(~blocked, ~_hold(now).exists())
    return and_(
        M.c.status.in_(sources(MessageStatus.SENDING)),
        M.c.direction == "out",
        M.c.due_at <= now,
        or_(M.c.purpose == Purpose.SAFETY, free),
    )


def _claiming(chosen: ColumnElement[bool]) -> Any:
    return (
        update(M)
        .where(chosen)
        .values(
            status=MessageStatus.SENDING,
            claimed_by=bindparam("process", type_=M.c.claimed_by.type),
            claimed_at=_NOW,
            attempts=M.c.attempts + 1,
        )
        .returning(*_TAKEN)
    )


_NOW = bindparam("now", type_=M.c.due_at.type)
_ONE = bindparam("one", type_=M.c.id.type)
_IDS = bindparam("ids", type_=M.c.id.type, expanding=True)
CLAIM_ONE = _claiming(and_(M.c.id == _ONE, _claimable(_NOW)))
# Locked in one order, past what others hold: two workers with overlapping lists never wait for each other.
_FREE = (
    select(M.c.id)
    .where(M.c.id.in_(_IDS), _claimable(_NOW))
    .order_by(M.c.id)
    .with_for_update(skip_locked=True)
)
CLAIM_MANY = _claiming(M.c.id.in_(_FREE))
_POINT: Table = ContactPoint.metadata.tables["contact_point"]
_PATIENT: Table = Patient.metadata.tables["patient"]
_SITE: Table = Site.metadata.tables["site"]
FACTS = (
    select(
        M.c.id,
        _PATIENT.c.status,
        _PATIENT.c.deceased_at,
        _PATIENT.c.merged_into,
        _PATIENT.c.time_zone.label("patient_zone"),
        _SITE.c.time_zone.label("site_zone"),
        _SITE.c.window,
        _POINT.c.state.label("number_state"),
        newest_decision(M.c.number_index, M.c.channel, M.c.programme).label("decision"),
    )
    .select_from(
        M.outerjoin(_PATIENT, _PATIENT.c.id == M.c.patient_id)
        .outerjoin(_SITE, _SITE.c.id == M.c.site_id)
        .outerjoin(
            _POINT, and_(_POINT.c.patient_id == M.c.patient_id, _POINT.c.value_index == M.c.number_index)
        )
    )
    .where(M.c.id.in_(_IDS))
)
_HEAD = (
    select(_EARLIER.c.id)
    .where(_before(_NOW), _EARLIER.c.status == MessageStatus.QUEUED, _EARLIER.c.due_at <= _NOW)
    .correlate(M)
    .order_by(_EARLIER.c.created_at, _EARLIER.c.lane_order, _EARLIER.c.id)
    .limit(1)
)
STATE = select(
    M.c.status,
    M.c.purpose,
    M.c.due_at,
    M.c.reason,
    _hold(_NOW).scalar_subquery().label("held"),
    _HEAD.scalar_subquery().label("head"),
).where(M.c.id == _ONE)
