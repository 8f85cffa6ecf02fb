"""FHIR R4 as servers really send it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.ehr.demo import demo_file
from app.ehr.records import (
    AppointmentRecord,
    BookingStatus,
    Disposition,
    EncounterRecord,
    MergeRecord,
    PatientRecord,
    Quarantined,
    ScheduleRecord,
    Skipped,
    SlotRecord,
    SlotStatus,
    VisitClass,
)
from tests.ehr.support import FILES, every, only, read, reasons

BULK = FILES.joinpath("bulk.ndjson").read_bytes()
NOTIFICATION = FILES.joinpath("subscription-notification.json").read_bytes()


def resource(**fields: Any) -> str:
    return json.dumps(fields)


def test_a_patient_keeps_what_outreach_needs_and_not_the_social_security_number() -> None:
    who = only(read(BULK), PatientRecord)
    assert [number.value for number in who.identifiers] == ["b1", "N-301"]
    assert who.name.full == "Beatriz Solano"
    assert [phone.e164 for phone in who.phones] == ["+13125550144", "+13125550102"]
    assert (who.phones[0].mobile, who.emails[0].address, who.language) == (True, "bea@example.org", "es")
    assert who.birth_date == date(1970, 3, 12)


def test_visits_find_their_patient_by_reference_or_by_identifier() -> None:
    rows = read(BULK)
    stay, missed = only(rows, EncounterRecord), only(rows, AppointmentRecord)
    assert stay.patient[0].value == "b1"
    assert (stay.visit_class, stay.disposition) == (VisitClass.EMERGENCY, Disposition.HOME)
    assert stay.end == datetime(2026, 11, 1, 4, tzinfo=UTC)
    assert missed.patient[0] == only(rows, PatientRecord).identifiers[1]
    assert (missed.status, missed.minutes) == (BookingStatus.NOSHOW, 20)


def test_what_cannot_be_used_says_where_and_why() -> None:
    rows = read(BULK)
    damaged, strange, slot = every(rows, Quarantined)
    assert (damaged.where, strange.where, slot.where) == ("line 2", "line 7", "line 6")
    assert "cut off or damaged" in damaged.reason
    assert "no resourceType" in strange.reason
    assert "no start and end that fit" in slot.reason
    assert "cancelled and has no date" in only(rows, Skipped).reason


def test_a_notification_resolves_inside_itself_and_in_contained_resources() -> None:
    rows = read(NOTIFICATION)
    who, visit = only(rows, PatientRecord), only(rows, AppointmentRecord)
    assert who.deceased
    assert who.birth_date is None
    assert "has no day" in who.notes[0]
    assert visit.patient == who.identifiers
    assert (visit.practitioner, visit.status) == ("Grace Osei", BookingStatus.ARRIVED)
    status, dateonly = every(rows, Quarantined)
    assert "'perhaps' is not known" in status.reason
    assert status.where == "entry 5, entry 1"
    assert "no time of day" in dateonly.reason
    assert any("nothing is deleted here" in reason for reason in reasons(rows))


def test_the_check_against_r4_says_what_is_wrong_in_a_quarantined_resource() -> None:
    text = resource(resourceType="Appointment", id="a", status="booked", participant=[
        {"actor": {"reference": "Patient/1"}, "status": "accepted"}], minutesDuration="long")  # fmt: skip
    assert "FHIR R4 check: minutesDuration" in only(read(text), Quarantined).reason


def test_a_cosmetic_fault_never_costs_a_record() -> None:
    text = resource(
        resourceType="Patient",
        id="p",
        name="Ana Gil",
        telecom={"system": "phone", "value": 3125550142},
        communication="es",
        contact=7,
        identifier=[None, {}, {"value": 12}],
        birthDate=1960,
    )
    who = only(read(text), PatientRecord)
    assert who.phones[0].e164 == "+13125550142"


def test_an_appointment_without_patient_or_number() -> None:
    alone = resource(
        resourceType="Appointment",
        id="a",
        status="booked",
        start="2026-11-12T10:00:00Z",
        participant=[{"actor": {"reference": "Practitioner/1"}, "status": "accepted"}],
    )
    assert "No patient takes part" in only(read(alone), Skipped).reason
    nameless = resource(resourceType="Patient", name=[{"family": "Gil"}])
    assert "neither an id nor an identifier" in only(read(nameless), Quarantined).reason


def test_the_demo_bundle_shows_each_outcome() -> None:
    rows = read(demo_file("clinic-bundle.json"))
    people = every(rows, PatientRecord)
    assert [person.deceased for person in people] == [False, False, True, False, False]
    assert only(rows, MergeRecord).survivor[0].value == "n1"
    assert people[3].contacts[0].guardian
    assert only(rows, ScheduleRecord).practitioner == "Dr. Helena Marsh"
    slots = every(rows, SlotRecord)
    assert [slot.status for slot in slots].count(SlotStatus.FREE) == 4
    assert {(slot.practitioner, slot.location, slot.service) for slot in slots} == {
        ("Dr. Helena Marsh", "Northside Clinic", "Follow-up")
    }
    assert [visit.status.value for visit in every(rows, AppointmentRecord)] == ["booked", "noshow"]
    assert len(every(rows, Quarantined)) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 99999) | st.floats(allow_nan=False) | st.text(max_size=12)
    | st.sampled_from(["2026-11-01", "2026-11-01T10:00:00Z", "Patient/1", "booked", "finished", "free"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip
FIELDS = (
    "id", "identifier", "name", "telecom", "birthDate", "deceasedDateTime", "communication", "address",
    "contact", "link", "status", "class", "subject", "period", "hospitalization", "participant",
    "start", "end", "schedule", "minutesDuration", "meta", "extension", "location", "serviceType",
    "actor", "contained", "entry",
)  # fmt: skip


@given(
    st.sampled_from(["Patient", "Encounter", "Appointment", "Slot", "Schedule", "Bundle"]),
    st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=8),
)
def test_no_resource_whatever_is_in_it_ever_raises(kind: str, fields: dict[str, Any]) -> None:
    rows = read(json.dumps({"resourceType": kind, **fields}))
    assert rows or kind == "Bundle"
