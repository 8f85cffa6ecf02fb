"""One stored text, worked through once: patient, reading, safety net, consent words, then the conversation."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.cases.flags import arrived
from app.cases.models import Case
from app.consent.words import keyword
from app.conversations.advance import advance, lock
from app.conversations.kit import Kit
from app.conversations.models import Conversation
from app.flow.events import Reply
from app.inbound import acts
from app.inbound.models import InboundEvent
from app.inbound.route import Route, case_for, route
from app.inbound.safety import Finding, safety_net
from app.inbound.sharing import settle_sharing
from app.inbound.text import InboundText, of_event
from app.inbound.work import Handled, Work, kept
from app.media.expect import expect
from app.outbox.models import Message, MessageStatus, Purpose
from app.patients.people import visit_zone
from app.store import new_id
from app.understanding import Expectation, Reading, Urgency, read

TRIES = 5
"""After so many failures a text is put aside for a person."""
PAGE_FROM = Urgency.URGENT
READ_IN = timedelta(seconds=3)
"""Nobody receives, reads and answers a question faster (twilio.md §9.2)."""
NOT_OUT = (MessageStatus.QUEUED, MessageStatus.SKIPPED)
ARRIVED = (MessageStatus.DELIVERED, MessageStatus.READ)


def waiting_of_number(session: Session, event_id: UUID, now: datetime) -> list[InboundEvent]:
    """The two oldest texts not yet worked on of the phone this event came from, its phone locked until the commit.

    Texts of one phone are worked through one after the other in the order they reached us, whichever job comes first;
    the second one tells whether there is more to do. Only one that failed again and again lets the others past.
    """
    whose = select(InboundEvent.number_index).where(InboundEvent.id == event_id).scalar_subquery()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(whose, 0))))
    query = (
        select(InboundEvent)
        .where(InboundEvent.number_index == whose, InboundEvent.state == "new", InboundEvent.kind == "text")
        .where(or_(InboundEvent.attempts < TRIES, InboundEvent.retry_at <= now))
        .order_by(InboundEvent.received_at, InboundEvent.id)
        .limit(2)
    )
    return list(session.scalars(query))


def handle_text(session: Session, event: InboundEvent, *, kit: Kit, now: datetime) -> Handled:
    """Work through one text. Everything it causes is in this transaction, so it happens once or not at all."""
    done = Handled()
    incoming = of_event(event)
    where = route(session, incoming, now)
    if where is None:
        event.state, event.reason = "quarantined", "no practice is set up to receive this"
    elif settle_sharing(session, incoming, where, event, kit, now, done.messages):
        event.done_at, done.more = now if event.state == "done" else None, True
    else:
        _work(_open(session, incoming, where, event, kit, now, done))
    return done


def _open(
    session: Session,
    incoming: InboundText,
    where: Route,
    event: InboundEvent,
    kit: Kit,
    now: datetime,
    done: Handled,
) -> Work:
    if where.conversation is not None and lock(session, where.conversation.id).ended_at is not None:
        # It ended while we waited for it: what they wrote is for a person.
        where.conversation = None
    case = case_for(session, where, incoming, now)
    expected = _expected(where)
    reading = _read(incoming, where, expected, now)
    message = _keep(session, incoming, where, case, kept(expected, reading), event, now)
    if incoming.media:
        done.media += expect(session, message.id, incoming.sid, incoming.media, now)
    arrived(session, case, now, held=where.conversation is not None)
    return Work(session, incoming, where, case, message, reading, kit, now, done)


def _work(work: Work) -> None:
    finding = safety_net(work.reading)
    word = keyword(work.incoming.body, work.incoming.params)
    # A bare keyword has its own way to a person; only danger comes before it.
    if finding is not None and (word is None or finding.urgency >= Urgency.URGENT):
        _catch(work, finding)
    if acts.consent(work, word) or acts.not_them(work):
        return
    if work.incoming.media:
        work.flag(1, "sent a picture, a file or a voice note", "media")
    if work.where.conversation is not None:
        _converse(work)
    elif finding is None or finding.urgency < Urgency.EMERGENCY:
        acts.unasked(work)


def _catch(work: Work, finding: Finding) -> None:
    """Put a person on it; an emergency is answered at once with the fixed words, whatever else is going on."""
    flag = work.flag(int(finding.urgency), finding.because)
    if flag is not None and finding.urgency >= PAGE_FROM:
        work.done.flags.append(flag)
    if finding.say:
        work.answer(finding.say, Purpose.SAFETY)


def _expected(where: Route) -> Expectation:
    conversation = where.conversation
    asked = conversation.prompt if conversation is not None and conversation.status == "waiting" else None
    return Expectation.from_json(asked) if asked else Expectation()


def _read(incoming: InboundText, where: Route, expected: Expectation, now: datetime) -> Reading:
    conversation = where.conversation
    language = conversation.language if conversation else where.patient.language if where.patient else "en"
    local = now.astimezone(visit_zone(where.patient, where.site)).replace(tzinfo=None)
    return read(incoming.body, expected, language, local)


def _keep(
    session: Session,
    incoming: InboundText,
    where: Route,
    case: Case,
    reading: dict[str, Any],
    event: InboundEvent,
    now: datetime,
) -> Message:
    conversation = where.conversation
    message = Message(
        id=new_id(),
        direction="in",
        status=MessageStatus.RECEIVED,
        site_id=where.site.id,
        patient_id=where.patient.id if where.patient else None,
        case_id=case.id,
        conversation_id=conversation.id if conversation else None,
        step=(conversation.prompt or {}).get("question_id", "") if conversation else "",
        language=conversation.language if conversation else "",
        number=incoming.number,
        number_index=event.number_index,
        our_number=incoming.our_number[:40],
        body=incoming.body,
        media=list(incoming.media) or None,
        reading=reading,
        author="patient",
        created_at=incoming.received_at,
        carrier_sid=incoming.sid[:40],
    )
    session.add(message)
    event.message_id, event.state, event.done_at = message.id, "done", now
    return message


def _converse(work: Work) -> None:
    conversation = work.where.conversation
    assert conversation is not None
    if conversation.taken_by is not None or conversation.status not in ("waiting", "sleeping"):
        acts.to_whoever_has_it(work)
    elif _stale(work, conversation):
        acts.too_late(work)
        return
    question = _question(work, conversation)
    unasked = question is not None and question.status in NOT_OUT
    # What is still on its way is neither answered nor asked a second time.
    reading = replace(work.reading, answer=None) if unasked else work.reading
    crossed, media = unasked or _crossed(work, conversation, question), bool(work.incoming.media)
    outcome = advance(
        work.session,
        conversation.id,
        Reply(reading, work.incoming.body, crossed=crossed, has_media=media),
        key=work.incoming.key,
        kit=work.kit,
        now=work.now,
        message_id=work.message.id,
        words=work.incoming.body,
        evidence=work.evidence,
        held=True,
    )
    work.done.messages += outcome.messages


def _stale(work: Work, conversation: Conversation) -> bool:
    """Whether the open question is older than the script lets answers be."""
    if conversation.status != "waiting" or conversation.asked_at is None:
        return False
    lasts = timedelta(seconds=work.kit.scripts.get(work.session, conversation.revision).expires)
    return work.incoming.received_at > conversation.asked_at + lasts and work.reading.urgency < PAGE_FROM


def _question(work: Work, conversation: Conversation) -> Message | None:
    """The text that asked the open question first, if a text did."""
    first = (conversation.prompt or {}).get("first_id")
    return work.session.get(Message, UUID(first)) if first and conversation.status == "waiting" else None


def _crossed(work: Work, conversation: Conversation, question: Message | None) -> bool:
    """Whether this text was written before its sender can have seen the open question: two texts in one second.

    A first text alone cannot have crossed anything, so only a second one of the last minutes counts.
    """
    at = work.incoming.received_at
    if conversation.asked_at is None or _seen(question, at) or at >= conversation.asked_at + READ_IN:
        return False
    query = select(func.count()).where(
        Message.number_index == work.message.number_index,
        Message.direction == "in",
        Message.id != work.message.id,
        Message.created_at > conversation.asked_at - timedelta(minutes=2),
    )
    return bool(work.session.scalar(query))


def _seen(question: Message | None, at: datetime) -> bool:
    """Whether the carrier had told by then that the question is on the phone: quick fingers are not crossed texts."""
    if question is None or question.status not in ARRIVED or question.finished_at is None:
        return False
    return question.finished_at <= at
