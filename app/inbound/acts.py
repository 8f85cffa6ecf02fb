"""What a text may ask for besides answering: to stop, to start, that it is the wrong person, or nothing we asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import func, select, update

from app.consent.ledger import opt_in, opt_out
from app.inbound.work import Work
from app.outbox.models import Message, Purpose
from app.outbox.queue import cancel_queued
from app.outreach.triggers import open_conversations, stop_case
from app.patients.models import ContactPoint

POLITE: Final = frozenset({"thanks"})
MAY_MEAN_THE_VISIT: Final = ("cancel", "end", "quit")
ANSWERS_AN_HOUR: Final = 6


def consent(work: Work, word: str | None) -> bool:
    """Stop, start and help, by the carrier's words and by meaning; whether the text is thereby dealt with.

    A bare keyword the carrier has answered itself, so we do not (a text of ours would be refused, 21610). An opt-out
    in other words gets the one confirmation the rule allows (47 CFR 64.1200(a)(12)).
    """
    if word == "help":
        return True
    if word == "start":
        opt_in(work.session, **_decision(work))
        return True
    if word != "stop" and "opt_out" not in work.reading.intents:
        return False
    opt_out(work.session, **_decision(work))
    _end_everything(work, "opted out")
    if word != "stop":
        work.answer("opted_out", Purpose.NOTICE)
    _tell_person(work)
    return True


def _decision(work: Work) -> dict[str, Any]:
    return {
        "number": work.incoming.number,
        "patient_id": work.where.patient.id if work.where.patient else None,
        "source": "patient text",
        "words": work.incoming.body,
        "sid": work.incoming.sid,
        "now": work.now,
    }


def _end_everything(work: Work, because: str) -> None:
    """End what is going on with everybody on this phone: its STOP holds for all of them."""
    session, index = work.session, work.message.number_index
    cancel_queued(session, number_index=index, because=because, now=work.now)
    owners = select(ContactPoint.patient_id).where(ContactPoint.value_index == index)
    for patient_id in session.scalars(owners).all():
        for conversation in open_conversations(session, patient_id=patient_id):
            stop_case(session, conversation.case_id, because, work.now, work.kit)


def _tell_person(work: Work) -> None:
    """Whoever opted out still needs the follow-up, by telephone; and CANCEL may have meant the visit."""
    bare = work.incoming.body.strip().strip(".!").casefold()
    if bare in MAY_MEAN_THE_VISIT:
        work.flag(1, f"texted {bare.upper()}: may mean the visit, so call", "opt-out")
    else:
        work.flag(1, "wants no more texts: follow up by telephone", "opt-out")


def not_them(work: Work) -> bool:
    """A wrong number or a death, told by text: answered once; whether the text is thereby dealt with."""
    key = stopped(work, "said so by text")
    if key is not None:
        work.answer(key, Purpose.NOTICE)
    return key is not None


def stopped(work: Work, how: str) -> str | None:
    """At a wrong number or a death everything stops at once and a person looks: the key of the words to answer with."""
    wrong, dead = "wrong_number" in work.reading.intents, "deceased" in work.reading.intents
    patient = work.where.patient
    if patient is None or patient.status == "unknown" or not (wrong or dead):
        return None
    because = "wrong number" if wrong else "told that the patient has died"
    for conversation in open_conversations(work.session, patient_id=patient.id):
        stop_case(work.session, conversation.case_id, because, work.now, work.kit)
    stop_case(work.session, work.case.id, because, work.now, work.kit)
    if wrong:
        work.session.execute(
            update(ContactPoint)
            .where(
                ContactPoint.patient_id == patient.id, ContactPoint.value_index == work.message.number_index
            )
            .values(state="wrong_person", state_reason=how, updated_at=work.now)
        )
    return "wrong_number" if wrong else "condolence"


def unasked(work: Work) -> None:
    """A text while nothing is open: a person reads it, and the patient is told so; thanks alone need neither."""
    if work.reading.intents and set(work.reading.intents) <= POLITE and not work.incoming.media:
        return
    work.flag(1, "wrote while no question was open")
    if work.case.claimed_by is None and _answers_lately(work) < ANSWERS_AN_HOUR:
        work.answer("to_person", Purpose.REPLY)


def _answers_lately(work: Work) -> int:
    """Automatic answers to this number in the last hour: two robots must not talk to each other for ever."""
    query = select(func.count()).where(
        Message.number_index == work.message.number_index,
        Message.direction == "out",
        Message.purpose == Purpose.REPLY,
        Message.created_at > work.now - timedelta(hours=1),
    )
    return work.session.scalar(query) or 0
