"""HL7 v2 as interface engines really send it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ehr.ack import AckCode, ack_code, acknowledge
from app.ehr.demo import ANCHOR, NAMES, demo_file
from app.ehr.hl7_message import Message, RawMessage, messages
from app.ehr.intake import Outcome
from app.ehr.records import (
    AppointmentRecord,
    BookingStatus,
    Disposition,
    EncounterRecord,
    MergeRecord,
    PatientRecord,
    Quarantined,
    Skipped,
    VisitClass,
    VisitStatus,
)
from app.ehr.report import Line
from tests.ehr.support import FILES, every, only, read

NOW = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)


def file(name: str) -> bytes:
    return FILES.joinpath(name).read_bytes()


def test_a_stay_from_admission_to_cancelled_discharge() -> None:
    stays = every(read(file("stay-lf-blank-lines.hl7")), EncounterRecord)
    assert [(stay.event, stay.status) for stay in stays] == [
        ("A01", VisitStatus.ACTIVE), ("A03", VisitStatus.FINISHED), ("A13", VisitStatus.REOPENED),
        ("A03", VisitStatus.FINISHED), ("A11", VisitStatus.CANCELLED), ("A04", VisitStatus.ACTIVE),
    ]  # fmt: skip
    assert stays[1].end == datetime(2026, 11, 1, 8, 55, tzinfo=UTC)
    assert stays[1].identifiers == stays[2].identifiers
    assert (stays[1].disposition, stays[3].disposition) == (Disposition.HOME, Disposition.EXPIRED)
    assert stays[5].visit_class is VisitClass.EMERGENCY


def test_a_patient_of_pid() -> None:
    who = every(read(file("stay-lf-blank-lines.hl7")), PatientRecord)[0]
    assert [(number.system, number.value) for number in who.identifiers] == [
        ("urn:oid:2.16.840.1.113883.19.7", "N-301")
    ]
    assert (who.name.full, who.birth_date, who.language) == ("Beatriz Solano", date(1970, 3, 12), "es")
    assert [(phone.e164, phone.use) for phone in who.phones] == [
        ("+13125550144", "mobile"), ("+13125550188", "work"),
    ]  # fmt: skip


def test_the_life_of_an_appointment() -> None:
    visits = every(read(file("siu-life-of-a-visit.hl7")), AppointmentRecord)
    assert [visit.status for visit in visits] == [
        BookingStatus.BOOKED, BookingStatus.BOOKED, BookingStatus.BOOKED, BookingStatus.NOSHOW,
        BookingStatus.BOOKED, BookingStatus.CANCELLED,
    ]  # fmt: skip
    assert len({visit.identifiers for visit in visits[:4]}) == 1
    assert visits[0].start == datetime(2026, 11, 5, 15, 30, tzinfo=UTC)
    assert visits[1].start == datetime(2026, 11, 6, 16, 15, tzinfo=UTC)
    assert (visits[0].minutes, visits[0].practitioner, visits[0].location, visits[0].service) == (
        30, "NP Grace Osei", "Northside Clinic", "Follow-up visit",
    )  # fmt: skip


def test_an_old_message_has_its_time_in_sch_11_and_its_numbers_in_pid_2() -> None:
    who, visit = read(file("siu-v23-quantity.hl7"))
    assert isinstance(visit, AppointmentRecord)
    assert (visit.start, visit.minutes) == (datetime(2026, 11, 12, 15, 15, tzinfo=UTC), 30)
    assert isinstance(who, PatientRecord)
    assert who.phones[0].e164 == "+13125550145"


def test_a_merge_message_may_hold_several() -> None:
    rows = read(file("merge-two-people-bom-crlf.hl7"))
    assert [(m.survivor[0].value, m.retired[0].value) for m in every(rows, MergeRecord)] == [
        ("N-301", "N-377"), ("N-310", "N-311"),
    ]  # fmt: skip


def test_framing_batches_and_other_separators() -> None:
    framed = every(read(file("mllp-framed.hl7")), EncounterRecord)
    assert framed[0].notes == ("The discharge time (PV1-45) is missing; the time of the event was used.",)
    assert only(read(file("batch-still-a-patient.hl7")), EncounterRecord).status is VisitStatus.ACTIVE
    rows = read(file("other-separators.hl7"))
    who = only(rows, PatientRecord)
    assert who.name.family == "O&Hara" or who.name.family == "O%Hara"
    assert (who.contacts[0].relation, who.contacts[0].phones[0].e164) == ("Spouse", "+13125550147")
    assert only(rows, EncounterRecord).disposition is Disposition.HOME


def test_what_is_broken_says_what_is_missing() -> None:
    rows = read(file("broken-messages.hl7"))
    told = {row.where: row.reason for row in every(rows, Quarantined)}
    assert "PID-3" in told["message 1 (line 1)"]
    assert "PV1" in told["message 2 (line 5)"]
    assert "MSH-9" in told["message 3 (line 7)"]
    assert "TQ1-7, SCH-11 and AIS-4" in told["message 4 (line 9)"]
    assert "MRG" in told["message 5 (line 12)"]
    assert "cannot be taken apart" in told["message 6 (line 14)"] or "MSH" in told["message 6 (line 14)"]


def test_a_line_that_is_no_segment_continues_the_one_before() -> None:
    (found,) = messages("MSH|^~\\&|A\nPID|1||7\nNTE|1||first half\nsecond half\nPV1|1|I\n")
    assert found.text.split("\r")[2:] == ["NTE|1||first half second half", "PV1|1|I"]


def test_the_demo_discharges_show_each_outcome() -> None:
    rows = read(demo_file("hospital-discharges.hl7"))
    stays = every(rows, EncounterRecord)
    assert len([stay for stay in stays if stay.event == "A03"]) == 8
    assert {stay.disposition for stay in stays} >= {Disposition.HOME, Disposition.SNF, Disposition.EXPIRED}
    assert stays[-1].status is VisitStatus.REOPENED
    people = every(rows, PatientRecord)
    assert any(person.deceased for person in people)
    assert any("cannot be used" in note for person in people for note in person.notes)
    assert (len(every(rows, Skipped)), len(every(rows, Quarantined))) == (1, 1)


@pytest.mark.parametrize("name", NAMES)
def test_the_demo_files_move_with_the_day_and_birth_dates_stay(name: str) -> None:
    here, there = read(demo_file(name)), read(demo_file(name, date(2027, 3, 1)))
    days = (date(2027, 3, 1) - ANCHOR).days
    assert [type(row) for row in here] == [type(row) for row in there]
    for one, other in zip(here, there, strict=True):
        if isinstance(one, PatientRecord) and isinstance(other, PatientRecord):
            assert one.birth_date == other.birth_date
        if isinstance(one, AppointmentRecord) and isinstance(other, AppointmentRecord):
            assert (other.start - one.start).days == days


MESSAGE = "MSH|^~\\&|ADT|LAKESIDE^1.2^ISO|CARELOOP|NORTHSIDE|20261101||ADT^A03^ADT_A03|C-17|P|2.5.1\rPID|1\r"


def test_an_acknowledgement_goes_back_where_the_message_came_from() -> None:
    answer = acknowledge(RawMessage(MESSAGE, 1, 1), AckCode.ERROR, "No | number\nfound", now=NOW).decode()
    assert answer == (
        "MSH|^~\\&|CARELOOP|NORTHSIDE|ADT|LAKESIDE^1.2^ISO|20261102150000+0000||ACK^A03^ACK|C-17-ACK|P|2.5.1\r"
        "MSA|AE|C-17|No \\F\\ number found\r"
    )


def test_what_cannot_be_read_is_refused() -> None:
    assert b"MSA|AR||" in acknowledge(RawMessage("hello", 1, 1), AckCode.ACCEPT, now=NOW)


def test_the_code_says_what_became_of_the_message() -> None:
    taken = Line("message 1", "patient", Outcome.TAKEN, "New patient.")
    wrong = Line("message 1", "stay", Outcome.QUARANTINED, "No time.")
    assert ack_code([taken]) == (AckCode.ACCEPT, "")
    assert ack_code([taken, wrong]) == (AckCode.ERROR, "No time.")


@given(st.text(max_size=40), st.sampled_from(list(AckCode)))
def test_every_acknowledgement_is_a_message_that_repeats_the_control_id(words: str, code: AckCode) -> None:
    answer = acknowledge(RawMessage(MESSAGE, 1, 1), code, words, now=NOW).decode()
    parsed = Message(next(messages(answer)))
    assert (parsed.kind, parsed.value("MSA", 1), parsed.value("MSA", 2)) == ("ACK", code.value, "C-17")
