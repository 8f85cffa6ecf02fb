"""Cases and conversations as programs see them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.cases.models import Barrier, Case, Flag, Promise
from app.clock import FixedClock
from app.conversations.models import Conversation, ScriptRevision
from app.outbox.models import Message, MessageStatus
from app.patients.models import Patient, Site
from app.store import Sessions, begin, new_id
from tests.api.conftest import Program, make_patient


@pytest.fixture
def patient(sessions: Sessions, site: Site, clock: FixedClock) -> Patient:
    with begin(sessions) as session:
        return make_patient(session, site, clock)


@pytest.fixture
def cases(sessions: Sessions, patient: Patient, clock: FixedClock) -> list[UUID]:
    """Seven open cases, the last one flagged, and one that is closed."""
    now = clock.now()
    rows = []
    with begin(sessions) as session:
        for n in range(8):
            times = {"occurred_at": now, "opened_at": now, "due_at": now, "moved_at": now}
            rows.append(
                Case(
                    site_id=patient.site_id,
                    patient_id=patient.id,
                    lane_key="discharge" if n % 2 else "no_show",
                    urgency=2 if n == 6 else 0,
                    needs_person=n == 6,
                    because="cannot breathe well" if n == 6 else None,
                    closed_at=now if n == 7 else None,
                    **times,
                )
            )
        session.add_all(rows)
    return [row.id for row in rows]


def ids(answer: dict[str, list[dict[str, str]]]) -> list[UUID]:
    return [UUID(case["id"]) for case in answer["cases"]]


def test_pages_newest_first(api: Program, cases: list[UUID]) -> None:
    first = api.get("/api/v1/cases", limit=4).json
    second = api.get("/api/v1/cases", limit=4, after=first["next"]).json
    assert ids(first) + ids(second) == sorted(cases[:7], reverse=True)
    assert second["next"] is None


def test_filters(api: Program, cases: list[UUID], patient: Patient) -> None:
    assert ids(api.get("/api/v1/cases", status="closed").json) == [cases[7]]
    assert len(ids(api.get("/api/v1/cases", status="all").json)) == 8
    assert ids(api.get("/api/v1/cases", needs_person="true").json) == [cases[6]]
    assert ids(api.get("/api/v1/cases", urgency="urgent").json) == [cases[6]]
    assert len(ids(api.get("/api/v1/cases", lane="discharge", site="north").json)) == 3
    assert ids(api.get("/api/v1/cases", site="nowhere").json) == []
    assert len(ids(api.get("/api/v1/cases", patient_id=str(patient.id)).json)) == 7
    assert api.get("/api/v1/cases", colour="blue").status_code == 422
    assert api.get("/api/v1/cases", limit=0).json["errors"][0]["path"] == "limit"


def test_a_case_with_all_that_is_known(
    api: Program, cases: list[UUID], sessions: Sessions, clock: FixedClock
) -> None:
    now = clock.now()
    with begin(sessions) as session:
        flag = {"case_id": cases[6], "urgency": 2, "because": "short of breath", "words": "I cant breathe"}
        session.add(Flag(source="m1", raised_at=now, **flag))
        session.add(Barrier(case_id=cases[6], kind="transport", opened_at=now))
        session.add(Promise(case_id=cases[6], who="Ana", what="call", due_at=now, made_at=now))
    found = api.get(f"/api/v1/cases/{cases[6]}").json
    assert (found["urgency"], found["because"]) == ("urgent", "cannot breathe well")
    assert found["flags"][0]["words"] == "I cant breathe"
    assert found["barriers"][0]["kind"] == "transport"
    assert found["promises"][0]["who"] == "Ana"
    assert api.get(f"/api/v1/cases/{new_id()}").status_code == 404


@pytest.fixture
def talk(sessions: Sessions, cases: list[UUID], patient: Patient, clock: FixedClock) -> UUID:
    now = clock.now()
    with begin(sessions) as session:
        session.add(
            ScriptRevision(
                hash="h", script="post-discharge", number=1, source="", compiled="{}", created_at=now
            )
        )
        session.flush()
        row = Conversation(
            case_id=cases[0],
            patient_id=patient.id,
            site_id=patient.site_id,
            revision="h",
            script="post-discharge",
            state={},
            started_at=now,
            moved_at=now,
        )
        session.add(row)
        session.flush()
        for n, (direction, body) in enumerate((("out", "How are you?"), ("in", "Worse"))):
            session.add(
                Message(
                    direction=direction,
                    status=MessageStatus.DELIVERED if direction == "out" else MessageStatus.RECEIVED,
                    conversation_id=row.id,
                    number="+13125550142",
                    number_index="x",
                    body=body,
                    reading={"urgency": "none"} if direction == "in" else None,
                    created_at=now + timedelta(seconds=n),
                )
            )
    return row.id


def test_a_conversation_with_what_was_said(api: Program, talk: UUID) -> None:
    found = api.get(f"/api/v1/conversations/{talk}").json
    assert [(m["direction"], m["body"], m["status"]) for m in found["messages"]] == [
        ("out", "How are you?", "delivered"),
        ("in", "Worse", "received"),
    ]
    assert "5550142" not in str(found)
    assert api.get(f"/api/v1/conversations/{new_id()}").status_code == 404


def test_conversations_of_a_case(api: Program, talk: UUID, cases: list[UUID]) -> None:
    mine = api.get("/api/v1/conversations", case_id=str(cases[0])).json
    assert [row["id"] for row in mine["conversations"]] == [str(talk)]
    assert api.get("/api/v1/conversations", case_id=str(cases[1])).json["conversations"] == []
    assert api.get("/api/v1/conversations", status="done").json["conversations"] == []
    assert api.get("/api/v1/conversations", after=str(talk)).json["conversations"] == []


def test_reading_is_in_the_audit_trail(api: Program, cases: list[UUID], sessions: Sessions) -> None:
    api.get(f"/api/v1/cases/{cases[0]}")
    with sessions() as session:
        seen = session.scalars(select(AuditEvent).where(AuditEvent.action == "api.read")).all()
    assert [(one.subject_kind, one.subject_id) for one in seen] == [("case", str(cases[0]))]
