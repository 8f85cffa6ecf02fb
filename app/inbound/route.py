"""Whose text is this, and which conversation does it belong to? Never by the number alone when two share it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.open import open_case
from app.conversations.models import Conversation
from app.inbound.models import PhoneThread
from app.inbound.text import InboundText
from app.outbox.models import Message, Purpose
from app.outbox.status import NOT_REACHED
from app.patients.models import ContactPoint, Patient, Site
from app.patients.people import all_sites, at_numbers, number_index, site_of

ASK_LASTS = timedelta(hours=4)
"""So long the question whom they mean waits for its answer."""
CHOICE_LASTS = timedelta(hours=12)
CASE_LASTS = timedelta(days=45)
STAFF_LASTS = timedelta(days=3)
LIVE = ("waiting", "sleeping", "handed_over")


class Talk(NamedTuple):
    """What of an open conversation says whether a text belongs to it."""

    id: UUID
    patient_id: UUID
    case_id: UUID
    status: str
    taken_by: UUID | None
    moved_at: datetime
    asked_at: datetime | None


@dataclass(slots=True)
class Route:
    """Where a text goes: the site, the patient, the conversation that is open, and whether we must ask whose it is.

    `talk_id` names the conversation where it is not read yet. `case_id` is the case in which a person wrote last: the
    text answers them and not the bot.
    """

    site: Site
    patient: Patient | None
    conversation: Conversation | None
    sharing: list[Patient]
    case_id: UUID | None = None
    talk_id: UUID | None = None

    @property
    def language(self) -> str:
        """The language the patient is answered in."""
        if self.conversation is not None:
            return self.conversation.language
        return self.patient.language if self.patient is not None else "en"


def route(session: Session, text: InboundText, now: datetime, *, spoken: bool = False) -> Route | None:
    """The route of a text; None when no site is set up. A phone two patients share goes to the one they chose.

    What is `spoken` on a call answers nothing that was asked by text: not whom they mean, either.
    """
    found = routes(session, [text], now, spoken=spoken)[0]
    if found is not None and found.talk_id is not None:
        found.conversation = session.get(Conversation, found.talk_id)
    return found


def routes(
    session: Session, texts: Sequence[InboundText], now: datetime, *, spoken: bool = False
) -> list[Route | None]:
    """The routes of many texts, in a few statements; their conversations are named, not read."""
    sites = all_sites(session)
    if not sites:
        return [None] * len(texts)
    numbers = [number_index(session, text.number) for text in texts]
    people = at_numbers(session, numbers)
    talks = _open_conversations(session, {p.id for known in people.values() for p in known})
    written = _people_wrote(session, numbers, now)
    return [
        _route(
            session,
            site_of(sites, text.our_number),
            index,
            people[index],
            talks,
            written.get(index),
            now,
            spoken=spoken,
        )
        for text, index in zip(texts, numbers, strict=True)
    ]


def _route(
    session: Session,
    site: Site,
    index: str,
    everybody: list[Patient],
    talks: Mapping[UUID, list[Talk]],
    person: Written | None,
    now: datetime,
    *,
    spoken: bool,
) -> Route:
    people = _known(everybody)
    open_ones = sorted(
        (t for p in people for t in talks.get(p.id, ())), key=lambda t: t.moved_at, reverse=True
    )
    if person is not None and any(_asked_at(t) >= person.created_at for t in _asking(open_ones)):
        person = None  # the bot has asked something since
    patient = next((p for p in people if person is not None and p.id == person.patient_id), None)
    if person is not None and patient is not None:
        theirs = [t for t in open_ones if t.id == person.conversation_id]
        return Route(site, patient, None, [], person.case_id, _best(theirs))
    if len(people) <= 1:
        return Route(site, people[0] if people else None, None, [], talk_id=_best(open_ones))
    thread = session.get(PhoneThread, index)
    if thread is not None and not spoken and _asked_who(thread, open_ones, now):
        return Route(site, None, None, people)
    chosen = _chosen(thread, people, open_ones, now)
    asked = {t.patient_id for t in open_ones if t.status == "waiting"}
    if chosen is None and len(asked) == 1:
        # Only one of them is being asked something, and what is private waits behind a birth date.
        chosen = next(p for p in people if p.id in asked)
    if chosen is None:
        return Route(site, None, None, people)
    return Route(site, chosen, None, [], talk_id=_best([t for t in open_ones if t.patient_id == chosen.id]))


def _known(people: list[Patient]) -> list[Patient]:
    """Without the nameless record of a number that wrote before its patient was known to us."""
    return [p for p in people if p.status != "unknown"] or people


def _open_conversations(session: Session, patients: Collection[UUID]) -> dict[UUID, list[Talk]]:
    found: dict[UUID, list[Talk]] = {}
    if patients:
        for row in session.connection().execute(_TALKS, {"patients": list(patients)}):
            found.setdefault(row.patient_id, []).append(Talk(*row))
    return found


def _asking(talks: list[Talk]) -> list[Talk]:
    return [t for t in talks if t.status == "waiting" and t.taken_by is None]


def _asked_at(talk: Talk) -> datetime:
    return talk.asked_at or talk.moved_at


def _best(talks: list[Talk]) -> UUID | None:
    """The one that asked last; one that only sleeps or is with a person comes after one that waits for an answer."""
    asking = _asking(talks)
    best = max(reversed(asking), key=_asked_at) if asking else next(iter(talks), None)
    return best.id if best is not None else None


class Written(NamedTuple):
    """A member of staff's text."""

    number_index: str
    created_at: datetime
    patient_id: UUID | None
    conversation_id: UUID | None
    case_id: UUID


def _people_wrote(session: Session, numbers: Collection[str], now: datetime) -> dict[str, Written]:
    """The text of a member of staff that each of these numbers had last, if any did lately."""
    rows = session.connection().execute(_WRITTEN, {"numbers": list(numbers), "since": now - STAFF_LASTS})
    return {row.number_index: Written(*row) for row in rows}


def _asked_who(thread: PhoneThread, open_ones: list[Talk], now: datetime) -> bool:
    """Whether the last thing asked on this phone is whom they mean: "1" is no answer to anybody's question then."""
    if thread.asked_at is None or now - thread.asked_at > ASK_LASTS:
        return False
    return not any(_asked_at(t) > thread.asked_at for t in _asking(open_ones))


def _chosen(
    thread: PhoneThread | None, people: list[Patient], open_ones: list[Talk], now: datetime
) -> Patient | None:
    """Whom they said it was about, unless somebody else on this phone was asked something since then."""
    if thread is None or thread.patient_id is None or thread.chosen_at is None:
        return None
    if now - thread.chosen_at > CHOICE_LASTS:
        return None
    others = [t for t in _asking(open_ones) if t.patient_id != thread.patient_id]
    if any(_asked_at(t) > thread.chosen_at for t in others):
        return None
    return next((p for p in people if p.id == thread.patient_id), None)


def case_for(
    session: Session, route: Route, text: InboundText, now: datetime, *, spoken: bool = False
) -> Case:
    """The case this text belongs to: where a person wrote, its conversation's, the patient's latest, else a new one.

    A text or call (``spoken``) from a number nobody knows gets a record of its own, so that it stands in the queue
    like any other.
    """
    known = route.case_id or (route.conversation.case_id if route.conversation else None)
    if known is not None:
        return session.get_one(Case, known)
    if route.patient is None:
        route.patient = (
            route.sharing[0] if route.sharing else _stranger(session, route.site, text, now, spoken=spoken)
        )
    query = (
        select(Case)
        .where(
            Case.patient_id == route.patient.id, Case.opened_at > now - CASE_LASTS, Case.closed_at.is_(None)
        )
        .order_by(Case.opened_at.desc())
        .limit(1)
    )
    found = session.scalars(query).first()
    if found is not None:
        return found
    return open_case(
        session, patient=route.patient, lane_key="message", now=now, occurred_at=text.received_at
    )


def _stranger(session: Session, site: Site, text: InboundText, now: datetime, *, spoken: bool) -> Patient:
    patient = Patient(
        site_id=site.id,
        given_name="Unknown",
        family_name="caller" if spoken else "sender",
        channel="voice" if spoken else "sms",
        name_index="",
        status="unknown",
        created_at=now,
        updated_at=now,
    )
    session.add(patient)
    session.flush()
    index = number_index(session, text.number)
    session.add(ContactPoint(patient_id=patient.id, value=text.number, value_index=index, updated_at=now))
    session.flush()
    return patient


_M, _C = Message.__table__.c, Conversation.__table__.c
# Built once: building a statement anew costs more than running it.
_TALKS = select(_C.id, _C.patient_id, _C.case_id, _C.status, _C.taken_by, _C.moved_at, _C.asked_at).where(
    _C.patient_id.in_(bindparam("patients", type_=_C.patient_id.type, expanding=True)),
    _C.ended_at.is_(None),
    _C.status.in_(LIVE),
)
# The last one of a number comes last, and stays.
_WRITTEN = (
    select(_M.number_index, _M.created_at, _M.patient_id, _M.conversation_id, _M.case_id)
    .where(
        _M.number_index.in_(bindparam("numbers", expanding=True)),
        _M.created_at > bindparam("since", type_=_M.created_at.type),
        _M.direction == "out",
        _M.purpose == Purpose.STAFF,
        _M.status.not_in(NOT_REACHED),
        _M.case_id.is_not(None),
    )
    .order_by(_M.created_at)
)
