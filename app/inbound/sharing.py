"""One telephone, two patients: ask whose message it is, keep the message until we know."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.consent.words import keyword
from app.conversations.facts import about_practice
from app.conversations.kit import Kit
from app.flow.wording import shared
from app.inbound.models import InboundEvent, PhoneThread
from app.inbound.route import ASK_LASTS, Route
from app.inbound.text import InboundText
from app.outbox.models import Purpose
from app.outbox.queue import queue_text
from app.patients.people import zone_of
from app.understanding import Expectation, Option, Urgency, read
from app.understanding.additions import Additions

OF_THE_PHONE = frozenset({"opt_out", "wrong_number", "deceased"})


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

    What is dangerous, or about the phone and not about a patient, never waits for the answer: it goes on at once,
    for the patient known longest.
    """
    if not where.sharing:
        return False
    additions = kit.lessons.current(session, now).additions
    if _cannot_wait(incoming, where, additions):
        return False
    thread = session.get(PhoneThread, event.number_index, with_for_update=True)
    if thread is not None and thread.asked_at is not None:
        # However late: else the message kept until now would be forgotten for the new one.
        _answer(session, incoming, where, event, thread, additions, now)
    else:
        _ask(session, incoming, where, event, kit, now, to_send)
    return True


def _cannot_wait(incoming: InboundText, where: Route, additions: Additions | None) -> bool:
    reading = read(incoming.body, Expectation(), where.sharing[0].language, None, additions=additions)
    if reading.urgency >= Urgency.URGENT or keyword(incoming.body, incoming.params) is not None:
        return True
    # Nor is a stranger told the names of those we wanted to reach.
    return bool(OF_THE_PHONE & set(reading.intents))


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
    additions: Additions | None,
    now: datetime,
) -> None:
    """Take the answer; what is none is worked on like any text, after the one kept, for the patient known longest."""
    names = {str(p.id): p.given_name for p in where.sharing}
    options = tuple(
        Option(str(n), names.get(choice, ""), value=choice)
        for n, choice in enumerate(thread.choices, start=1)
    )
    asked = Expectation("choose_number", "", options)
    reading = read(incoming.body, asked, where.sharing[0].language, None, additions=additions)
    chosen = next((o.value for o in options if o.id == str(reading.answer)), None)
    known = {str(patient.id): patient for patient in where.sharing}
    person = known.get(chosen or thread.choices[0]) or where.sharing[0]
    thread.patient_id, thread.chosen_at, thread.asked_at = person.id, now, None
    free(session, thread)
    if chosen is not None:
        event.state, event.reason = "done", "told which patient"


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
    # What an answer is just being taken for needs nothing from us.
    threads = list(session.scalars(query.with_for_update(skip_locked=True)))
    for thread in threads:
        thread.patient_id, thread.chosen_at, thread.asked_at = UUID(thread.choices[0]), now, None
        free(session, thread)
    return len(threads)
