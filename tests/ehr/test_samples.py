"""Every real file we know goes through: taken, skipped or quarantined with a reason, never a crash."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from app.conversations.kit import Kit
from app.ehr.detect import Kind
from app.ehr.parse import read_file
from app.ehr.records import (
    AppointmentRecord,
    BookingStatus,
    EncounterRecord,
    MergeRecord,
    PatientRecord,
    Quarantined,
    Skipped,
    VisitStatus,
)
from app.ehr.run import OURS as FAILED
from app.ehr.run import Sender, take_in
from app.patients.models import Site
from app.store import Sessions
from tests.ehr.support import CHICAGO, FILES, SAMPLES, every, only, read

OURS = sorted(path for path in FILES.rglob("*") if path.is_file())
THEIRS = sorted(path for path in SAMPLES.rglob("*") if path.is_file()) if SAMPLES.is_dir() else []


@pytest.mark.parametrize("path", OURS + THEIRS, ids=lambda path: path.name)
def test_every_file_goes_through_with_a_reason_for_all_that_is_not_taken(path: Path) -> None:
    reading = read_file(path.read_bytes(), source="sample", default_zone=CHICAGO)
    rows = list(reading.rows)
    assert rows, "a file never disappears"
    for row in rows:
        assert row.where
        if isinstance(row, Quarantined | Skipped):
            assert row.reason.endswith((".", ")", "?")), row.reason
            assert row.raw or reading.kind in (Kind.EMPTY, Kind.UNKNOWN)
    assert rows == list(read_file(path.read_bytes(), source="sample", default_zone=CHICAGO).rows)


def test_all_of_it_is_applied_and_nothing_fails_on_our_side(
    sessions: Sessions, site: Site, kit: Kit, now: datetime
) -> None:
    sender = Sender(source="sample", site_id=site.id, take_tests=True)
    files = [(path.name, path.read_bytes()) for path in OURS + THEIRS]
    reports = take_in(sessions, kit, sender, files, now=now)
    assert len(reports) == len(files)
    assert all(report.lines for report in reports)
    assert not [line for report in reports for line in report.lines if line.reason == FAILED]
    again = take_in(sessions, kit, sender, files, now=now)
    assert not [line for report in again for line in report.lines if "opened" in line.reason]


def sample(name: str) -> bytes | None:
    return next((path.read_bytes() for path in THEIRS if path.name == name), None)


def test_the_public_discharge_message_whose_evn_says_admitted_is_a_discharge() -> None:
    data = sample("ADT-A03-01.hl7")
    if data is not None:
        stay = only(read(data), EncounterRecord)
        assert (stay.event, stay.status) == ("A03", VisitStatus.FINISHED)
        who = only(read(data), PatientRecord)
        assert (who.name.family, who.name.given, who.language, who.deceased) == (
            "EVERYMAN",
            "ADAM",
            "ar",
            True,
        )


def test_the_public_merge_cancelled_discharge_and_no_show_are_what_they_say() -> None:
    merge, undone, missed = map(sample, ("ADT-A40-01.hl7", "ADT-A13-01.hl7", "SIU-S26-01.hl7"))
    if merge and undone and missed:
        assert only(read(merge), MergeRecord).retired[0].value == "56789"
        assert only(read(undone), EncounterRecord).status is VisitStatus.REOPENED
        assert only(read(missed), AppointmentRecord).status is BookingStatus.NOSHOW


def test_the_public_bulk_patients_include_the_dead_and_numbers_that_cannot_exist() -> None:
    data = sample("Patient.000.ndjson")
    if data is not None:
        people = every(read(data), PatientRecord)
        assert len(people) == 13
        assert sum(person.deceased for person in people) == 3
        assert not any(phone.e164 for person in people for phone in person.phones)
        assert all(number.kind not in ("SS", "DL", "PPN") for p in people for number in p.identifiers)
