"""Cases and conversations as the API shows them: few queries, pages by key."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.api.answers import (
    BarrierOut,
    CaseLine,
    CaseOut,
    CasesOut,
    ConversationLine,
    ConversationOut,
    ConversationsOut,
    FlagOut,
    MessageOut,
    PromiseOut,
    Urgency,
)
from app.api.bodies import CasesQuery, ConversationsQuery
from app.cases.models import Barrier, Case, Flag, Promise
from app.conversations.models import Conversation
from app.errors import NotFound
from app.outbox.models import Message
from app.patients.models import Site

URGENCIES: tuple[Urgency, ...] = ("none", "routine", "urgent", "emergency")
MESSAGES = 1000
T = TypeVar("T", bound=BaseModel)


def cases(session: Session, asked: CasesQuery) -> CasesOut:
    """A page of cases, newest first."""
    query = _chosen(select(Case), asked).order_by(Case.id.desc()).limit(asked.limit + 1)
    rows = list(session.scalars(query))
    more = rows[asked.limit - 1].id if len(rows) > asked.limit else None
    return CasesOut(cases=[CaseLine(**_line(row)) for row in rows[: asked.limit]], next=more)


def case(session: Session, case_id: UUID) -> CaseOut:
    """One case whole; NotFound when there is none."""
    row = session.get(Case, case_id)
    if row is None:
        raise NotFound("There is no such case.")
    flags = session.scalars(select(Flag).where(Flag.case_id == case_id).order_by(Flag.raised_at))
    barriers = session.scalars(select(Barrier).where(Barrier.case_id == case_id).order_by(Barrier.opened_at))
    promises = session.scalars(select(Promise).where(Promise.case_id == case_id).order_by(Promise.due_at))
    talks = select(Conversation.id).where(Conversation.case_id == case_id).order_by(Conversation.id)
    return CaseOut(
        **_line(row),
        trigger_id=row.trigger_id,
        appointment_id=row.appointment_id,
        conversations=list(session.scalars(talks)),
        flags=[_flag(flag) for flag in flags],
        barriers=[_fields(BarrierOut, barrier) for barrier in barriers],
        promises=[_fields(PromiseOut, promise) for promise in promises],
    )


def conversations(session: Session, asked: ConversationsQuery) -> ConversationsOut:
    """A page of conversations, newest first."""
    query = select(Conversation).order_by(Conversation.id.desc()).limit(asked.limit + 1)
    if asked.case_id is not None:
        query = query.where(Conversation.case_id == asked.case_id)
    if asked.patient_id is not None:
        query = query.where(Conversation.patient_id == asked.patient_id)
    if asked.status is not None:
        query = query.where(Conversation.status == asked.status)
    if asked.after is not None:
        query = query.where(Conversation.id < asked.after)
    rows = list(session.scalars(query))
    more = rows[asked.limit - 1].id if len(rows) > asked.limit else None
    lines = [ConversationLine(**_talk(row)) for row in rows[: asked.limit]]
    return ConversationsOut(conversations=lines, next=more)


def conversation(session: Session, conversation_id: UUID) -> ConversationOut:
    """One conversation with what was said; NotFound when there is none."""
    row = session.get(Conversation, conversation_id)
    if row is None:
        raise NotFound("There is no such conversation.")
    said = select(Message).where(Message.conversation_id == conversation_id)
    ordered = said.order_by(Message.created_at, Message.lane_order, Message.id).limit(MESSAGES)
    return ConversationOut(**_talk(row), messages=[_message(one) for one in session.scalars(ordered)])


def _chosen(query: Select[Any], asked: CasesQuery) -> Select[Any]:
    if asked.status != "all":
        query = query.where(
            Case.closed_at.is_(None) if asked.status == "open" else Case.closed_at.is_not(None)
        )
    if asked.lane is not None:
        query = query.where(Case.lane_key == asked.lane)
    if asked.site is not None:
        query = query.where(Case.site_id.in_(select(Site.id).where(Site.key == asked.site)))
    if asked.patient_id is not None:
        query = query.where(Case.patient_id == asked.patient_id)
    if asked.needs_person is not None:
        query = query.where(Case.needs_person.is_(asked.needs_person))
    if asked.urgency != "none":
        query = query.where(Case.urgency >= URGENCIES.index(asked.urgency))
    return query.where(Case.id < asked.after) if asked.after is not None else query


def _line(row: Case) -> dict[str, Any]:
    same = ("id", "patient_id", "status", "priority", "needs_person", "because", "opened_at", "due_at")
    told = {name: getattr(row, name) for name in (*same, "closed_at", "close_reason", "reached")}
    return told | {"lane": row.lane_key, "urgency": URGENCIES[row.urgency]}


def _talk(row: Conversation) -> dict[str, Any]:
    same = (
        "id",
        "case_id",
        "patient_id",
        "script",
        "status",
        "channel",
        "language",
        "started_at",
        "ended_at",
    )
    told = {name: getattr(row, name) for name in (*same, "end_reason")}
    return told | {"taken_over": row.taken_by is not None}


def _flag(row: Flag) -> FlagOut:
    same = ("id", "because", "words", "raised_at", "acknowledged_at")
    return FlagOut(urgency=URGENCIES[row.urgency], **{name: getattr(row, name) for name in same})


def _message(row: Message) -> MessageOut:
    told = {name: getattr(row, name) for name in MessageOut.model_fields if name != "at"}
    return MessageOut(**told | {"at": row.created_at, "status": row.status.value})


def _fields(model: type[T], row: object) -> T:
    return model(**{name: getattr(row, name) for name in model.model_fields})
