"""What the texts of a batch need, locked and read in a statement or two for all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.cases.events import held
from app.cases.models import Case, Lane
from app.conversations.advance import lock_all
from app.conversations.known import Known
from app.conversations.models import Conversation
from app.inbound.models import InboundEvent
from app.inbound.route import Route
from app.outbox.models import Message, MessageStatus
from app.patients.people import contacts_of
from app.scheduling.appointments import visits_of

READ_IN = timedelta(seconds=3)
"""Nobody receives, reads and answers a question faster (twilio.md §9.2)."""
LATELY = timedelta(minutes=2)
ARRIVED = (MessageStatus.DELIVERED, MessageStatus.READ)
_M = Message.__table__.c


class Question(NamedTuple):
    """The text that asked an open question first."""

    id: UUID
    status: MessageStatus
    finished_at: datetime | None

    def seen(self, at: datetime) -> bool:
        """Whether the carrier had told by then that it is on the phone: quick fingers are not crossed texts."""
        return self.status in ARRIVED and self.finished_at is not None and self.finished_at <= at


@dataclass(frozen=True, slots=True)
class Ahead:
    """The conversations of some texts, locked; their patients; the open questions; who wrote just before.

    `lanes` are only kept: a session holds its rows weakly and would read them again.
    """

    talks: Mapping[UUID, Conversation]
    known: Mapping[UUID, Known]
    questions: Mapping[UUID, Question]
    crossed: frozenset[UUID]
    lanes: Sequence[Lane]

    def question(self, conversation: Conversation) -> Question | None:
        """What asked the conversation's open question first, if a text did."""
        asked = _asked_by(conversation)
        return self.questions.get(asked) if asked is not None else None


def read_ahead(session: Session, found: Iterable[tuple[InboundEvent, Route | None]], now: datetime) -> Ahead:
    """Lock the conversations these texts go to, and read what moving them takes."""
    named = [(event, where.talk_id) for event, where in found if where is not None]
    talks = lock_all(session, {talk for _, talk in named if talk is not None})
    pairs = [(event, talks[talk]) for event, talk in named if talk in talks]
    cases = [case for talk in talks.values() if (case := held(session, talk.case_id)) is not None]
    asked = {asker for talk in talks.values() if (asker := _asked_by(talk)) is not None}
    questions = _questions(session, asked)
    quick = [(event, talk) for event, talk in pairs if _quick(event, talk, questions)]
    known = _known(session, {talk.patient_id for talk in talks.values()}, cases, now)
    return Ahead(talks, known, questions, _crossed(session, quick), _lanes(session, cases))


def _asked_by(talk: Conversation) -> UUID | None:
    first = (talk.prompt or {}).get("first_id")
    return UUID(first) if first and talk.status == "waiting" else None


def _questions(session: Session, ids: Collection[UUID]) -> dict[UUID, Question]:
    if not ids:
        return {}
    rows = session.connection().execute(_QUESTIONS, {"ids": list(ids)})
    return {row.id: Question(*row) for row in rows}


def _quick(event: InboundEvent, talk: Conversation, questions: Mapping[UUID, Question]) -> bool:
    """Whether a text came too soon after the open question for its sender to have seen that."""
    asker, asked, at = _asked_by(talk), talk.asked_at, event.received_at
    question = questions.get(asker) if asker is not None else None
    if asked is None or (question is not None and question.seen(at)):
        return False
    return at < asked + READ_IN


def _crossed(session: Session, quick: Sequence[tuple[InboundEvent, Conversation]]) -> frozenset[UUID]:
    """Those texts that were written before their sender can have seen the open question: two texts in one second.

    A first text alone cannot have crossed anything, so only a second one of the last minutes counts.
    """
    since = {event.id: talk.asked_at - LATELY for event, talk in quick if talk.asked_at is not None}
    if not since:
        return frozenset()
    asked = {"numbers": [event.number_index for event, _ in quick], "since": min(since.values())}
    last = {row[0]: row[1] for row in session.connection().execute(_WROTE, asked)}
    wrote = ((event.id, last.get(event.number_index)) for event, _ in quick)
    return frozenset(event for event, at in wrote if at is not None and at > since[event])


def _known(
    session: Session, patients: Collection[UUID], cases: Iterable[Case], now: datetime
) -> dict[UUID, Known]:
    if not patients:
        return {}
    named = {case.appointment_id for case in cases if case.appointment_id is not None}
    numbers, visits = contacts_of(session, patients), visits_of(session, patients, named, now)
    return {patient: Known(numbers[patient], visits[patient]) for patient in patients}


def _lanes(session: Session, cases: Iterable[Case]) -> Sequence[Lane]:
    keys = {case.lane_key for case in cases}
    return session.scalars(_LANES, {"keys": list(keys)}).all() if keys else ()


def _ids(column: Any) -> Any:
    return column.in_(bindparam("ids", type_=column.type, expanding=True))


# Built once: building a statement anew costs more than running it.
_QUESTIONS = select(_M.id, _M.status, _M.finished_at).where(_ids(_M.id))
_WROTE = (
    select(_M.number_index, func.max(_M.created_at, type_=_M.created_at.type))
    .where(_M.number_index.in_(bindparam("numbers", expanding=True)), _M.direction == "in")
    .where(_M.created_at > bindparam("since", type_=_M.created_at.type))
    .group_by(_M.number_index)
)
_LANES = select(Lane).where(Lane.key.in_(bindparam("keys", expanding=True)))
