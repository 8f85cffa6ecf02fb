"""Two records are one person (HL7 A40, FHIR Patient.link): all that one had belongs to the other."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Table, select, update

from app.audit import trail
from app.cases.models import Case
from app.ehr.intake import SAME, Applied, Intake, Outcome
from app.ehr.load_patient import DECEASED, DIED, KEPT_STATES, MERGED
from app.ehr.records import Identifier, MergeRecord, RowError
from app.outreach.triggers import stop_case, withdraw_patient
from app.patients.identity import give_number, known_as
from app.patients.models import ContactPoint, Patient
from app.scheduling.models import Slot
from app.store import Base

WHAT = "merge"
TWICE = "merged with a record that has the same follow-up"


def take_merge(intake: Intake, record: MergeRecord) -> Applied:
    """Move everything of the retired record to the surviving one; doing it again changes nothing."""
    survivor, retired = _one(intake, record.survivor), _one(intake, record.retired)
    if survivor is None and retired is None:
        return Applied(WHAT, Outcome.SKIPPED, "Neither of the two numbers is known here.")
    if survivor is None or retired is None or survivor.id == retired.id:
        kept = survivor or retired
        numbers = (*record.survivor, *record.retired)
        new = [give_number(intake.session, kept, n.system, n.value) for n in numbers] if kept else []
        told = "The other number is remembered for the one patient known." if any(new) else SAME
        return Applied(WHAT, Outcome.TAKEN if any(new) else Outcome.KNOWN, told, kept.id if kept else None)
    merge(intake, survivor, retired)
    return Applied(WHAT, Outcome.TAKEN, "Two records are one patient now.", survivor.id)


def _one(intake: Intake, numbers: tuple[Identifier, ...]) -> Patient | None:
    found = known_as(intake.session, ((number.system, number.value) for number in numbers))
    if len(found) > 1:
        raise RowError("One side of the merge has numbers of two different patients.")
    return found[0] if found else None


def merge(intake: Intake, survivor: Patient, retired: Patient) -> None:
    """Everything of `retired` under `survivor`; a follow-up both have goes on once."""
    session, now = intake.session, intake.now
    _stop_twins(intake, survivor, retired)
    _move_points(intake, survivor, retired)
    for table, column in _tables_of_patients():
        session.execute(update(table).where(table.c[column] == retired.id).values({column: survivor.id}))
    session.execute(update(Slot).where(Slot.booked_for == retired.id).values(booked_for=survivor.id))
    session.expire_all()
    survivor.missed_visits += retired.missed_visits
    survivor.risks = sorted({*survivor.risks, *retired.risks})
    survivor.birth_date = survivor.birth_date or retired.birth_date
    died = retired.status == DECEASED and survivor.status != DECEASED
    survivor.updated_at = retired.updated_at = now
    retired.status, retired.merged_into = MERGED, survivor.id
    if died:
        survivor.status, survivor.deceased_at = DECEASED, retired.deceased_at
        withdraw_patient(session, survivor, DIED, now, intake.kit)
    session.flush()
    trail.record(
        session,
        actor_kind=trail.SYSTEM,
        actor="import",
        action="patient.merged",
        subject_kind="patient",
        subject_id=str(survivor.id),
        now=now,
        detail={"retired": str(retired.id)},
    )


def _tables_of_patients() -> list[tuple[Table, str]]:
    """Every table that points at a patient, so that a new one is never forgotten; contact points apart."""
    return [
        (table, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "patient" and table.name not in ("patient", "contact_point")
    ]


def _stop_twins(intake: Intake, survivor: Patient, retired: Patient) -> None:
    """One follow-up of a kind is enough: where both have one open, the survivor's goes on."""
    theirs = {(case.lane_key, case.appointment_id) for case in _open_cases(intake, survivor.id)}
    for case in _open_cases(intake, retired.id):
        if (case.lane_key, case.appointment_id) in theirs:
            stop_case(intake.session, case.id, TWICE, intake.now, intake.kit)


def _open_cases(intake: Intake, patient_id: UUID) -> list[Case]:
    query = select(Case).where(Case.patient_id == patient_id, Case.closed_at.is_(None))
    return list(intake.session.scalars(query))


def _move_points(intake: Intake, survivor: Patient, retired: Patient) -> None:
    """The retired record's numbers come after the survivor's own; one both have keeps the worse news of it."""
    session = intake.session
    own = {p.value_index: p for p in _points(intake, survivor.id)}
    last = max((point.rank for point in own.values()), default=0)
    for point in _points(intake, retired.id):
        twin = own.get(point.value_index)
        if twin is None:
            point.patient_id, point.rank = survivor.id, point.rank + last
        else:
            if point.state in KEPT_STATES:
                twin.state, twin.state_reason = point.state, point.state_reason
            point.state, point.state_reason = "old", "the record was merged"
        point.updated_at = intake.now
    session.flush()


def _points(intake: Intake, patient_id: UUID) -> list[ContactPoint]:
    query = select(ContactPoint).where(ContactPoint.patient_id == patient_id).order_by(ContactPoint.rank)
    return list(intake.session.scalars(query))
