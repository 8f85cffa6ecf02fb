"""A person takes a conversation, writes in it, and gives it back. The bot falls silent in the same transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.work import keep_in_queue
from app.conversations.advance import advance, lock
from app.conversations.kit import Kit
from app.conversations.models import Conversation
from app.conversations.turn import Outcome
from app.errors import Conflict, Invalid
from app.flow.events import HandedBack, Withdrawn
from app.outbox.models import Message, Purpose
from app.outbox.queue import cancel_queued, queue_text
from app.patients.models import Patient, Site
from app.patients.people import best_contact
from app.security.models import Staff
from app.store import new_id
from app.store.live import announce

LONGEST = 1600
TAKEN = "a coordinator took the conversation"
CLOSED = "a coordinator closed the case"


def of_case(session: Session, case_id: UUID) -> list[Conversation]:
    """The case's conversations, the newest first."""
    query = (
        select(Conversation).where(Conversation.case_id == case_id).order_by(Conversation.started_at.desc())
    )
    return list(session.scalars(query))


def take(session: Session, case: Case, staff: Staff, now: datetime) -> None:
    """Silence the bot in this case's conversations at once: nothing it had queued goes out any more."""
    for conversation in of_case(session, case.id):
        lock(session, conversation.id).taken_by = staff.id
        cancel_queued(session, conversation_id=conversation.id, because=TAKEN, now=now)
        announce(session, "conversation", conversation.id)


def end(session: Session, case: Case, now: datetime, *, kit: Kit) -> None:
    """End the conversations of a case a person has closed: no timer nudges or calls for it any more.

    What the patient writes from now on opens the case again, with a flag.
    """
    for conversation in of_case(session, case.id):
        lock(session, conversation.id).taken_by = None
        if conversation.ended_at is None:
            event, key = Withdrawn(CLOSED), f"closed:{new_id()}"
            advance(session, conversation.id, event, key=key, kit=kit, now=now)


def hand_back(session: Session, case: Case, staff: Staff, now: datetime, *, kit: Kit) -> Outcome:
    """Give the conversation back to the bot, which puts its open question again or goes on after a hand-off.

    With no conversation to go on with, the case stays in the queue: else nobody would look at it again.
    """
    outcome = Outcome(moved=False)
    if all(conversation.ended_at is not None for conversation in of_case(session, case.id)):
        keep_in_queue(case, "handed back, but there is no conversation to go on with")
    for conversation in of_case(session, case.id):
        if lock(session, conversation.id).taken_by is None:
            continue
        conversation.taken_by = None
        if conversation.ended_at is None:
            outcome = advance(
                session, conversation.id, HandedBack(), key=f"back:{new_id()}", kit=kit, now=now
            )
    return outcome


def say(
    session: Session, case: Case, staff: Staff, text: str, now: datetime, *, form_key: str = ""
) -> Message:
    """Text the patient as a person. `form_key` makes a form sent twice one message.

    Conflict when somebody else has the case; Invalid when the text is empty, too long, or no number can be used.
    """
    words = text.strip()
    if case.claimed_by != staff.id:
        raise Conflict("Claim the case first: only the person who has it can write to the patient.")
    if not words or len(words) > LONGEST:
        raise Invalid(f"Write between 1 and {LONGEST} characters.")
    contact = best_contact(session, case.patient_id, "sms")
    if contact is None:
        raise Invalid("No mobile number can be used for this patient. Call, or mend the number first.")
    conversations = of_case(session, case.id)
    patient, site = session.get_one(Patient, case.patient_id), session.get_one(Site, case.site_id)
    message = queue_text(
        session,
        patient=patient,
        site=site,
        number=contact.value,
        body=words,
        purpose=Purpose.STAFF,
        now=now,
        business_key=f"staff:{case.id}:{form_key or new_id()}",
        language=patient.language,
        case_id=case.id,
        conversation_id=conversations[0].id if conversations else None,
        author=str(staff.id),
        our_number=conversations[0].our_number if conversations else "",
    )
    case.first_response_at = case.first_response_at or now
    case.moved_at = now
    announce(session, "case", case.id)
    return message
