"""Appointments into the store: booked opens the confirmation, moved begins it anew, missed opens the recovery."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ehr import follow_up
from app.ehr.decide import Decision, Then, of_booking
from app.ehr.follow_up import CONFIRMATION, NO_SHOW, sentence
from app.ehr.intake import OLDER, SAME, Applied, Intake, Memory, Outcome, external, visit_kind
from app.ehr.load_patient import DECEASED, find_patient, minor_note, refuse_test
from app.ehr.records import AppointmentRecord, BookingStatus, Identifier, RowError
from app.outreach.triggers import open_trigger
from app.patients.models import Patient
from app.scheduling.models import Appointment

VISIT = "appointment"
USUAL_MINUTES = 30
_IMPORTANT = re.compile(r"\b(new patient|consult\w*|urgent|hospital follow|post ?op\w*|prenatal)\b", re.I)


def take_appointment(intake: Intake, record: AppointmentRecord) -> Applied:
    """Apply an appointment as it now stands; a repeated or older message changes nothing."""
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
    ended = _end(intake, record, visit, decision, moved)
    told = _open(intake, record, visit, patient, memory.key, decision)
    reason = f"Follow-up withdrawn: {told}" if ended and decision.then is not Then.FOLLOW_UP else told
    return Applied(VISIT, Outcome.TAKEN, " ".join((reason, *record.notes)), patient.id)


def put_appointment(
    intake: Intake, record: AppointmentRecord, patient: Patient
) -> tuple[Appointment, str, datetime | None]:
    """The appointment as the source knows it now, with the status and start it had before ("" when new)."""
    session = intake.session
    found = _known(session, record.identifiers)
    before, started = (found.status, found.start_at) if found else ("", None)
    visit = found or Appointment(**external(record.identifiers[0]), patient_id=patient.id)
    if started is not None and started != record.start:
        visit.answer, visit.answered_at = None, None  # they agreed to another time
    visit.site_id = intake.site_called(record.location).id
    visit.patient_id, visit.status, visit.start_at = patient.id, record.status.value, record.start
    visit.minutes = record.minutes or visit.minutes or USUAL_MINUTES
    visit.visit, visit.video = visit_kind(record.service), record.video
    visit.practitioner, visit.location = record.practitioner or None, record.location or None
    visit.service = record.service or None
    visit.importance = "high" if _IMPORTANT.search(record.service) else "routine"
    visit.updated_at = intake.now
    session.add(visit)
    session.flush()
    _count_missed(patient, before, record.status)
    return visit, before, started


def _known(session: Session, numbers: tuple[Identifier, ...]) -> Appointment | None:
    for number in map(external, numbers):
        wanted = (Appointment.system == number["system"], Appointment.external_id == number["external_id"])
        found = session.scalar(select(Appointment).where(*wanted))
        if found is not None:
            return found
    return None


def _count_missed(patient: Patient, before: str, now: BookingStatus) -> None:
    missed = BookingStatus.NOSHOW.value
    if now.value == missed and before != missed:
        patient.missed_visits += 1
    elif before == missed and now.value != missed:
        patient.missed_visits = max(0, patient.missed_visits - 1)


def _end(
    intake: Intake, record: AppointmentRecord, visit: Appointment, decision: Decision, moved: bool
) -> bool:
    """End the follow-ups that do not hold any more; whether one was ended."""
    session, missed = intake.session, record.status is BookingStatus.NOSHOW
    ended = False
    if missed or moved or decision.then is Then.STOP:
        because = "the visit was missed" if missed else decision.reason or "the visit was moved"
        ended = follow_up.end(intake, follow_up.of_visit(session, CONFIRMATION, visit.id), because)
    if not missed:
        because = decision.reason or "the visit was booked again"
        ended = follow_up.end(intake, follow_up.of_visit(session, NO_SHOW, visit.id), because) or ended
    return ended


def _open(
    intake: Intake,
    record: AppointmentRecord,
    visit: Appointment,
    patient: Patient,
    key: str,
    decision: Decision,
) -> str:
    """Open the follow-up that is due, once; what was done, as a sentence."""
    if decision.then is not Then.FOLLOW_UP:
        return sentence(decision.reason)
    if patient.status == DECEASED:
        return "The patient has died: no follow-up begins."
    missed = record.status is BookingStatus.NOSHOW
    kind, told = (
        (NO_SHOW, "Recovery of the missed visit") if missed else (CONFIRMATION, "Confirmation of the visit")
    )
    if follow_up.of_visit(intake.session, kind, visit.id) is not None:
        return f"{told} is under way already."
    open_trigger(
        intake.session,
        source=record.source,
        external_id=follow_up.next_name(intake.session, record.source, f"{kind}:{key}"),
        kind=kind,
        patient=patient,
        occurred_at=min(record.start, intake.now) if missed else intake.now,
        now=intake.now,
        appointment=visit,
    )
    return " ".join((f"{told} opened.", *minor_note(patient)))
