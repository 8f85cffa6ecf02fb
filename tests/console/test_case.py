"""The case page: everything on one screen, and every act on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from redis import Redis
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.cases.documents import make_promise, open_barrier
from app.cases.models import Barrier, Case, Note, Promise
from app.clock import FixedClock
from app.consent.ledger import opt_out
from app.conversations.models import Conversation
from app.conversations.scripts import publish_files
from app.outbox.models import Call, Message, MessageStatus, Purpose
from app.services import Services
from app.store import begin, new_id
from tests.console.conftest import Practice
from tests.console.pages import Browser
from tests.support.world import ROOT, World

NOTE = {
    "outcome": "spoke_with_patient",
    "barrier": "transport",
    "understanding": "teach_back",
    "next_action": "Order a ride for her visit",
    "next_owner": "Ana Marin",
    "next_due": "2026-11-04T10:00",
    "words": "Her son cannot drive her.",
}


@pytest.fixture
def rosa(practice: Practice) -> str:
    """The address of Rosa's case: an emergency."""
    return f"/cases/{practice.cases['rosa']}"


@pytest.fixture
def james(practice: Practice) -> str:
    """The address of James's case: he asks for a person."""
    return f"/cases/{practice.cases['james']}"


@pytest.fixture
def martha(services: Services, practice: Practice, clock: FixedClock) -> str:
    """The address of a case with a real conversation: the bot has asked how Martha feels and she has not answered."""
    with begin(services.sessions) as session:
        publish_files(session, ROOT / "flows", clock.now())
    world = World(services.sessions, clock, practice.sites["lake"])
    case = world.trigger("discharge", world.patient())
    world.start_due()
    return f"/cases/{case}"


def conversation(services: Services) -> Conversation:
    """The only conversation, as it is now."""
    with services.sessions() as session:
        return session.scalars(select(Conversation)).one()


def outgoing(services: Services) -> list[tuple[str, str]]:
    """What goes out, in order: the status and the first words."""
    with services.sessions() as session:
        sent = session.scalars(
            select(Message).where(Message.direction == "out").order_by(Message.created_at, Message.id)
        )
        return [(message.status.value, message.body.split("\n")[0]) for message in sent]


def test_everything_is_on_one_screen(ana: Browser, rosa: str) -> None:
    words = ana.get(rosa).words
    for part in (
        "Rosa Delgado",
        "76 y",
        "A100",
        "(312) 555-0141",
        "English",
        "texts and calls",
        "Emergency: chest pain",
    ):
        assert part in words
    assert "read as wants a person" in words
    assert "I have <mark>chest pain</mark>" in ana.page.html


def test_a_look_at_a_case_is_in_the_trail_but_not_a_refresh(
    ana: Browser, rosa: str, services: Services, practice: Practice
) -> None:
    ana.get(rosa)
    ana.client.get(rosa, headers={"X-Careloop-Live": "1"})
    with services.sessions() as session:
        row = session.scalars(select(AuditEvent)).one()
    assert (row.action, row.subject_id, row.actor) == ("case.view", rosa[7:], str(practice.staff["ana"]))


def test_a_case_seen_without_being_opened_is_in_the_trail_too(
    ana: Browser, somebody: Callable[[str], Browser], rosa: str, services: Services
) -> None:
    """By the header of a page that refreshes itself, or by a form that is refused: the whole case is shown."""
    ana.client.get(rosa, headers={"X-Careloop-Live": "1"})
    ben = somebody("ben")
    ben.get("/account")
    assert "Delgado" in ben.post(f"{rosa}/snooze", status=422).words
    with services.sessions() as session:
        rows = session.scalars(select(AuditEvent).order_by(AuditEvent.at, AuditEvent.id)).all()
    assert [(row.action, row.subject_id) for row in rows] == [("case.view", rosa[7:])] * 2


def test_claiming_silences_the_bot_in_the_same_moment(
    ana: Browser, martha: str, services: Services, practice: Practice
) -> None:
    assert [status for status, _ in outgoing(services)] == ["queued"] * len(outgoing(services))
    ana.get(martha)
    page = ana.send(f"{martha}/claim")
    assert "You have this since" in page.words
    assert "the bot is silent" in page.words
    assert conversation(services).taken_by == practice.staff["ana"]
    assert {status for status, _ in outgoing(services)} == {"skipped"}


def test_a_reply_to_a_person_is_for_the_person_and_handing_back_lets_the_bot_go_on(
    ana: Browser, martha: str, services: Services, practice: Practice, clock: FixedClock, redis: Redis
) -> None:
    world = World(services.sessions, clock, practice.sites["lake"])
    ana.get(martha)
    ana.send(f"{martha}/claim")
    ana.send(f"{martha}/answer", text="This is Ana. How are you?")
    before = len(outgoing(services))
    world.text("A little better, thank you")
    assert len(outgoing(services)) == before
    assert "A little better, thank you" in ana.get(martha).words
    redis.flushall()
    page = ana.send(f"{martha}/hand-back")
    assert "Not claimed" in page.words
    assert conversation(services).taken_by is None
    assert len(outgoing(services)) > before
    assert redis.llen("rq:queue:deliver") == len(outgoing(services)) - before


def test_who_comes_second_is_told_who_was_first(
    ana: Browser, somebody: Callable[[str], Browser], james: str, clock: FixedClock
) -> None:
    ben = somebody("ben")
    ben.get(james)
    ana.get(james)
    clock.advance(minutes=12)
    ana.send(f"{james}/claim")
    page = ben.send(f"{james}/claim", status=409)
    assert "Ana has this since 09:12." in page.words
    assert "disabled" in page.html


def test_answering_by_text(ana: Browser, james: str, services: Services, redis: Redis) -> None:
    ana.get(james)
    ana.send(f"{james}/claim")
    key = ana.page.form(f"{james}/answer").fields["key"]
    ana.send(f"{james}/answer", text="This is Ana. I call you at ten.")
    ana.post(f"{james}/answer", text="This is Ana. I call you at ten.", key=key)
    assert "Ana Marin" in ana.page.words
    with services.sessions() as session:
        sent = session.scalars(select(Message).where(Message.direction == "out")).all()
    assert [(message.body, message.purpose) for message in sent] == [
        ("This is Ana. I call you at ten.", Purpose.STAFF)
    ]
    assert redis.llen("rq:queue:deliver") >= 1


def test_nobody_answers_without_claiming_and_nothing_typed_is_lost(ana: Browser, james: str) -> None:
    ana.get(james)
    page = ana.send(f"{james}/answer", text="I call you at ten", status=409)
    assert "Claim the case first" in page.words
    assert "I call you at ten</textarea>" in page.html


def test_a_patient_who_opted_out_is_shown_as_such(
    ana: Browser, james: str, services: Services, practice: Practice, now: datetime
) -> None:
    with begin(services.sessions) as session:
        opt_out(
            session,
            number="+13125550142",
            patient_id=practice.patients["james"],
            source="sms",
            words="STOP",
            sid=None,
            now=now,
        )
    words = ana.get(james).words
    assert "A text would not go out: the patient has opted out." in words
    assert "opted out" in words


def test_night_where_the_patient_is(ana: Browser, james: str, clock: FixedClock) -> None:
    assert "outside the hours" not in ana.get(james).words
    clock.advance(hours=14)
    client = ana.client
    with client.session_transaction() as session:
        session["seen"] = clock.now().timestamp()
    assert "It is 23:00 where the patient is" in ana.get(james).words


def test_an_emergency_is_acknowledged_by_itself(ana: Browser, rosa: str) -> None:
    ana.get(rosa)
    ana.send(f"{rosa}/claim")
    assert "There is an emergency nobody has acknowledged" in ana.send(f"{rosa}/hand-back", status=409).words
    page = ana.send(f"{rosa}/acknowledge")
    assert "acknowledged by Ana Marin" in page.words
    page = ana.send(f"{rosa}/hand-back")
    assert "Not claimed" in page.words


def test_putting_a_case_back_for_somebody_else(
    ana: Browser, somebody: Callable[[str], Browser], james: str
) -> None:
    ana.get(james)
    ana.send(f"{james}/claim")
    assert "Not claimed" in ana.send(f"{james}/to-queue").words
    ana.send(f"{james}/claim")
    boss = somebody("max")
    boss.get(james)
    assert "Not claimed" in boss.send(f"{james}/to-queue").words


def test_a_note(ana: Browser, james: str, services: Services) -> None:
    ana.get(james)
    page = ana.send(f"{james}/note", **NOTE)
    assert "Note by Ana Marin" in page.words
    assert "Spoke with the patient · Transport · Said it back in their own words" in page.words
    with services.sessions() as session:
        promise = session.scalars(select(Promise)).one()
        assert promise.due_at.isoformat() == "2026-11-04T16:00:00+00:00"
        assert [barrier.kind for barrier in session.scalars(select(Barrier))] == ["transport"]


def test_a_note_that_says_nothing_is_refused_field_by_field_and_kept(
    ana: Browser, james: str, services: Services
) -> None:
    ana.get(james)
    typed = {**NOTE, "next_action": "left voicemail", "barrier": "", "next_due": ""}
    page = ana.send(f"{james}/note", status=422, **typed)
    assert (
        "“Left voicemail” or “spoke with patient” alone is not enough"
        in page.texts["note-next_action-problem"]
    )
    assert {"note-barrier-problem", "note-next_due-problem"} <= set(page.texts)
    assert 'value="left voicemail"' in page.html
    assert "Her son cannot drive her.</textarea>" in page.html
    with services.sessions() as session:
        assert session.scalars(select(Note)).all() == []


def test_an_escalation_alerts_the_nurse(ana: Browser, james: str, redis: Redis) -> None:
    ana.get(james)
    page = ana.send(f"{james}/note", **NOTE, escalate="yes")
    assert "escalated by Ana Marin" in page.words
    assert redis.llen("rq:queue:urgent") == 1


def test_closing_and_opening_again(ana: Browser, james: str) -> None:
    ana.get(james)
    page = ana.send(f"{james}/close", reason="completed", status=422)
    assert "Write a note first" in page.words
    page = ana.send(f"{james}/close", reason="completed", resolution="All his questions are answered")
    assert "Closed" in page.words
    assert (
        "Ana Marin closed the case: Finished: every step done. All his questions are answered" in page.words
    )
    page = ana.send(f"{james}/reopen", because="his daughter called")
    assert "Ana Marin opened the case again: his daughter called" in page.words


def test_a_closed_case_ends_the_conversation(ana: Browser, martha: str, services: Services) -> None:
    ana.get(martha)
    ana.send(f"{martha}/claim")
    ana.send(f"{martha}/close", reason="declined", resolution="She has another doctor now")
    assert conversation(services).taken_by is None
    assert conversation(services).ended_at is not None


def test_setting_aside(ana: Browser, james: str) -> None:
    ana.get(james)
    assert "Say until when" in ana.send(f"{james}/snooze", until="", because="a fax", status=422).words
    page = ana.send(f"{james}/snooze", until="2026-11-05T09:00", because="a fax from the hospital")
    assert "Ana Marin set the case aside: a fax from the hospital" in page.words


def test_barriers_and_promises_are_settled_here(
    ana: Browser, james: str, rosa: str, services: Services, practice: Practice, now: datetime
) -> None:
    with begin(services.sessions) as session:
        case = session.get_one(Case, practice.cases["james"])
        barrier = open_barrier(session, case, "cost", now)
        due = now + timedelta(days=1)
        promise = make_promise(session, case, who="the pharmacy", what="call back", due_at=due, now=now)
    ana.get(james)
    assert "resolved 09:00" in ana.send(f"{james}/barriers/{barrier.id}/resolve").words
    assert "the pharmacy · done 09:00" in ana.send(f"{james}/promises/{promise.id}/keep").words
    ana.post(f"{rosa}/promises/{promise.id}/keep", status=404)
    ana.get(james)
    ana.post(f"{james}/barriers/{new_id()}/resolve", status=404)


def test_owner_and_lane(ana: Browser, james: str, practice: Practice) -> None:
    ana.get(james)
    page = ana.send(f"{james}/reassign", owner=str(practice.staff["max"]))
    assert "Owner Max Lund" in page.words
    assert "Choose who owns" in ana.send(f"{james}/reassign", owner="nobody", status=422).words
    page = ana.send(f"{james}/reclassify", lane="no_show", because="he missed the visit")
    assert page.h1 == ["Missed visit recovery"]


def test_a_case_that_is_not_there(ana: Browser) -> None:
    assert ana.get(f"/cases/{new_id()}", status=404).h1 == ["Page not found"]
    assert ana.get("/cases/what", status=404).h1 == ["Page not found"]


def test_calls_stand_in_the_thread(ana: Browser, martha: str, services: Services, now: datetime) -> None:
    with begin(services.sessions) as session:
        session.add(
            Call(
                carrier_sid="CA1",
                direction="out",
                conversation_id=conversation(services).id,
                number_index="",
                status="completed",
                answered_by="human",
                duration=75,
                started_at=now,
            )
        )
    assert "Call placed: a person answered, 1:15 min" in ana.get(martha).words


def test_earlier_messages(
    ana: Browser, james: str, services: Services, practice: Practice, now: datetime
) -> None:
    with begin(services.sessions) as session:
        case = session.get_one(Case, practice.cases["james"])
        for number in range(250):
            session.add(
                Message(
                    direction="in",
                    status=MessageStatus.RECEIVED,
                    patient_id=case.patient_id,
                    case_id=case.id,
                    number="",
                    number_index="",
                    body=f"message {number:03}",
                    author="patient",
                    created_at=now - timedelta(hours=10) + timedelta(minutes=number),
                )
            )
    page = ana.get(james)
    assert "message 249" in page.words
    assert "message 010" not in page.words
    earlier = next(link for link, words in page.links.items() if words == "Earlier messages")
    page = ana.get(earlier)
    assert "message 010" in page.words
    assert "message 249" not in page.words


def test_parts_are_counted_as_the_carrier_counts(ana: Browser, james: str) -> None:
    ana.get(james)
    token = ana.page.form(f"{james}/answer").fields["csrf_token"]
    for text, words in (
        ("Hello", "1 text, 5 characters"),
        ("á" * 71, "2 texts (shorter without á), 71 characters"),
    ):
        answer = ana.client.post("/text-parts", data={"text": text}, headers={"X-CSRFToken": token})
        assert answer.json is not None
        assert answer.json["words"] == words


def test_reading_ones_own_case_clears_the_unread(
    ana: Browser, james: str, services: Services, practice: Practice
) -> None:
    ana.get(james)
    with services.sessions() as session:
        assert session.get_one(Case, practice.cases["james"]).unread == 1
    ana.send(f"{james}/claim")
    with services.sessions() as session:
        assert session.get_one(Case, practice.cases["james"]).unread == 0
