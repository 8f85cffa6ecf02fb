"""What is due later in a conversation: the next attempt on silence, the end of a pause. Rows outlive processes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from app.cases.flags import raise_flag
from app.cases.models import Case, Lane
from app.conversations.models import Conversation, Timer
from app.conversations.turn import TurnContext
from app.flow.effects import Sleep
from app.flow.schema import seconds
from app.patients.people import zone_of

_TIMER: Table = Timer.metadata.tables["timer"]
_DISARM = (
    update(_TIMER)
    .where(
        _TIMER.c.conversation_id.in_(bindparam("of", type_=_TIMER.c.conversation_id.type, expanding=True)),
        _TIMER.c.done_at.is_(None),
    )
    .values(done_at=bindparam("now", type_=_TIMER.c.done_at.type))
)
MORNING = time(10, 0)
WHILE_BROKEN = timedelta(minutes=10)
LAST_RESORT = {"after": "72h", "do": "person"}


def cancel(turn: TurnContext, kind: str | None = None) -> None:
    """Put aside the conversation's open timers, all or of one kind."""
    turn.rows = [
        (table, row) for table, row in turn.rows if table is not Timer or kind not in (None, row["kind"])
    ]
    if turn.conversation.turns:  # else it has only just begun: nothing is armed
        turn.disarmed.add(kind or "")


def disarm(session: Session, turns: Iterable[TurnContext], now: datetime) -> None:
    """Put aside the timers these turns have cancelled, in one statement for each kind; before new ones are written."""
    of_kind: dict[str, list[UUID]] = {}
    for turn in turns:
        for kind in {""} & turn.disarmed or turn.disarmed:
            of_kind.setdefault(kind, []).append(turn.conversation.id)
    for kind, conversations in of_kind.items():
        statement = _DISARM.where(_TIMER.c.kind == kind) if kind else _DISARM
        session.connection().execute(statement, {"of": conversations, "now": now})


def await_reply(turn: TurnContext, question_id: str, silent: int) -> None:
    """Arm the lane's next attempt on this question after `silent` unanswered ones; a person is always the last."""
    cancel(turn)
    wait, action = attempt_of_lane(turn.session, turn.case, silent)
    _arm(turn, "no_reply", question_id, action, turn.now + wait)


def attempt_of_lane(session: Session, case: Case, silent: int) -> tuple[timedelta, str]:
    """How long this case's lane waits after `silent` unanswered tries, and what it does then."""
    return next_attempt(session.get_one(Lane, case.lane_key).attempts, silent)


def next_attempt(attempts: list[dict[str, Any]], silent: int) -> tuple[timedelta, str]:
    """How long to wait after the last try, and what to do then. `after` in a lane counts from the question."""
    schedule = [(0, "")] + [(seconds(a["after"]), str(a["do"])) for a in attempts]
    gaps = [
        (timedelta(seconds=max(60, later - sooner)), do) for (sooner, _), (later, do) in pairwise(schedule)
    ]
    if silent < len(gaps):
        return gaps[silent]
    return timedelta(seconds=seconds(LAST_RESORT["after"])), LAST_RESORT["do"]


def sleep(turn: TurnContext, effect: Sleep) -> None:
    """Arm the end of a pause: a span, a day of the programme, or a time before a dated fact."""
    cancel(turn)
    _arm(turn, "wake", effect.step, "", _wake_at(turn, effect))


def _wake_at(turn: TurnContext, effect: Sleep) -> datetime:
    start = turn.facts.get(effect.before_fact) if effect.before_fact else None
    if isinstance(start, datetime):
        return max(turn.now, start - timedelta(seconds=effect.seconds or 0))
    if effect.day is None:
        return turn.now + timedelta(seconds=effect.seconds or 0)
    zone = zone_of(turn.patient, turn.site)
    day = turn.case.occurred_at.astimezone(zone).date() + timedelta(days=effect.day)
    return max(turn.now, datetime.combine(day, MORNING, tzinfo=zone))


def _arm(turn: TurnContext, kind: str, key: str, action: str, due_at: datetime) -> None:
    row = {
        "conversation_id": turn.conversation.id,
        "kind": kind,
        "key": key,
        "action": action,
        "due_at": due_at,
    }
    turn.rows.append((Timer, row))


def due(session: Session, now: datetime, limit: int) -> list[UUID]:
    """Timers whose time has come and that nobody is working on, the oldest first."""
    query = (
        select(Timer.id)
        .where(Timer.done_at.is_(None), Timer.due_at <= now)
        .where((Timer.claimed_until.is_(None)) | (Timer.claimed_until < now))
        .order_by(Timer.due_at)
        .limit(limit)
    )
    return list(session.scalars(query))


def not_fired(session: Session, timer_id: UUID, now: datetime) -> None:
    """Carrying out this one failed: later again, and meanwhile a person knows, once."""
    timer = session.get(Timer, timer_id)
    if timer is None or timer.done_at is not None:
        return
    case = session.scalars(
        select(Case)
        .join(Conversation, Conversation.case_id == Case.id)
        .where(Conversation.id == timer.conversation_id)
    ).one()
    because = "the next step could not be taken, an error on our side: look at it"
    raise_flag(session, case, urgency=1, because=because, source=f"broken:{timer.id}", now=now)
    timer.claimed_until = now + WHILE_BROKEN
