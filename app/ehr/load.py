"""Records into the store: the one way in for files, messages and the API."""

from __future__ import annotations

from app.ehr.intake import Applied, Intake
from app.ehr.load_merge import take_merge
from app.ehr.load_patient import take_patient
from app.ehr.load_slot import take_schedule, take_slot
from app.ehr.load_stay import take_stay
from app.ehr.load_visit import take_appointment
from app.ehr.records import (
    AppointmentRecord,
    EncounterRecord,
    MergeRecord,
    PatientRecord,
    Record,
    ScheduleRecord,
    SlotRecord,
)


def apply(intake: Intake, record: Record) -> Applied:
    """Apply one record in the intake's transaction; the same record again changes nothing.

    Raises RowError (quarantine it; UnknownPatient may work later) or RowSkip (not for us) with the reason; the
    caller rolls back what the record had begun.
    """
    match record:
        case PatientRecord():
            return take_patient(intake, record)[1]
        case EncounterRecord():
            return take_stay(intake, record)
        case AppointmentRecord():
            return take_appointment(intake, record)
        case SlotRecord():
            return take_slot(intake, record)
        case ScheduleRecord():
            return take_schedule(intake, record)
        case MergeRecord():
            return take_merge(intake, record)
