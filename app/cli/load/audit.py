"""After the chaos: was every text acted on once, every message sent once, every flag seen, every slot booked once?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case, Flag
from app.cli.load.measures import Bench
from app.cli.load.people import BOOKS, WORSE, Person
from app.conversations.models import Conversation, ConversationTurn
from app.inbound.models import InboundEvent
from app.outbox.models import Message, MessageStatus
from app.scheduling.booking import SYSTEM
from app.scheduling.models import Appointment, Slot
from app.store.database import reading

_NEVER_SENT = (MessageStatus.QUEUED, MessageStatus.SENDING, MessageStatus.UNKNOWN, MessageStatus.SKIPPED)
_SHOWN = 5
WORDS = WORSE["symptoms"]


def audit(bench: Bench, people: Collection[Person], posted: Sequence[str]) -> list[str]:
    """Everything that is wrong, in words; empty when nothing was lost and nothing was done twice."""
    with reading(bench.services.sessions) as session:
        faults = [
            *_inbound(session, posted),
            *_ends(session, people),
            *_flags(session, people),
            *_slots(session, people),
            *_outbound(session, bench),
        ]
    return faults[:50]


def _inbound(session: Session, posted: Sequence[str]) -> Iterator[str]:
    """Each text that came in is stored once, worked through once, kept as one message, and moved one turn."""
    events = Counter(session.scalars(select(InboundEvent.dedupe).where(InboundEvent.kind == "text")))
    states = Counter(session.scalars(select(InboundEvent.state)))
    kept = Counter(session.scalars(select(Message.carrier_sid).where(Message.direction == "in")))
    turns = Counter(session.scalars(select(ConversationTurn.event_key)))
    once = Counter(posted)
    yield from _differences("stored", once, events)
    yield from _differences("kept as a message", once, kept)
    moved = Counter({sid: turns[f"in:{sid}"] for sid in once})
    yield from _differences("acted on", once, moved)
    if set(states) - {"done"}:
        yield f"inbound events ended as {dict(states)}"


def _ends(session: Session, people: Collection[Person]) -> Iterator[str]:
    """Everybody said everything, and each conversation has come as far as its patient took it."""
    ids = [person.patient_id for person in people]
    rows = select(Conversation.patient_id, Conversation.status).where(Conversation.patient_id.in_(ids))
    found = session.execute(rows).all()
    yield from _differences("talked with", Counter(ids), Counter(patient for patient, _ in found))
    awake = Counter(status for _, status in found if status != "sleeping")
    if awake:
        yield f"conversations that should rest until the next check-in are {dict(awake)}"


def _flags(session: Session, people: Collection[Person]) -> Iterator[str]:
    """Who felt worse is in the queue, with their own words; and no cause has put a case there twice."""
    worse = [person.patient_id for person in people if person.answers is WORSE]
    query = select(Case.patient_id, Case.needs_person, Flag).join(Flag, Flag.case_id == Case.id)
    rows = session.execute(query.where(Case.patient_id.in_(worse))).all()
    seen = {patient for patient, queued, flag in rows if queued and flag.urgency >= 2 and flag.words == WORDS}
    yield from _differences("in the queue with their words", Counter(worse), Counter(seen))
    causes = Counter((flag.case_id, flag.source) for _, _, flag in rows)
    yield from (
        f"a case was flagged {times} times by {cause[1]}" for cause, times in causes.items() if times > 1
    )


def _slots(session: Session, people: Collection[Person]) -> Iterator[str]:
    """Each booked time has one appointment, and nobody has two."""
    rows = session.scalars(
        select(Appointment).where(Appointment.system == SYSTEM, Appointment.status == "booked")
    )
    booked = list(rows)
    taken = Counter(session.scalars(select(Slot.id).where(Slot.booked_for.is_not(None))))
    yield from _differences("booked", taken, Counter(row.slot_id for row in booked))
    twice = [patient for patient, times in Counter(row.patient_id for row in booked).items() if times > 1]
    if twice:
        yield f"{len(twice)} patients have two appointments"
    wanted = sum(person.answers is BOOKS for person in people)
    if len(booked) > wanted or (wanted and not booked):
        yield f"{len(booked)} times are booked; {wanted} patients asked for one"


def _outbound(session: Session, bench: Bench) -> Iterator[str]:
    """What the carrier was given is what the outbox says, message by message: none twice, none missing."""
    query = select(Message).where(Message.direction == "out", Message.channel == "sms")
    ours: Counter[tuple[str, str]] = Counter()
    for message in session.scalars(query):
        if message.status not in _NEVER_SENT:
            ours[(message.number, message.body)] += 1
        elif message.status is not MessageStatus.SKIPPED:
            yield f"a message is still {message.status.value}"
    theirs = Counter((sent["to"], sent["body"]) for sent in bench.stack.ask_sandbox("/messages")["messages"])
    yield from _differences("at the carrier", ours, theirs)
    bench.say(f"{sum(theirs.values())} messages reached the carrier.")


def _differences(what: str, wanted: Counter[Any], found: Counter[Any]) -> Iterator[str]:
    for thing in [*(wanted - found), *(found - wanted)][:_SHOWN]:
        name = thing[0] if isinstance(thing, tuple) else thing
        yield f"{name}: {what} {found[thing]} times, not {wanted[thing]}"
