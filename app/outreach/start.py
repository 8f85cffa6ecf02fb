"""A planned attempt becomes a conversation, or is skipped with the reason; the case stays either way."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from app.cases.flags import raise_flag
from app.cases.models import Case, Lane
from app.consent.ledger import standing
from app.consent.may_send import DEFAULT_CAPS, Caps, verdict
from app.conversations.advance import advance
from app.conversations.kit import Kit
from app.conversations.models import Conversation
from app.conversations.turn import Outcome
from app.flow.events import Started
from app.flow.state import State
from app.outbox.models import Purpose
from app.outbox.queries import sent_recently
from app.outreach.models import Attempt
from app.patients.models import ContactPoint, Patient, Site
from app.patients.people import best_contact
from app.scheduling.appointments import same_day
from app.scheduling.models import Appointment

DONE_WITH = ("cancelled", "fulfilled", "arrived", "entered-in-error", "noshow", "checked-in")
REMINDS = "confirmation"
WHILE_CLAIMED = timedelta(minutes=30)
WHILE_BROKEN = timedelta(minutes=10)
_AS_IT_IS = {"synchronize_session": False}
OFFERED = timedelta(seconds=30)
"""So long a worker has for what it was given; then another is given it too, which is harmless."""


def due(session: Session, now: datetime, limit: int) -> list[UUID]:
    """Attempts whose time has come and that no worker was given just now."""
    return list(session.scalars(_due(now, limit)))


def offer(session: Session, now: datetime, limit: int) -> list[UUID]:
    """The same, given to a worker from now on."""
    found = _due(now, limit).with_for_update(skip_locked=True)
    given = update(Attempt).where(Attempt.id.in_(found)).values(claimed_until=now + OFFERED)
    rows = session.execute(given.returning(Attempt.id, Attempt.due_at), execution_options=_AS_IT_IS)
    return [row.id for row in sorted(rows, key=lambda row: (row.due_at, row.id))]


def not_startable(session: Session, attempt_id: UUID, now: datetime) -> None:
    """Beginning this one failed: later again, and meanwhile a person knows, once."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None or attempt.done_at is not None:
        return
    because = "outreach could not be started, an error on our side: look at it"
    case = session.get_one(Case, attempt.case_id)
    raise_flag(session, case, urgency=1, because=because, source=f"broken:{attempt.id}", now=now)
    attempt.claimed_until = now + WHILE_BROKEN


def _due(now: datetime, limit: int) -> Select[UUID]:
    return (
        select(Attempt.id)
        .where(Attempt.done_at.is_(None), Attempt.due_at <= now)
        .where((Attempt.claimed_until.is_(None)) | (Attempt.claimed_until < now))
        .order_by(Attempt.due_at)
        .limit(limit)
    )


def start(
    session: Session, attempt_id: UUID, *, kit: Kit, now: datetime, caps: Caps = DEFAULT_CAPS
) -> Outcome:
    """Begin the conversation of one attempt, once: a second call, or one for a case that ended, does nothing."""
    # The case first, like everybody: who withdraws it, or takes it, waits for us or is seen by us.
    of_attempt = select(Case).join(Attempt, Attempt.case_id == Case.id).where(Attempt.id == attempt_id)
    case = session.scalars(of_attempt.with_for_update(of=Case)).one_or_none()
    attempt = session.get(Attempt, attempt_id, populate_existing=True)
    if case is None or attempt is None or attempt.done_at is not None:
        return Outcome(moved=False)
    if case.claimed_by is not None and case.closed_at is None:
        return _later(attempt, now + WHILE_CLAIMED, "a coordinator has the case")
    patient, site = session.get_one(Patient, case.patient_id), session.get_one(Site, case.site_id)
    visit = _visit(session, case)
    reason = _no_longer(session, case, visit, patient, site, now)
    if reason:
        return _skip(attempt, reason, now)
    channel, contact = _reach(session, patient)
    if contact is None:
        return _person_calls(session, attempt, case, "no telephone number can be used", now)
    may = verdict(
        patient=patient,
        site=site,
        channel=channel,
        purpose=Purpose.OUTREACH,
        now=now,
        standing=standing(session, contact.value_index, channel, case.lane_key),
        recent=sent_recently(session, patient.id, contact.value_index, now),
        number=contact.value,
        number_state=contact.state,
        caps=caps,
    )
    if may.kind == "later" and may.at is not None:
        if visit is not None and may.at >= visit.start_at:
            because = f"no time is left to remind of the visit: {may.reason}"
            return _person_calls(session, attempt, case, because, now)
        return _later(attempt, may.at, may.reason)
    if may.kind == "never":
        return _person_calls(session, attempt, case, may.reason, now)
    return _begin(session, attempt, case, patient, site, contact, channel, kit, now)


def _reach(session: Session, patient: Patient) -> tuple[str, ContactPoint | None]:
    """How to reach a patient: by text, unless they want to be called or have no number that takes texts."""
    text = best_contact(session, patient.id, "sms")
    if text is not None and patient.channel != "voice":
        return "sms", text
    voice = best_contact(session, patient.id, "voice")
    return ("voice", voice) if voice is not None else ("sms", text)


def _visit(session: Session, case: Case) -> Appointment | None:
    """The visit this case reminds of, if it does."""
    if case.appointment_id is None or case.lane_key != REMINDS:
        return None
    return session.get(Appointment, case.appointment_id)


def _no_longer(
    session: Session, case: Case, visit: Appointment | None, patient: Patient, site: Site, now: datetime
) -> str | None:
    """Why this attempt is not made any more, decided now and not when it was planned."""
    if case.closed_at is not None:
        return "the case is closed"
    if visit is None:
        return None
    if visit.status in DONE_WITH:
        return f"the visit is {visit.status}"
    if visit.answer == "accepted":
        return "the visit is already confirmed"
    if visit.start_at <= now:
        return "the visit has begun"
    visits = {a.id for a in same_day(session, visit, site.time_zone)} - {visit.id}
    talking = select(Conversation.id).join(Case, Case.id == Conversation.case_id)
    talking = talking.where(Case.appointment_id.in_(visits), Conversation.ended_at.is_(None))
    return "told together with another visit of that day" if visits and session.scalar(talking) else None


def _later(attempt: Attempt, at: datetime, reason: str) -> Outcome:
    attempt.due_at, attempt.reason, attempt.claimed_until = at, reason[:120], None
    return Outcome(moved=False)


def _skip(attempt: Attempt, reason: str, now: datetime) -> Outcome:
    attempt.done_at, attempt.outcome, attempt.reason = now, "skipped", reason[:120]
    return Outcome(moved=False)


def _person_calls(session: Session, attempt: Attempt, case: Case, reason: str, now: datetime) -> Outcome:
    """Nothing may or can be sent: a person takes it from here, so that nobody falls through."""
    raise_flag(session, case, urgency=1, because=reason, source=f"attempt:{attempt.id}", now=now)
    return _skip(attempt, reason, now)


def _begin(
    session: Session,
    attempt: Attempt,
    case: Case,
    patient: Patient,
    site: Site,
    contact: ContactPoint,
    channel: str,
    kit: Kit,
    now: datetime,
) -> Outcome:
    lane = session.get_one(Lane, case.lane_key)
    revision, script = kit.scripts.current(session, lane.script)
    conversation = Conversation(
        case_id=case.id,
        patient_id=patient.id,
        site_id=site.id,
        revision=revision,
        script=script.script,
        state=State().to_json(),
        channel=channel,
        language=patient.language,
        contact_point_id=contact.id,
        number_index=contact.value_index,
        our_number=site.numbers[0] if site.numbers else "",
        started_at=now,
        moved_at=now,
    )
    session.add(conversation)
    session.flush()
    attempt.done_at, attempt.outcome, attempt.conversation_id = now, "started", conversation.id
    key = f"attempt:{attempt.id}"
    return advance(session, conversation.id, Started(), key=key, kit=kit, now=now, held=True)
