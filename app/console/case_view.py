"""Everything about a case on one screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import phonenumbers
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Barrier, Case, Flag, Lane, Promise
from app.cases.people import in_charge
from app.cases.work import seen
from app.consent.ledger import standing
from app.consent.may_send import verdict
from app.console.phrases import age
from app.console.queue_rows import View
from app.console.thread import Item, thread
from app.conversations.models import Conversation
from app.errors import NotFound
from app.outbox.models import Message
from app.patients.models import ContactPoint, Patient, PatientIdentifier, Site
from app.patients.people import zone_of
from app.scheduling.models import Appointment
from app.security.models import Staff
from app.understanding.reading import Urgency

OTHERS = 10


@dataclass(frozen=True, slots=True)
class Contact:
    """A number or address of the patient, with what may be sent to it."""

    point: ContactPoint
    shown: str
    may_text: bool
    may_call: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    """What the page shows."""

    case: Case
    patient: Patient
    site: Site
    lane: Lane
    lanes: Sequence[Lane]
    staff: Sequence[Staff]
    names: dict[UUID, str]
    acting: Staff | None
    flags: list[Flag]
    also: dict[UUID, list[str]]
    """What else the same words were flagged for, by the flag that stands for them."""
    readings: dict[UUID, dict[str, object]]
    languages: dict[UUID, str]
    """The language of flagged words, by their message."""
    barriers: list[Barrier]
    promises: list[Promise]
    appointment: Appointment | None
    contacts: list[Contact]
    numbers: list[PatientIdentifier]
    conversation: Conversation | None
    others: list[Case]
    items: list[Item]
    earlier: str | None
    warning: str
    patient_zone: str
    age: int | None

    @property
    def zone(self) -> str:
        """The site's time zone: every time on the page is in it."""
        return self.site.time_zone

    @property
    def emergencies(self) -> list[Flag]:
        """Emergencies nobody has acknowledged."""
        return [
            flag for flag in self.flags if flag.acknowledged_at is None and flag.urgency >= Urgency.EMERGENCY
        ]

    @property
    def other_flags(self) -> list[Flag]:
        """Every other flag."""
        return [flag for flag in self.flags if flag not in self.emergencies]

    @property
    def holder(self) -> str:
        """Who has claimed the case, or nobody."""
        return self.names.get(self.case.claimed_by, "") if self.case.claimed_by else ""


def find(session: Session, view: View, case_id: UUID) -> Case:
    """The case, if it is of a site this person sees; NotFound otherwise."""
    case = session.get(Case, case_id)
    if case is None or case.site_id not in view.sites:
        raise NotFound("There is no such case.")
    return case


def show(session: Session, view: View, case_id: UUID, *, before: str | None = None) -> CaseView:
    """Everything about the case; its unread messages count as read when whoever looks has claimed it."""
    case = find(session, view, case_id)
    if case.claimed_by == view.staff.id:
        seen(session, case)
    patient, site = session.get_one(Patient, case.patient_id), view.sites[case.site_id]
    staff = list(session.scalars(select(Staff).order_by(Staff.name)))
    names = {person.id: person.name for person in staff}
    flags, also = _by_words(_flags(session, case))
    contacts = _contacts(session, patient)
    lanes = list(session.scalars(select(Lane).order_by(Lane.title)))
    readings, languages = _readings(session, flags)
    items, earlier = thread(session, case, names, before=before)
    return CaseView(
        case=case,
        patient=patient,
        site=site,
        lane=next(lane for lane in lanes if lane.key == case.lane_key),
        lanes=lanes,
        staff=[person for person in staff if person.active],
        names=names,
        acting=in_charge(session, case, view.now),
        flags=flags,
        also=also,
        readings=readings,
        languages=languages,
        barriers=list(
            session.scalars(select(Barrier).where(Barrier.case_id == case.id).order_by(Barrier.opened_at))
        ),
        promises=list(
            session.scalars(select(Promise).where(Promise.case_id == case.id).order_by(Promise.due_at))
        ),
        appointment=_appointment(session, case, view.now),
        contacts=contacts,
        numbers=list(
            session.scalars(select(PatientIdentifier).where(PatientIdentifier.patient_id == patient.id))
        ),
        conversation=_conversation(session, case),
        others=_others(session, view, case),
        items=items,
        earlier=earlier,
        warning=text_warning(patient, site, contacts, view.now),
        patient_zone=str(zone_of(patient, site)),
        age=age(patient.birth_date, view.now.astimezone(ZoneInfo(site.time_zone)).date()),
    )


def text_warning(patient: Patient, site: Site, contacts: Sequence[Contact], now: datetime) -> str:
    """Why a text to the patient would not go out, or that it is night there; empty when nothing is in the way."""
    phones = [contact for contact in contacts if contact.point.system == "phone"]
    best = next((contact for contact in phones if contact.point.state == "ok"), None)
    if best is None:
        return "No mobile number can be used: call, or mend the number first."
    found = verdict(
        patient=patient,
        site=site,
        channel="sms",
        purpose="staff",
        now=now,
        standing=best.may_text,
        number=best.point.value,
        number_state=best.point.state,
    )
    if found.kind == "never":
        return f"A text would not go out: {found.reason}."
    hours = verdict(
        patient=patient,
        site=site,
        channel="sms",
        purpose="outreach",
        now=now,
        standing=True,
        number=best.point.value,
    )
    if hours.kind == "now":
        return ""
    local = now.astimezone(zone_of(patient, site))
    return f"It is {local:%H:%M} where the patient is: outside the hours for writing. Your text goes out at once."


def _flags(session: Session, case: Case) -> list[Flag]:
    order = (Flag.acknowledged_at.is_not(None), Flag.urgency.desc(), Flag.raised_at.desc())
    return list(session.scalars(select(Flag).where(Flag.case_id == case.id).order_by(*order)))


def _by_words(flags: Sequence[Flag]) -> tuple[list[Flag], dict[UUID, list[str]]]:
    """The first flag of each text, the most urgent, and what else that text was flagged for."""
    first: dict[tuple[UUID, bool], Flag] = {}
    also: dict[UUID, list[str]] = {}
    for flag in flags:
        whose = (flag.message_id or flag.id, flag.acknowledged_at is None)
        lead = first.setdefault(whose, flag)
        said = also.setdefault(lead.id, [])
        if flag.because not in (lead.because, *said):
            said.append(flag.because)
    return list(first.values()), also


def _readings(
    session: Session, flags: Sequence[Flag]
) -> tuple[dict[UUID, dict[str, object]], dict[UUID, str]]:
    """How the flagged words were read, and in which language they are."""
    ids = [flag.message_id for flag in flags if flag.message_id and flag.words]
    if not ids:
        return {}, {}
    rows = session.execute(
        select(Message.id, Message.reading, Message.language).where(Message.id.in_(ids))
    ).all()
    return {row.id: row.reading for row in rows if row.reading}, {row.id: row.language for row in rows}


def _contacts(session: Session, patient: Patient) -> list[Contact]:
    points = session.scalars(
        select(ContactPoint)
        .where(ContactPoint.patient_id == patient.id)
        .order_by(ContactPoint.system.desc(), ContactPoint.rank, ContactPoint.updated_at.desc())
    )
    return [_contact(session, point) for point in points]


def _contact(session: Session, point: ContactPoint) -> Contact:
    if point.system != "phone":
        return Contact(point, point.value, False, False)
    return Contact(
        point,
        phone_words(point.value),
        point.state == "ok" and standing(session, point.value_index, "sms"),
        point.state in ("ok", "landline") and standing(session, point.value_index, "voice"),
    )


def phone_words(number: str) -> str:
    """A number as people write it where it is from: (312) 555-0123."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    own = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if parsed.country_code == 1
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(parsed, own)


def _appointment(session: Session, case: Case, now: datetime) -> Appointment | None:
    if case.appointment_id is not None:
        return session.get(Appointment, case.appointment_id)
    query = select(Appointment).where(
        Appointment.patient_id == case.patient_id, Appointment.start_at > now, Appointment.status == "booked"
    )
    return session.scalars(query.order_by(Appointment.start_at).limit(1)).first()


def _conversation(session: Session, case: Case) -> Conversation | None:
    query = (
        select(Conversation).where(Conversation.case_id == case.id).order_by(Conversation.started_at.desc())
    )
    return session.scalars(query.limit(1)).first()


def _others(session: Session, view: View, case: Case) -> list[Case]:
    query = select(Case).where(
        Case.patient_id == case.patient_id, Case.id != case.id, Case.site_id.in_(view.sites)
    )
    return list(session.scalars(query.order_by(Case.opened_at.desc()).limit(OTHERS)))
