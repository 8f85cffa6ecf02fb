"""JSON of the API as the records every other way in is turned into: one load path, the same numbers."""

from __future__ import annotations

from app.api.bodies import PatientFields, SlotIn, VisitFields
from app.ehr.phones import parse_phones, phone_notes, unique
from app.ehr.records import (
    AppointmentRecord,
    BookingStatus,
    Email,
    Identifier,
    Name,
    PatientRecord,
    Phone,
    SlotRecord,
    SlotStatus,
)
from app.ehr.vocab import is_test_name, language
from app.ehr.zones import zone_hint

WHERE = "the request"


def patient(body: PatientFields, source: str) -> PatientRecord:
    """A person as a record; numbers that cannot be reached stay in it with their problem, and are noted."""
    phones = unique(parse_phones(body.phone or "", use=body.phone_use))
    return PatientRecord(
        source=source,
        where=WHERE,
        identifiers=(mrn(body.mrn, source), *(Identifier(one.system, one.value) for one in body.identifiers)),
        name=Name(body.family_name, body.given_name),
        birth_date=body.birth_date,
        phones=phones,
        emails=(Email(body.email),) if body.email else (),
        language=language(body.language),
        interpreter=body.interpreter,
        deceased=body.deceased,
        active=body.active,
        zip_code=body.zip_code,
        state=body.state.upper(),
        zone_hint=zone_hint(body.state, phones),
        test=is_test_name(body.family_name, body.given_name),
        notes=_notes(body, phones),
    )


def visit(body: VisitFields, source: str, whose: tuple[Identifier, ...]) -> AppointmentRecord:
    """A visit as a record."""
    return AppointmentRecord(
        source=source,
        where=WHERE,
        identifiers=(Identifier(f"{source}/appointment", body.external_id),),
        patient=whose,
        start=body.start,
        status=BookingStatus(body.status),
        minutes=body.minutes,
        practitioner=body.practitioner,
        location=body.location,
        service=body.service,
        video=body.video,
    )


def slot(body: SlotIn) -> SlotRecord:
    """A free or taken time as a record."""
    return SlotRecord(
        source=body.source,
        where=WHERE,
        identifiers=(Identifier(f"{body.source}/slot", body.external_id),),
        start=body.start,
        minutes=body.minutes,
        status=SlotStatus(body.status),
        practitioner=body.practitioner,
        location=body.location,
        service=body.visit,
    )


def mrn(value: str, source: str) -> Identifier:
    """A record number as the files' readers write it: a person is one person whichever way they come."""
    return Identifier(f"{source}/mrn", value, "MR")


def _notes(body: PatientFields, phones: tuple[Phone, ...]) -> tuple[str, ...]:
    unknown = bool(body.language) and not language(body.language)
    more = ("The language is not known; English will be used.",) if unknown else ()
    return phone_notes(phones) + more
