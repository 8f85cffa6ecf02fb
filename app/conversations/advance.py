"""The transaction in which a conversation moves: lock, load, step, apply, one commit by the caller."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.cases.events import hold, moved
from app.cases.models import Case
from app.conversations import timers
from app.conversations.apply import apply, speak_all
from app.conversations.facts import gather
from app.conversations.kit import Kit
from app.conversations.known import Known
from app.conversations.models import Conversation, ConversationTurn
from app.conversations.turn import NO_CAUSE, Cause, Outcome, TurnContext
from app.errors import NotFound
from app.flow.events import Connected, Event, HandedBack, NoReply, Reply, Started, Withdrawn, Woke
from app.flow.state import State
from app.flow.step import step
from app.outbox.models import Purpose
from app.outbox.queue import cancel_queued, put_all
from app.patients.models import Patient, Site
from app.store import Row
from app.store.live import announce

FOLLOW_UPS = 8
STARTED_BY_US = (Started, Woke, NoReply)
Beginning = tuple[Conversation, str, Known]
"""A conversation that has had no turn, the key of the event that begins it, and its patient."""


def lock(session: Session, conversation_id: UUID) -> Conversation:
    """The conversation, locked until the transaction ends; a second event for it waits its turn here."""
    found = lock_all(session, [conversation_id])
    if conversation_id not in found:
        raise NotFound(f"there is no conversation {conversation_id}")
    return found[conversation_id]


def lock_all(session: Session, ids: Collection[UUID]) -> dict[UUID, Conversation]:
    """Those of these conversations that there are, locked until the transaction ends and as they are then.

    Each one's case is locked before it, and several cases in one order: everybody does it so, and nobody waits in a
    circle. (Row locks are taken in the order the statement names the tables in.)
    """
    if not ids:
        return {}
    query = select(Case, Conversation).join(Conversation, Conversation.case_id == Case.id)
    query = query.where(Conversation.id.in_(ids)).order_by(Case.id, Conversation.id)
    query = query.with_for_update(of=(Case, Conversation))
    found = {}
    for case, conversation in session.execute(query, execution_options={"populate_existing": True}):
        hold(session, case)
        found[conversation.id] = conversation
    return found


def advance(
    session: Session,
    conversation_id: UUID,
    event: Event,
    *,
    key: str,
    kit: Kit,
    now: datetime,
    cause: Cause = NO_CAUSE,
    held: bool = False,
) -> Outcome:
    """Move one conversation by one event, or, if the event's `key` was seen before, not at all.

    Runs inside the caller's transaction and holds the conversation's row lock until it commits. A conversation a
    coordinator has taken does not move (only `HandedBack` and `Withdrawn` reach it). `cause` is the reply behind the
    event, for the flags it raises. `held` says that this transaction has called `lock` already.
    """
    conversation = session.get_one(Conversation, conversation_id) if held else lock(session, conversation_id)
    if _seen(session, conversation, key):
        return Outcome(moved=False)
    turn = move(session, conversation, event, key=key, kit=kit, now=now, cause=cause)
    if turn is None:
        return Outcome(moved=False)
    write(session, [turn])
    return turn.outcome


def move(
    session: Session,
    conversation: Conversation,
    event: Event,
    *,
    key: str,
    kit: Kit,
    now: datetime,
    cause: Cause = NO_CAUSE,
    known: Known | None = None,
) -> TurnContext | None:
    """The same for a conversation that is locked and an event that is known to be new; None when it does not move.

    The caller hands the turn to `write`, together with others'; `known` is what was read of the patient beforehand.
    """
    if _silenced(conversation, event):
        return None
    context = _context(session, conversation, event, key, kit, now, known)
    context.cause = cause
    before = conversation.status
    if _overtakes(conversation, event):
        because, only = "the patient was faster", (Purpose.OUTREACH,)
        cancel_queued(session, conversation_id=conversation.id, purposes=only, because=because, now=now)
    _run(context, event)
    _note_turn(context, before)
    context.case.moved_at = now
    return context


def open_all(session: Session, begun: Iterable[Beginning], *, kit: Kit, now: datetime) -> list[Outcome]:
    """Make the first turns of new conversations, which are not stored yet and whose cases the caller holds.

    Whatever there is to write of all of them is written together.
    """
    contexts = []
    for conversation, key, known in begun:
        context = _context(session, conversation, Started(), key, kit, now, known)
        _run(context, context.event)
        _note_turn(context, "new")
        contexts.append(context)
    session.add_all(context.conversation for context in contexts)
    session.flush()
    write(session, contexts)
    moved(session, [context.case for context in contexts], now)
    return [context.outcome for context in contexts]


def write(session: Session, contexts: Sequence[TurnContext]) -> None:
    """Write what turns have come to, of all of them together: what belongs to the conversations, texts and calls."""
    if not contexts:
        return
    session.flush()
    timers.disarm(session, contexts, contexts[0].now)
    rows: dict[type[Row], list[dict[str, Any]]] = {}
    for table, row in (one for context in contexts for one in context.rows):
        rows.setdefault(table, []).append(row)
    for table, several in rows.items():
        session.connection().execute(insert(table), several)
    put_all(session, [draft for context in contexts for draft in context.outgoing])


def _silenced(conversation: Conversation, event: Event) -> bool:
    return conversation.taken_by is not None and not isinstance(event, HandedBack | Withdrawn)


def _overtakes(conversation: Conversation, event: Event) -> bool:
    """Whether a nudge or a call that still waits for its hour is of no use any more: the patient is there."""
    question = (conversation.state or {}).get("question") or {}
    answers = isinstance(event, Connected) or (isinstance(event, Reply) and not event.crossed)
    return answers and bool(question.get("silent"))


def _seen(session: Session, conversation: Conversation, key: str) -> bool:
    query = select(ConversationTurn.id).where(
        ConversationTurn.conversation_id == conversation.id, ConversationTurn.event_key == key
    )
    return session.scalar(query) is not None


def _context(
    session: Session,
    conversation: Conversation,
    event: Event,
    key: str,
    kit: Kit,
    now: datetime,
    known: Known | None,
) -> TurnContext:
    case = session.get_one(Case, conversation.case_id)
    patient = session.get_one(Patient, conversation.patient_id)
    site = session.get_one(Site, conversation.site_id)
    visits = known.visits if known else None
    named = conversation.visits
    facts = gather(session, case=case, patient=patient, site=site, now=now, visits=visits, named=named)
    context = TurnContext(
        session, conversation, case, patient, site, facts, event, key, now, kit, known=known
    )
    context.purpose = Purpose.OUTREACH if isinstance(event, STARTED_BY_US) else Purpose.REPLY
    return context


def _run(context: TurnContext, event: Event) -> None:
    """Step, apply, and step again for what applying answered (times held, a slot booked)."""
    conversation = context.conversation
    script = context.kit.scripts.get(context.session, conversation.revision)
    state = State.from_json(conversation.state)
    context.follow_ups.append(event)
    for _ in range(FOLLOW_UPS):
        if not context.follow_ups:
            break
        following = replace(context.follow_ups.popleft(), facts=context.facts, channel=event.channel)
        turn = step(script, state, following, context.now)
        state = turn.state
        for effect in turn.effects:
            apply(effect, context)
    speak_all(context)
    conversation.state = state.to_json()
    conversation.status = state.status


def _note_turn(context: TurnContext, before: str) -> None:
    conversation = context.conversation
    conversation.turns += 1
    conversation.moved_at = context.now
    row = {
        "conversation_id": conversation.id,
        "event_key": context.key,
        "number": conversation.turns,
        "kind": type(context.event).__name__,
        "at": context.now,
        "before": before,
        "after": conversation.status,
    }
    context.rows.append((ConversationTurn, row))
    announce(context.session, "conversation", conversation.id)
