"""Stored texts, each worked through once: patient, reading, safety net, consent words, then the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.cases.flags import arrived
from app.cases.models import Case
from app.channels.base import TWILIO
from app.channels.holds import RESTORED, held
from app.consent.words import keyword
from app.conversations.advance import move, write
from app.conversations.kit import Kit
from app.conversations.models import Conversation
from app.conversations.turn import TurnContext
from app.flow.events import Reply
from app.flow.safety import Finding, safety_net
from app.inbound import acts
from app.inbound.ahead import Ahead, read_ahead
from app.inbound.models import InboundEvent
from app.inbound.route import Route, case_for, routes
from app.inbound.sharing import OF_THE_PHONE, settle_sharing
from app.inbound.text import InboundText, of_event
from app.inbound.work import Handled, Work, kept
from app.media.expect import expect
from app.outbox.models import Message, MessageStatus, Purpose
from app.patients.people import visit_zone
from app.store import new_id
from app.teaching.lessons import Lesson
from app.understanding import Expectation, Reading, Urgency, read

PAGE_FROM = Urgency.URGENT
NOT_OUT = (MessageStatus.QUEUED, MessageStatus.SKIPPED)


def handle_texts(session: Session, events: Sequence[InboundEvent], *, kit: Kit, now: datetime) -> Handled:
    """Work through some texts, each of another phone, whose phones are locked.

    Everything they cause is in this transaction, so it happens once or not at all. Of several about one patient the
    first is worked through and the others are left for the next time.
    """
    texts = [of_event(event) for event in events]
    found = list(zip(events, texts, routes(session, texts, now), strict=True))
    run = _Run(session, read_ahead(session, [(event, where) for event, _, where in found], now), kit, now)
    if any(map(_fetched, texts)):
        stopped = held(session, TWILIO, now)
        run.restored = stopped is not None and stopped.code == RESTORED
    for event, incoming, where in found:
        run.handle(event, incoming, where)
    run.write()
    return run.done


@dataclass(slots=True)
class _Run:
    """Some texts being worked through, one after the other."""

    session: Session
    ahead: Ahead
    kit: Kit
    now: datetime
    done: Handled = field(default_factory=Handled)
    met: set[UUID] = field(default_factory=set)
    moved: list[TurnContext] = field(default_factory=list)
    restored: bool = False
    """The database was put back from a backup: what was fetched has been answered, and nobody knows how."""

    def handle(self, event: InboundEvent, incoming: InboundText, where: Route | None) -> None:
        if where is None:
            event.state, event.reason = "quarantined", "no practice is set up to receive this"
        elif not self.met.isdisjoint(met := {p.id for p in (where.patient, *where.sharing) if p is not None}):
            self.done.more = True
        elif not self._quiet(incoming) and settle_sharing(
            self.session, incoming, where, event, self.kit, self.now, self.done.messages
        ):
            event.done_at, self.done.more = self.now if event.state == "done" else None, True
            self.met |= met
        else:
            self.met |= met
            self.work(self.open(incoming, where, event))

    def open(self, incoming: InboundText, where: Route, event: InboundEvent) -> Work:
        """Keep the text in its case, and read it as an answer to what is open."""
        talk = self.ahead.talks.get(where.talk_id) if where.talk_id is not None else None
        # It may have ended while we waited for it: then what they wrote is for a person.
        where.conversation = talk if talk is not None and talk.ended_at is None else None
        case = case_for(self.session, where, incoming, self.now)
        expected = _expected(where)
        reading = _read(incoming, where, expected, self.kit.lessons.current(self.session, self.now), self.now)
        message = _keep(self.session, incoming, where, case, kept(expected, reading), event, self.now)
        if incoming.media:
            files = expect(self.session, message.id, incoming.sid, incoming.media, self.now)
            self.done.media += files
        arrived(self.session, case, self.now)
        given = (self.session, incoming, where, case, message, reading, self.kit, self.now, self.done)
        return Work(*given, quiet=self._quiet(incoming))

    def _quiet(self, incoming: InboundText) -> bool:
        return self.restored and _fetched(incoming)

    def work(self, work: Work) -> None:
        """What danger, consent and the conversation ask for, in this order."""
        finding = safety_net(work.reading)
        word = keyword(work.incoming.body, work.incoming.params)
        # A bare keyword has its own way to a person; only danger comes before it.
        if finding is not None and (word is None or finding.urgency >= Urgency.URGENT):
            _catch(work, finding)
        if word is not None or OF_THE_PHONE & set(work.reading.intents):
            # What ends other conversations must see all that was decided until now.
            self.write()
        if acts.consent(work, word) or acts.not_them(work):
            return
        if work.incoming.media:
            work.flag(1, "sent a picture, a file or a voice note", "media")
        if work.quiet:
            acts.before_restore(work)
        elif work.where.conversation is not None:
            self.converse(work, work.where.conversation)
        elif finding is None or finding.urgency < Urgency.EMERGENCY:
            acts.unasked(work)

    def converse(self, work: Work, conversation: Conversation) -> None:
        """Hand the text to the conversation it belongs to, unless it came too late for that."""
        if conversation.taken_by is not None or conversation.status not in ("waiting", "sleeping"):
            acts.to_whoever_has_it(work)
        elif _stale(work, conversation):
            acts.too_late(work)
            return
        question = self.ahead.question(conversation)
        unasked = question is not None and question.status in NOT_OUT
        # What is still on its way is neither answered nor asked a second time.
        reading = replace(work.reading, answer=None) if unasked else work.reading
        crossed = unasked or work.incoming.event_id in self.ahead.crossed
        turn = move(
            work.session,
            conversation,
            Reply(reading, work.incoming.body, crossed=crossed, has_media=bool(work.incoming.media)),
            key=work.incoming.key,
            kit=work.kit,
            now=work.now,
            cause=work.cause,
            known=self.ahead.known.get(conversation.patient_id),
        )
        if turn is not None:
            self.moved.append(turn)
            self.done.messages += turn.outcome.messages

    def write(self) -> None:
        """Write what the conversations moved so far have come to."""
        write(self.session, self.moved)
        self.moved = []


def _fetched(incoming: InboundText) -> bool:
    """Whether the carrier's list told of it, and not its webhook."""
    return "Reconciled" in incoming.params


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


def _read(
    incoming: InboundText, where: Route, expected: Expectation, lesson: Lesson, now: datetime
) -> Reading:
    conversation = where.conversation
    local = now.astimezone(visit_zone(where.patient, where.site)).replace(tzinfo=None)
    limits = lesson.thresholds(conversation.script) if conversation else None
    return read(incoming.body, expected, where.language, local, thresholds=limits, additions=lesson.additions)


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


def _stale(work: Work, conversation: Conversation) -> bool:
    """Whether the open question is older than the script lets answers be."""
    if conversation.status != "waiting" or conversation.asked_at is None:
        return False
    lasts = timedelta(seconds=work.kit.scripts.get(work.session, conversation.revision).expires)
    return work.incoming.received_at > conversation.asked_at + lasts and work.reading.urgency < PAGE_FROM
