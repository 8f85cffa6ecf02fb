"""A patient record into the store: who, how to reach them, and what stops outreach."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import trail
from app.ehr.intake import OLDER, SAME, Applied, Intake, Memory, Outcome
from app.ehr.records import Contact, Identifier, PatientRecord, Phone, RowError, RowSkip
from app.ehr.vocab import LANGUAGES
from app.outreach.triggers import withdraw_patient
from app.patients.identity import folded, give_number, known_as, name_index
from app.patients.models import ContactPoint, Patient
from app.patients.people import number_index
from app.store import keyring_of

ADULT = 18
MOST_TWINS = 200
"""Patients of one family name looked at for being the same person."""
WHAT = "patient"
DECEASED, MERGED, MINOR, INACTIVE, ACTIVE = "deceased", "merged", "minor", "inactive", "active"
DIED = "the patient has died"
KEPT_STATES = ("wrong_person", "invalid")
"""What the patient or the carrier has told us of a number outlives a source that repeats it."""


class UnknownPatient(RowError):
    """The patient a record is about is not known (yet): it may work once they are."""


def age_on(born: date, day: date) -> int:
    """Whole years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def find_patient(intake: Intake, numbers: tuple[Identifier, ...]) -> Patient:
    """The one patient these numbers mean; UnknownPatient for none, RowError for two."""
    found = known_as(intake.session, ((number.system, number.value) for number in numbers))
    if not found:
        raise UnknownPatient("The patient is not known here. Send the patient first, then this again.")
    if len(found) > 1:
        raise RowError("Its patient numbers belong to two different patients. Merge them in the EHR first.")
    return found[0]


def refuse_test(intake: Intake, test: bool) -> None:
    """RowSkip for what a source marks as a test, where only real patients are followed up."""
    if test and not intake.take_tests:
        raise RowSkip("It is marked as a test, or has a test patient's name.")


def take_patient(intake: Intake, record: PatientRecord) -> tuple[Patient, Applied]:
    """Make the patient known, or bring what is known up to date; a repeated or older record changes nothing.

    RowSkip for a test patient; RowError where the numbers mean two people, or somebody else.
    """
    refuse_test(intake, record.test)
    memory = Memory(intake, f"{WHAT} {intake.feed}".strip(), record, record.identifiers[0])
    known = known_as(intake.session, ((number.system, number.value) for number in record.identifiers))
    if len(known) > 1:
        raise RowError("Its numbers belong to two different patients. Merge them in the EHR first.")
    patient = known[0] if known else None
    if patient is not None:
        _same_person(patient, record)
        if memory.same():
            return patient, _applied(patient, Outcome.KNOWN, SAME)
        if memory.older():
            return patient, _applied(patient, Outcome.SKIPPED, OLDER)
    created = patient is None
    patient = patient or _new(intake, record)
    _write(intake, patient, record, memory)
    told = "New patient." if created else "Brought up to date."
    if created and _twin(intake, patient):
        told += (
            " Somebody of this name and birth date is known under other numbers: perhaps one person twice."
        )
    return patient, _applied(patient, Outcome.TAKEN, " ".join((told, *_findings(intake, patient, record))))


def _applied(patient: Patient, outcome: Outcome, reason: str) -> Applied:
    return Applied(WHAT, outcome, reason, patient.id)


def _findings(intake: Intake, patient: Patient, record: PatientRecord) -> tuple[str, ...]:
    """What a person should know of a patient who was taken."""
    words = {
        DECEASED: "The patient has died: nothing is sent.",
        MINOR: "The patient is a minor: a person speaks with the family, nothing is sent by itself.",
        INACTIVE: "The patient is not active at the source: nothing is sent.",
    }
    found: tuple[str, ...] = (words[patient.status],) if patient.status in words else ()
    if not any(phone.e164 for phone in record.phones):
        found += ("There is no number to reach them at: a person has to find one.",)
    if record.language and record.language not in LANGUAGES:
        found += (f"The language {record.language!r} has no texts yet: an interpreter is needed.",)
    return found + record.notes


def minor_note(patient: Patient) -> tuple[str, ...]:
    """What a report says of a follow-up for a minor."""
    return ("The patient is a minor: a person speaks with the family.",) if patient.status == MINOR else ()


def _same_person(patient: Patient, record: PatientRecord) -> None:
    """A number that suddenly has another name and another birth date was reused or mistyped."""
    born = record.birth_date.isoformat() if record.birth_date else None
    if not born or not patient.birth_date or born == patient.birth_date:
        return
    names = {folded(patient.family_name), folded(patient.given_name)}
    if record.name.full and not names & {folded(record.name.family), folded(record.name.given)}:
        raise RowError(
            "This patient number belongs to somebody with another name and another birth date. "
            "Check the number; if the patients were merged, send the merge."
        )


def _new(intake: Intake, record: PatientRecord) -> Patient:
    patient = Patient(
        site_id=intake.site.id,
        given_name=record.name.given,
        family_name=record.name.family,
        name_index=name_index(intake.session, record.name.family),
        created_at=intake.now,
        updated_at=intake.now,
    )
    patient.language = (intake.site.languages or ["en"])[0]
    intake.session.add(patient)
    intake.session.flush()
    return patient


def _twin(intake: Intake, patient: Patient) -> bool:
    """Whether another patient has this name and birth date."""
    if not patient.birth_date or not patient.given_name:
        return False
    query = select(Patient).where(
        Patient.site_id == patient.site_id,
        Patient.name_index == patient.name_index,
        Patient.id != patient.id,
        Patient.status != MERGED,
    )
    return any(
        other.birth_date == patient.birth_date and folded(other.given_name) == folded(patient.given_name)
        for other in intake.session.scalars(query.limit(MOST_TWINS))
    )


def _write(intake: Intake, patient: Patient, record: PatientRecord, memory: Memory) -> None:
    session, before = intake.session, memory.given
    if record.name.full:
        patient.given_name, patient.family_name = record.name.given, record.name.family
        patient.name_index = name_index(session, record.name.family)
    if record.birth_date:
        patient.birth_date = record.birth_date.isoformat()
    _write_language(patient, record, before)
    if record.zone_hint:
        patient.time_zone = record.zone_hint
    if record.contacts:
        patient.contacts = [_contact(contact) for contact in record.contacts]
    for number in record.identifiers:
        give_number(session, patient, number.system, number.value)
    points = _write_points(intake, patient, record, before.get("points", []))
    patient.updated_at = intake.now
    memory.keep(language=record.language, interpreter=record.interpreter, points=points)
    _write_status(intake, patient, record)


def _write_language(patient: Patient, record: PatientRecord, before: dict[str, Any]) -> None:
    """Only what the source changed: a language the patient has chosen with us since then stays."""
    if record.language and record.language != before.get("language"):
        if record.language in LANGUAGES:
            patient.language = record.language
        else:
            patient.interpreter = True
    if record.interpreter is not None and record.interpreter != before.get("interpreter"):
        patient.interpreter = record.interpreter


def _contact(contact: Contact) -> dict[str, Any]:
    return {
        "name": contact.name.full,
        "relation": contact.relation,
        "guardian": contact.guardian,
        "language": contact.language,
        "phones": [phone.e164 for phone in contact.phones if phone.e164],
    }


def _write_points(intake: Intake, patient: Patient, record: PatientRecord, before: list[str]) -> list[str]:
    """The numbers and addresses this source gives now; one it gave before and no more is old."""
    indexes = [
        _phone_point(intake, patient, phone, rank) for rank, phone in enumerate(record.phones, start=1)
    ]
    indexes += [_mail_point(intake, patient, mail.address) for mail in record.emails]
    gone = set(before) - set(indexes) if record.phones else set()
    query = select(ContactPoint).where(
        ContactPoint.patient_id == patient.id, ContactPoint.value_index.in_(gone), ContactPoint.state != "old"
    )
    for point in intake.session.scalars(query).all():
        point.state, point.state_reason = "old", "the source does not give it any more"
        point.updated_at = intake.now
    return indexes


def _phone_point(intake: Intake, patient: Patient, phone: Phone, rank: int) -> str:
    value = phone.e164 or phone.raw
    index = number_index(intake.session, value)
    point = _point(intake.session, patient.id, index)
    if point is None:
        point = ContactPoint(patient_id=patient.id, value=value, value_index=index)
        intake.session.add(point)
    point.use, point.rank, point.updated_at = phone.use or "mobile", rank, intake.now
    if phone.problem:
        point.state, point.state_reason = "invalid", phone.problem[:120]
    elif point.state not in KEPT_STATES:
        point.state, point.state_reason = ("landline" if phone.mobile is False else "ok"), None
    intake.session.flush()
    return index


def _mail_point(intake: Intake, patient: Patient, address: str) -> str:
    index = keyring_of(intake.session).blind("email", address.casefold())
    if _point(intake.session, patient.id, index) is None:
        point = ContactPoint(
            patient_id=patient.id, system="email", use="home", value=address, value_index=index
        )
        point.updated_at = intake.now
        intake.session.add(point)
        intake.session.flush()
    return index


def _point(session: Session, patient_id: UUID, index: str) -> ContactPoint | None:
    query = select(ContactPoint).where(
        ContactPoint.patient_id == patient_id, ContactPoint.value_index == index
    )
    return session.scalar(query)


def _write_status(intake: Intake, patient: Patient, record: PatientRecord) -> None:
    if record.deceased:
        mark_deceased(intake, patient, record.deceased_at)
    if patient.status in (DECEASED, MERGED):
        return  # only a person takes a death back
    born = date.fromisoformat(patient.birth_date) if patient.birth_date else None
    if not record.active:
        patient.status = INACTIVE
    elif born and age_on(born, intake.now.date()) < ADULT:
        patient.status = MINOR
    else:
        patient.status = ACTIVE


def mark_deceased(intake: Intake, patient: Patient, at: datetime | None) -> None:
    """The patient has died: everything planned stops, and nothing begins any more."""
    patient.deceased_at = patient.deceased_at or at
    if patient.status == DECEASED:
        return
    patient.status, patient.updated_at = DECEASED, intake.now
    intake.session.flush()
    stopped = withdraw_patient(intake.session, patient, DIED, intake.now, intake.kit)
    trail.record(
        intake.session,
        actor_kind=trail.SYSTEM,
        actor="import",
        action="patient.deceased",
        subject_kind="patient",
        subject_id=str(patient.id),
        now=intake.now,
        detail={"cases_stopped": stopped},
    )
