"""Stays into the store: a discharge home opens its follow-up once; one taken back, or elsewhere, ends it."""

from __future__ import annotations

from datetime import datetime

from app.ehr import follow_up
from app.ehr.decide import Then, of_stay
from app.ehr.intake import OLDER, SAME, Applied, Intake, Memory, Outcome
from app.ehr.load_patient import DECEASED, find_patient, mark_deceased, minor_note, refuse_test
from app.ehr.records import EncounterRecord, RowError
from app.outreach.models import Trigger
from app.outreach.triggers import open_trigger
from app.patients.models import Patient

STAY = "stay"


def take_stay(intake: Intake, record: EncounterRecord) -> Applied:
    """Apply a stay as it now stands; a repeated or older message changes nothing."""
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
    known = follow_up.remembered(intake.session, memory.given.get("trigger"))
    if decision.then is Then.FOLLOW_UP and record.end is not None and patient.status != DECEASED:
        opened, told = _follow_up(intake, record, patient, memory.key, known, record.end)
        memory.keep(trigger=str(opened.id))
        return Applied(STAY, Outcome.TAKEN, told, patient.id)
    memory.keep(trigger=str(known.id) if known else None)
    if decision.then is Then.DIED:
        mark_deceased(intake, patient, record.end)
        return Applied(STAY, Outcome.TAKEN, decision.reason, patient.id)
    if decision.then is Then.STOP and follow_up.end(intake, known, decision.reason):
        words = f"Follow-up withdrawn: {follow_up.sentence(decision.reason)}"
        return Applied(STAY, Outcome.TAKEN, words, patient.id)
    reason = decision.reason or "the patient has died: no follow-up begins"
    return Applied(STAY, Outcome.SKIPPED, follow_up.sentence(reason), patient.id)


def _follow_up(
    intake: Intake,
    record: EncounterRecord,
    patient: Patient,
    key: str,
    known: Trigger | None,
    left: datetime,
) -> tuple[Trigger, str]:
    """The discharge's one follow-up, and what was done as a sentence.

    After one that was withdrawn, only a later discharge is a new one: a sender may repeat the old message.
    """
    notes = (*minor_note(patient), *record.notes)
    if known is not None and (known.withdrawn_at is None or left <= known.occurred_at):
        stands = known.withdrawn_at is None
        told = "The discharge is being followed up already." if stands else "This discharge was taken back."
        return known, " ".join((told, *notes))
    other = follow_up.of_discharge(intake.session, patient.id, left)
    if other is not None:
        return other, " ".join(("This discharge is being followed up already.", *notes))
    opened, _ = open_trigger(
        intake.session,
        source=record.source,
        external_id=follow_up.next_name(intake.session, record.source, f"{follow_up.DISCHARGE}:{key}"),
        kind=follow_up.DISCHARGE,
        patient=patient,
        occurred_at=left,
        now=intake.now,
        detail=_detail(record),
    )
    return opened, " ".join(("Discharge follow-up opened.", *notes))


def _detail(record: EncounterRecord) -> dict[str, str]:
    return {
        "facility": record.facility,
        "disposition": record.disposition.value,
        "class": record.visit_class.value,
        "service": record.service,
        "practitioner": record.practitioner,
        "visit_number": record.visit_number,
    }
