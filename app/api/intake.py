"""What the API takes in: the same load path as files and messages, with the caller's own ids for triggers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api import records
from app.api.answers import Became, Taken
from app.api.bodies import AppointmentIn, PatientIn, SlotIn, TriggerIn, VisitFields
from app.api.operations import services
from app.api.problems import Refused
from app.ehr.intake import Applied, Intake, Outcome
from app.ehr.load_patient import DECEASED, take_patient
from app.ehr.load_slot import take_slot
from app.ehr.load_visit import put_appointment, take_appointment
from app.ehr.records import AppointmentRecord, Identifier, RowError, RowSkip
from app.outreach.models import Trigger
from app.outreach.triggers import find, open_trigger, withdraw
from app.patients.identity import known_as, survivor
from app.patients.models import Patient, PatientIdentifier, Site
from app.scheduling.models import Appointment, Slot

T = TypeVar("T")
DIED = "The patient has died: no follow-up begins."


def trigger(session: Session, body: TriggerIn) -> Taken:
    """Open the case of what happened; the same (source, external_id) again changes nothing at all."""
    known = find(session, body.source, body.external_id)
    if known is not None:
        return _told(known, created=False)
    intake = _intake(session, body.site)
    patient, notes = _person(intake, body)
    if patient.status == DECEASED:
        return Taken(outcome="skipped", patient_id=patient.id, notes=[*notes, DIED])
    visit = _visit_of(intake, body, body.appointment, patient) if body.appointment else None
    under_way = _under_way(session, body.kind, visit)
    if under_way is not None:
        return _told(under_way, created=False)
    opened, created = open_trigger(
        session,
        source=body.source,
        external_id=body.external_id,
        kind=body.kind,
        patient=patient,
        occurred_at=body.occurred_at,
        now=intake.now,
        appointment=visit,
    )
    return _told(opened, created=created, notes=notes)


def patient(session: Session, body: PatientIn) -> Taken:
    """Make a person known, or bring what is known up to date."""
    intake, record = _intake(session, body.site), records.patient(body, body.source)
    before = known_as(session, ((number.system, number.value) for number in record.identifiers))
    person, applied = _refusing(lambda: take_patient(intake, record))
    notes = list(record.notes) if applied.outcome is not Outcome.SKIPPED else [applied.reason]
    return Taken(outcome=_outcome(applied, bool(before)), id=person.id, patient_id=person.id, notes=notes)


def appointment(session: Session, body: AppointmentIn) -> Taken:
    """Make a visit known as it now stands; its confirmation or recovery opens, moves or ends by that."""
    intake = _intake(session, body.site)
    person, notes = _person(intake, body)
    record = _visit_record(session, body, body.source, person)
    before = _row(session, record)
    applied = _refusing(lambda: take_appointment(intake, record))
    row = _row(session, record)
    if row is not None:
        _describe(row, body)
    told = [*notes, *([applied.reason] if applied.reason else [])]
    outcome = _outcome(applied, before is not None)
    return Taken(outcome=outcome, id=row.id if row else None, patient_id=person.id, notes=told)


def slot(session: Session, body: SlotIn) -> Taken:
    """Make a time known as it now stands; what is booked here stays booked."""
    intake, record = _intake(session, body.site), records.slot(body)
    number = record.identifiers[0]
    wanted = select(Slot).where(Slot.system == number.system, Slot.external_id == number.value)
    before = session.scalar(wanted)
    applied = _refusing(lambda: take_slot(intake, record))
    row = session.scalar(wanted)
    if row is not None:
        row.visit = body.visit
    notes = [applied.reason] if applied.outcome is Outcome.SKIPPED else []
    return Taken(outcome=_outcome(applied, before is not None), id=row.id if row else None, notes=notes)


def _intake(session: Session, site_key: str | None) -> Intake:
    found = services()
    sites = select(Site).order_by(Site.key).limit(1)
    site = session.scalar(sites.where(Site.key == site_key) if site_key else sites)
    if site is None:
        words = f"There is no site {site_key!r}." if site_key else "No site is set up yet."
        raise Refused(422, words, "site", [{"path": "site", "words": words}])
    # Only where real patients are followed up must a test patient be kept out.
    return Intake(session, site, found.kit, found.clock.now(), take_tests=not found.settings.production)


def _person(intake: Intake, body: TriggerIn | AppointmentIn) -> tuple[Patient, list[str]]:
    """Whom it is about, with what was noted of them."""
    if body.patient is not None:
        record = records.patient(body.patient, body.source)
        return _refusing(lambda: take_patient(intake, record))[0], list(record.notes)
    known = intake.session.get(Patient, body.patient_id)
    if known is None:
        raise Refused(
            422,
            "The patient is not known.",
            "patient",
            [{"path": "patient_id", "words": "There is no such patient."}],
        )
    return survivor(intake.session, known), []


def _visit_of(intake: Intake, body: TriggerIn, fields: VisitFields, patient: Patient) -> Appointment:
    """The trigger's visit as it now stands; a missed one needs no more confirmation."""
    if body.kind == "no_show" and "status" not in fields.model_fields_set:
        fields = fields.model_copy(update={"status": "noshow"})
    record = _visit_record(intake.session, fields, body.source, patient)
    visit = _refusing(lambda: put_appointment(intake, record, patient))[0]
    _describe(visit, fields)
    confirmation = _under_way(intake.session, "appointment", visit) if body.kind == "no_show" else None
    if confirmation is not None:
        withdraw(intake.session, confirmation, "the visit was missed", intake.now, intake.kit)
    return visit


def _visit_record(session: Session, body: VisitFields, source: str, patient: Patient) -> AppointmentRecord:
    numbers = session.scalars(select(PatientIdentifier).where(PatientIdentifier.patient_id == patient.id))
    return records.visit(body, source, tuple(Identifier(one.system, one.value) for one in numbers))


def _describe(visit: Appointment, body: VisitFields) -> None:
    """What the caller says of the kind of visit counts more than what its service's name suggests."""
    given = body.model_fields_set
    visit.visit = body.visit if "visit" in given or not body.service else visit.visit
    visit.importance = body.importance if "importance" in given else visit.importance


def _row(session: Session, record: AppointmentRecord) -> Appointment | None:
    number = record.identifiers[0]
    wanted = (Appointment.system == number.system, Appointment.external_id == number.value)
    return session.scalar(select(Appointment).where(*wanted))


def _under_way(session: Session, kind: str, visit: Appointment | None) -> Trigger | None:
    """The follow-up of this kind that this visit has already, whoever told of it: it must not get a second."""
    if visit is None:
        return None
    same = (Trigger.kind == kind, Trigger.patient_id == visit.patient_id, Trigger.appointment_id == visit.id)
    return session.scalar(select(Trigger).where(*same, Trigger.withdrawn_at.is_(None)).limit(1))


def _told(row: Trigger, *, created: bool, notes: list[str] | None = None) -> Taken:
    return Taken(
        outcome="created" if created else "repeated",
        id=row.id,
        patient_id=row.patient_id,
        appointment_id=row.appointment_id,
        case_id=row.case_id,
        notes=notes or [],
    )


def _refusing(act: Callable[[], T]) -> T:
    """What a reader would put into quarantine or skip is refused here, with the same words."""
    try:
        return act()
    except (RowError, RowSkip) as problem:
        code = "skipped" if isinstance(problem, RowSkip) else "quarantined"
        raise Refused(422, str(problem), code) from problem


def _outcome(applied: Applied, known: bool) -> Became:
    if applied.outcome is Outcome.SKIPPED:
        return "skipped"
    if applied.outcome is Outcome.KNOWN:
        return "repeated"
    return "changed" if known else "created"
