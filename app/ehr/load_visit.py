"""Stays, appointments and slots into the store, and the follow-ups they open, move or end."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.ehr.decide import Decision, Then, of_booking, of_stay
from app.ehr.intake import OLDER, SAME, Applied, Intake, Memory, Outcome, source_key, visit_kind
from app.ehr.load_patient import DECEASED, MINOR, find_patient, mark_deceased, refuse_test
from app.ehr.models import SourceRecord
from app.ehr.records import (
    AppointmentRecord,
    BookingStatus,
    EncounterRecord,
    Identifier,
    RowError,
    ScheduleRecord,
    SlotRecord,
    SlotStatus,
)
from app.outreach.models import Trigger
from app.outreach.triggers import open_trigger, withdraw
from app.patients.models import Patient
from app.scheduling.models import Appointment, Slot

STAY, VISIT, SLOT, SCHEDULE = "stay", "appointment", "slot", "schedule"
DISCHARGE, CONFIRMATION, NO_SHOW = "discharge", "appointment", "no_show"
LONGEST_ID = 120
_IMPORTANT = re.compile(r"\b(new patient|consult\w*|urgent|hospital follow|post ?op\w*|prenatal)\b", re.I)


def take_stay(intake: Intake, record: EncounterRecord) -> Applied:
    """A discharge home opens its follow-up once; one taken back, or elsewhere, ends it."""
    refuse_test(intake, record.test)
    patient = find_patient(intake, record.patient)
    memory = Memory(intake, STAY, record, record.identifiers[0])
    if memory.same():
        return Applied(STAY, Outcome.KNOWN, SAME, patient.id)
    if memory.older():
        return Applied(STAY, Outcome.SKIPPED, OLDER, patient.id)
    decision = of_stay(record, intake.now)
    if decision.then is Then.WRONG:
        raise RowError(decision.reason)
    memory.keep()
    if decision.then is Then.DIED:
        mark_deceased(intake, patient, record.end)
        return Applied(STAY, Outcome.TAKEN, decision.reason, patient.id)
    if decision.then is Then.FOLLOW_UP and record.end is not None:
        return _follow_up_discharge(intake, record, patient, memory.key, record.end)
    return _ended(intake, record.source, f"{DISCHARGE}:{memory.key}", decision, STAY, patient)


def _follow_up_discharge(
    intake: Intake, record: EncounterRecord, patient: Patient, key: str, left: datetime
) -> Applied:
    if patient.status == DECEASED:
        return Applied(STAY, Outcome.SKIPPED, "The patient has died: no follow-up begins.", patient.id)
    detail = {
        "facility": record.facility,
        "disposition": record.disposition.value,
        "class": record.visit_class.value,
        "service": record.service,
        "practitioner": record.practitioner,
        "visit_number": record.visit_number,
    }
    name = _fresh(intake.session, record.source, f"{DISCHARGE}:{key}", left)
    _, created = open_trigger(
        intake.session,
        source=record.source,
        external_id=name,
        kind=DISCHARGE,
        patient=patient,
        occurred_at=left,
        now=intake.now,
        detail=detail,
    )
    told = "Discharge follow-up opened." if created else "The discharge is being followed up already."
    return Applied(STAY, Outcome.TAKEN, " ".join((told, *_for_minor(patient), *record.notes)), patient.id)


def _for_minor(patient: Patient) -> tuple[str, ...]:
    return ("The patient is a minor: a person speaks with the family.",) if patient.status == MINOR else ()


def _fresh(session: Session, source: str, name: str, occurred_at: datetime | None = None) -> str:
    """The trigger's id: the one that stands, or the next when it was withdrawn (and this happened later)."""
    last = _latest(session, source, name)
    if last is None:
        return name
    again = last.withdrawn_at is not None and (occurred_at is None or occurred_at > last.occurred_at)
    return f"{name}#{_count(session, source, name) + 1}" if again else last.external_id


def _named(source: str, name: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Trigger.source == source, or_(Trigger.external_id == name, Trigger.external_id.like(f"{name}#%"))


def _latest(session: Session, source: str, name: str) -> Trigger | None:
    """The one that stands, else the last that was withdrawn."""
    query = (
        select(Trigger)
        .where(*_named(source, name))
        .order_by(Trigger.withdrawn_at.is_not(None), Trigger.occurred_at.desc())
    )
    return session.scalars(query.limit(1)).first()


def _count(session: Session, source: str, name: str) -> int:
    return len(session.scalars(select(Trigger.id).where(*_named(source, name))).all())


def _stop(intake: Intake, source: str, name: str, because: str) -> bool:
    trigger = _latest(intake.session, source, name)
    if trigger is None or trigger.withdrawn_at is not None:
        return False
    withdraw(intake.session, trigger, because, intake.now, intake.kit)
    return True


def _ended(
    intake: Intake, source: str, name: str, decision: Decision, what: str, patient: Patient
) -> Applied:
    """STOP ends what was opened; NOTHING leaves everything as it is."""
    if decision.then is Then.STOP and _stop(intake, source, name, decision.reason[:80]):
        return Applied(what, Outcome.TAKEN, f"Follow-up withdrawn: {_sentence(decision.reason)}", patient.id)
    return Applied(what, Outcome.SKIPPED, _sentence(decision.reason), patient.id)


def _sentence(words: str) -> str:
    return words if words.endswith(".") else f"{words[:1].upper()}{words[1:]}."


def put_appointment(
    intake: Intake, record: AppointmentRecord, patient: Patient
) -> tuple[Appointment, str, datetime | None]:
    """The appointment as the source knows it now, with the status and start it had before ("" when new)."""
    session = intake.session
    found = _appointment(session, record.identifiers)
    before, started = (found.status, found.start_at) if found else ("", None)
    visit = found or Appointment(**_number(record.identifiers[0]), patient_id=patient.id)
    if started is not None and started != record.start:
        visit.answer, visit.answered_at = None, None  # they agreed to another time
    visit.site_id = intake.site_called(record.location).id
    visit.patient_id, visit.status, visit.start_at = patient.id, record.status.value, record.start
    visit.minutes = record.minutes or visit.minutes or 30
    visit.visit, visit.video = visit_kind(record.service), record.video
    visit.practitioner, visit.location = record.practitioner or None, record.location or None
    visit.service = record.service or None
    visit.importance = "high" if _IMPORTANT.search(record.service) else "routine"
    visit.updated_at = intake.now
    session.add(visit)
    session.flush()
    _count_missed(patient, before, record.status)
    return visit, before, started


def _number(number: Identifier) -> dict[str, str]:
    return {"system": number.system[:LONGEST_ID], "external_id": number.value[:LONGEST_ID]}


def _appointment(session: Session, numbers: tuple[Identifier, ...]) -> Appointment | None:
    for number in numbers:
        wanted = _number(number)
        found = session.scalar(
            select(Appointment).where(
                Appointment.system == wanted["system"], Appointment.external_id == wanted["external_id"]
            )
        )
        if found is not None:
            return found
    return None


def _count_missed(patient: Patient, before: str, now: BookingStatus) -> None:
    missed = BookingStatus.NOSHOW.value
    if now.value == missed and before != missed:
        patient.missed_visits += 1
    elif before == missed and now.value != missed:
        patient.missed_visits = max(0, patient.missed_visits - 1)


def take_appointment(intake: Intake, record: AppointmentRecord) -> Applied:
    """An appointment: booked opens its confirmation, moved begins it anew, missed opens the recovery."""
    refuse_test(intake, record.test)
    patient = find_patient(intake, record.patient)
    memory = Memory(intake, VISIT, record, record.identifiers[0])
    if memory.same():
        return Applied(VISIT, Outcome.KNOWN, SAME, patient.id)
    if memory.older():
        return Applied(VISIT, Outcome.SKIPPED, OLDER, patient.id)
    decision = of_booking(record, intake.now)
    if decision.then is Then.WRONG:
        raise RowError(decision.reason)
    visit, _, started = put_appointment(intake, record, patient)
    memory.keep()
    moved = started is not None and started != record.start
    told = _follow_up_visit(intake, record, visit, patient, memory.key, decision, moved)
    return Applied(VISIT, Outcome.TAKEN, " ".join((told, *record.notes)), patient.id)


def _follow_up_visit(
    intake: Intake,
    record: AppointmentRecord,
    visit: Appointment,
    patient: Patient,
    key: str,
    decision: Decision,
    moved: bool,
) -> str:
    """End what does not hold any more, open what does; what was done, as a sentence."""
    missed = record.status is BookingStatus.NOSHOW
    confirm, recover = f"{CONFIRMATION}:{key}", f"{NO_SHOW}:{key}"
    if missed or moved or decision.then is Then.STOP:
        because = "the visit was missed" if missed else decision.reason or "the visit was moved"
        stopped = _stop(intake, record.source, confirm, because)
    else:
        stopped = False
    if not missed:
        stopped = (
            _stop(intake, record.source, recover, decision.reason or "the visit was booked again") or stopped
        )
    if decision.then is not Then.FOLLOW_UP:
        return f"{'Follow-up withdrawn: ' if stopped else ''}{_sentence(decision.reason)}"
    if patient.status == DECEASED:
        return "The patient has died: no follow-up begins."
    kind, name = (NO_SHOW, recover) if missed else (CONFIRMATION, confirm)
    return _open_visit(intake, record, visit, patient, kind, name)


def _open_visit(
    intake: Intake, record: AppointmentRecord, visit: Appointment, patient: Patient, kind: str, name: str
) -> str:
    occurred = record.start if kind == NO_SHOW else intake.now
    _, created = open_trigger(
        intake.session,
        source=record.source,
        external_id=_fresh(intake.session, record.source, name),
        kind=kind,
        patient=patient,
        occurred_at=min(occurred, intake.now),
        now=intake.now,
        appointment=visit,
    )
    told = "Recovery of the missed visit" if kind == NO_SHOW else "Confirmation of the visit"
    return " ".join((f"{told} {'opened' if created else 'is under way already'}.", *_for_minor(patient)))


def take_schedule(intake: Intake, record: ScheduleRecord) -> Applied:
    """Whose time its slots are: remembered, because slots may come in a file of their own."""
    memory = Memory(intake, SCHEDULE, record, record.identifiers[0])
    if memory.same():
        return Applied(SCHEDULE, Outcome.KNOWN, SAME)
    memory.keep(practitioner=record.practitioner, location=record.location, service=record.service)
    return Applied(SCHEDULE, Outcome.TAKEN, "Its slots will carry this provider and place.")


def _of_schedule(session: Session, numbers: tuple[Identifier, ...]) -> dict[str, str]:
    for number in numbers:
        key = source_key(session, SCHEDULE, number)
        row = session.scalar(select(SourceRecord).where(SourceRecord.key == key))
        if row is not None:
            return dict(row.given or {})
    return {}


def put_slot(intake: Intake, record: SlotRecord) -> Slot:
    """The slot as the source knows it now; what is booked here stays booked until the source shows it."""
    session, number = intake.session, _number(record.identifiers[0])
    slot = session.scalar(
        select(Slot).where(Slot.system == number["system"], Slot.external_id == number["external_id"])
    )
    slot = slot or Slot(**number)
    whose = _of_schedule(session, record.schedule)
    location = record.location or whose.get("location", "")
    slot.site_id = intake.site_called(location).id
    if slot.booked_for is None or record.status is not SlotStatus.FREE:
        slot.status = record.status.value
    slot.start_at, slot.minutes = record.start, record.minutes
    slot.visit = visit_kind(record.service or whose.get("service", ""))
    slot.practitioner = record.practitioner or whose.get("practitioner") or None
    slot.location, slot.updated_at = location or None, intake.now
    session.add(slot)
    session.flush()
    return slot


def take_slot(intake: Intake, record: SlotRecord) -> Applied:
    """A time that can be offered, or not any more; a past one is left alone."""
    memory = Memory(intake, SLOT, record, record.identifiers[0])
    if memory.same():
        return Applied(SLOT, Outcome.KNOWN, SAME)
    if record.start <= intake.now:
        return Applied(SLOT, Outcome.SKIPPED, "The slot is past.")
    put_slot(intake, record)
    memory.keep()
    free = record.status is SlotStatus.FREE
    return Applied(SLOT, Outcome.TAKEN, "It can be offered." if free else "It cannot be offered.")
