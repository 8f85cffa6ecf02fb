"""What a text may ask for besides answering: to stop, to start, that it is the wrong person, or nothing we asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import takewhile
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, update

from app.cases.flags import raise_flag
from app.cases.models import Case
from app.consent.ledger import OPT_IN, OPT_OUT, decisions, opt_in, opt_out
from app.consent.models import ConsentEvent
from app.consent.words import bare, keyword
from app.conversations.models import Timer
from app.inbound.work import Work
from app.outbox.models import Message, Purpose
from app.outbox.queue import cancel_queued
from app.outreach.models import Attempt
from app.outreach.triggers import open_conversations, stop_case
from app.patients.models import ContactPoint

SOURCE: Final = "patient text"
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
        _start(work)
        return True
    if word != "stop" and "opt_out" not in work.reading.intents:
        return False
    opt_out(work.session, **_decision(work))
    # The person first: a case that needs one is not closed with what is stopped in it.
    _tell_person(work)
    cancel_queued(work.session, number_index=work.message.number_index, because="opted out", now=work.now)
    _stop(work, _owners(work), "opted out", "wants no more texts: follow up by telephone", "opt-out")
    if word != "stop":
        work.answer("opted_out", Purpose.NOTICE)
    return True


def _start(work: Work) -> None:
    """Texts again; calls only where STOP had ended them too. Whoever wanted no more calls has not taken that back."""
    said = decisions(work.session, work.message.number_index)
    opt_in(work.session, channel="sms" if _wants_no_calls(said) else "*", **_decision(work))
    if not work.incoming.params.get("OptOutType") and _ended_in_own_words(said):
        work.answer("opted_in", Purpose.NOTICE)


def _wants_no_calls(said: Sequence[ConsentEvent]) -> bool:
    """Whether calls were refused by themselves, beside whatever ended everything."""
    of_calls = [e for e in said if e.channel == "voice" or (e.channel, e.decision) == ("*", OPT_IN)]
    return bool(of_calls) and of_calls[-1].decision == OPT_OUT


def _ended_in_own_words(said: Sequence[ConsentEvent]) -> bool:
    """Whether their texts ended by meaning: the carrier never stopped them, and so says nothing to START."""
    of_texts = [e for e in said if e.channel in ("sms", "*")]
    since = takewhile(lambda e: e.decision == OPT_OUT, reversed(of_texts))
    ends = [e.source == SOURCE and keyword(e.words or "") is None for e in since]
    return bool(ends) and all(ends)


def _decision(work: Work) -> dict[str, Any]:
    return {
        "number": work.incoming.number,
        "patient_id": work.where.patient.id if work.where.patient else None,
        "source": SOURCE,
        "words": work.incoming.body,
        "sid": work.incoming.sid,
        "now": work.now,
    }


def _owners(work: Work) -> list[UUID]:
    """Everybody on this phone: what it says of the phone holds for all of them."""
    index = work.message.number_index
    return list(
        work.session.scalars(select(ContactPoint.patient_id).where(ContactPoint.value_index == index))
    )


def _stop(work: Work, patients: list[UUID], because: str, tell: str, source: str) -> None:
    """Stop what is going on with these patients; a person is told in each case, so that nobody falls through."""
    session = work.session
    talking = {c.case_id for patient in patients for c in open_conversations(session, patient_id=patient)}
    # In one order, so that two phones at once do not wait for each other.
    for case_id in sorted(talking):
        raise_flag(
            session,
            session.get_one(Case, case_id),
            urgency=1,
            because=tell,
            source=f"{work.incoming.key}:{source}",
            now=work.now,
            message_id=work.message.id,
            words=work.message.patient_words,
        )
        stop_case(session, case_id, because, work.now, work.kit)


def _tell_person(work: Work) -> None:
    """Whoever opted out still needs the follow-up, by telephone; and CANCEL may have meant the visit."""
    word = bare(work.incoming.body)
    if word in MAY_MEAN_THE_VISIT:
        work.flag(1, f"texted {word.upper()}: may mean the visit, so call", "opt-out")
    else:
        work.flag(1, "wants no more texts: follow up by telephone", "opt-out")


def before_restore(work: Work) -> None:
    """A text of the time a restored database knows nothing of: a person goes on, and the bot asks nothing more."""
    because = "written before the database was put back: how it was answered then is not known"
    work.flag(1, because, "restored")
    talk = work.where.conversation
    if talk is None:
        return
    timers = update(Timer).where(Timer.conversation_id == talk.id, Timer.done_at.is_(None))
    work.session.execute(timers.values(done_at=work.now))
    cancel_queued(work.session, conversation_id=talk.id, because=because, now=work.now)


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
    # Of which of those who share a phone it is true, a person finds out.
    meant = [p.id for p in work.where.sharing] or [patient.id]
    work.flag(1, because, "not-them")
    _stop(work, meant, because, because, "not-them")
    stop_case(work.session, work.case.id, because, work.now, work.kit)
    if wrong:
        values = {"state": "wrong_person", "state_reason": how, "updated_at": work.now}
        point = (ContactPoint.patient_id.in_(meant), ContactPoint.value_index == work.message.number_index)
        work.session.execute(update(ContactPoint).where(*point).values(values))
    else:
        _call_off(work, meant, because)
    return "wrong_number" if wrong else "condolence"


def _call_off(work: Work, patients: list[UUID], because: str) -> None:
    """Nothing that was planned begins with somebody who may have died; each such case is a person's."""
    planned = (
        select(Case.id)
        .join(Attempt, Attempt.case_id == Case.id)
        .where(Case.patient_id.in_(patients), Case.closed_at.is_(None), Attempt.done_at.is_(None))
        .order_by(Case.id)
    )
    for case_id in work.session.scalars(planned).unique().all():
        case = work.session.get_one(Case, case_id)
        source = f"{work.incoming.key}:not-them"
        raise_flag(work.session, case, urgency=1, because=because, source=source, now=work.now)
        stop_case(work.session, case_id, because, work.now, work.kit)


def to_whoever_has_it(work: Work) -> None:
    """A text in a conversation that waits for a person: unread in their case, and in the queue if nobody has it."""
    case = work.case
    if _only_polite(work) or case.claimed_by is not None:
        return
    if not case.needs_person or case.snoozed_until is not None or case.closed_at is not None:
        work.flag(1, "wrote again, and nobody has the case")


def too_late(work: Work) -> None:
    """An answer to a question asked so long ago that it may mean something else: a person reads it."""
    work.flag(1, "answers a question of some days ago", "late")
    _promise_person(work)


def unasked(work: Work) -> None:
    """A text while nothing is open: a person reads it, and the patient is told so; thanks alone need neither."""
    if _only_polite(work) or _other_language(work):
        return
    work.flag(1, "wrote while no question was open")
    _promise_person(work)


def _other_language(work: Work) -> bool:
    """Go on in the language asked for where the practice has texts in it; whether that was all that was asked."""
    patient, reading = work.where.patient, work.reading
    if patient is None or "language_switch" not in reading.intents or not reading.language:
        return False
    if reading.language not in work.where.site.languages:
        return False
    patient.language = reading.language
    work.answer("language_switched", Purpose.REPLY)
    return set(reading.intents) <= {"language_switch", *POLITE} and not work.incoming.media


def _only_polite(work: Work) -> bool:
    intents = set(work.reading.intents)
    return bool(intents) and intents <= POLITE and not work.incoming.media


def _promise_person(work: Work) -> None:
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
