"""Triggers, patients, visits and times come in once, whichever way and however often they are sent."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from app.api import intake
from app.api.answers import Taken
from app.api.bodies import SlotIn
from app.audit.models import AuditEvent
from app.cases.models import Case
from app.clock import FixedClock
from app.outreach.models import Attempt, Trigger
from app.patients.models import ContactPoint, Patient
from app.scheduling.models import Appointment, Slot
from app.store import Sessions, new_id
from tests.api.conftest import ALL, Program

FILES = Path("tests/ehr/files")
DEMO = Path("app/ehr/demo")
ANA = {
    "mrn": "M-1",
    "given_name": "Ana",
    "family_name": "Invented",
    "birth_date": "1961-05-04",
    "phone": "(312) 555-0142",
    "language": "Spanish",
}
VISIT = {"external_id": "V-1", "start": "2026-11-12T09:30:00-06:00", "practitioner": "Dr. Nobody"}


def discharge(number: str = "D-1", **changed: Any) -> dict[str, Any]:
    body = {"kind": "discharge", "external_id": number, "occurred_at": "2026-11-01T18:00:00Z", "patient": ANA}
    return {**body, **changed}


def count(sessions: Sessions, model: Any) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_trigger_opens_one_case(api: Program, sessions: Sessions) -> None:
    first = api.post("/api/v1/triggers", discharge())
    assert (first.status_code, first.json["outcome"]) == (201, "created")
    again = api.post("/api/v1/triggers", discharge())
    assert (again.status_code, again.json["outcome"]) == (200, "repeated")
    assert again.json["case_id"] == first.json["case_id"]
    assert (count(sessions, Case), count(sessions, Trigger), count(sessions, Attempt)) == (1, 1, 1)
    with sessions() as session:
        patient = session.scalars(select(Patient)).one()
        assert (patient.family_name, patient.language, patient.birth_date) == ("Invented", "es", "1961-05-04")
        assert session.scalars(select(ContactPoint)).one().value == "+13125550142"
    assert api.get(f"/api/v1/cases/{first.json['case_id']}").json["lane"] == "discharge"


def test_the_same_number_of_another_source_is_another_trigger(api: Program, sessions: Sessions) -> None:
    api.post("/api/v1/triggers", discharge())
    assert api.post("/api/v1/triggers", discharge(source="hospital")).status_code == 201
    assert count(sessions, Case) == 2


def test_a_trigger_of_a_known_patient(api: Program, sessions: Sessions) -> None:
    known = api.post("/api/v1/patients", ANA).json
    body = discharge(patient_id=known["id"], patient=None)
    assert api.post("/api/v1/triggers", body).json["patient_id"] == known["id"]
    assert count(sessions, Patient) == 1
    stranger = api.post("/api/v1/triggers", discharge("D-2", patient_id=str(new_id()), patient=None))
    assert (stranger.status_code, stranger.json["errors"][0]["path"]) == (422, "patient_id")


def test_a_number_nobody_can_be_reached_at_is_noted(api: Program, sessions: Sessions) -> None:
    answer = api.post("/api/v1/triggers", discharge(patient={**ANA, "phone": "12"}))
    assert answer.status_code == 201
    assert "phone number cannot be used" in " ".join(answer.json["notes"])
    assert count(sessions, Case) == 1


def test_the_dead_are_left_alone(api: Program, sessions: Sessions) -> None:
    answer = api.post("/api/v1/triggers", discharge(patient={**ANA, "deceased": True}))
    assert (answer.status_code, answer.json["outcome"], answer.json["case_id"]) == (200, "skipped", None)
    assert count(sessions, Case) == 0


def test_a_death_stops_what_was_planned(api: Program, sessions: Sessions) -> None:
    case = api.post("/api/v1/triggers", discharge()).json["case_id"]
    assert api.post("/api/v1/patients", {**ANA, "deceased": True}).json["outcome"] == "changed"
    assert api.get(f"/api/v1/cases/{case}").json["closed_at"] is not None
    with sessions() as session:
        assert session.scalars(select(Attempt)).one().outcome == "skipped"


def test_an_appointment_trigger_makes_its_visit(api: Program, sessions: Sessions) -> None:
    body = discharge("A-1", kind="appointment", appointment={**VISIT, "importance": "high", "video": True})
    taken = api.post("/api/v1/triggers", body).json
    with sessions() as session:
        visit = session.scalars(select(Appointment)).one()
        assert str(visit.id) == taken["appointment_id"]
        assert (visit.importance, visit.video, visit.practitioner) == ("high", True, "Dr. Nobody")
    assert api.get(f"/api/v1/cases/{taken['case_id']}").json["lane"] == "confirmation"


def test_one_visit_has_one_confirmation_whichever_way_it_came(api: Program, sessions: Sessions) -> None:
    api.post("/api/v1/appointments", {**VISIT, "patient": ANA})
    assert count(sessions, Case) == 1
    second = api.post("/api/v1/triggers", discharge("A-1", kind="appointment", appointment=VISIT))
    assert (second.status_code, second.json["outcome"]) == (200, "repeated")
    assert count(sessions, Case) == 1


def test_a_missed_visit_ends_its_confirmation(api: Program, sessions: Sessions, clock: FixedClock) -> None:
    confirm = api.post("/api/v1/triggers", discharge("A-1", kind="appointment", appointment=VISIT)).json
    clock.set(clock.now() + timedelta(days=11))
    missed = discharge("N-1", kind="no_show", appointment=VISIT, occurred_at="2026-11-12T16:00:00Z")
    recover = api.post("/api/v1/triggers", missed).json
    assert recover["outcome"] == "created"
    assert api.get(f"/api/v1/cases/{confirm['case_id']}").json["closed_at"] is not None
    assert api.get(f"/api/v1/cases/{recover['case_id']}").json["lane"] == "no_show"
    with sessions() as session:
        assert session.scalars(select(Appointment)).one().status == "noshow"
        assert session.scalars(select(Patient)).one().missed_visits == 1


def test_a_visit_is_booked_moved_and_cancelled(api: Program, sessions: Sessions) -> None:
    booked = api.post("/api/v1/appointments", {**VISIT, "patient": ANA, "visit": "vaccine"})
    assert (booked.status_code, booked.json["outcome"]) == (201, "created")
    same = api.post("/api/v1/appointments", {**VISIT, "patient": ANA, "visit": "vaccine"})
    assert (same.status_code, same.json["outcome"]) == (200, "repeated")
    moved = api.post(
        "/api/v1/appointments",
        {**VISIT, "patient": ANA, "visit": "vaccine", "start": "2026-11-13T09:30:00-06:00"},
    )
    assert (moved.status_code, moved.json["outcome"]) == (200, "changed")
    assert moved.json["id"] == booked.json["id"]
    with sessions() as session:
        assert session.scalars(select(Appointment)).one().visit == "vaccine"
    api.post("/api/v1/appointments", {**VISIT, "patient": ANA, "status": "cancelled"})
    assert api.get("/api/v1/cases", status="open").json["cases"] == []


def test_patients_are_known_by_their_number(api: Program, sessions: Sessions) -> None:
    made = api.post("/api/v1/patients", {**ANA, "identifiers": [{"system": "state", "value": "S-9"}]})
    assert made.status_code == 201
    assert (
        api.post("/api/v1/patients", {**ANA, "identifiers": [{"system": "state", "value": "S-9"}]}).json[
            "outcome"
        ]
        == "repeated"
    )
    changed = api.post("/api/v1/patients", {**ANA, "phone": "(312) 555-0143"})
    assert (changed.json["outcome"], changed.json["id"]) == ("changed", made.json["id"])
    assert count(sessions, Patient) == 1
    wrong = api.post(
        "/api/v1/patients", {**ANA, "given_name": "Li", "family_name": "Other", "birth_date": "1990-01-01"}
    )
    assert (wrong.status_code, wrong.json["code"]) == (422, "quarantined")
    assert api.post("/api/v1/patients", {**ANA, "site": "moon"}).json["errors"][0]["path"] == "site"


def test_slots(api: Program, sessions: Sessions) -> None:
    body = {"external_id": "S-1", "start": "2026-11-20T09:00:00-06:00", "minutes": 20, "visit": "new_patient"}
    assert api.post("/api/v1/slots", body).status_code == 201
    assert api.post("/api/v1/slots", body).json["outcome"] == "repeated"
    assert api.post("/api/v1/slots", {**body, "status": "busy"}).json["outcome"] == "changed"
    past = api.post(
        "/api/v1/slots", {**body, "external_id": "S-2", "start": "2026-10-20T09:00:00-06:00"}
    ).json
    assert (past["outcome"], past["id"]) == ("skipped", None)
    with sessions() as session:
        slot = session.scalars(select(Slot)).one()
        assert (slot.status, slot.visit, slot.minutes) == ("busy", "new_patient", 20)


def test_a_batch_is_reported_row_by_row(api: Program, sessions: Sessions) -> None:
    rows = [
        discharge("D-1"),
        discharge("D-2", kind="birthday"),
        discharge("D-1"),
        discharge("D-3", site="moon"),
        7,
    ]
    answer = api.post("/api/v1/triggers", rows)
    assert answer.status_code == 207
    assert [row["status"] for row in answer.json["rows"]] == [201, 422, 200, 422, 422]
    assert (answer.json["taken"], answer.json["refused"]) == (2, 3)
    assert answer.json["rows"][1]["problem"]["errors"][0]["path"] == "kind"
    assert count(sessions, Case) == 1


def test_the_same_trigger_at_once_is_one_case(
    client: FlaskClient, program: Callable[..., Program], sessions: Sessions
) -> None:
    api = program(*ALL)
    api.post("/api/v1/patients", ANA)
    together = threading.Barrier(4)

    def send(_: int) -> int:
        together.wait()
        answer: int = api.post("/api/v1/triggers", discharge()).status_code
        return answer

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, range(4))) == [200, 200, 200, 201]
    assert (count(sessions, Case), count(sessions, Trigger)) == (1, 1)


def test_what_was_taken_is_in_the_audit_trail(api: Program, sessions: Sessions) -> None:
    taken = api.post("/api/v1/triggers", discharge()).json
    with sessions() as session:
        rows = session.scalars(select(AuditEvent).where(AuditEvent.action == "api.take")).all()
        assert [(row.subject_kind, row.subject_id) for row in rows] == [("trigger", taken["id"])]
        assert "Ana" not in str([row.detail for row in rows])


@pytest.mark.parametrize(
    ("path", "file", "kind"),
    [
        ("/ehr/fhir", DEMO / "clinic-bundle.json", "application/fhir+json"),
        ("/api/v1/triggers", DEMO / "hospital-discharges.hl7", "x-application/hl7-v2+er7"),
        ("/api/v1/triggers", DEMO / "hospital-discharges.hl7", "text/plain"),
        ("/api/v1/appointments", DEMO / "clinic-appointments.csv", "text/csv"),
        ("/api/v1/patients", DEMO / "clinic-bundle.json", "application/json"),
    ],
)
def test_files_of_health_cares_own_formats(api: Program, path: str, file: Path, kind: str) -> None:
    answer = api.send(f"{path}?source=hospital", file.read_bytes(), kind)
    assert answer.status_code in (200, 207)
    assert answer.json["counts"]["taken"] > 0
    assert answer.json["run"]
    assert all(row["reason"] for row in answer.json["rows"] if row["outcome"] == "quarantined")
    again = api.send(f"{path}?source=hospital", file.read_bytes(), kind)
    assert again.json["counts"]["taken"] == 0


def test_a_file_nobody_can_read(api: Program) -> None:
    answer = api.send("/ehr/fhir", b"%PDF-1.4", "application/fhir+json")
    assert (answer.status_code, answer.json["code"]) == (422, "format")
    assert api.send("/ehr/fhir", b"", "application/fhir+json").status_code == 422
    for query in ("site=moon", "colour=blue"):
        assert api.send(f"/ehr/fhir?{query}", b"{}", "application/fhir+json").status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": "x" * 101},
        {"location": "Room \x00 2"},
        {"location": "\ud83d"},
        {"external_id": "a\x1bb"},
        {"start": "0001-01-01T00:00:00+14:00"},
        {"start": "9999-12-31T23:59:59-12:00"},
    ],
)
def test_a_row_that_cannot_be_kept_is_refused_by_itself(api: Program, wrong: dict[str, str]) -> None:
    slot = {"external_id": "S-1", "start": "2026-11-12T09:30:00-06:00"}
    rows = [
        slot,
        {**slot, "external_id": "S-2", **wrong},
        {**slot, "external_id": "S-3", "source": "x" * 100},
    ]
    answer = api.post("/api/v1/slots", rows)
    assert answer.status_code == 207
    assert [row["status"] for row in answer.json["rows"]] == [201, 422, 201]


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (DataError("", {}, Exception()), 422),
        (OperationalError("", {}, Exception()), 503),
        (IntegrityError("", {}, Exception()), 409),
        (PoolTimeout(), 503),
        (ZeroDivisionError(), 500),
    ],
)
def test_whatever_happens_to_a_row_the_others_are_taken_and_told(
    api: Program, monkeypatch: pytest.MonkeyPatch, failure: Exception, status: int
) -> None:
    taken = intake.slot

    def fails(session: Session, body: SlotIn) -> Taken:
        if body.external_id == "S-2":
            raise failure
        return taken(session, body)

    monkeypatch.setattr(intake, "slot", fails)
    rows = [{"external_id": f"S-{n}", "start": "2026-11-12T09:30:00-06:00"} for n in (1, 2, 3)]
    answer = api.post("/api/v1/slots", rows)
    assert [row["status"] for row in answer.json["rows"]] == [201, status, 201]
    assert answer.json["rows"][1]["problem"]["detail"]
    if status != 500:
        alone = api.post("/api/v1/slots", rows[1])
        assert (alone.status_code, alone.content_type) == (status, "application/problem+json")
