"""One telephone, two patients: ask whose message it is, keep the message until we know."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.conversations.facts import about_practice
from app.conversations.kit import Kit
from app.flow.wording import shared
from app.inbound.models import InboundEvent, PhoneThread
from app.inbound.route import Route
from app.inbound.text import InboundText
from app.outbox.models import Purpose
from app.outbox.queue import queue_text
from app.patients.people import zone_of
from app.understanding import Expectation, Option, Urgency, read

ASK_LASTS = timedelta(hours=4)


def settle_sharing(
    session: Session,
    incoming: InboundText,
    where: Route,
    event: InboundEvent,
    kit: Kit,
    now: datetime,
    to_send: list[UUID],
) -> bool:
    """Whether this text was only about whose phone it is (then it is done, or kept until the answer comes).

    A dangerous message never waits for the answer: it goes on at once, for the patient known longest.
    """
    if not where.sharing:
        return False
    if read(incoming.body, Expectation(), where.sharing[0].language, None).urgency >= Urgency.URGENT:
        return False
    thread = session.get(PhoneThread, event.number_index)
    if thread is not None and thread.asked_at is not None and now - thread.asked_at < ASK_LASTS:
        return _answer(session, incoming, where, event, thread, now)
    _ask(session, incoming, where, event, kit, now, to_send)
    return True


def _ask(
    session: Session,
    incoming: InboundText,
    where: Route,
    event: InboundEvent,
    kit: Kit,
    now: datetime,
    to_send: list[UUID],
) -> None:
    event.state, event.reason = "held", "waiting to know which patient this is about"
    thread = session.get(PhoneThread, event.number_index)
    if thread is None:
        thread = PhoneThread(number_index=event.number_index)
        session.add(thread)
    thread.asked_at, thread.held_event_id = now, event.id
    thread.choices = [str(patient.id) for patient in where.sharing]
    first = where.sharing[0]
    words = shared(
        "which_patient", kit.catalogs, about_practice(where.site), first.language, zone_of(first, where.site)
    )
    lines = [f"{n} {patient.given_name}" for n, patient in enumerate(where.sharing, start=1)]
    message = queue_text(
        session,
        patient=first,
        site=where.site,
        number=incoming.number,
        body="\n".join([words.text, *lines]),
        purpose=Purpose.REPLY,
        now=now,
        business_key=f"{incoming.key}:which",
        language=words.language,
        step="which_patient",
        our_number=incoming.our_number,
    )
    to_send.append(message.id)


def _answer(
    session: Session,
    incoming: InboundText,
    where: Route,
    event: InboundEvent,
    thread: PhoneThread,
    now: datetime,
) -> bool:
    names = {str(p.id): p.given_name for p in where.sharing}
    options = tuple(
        Option(str(n), names.get(choice, ""), value=choice)
        for n, choice in enumerate(thread.choices, start=1)
    )
    reading = read(incoming.body, Expectation("choose_number", "", options), where.sharing[0].language, None)
    chosen = next((o.value for o in options if o.id == str(reading.answer)), None)
    # Not an answer: go on for the patient known longest; a person reads both messages and sorts it out.
    thread.patient_id, thread.chosen_at = UUID(chosen or thread.choices[0]), now
    thread.asked_at = None
    free(session, thread)
    if chosen is None:
        where.patient, where.sharing = next(p for p in where.sharing if p.id == thread.patient_id), []
        return False
    event.state, event.reason = "done", "told which patient"
    return True


def free(session: Session, thread: PhoneThread) -> None:
    """Let the message that was kept be worked on now."""
    if thread.held_event_id is not None:
        session.execute(
            update(InboundEvent)
            .where(InboundEvent.id == thread.held_event_id)
            .values(state="new", reason=None)
        )
        thread.held_event_id = None


def free_unanswered(session: Session, now: datetime) -> int:
    """Messages kept for an answer that never came: the patient known longest gets them. How many there were."""
    query = select(PhoneThread).where(
        PhoneThread.held_event_id.is_not(None), PhoneThread.asked_at < now - ASK_LASTS
    )
    threads = list(session.scalars(query))
    for thread in threads:
        thread.patient_id, thread.chosen_at, thread.asked_at = UUID(thread.choices[0]), now, None
        free(session, thread)
    return len(threads)
