"""What once was lost, sent wrongly or seen by nobody, one test each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.cases.models import Case
from app.cases.work import claim, close, release, reopen, snooze
from app.conversations.models import Conversation, Timer
from app.conversations.takeover import end, hand_back, say, take
from app.inbound import handle
from app.inbound.models import InboundEvent
from app.inbound.sharing import free_unanswered
from app.outbox.models import Message, MessageStatus
from app.outreach.models import Attempt
from app.patients.models import ContactPoint, Patient
from app.scheduling.models import Appointment
from app.security.models import Staff
from app.store import begin
from tests.support.world import MARTHA, World

DOB = "03/14/1948"


@pytest.fixture
def ana(world: World) -> Staff:
    return world.staff("Ana")


def discharged(world: World, *, named: bool = True, number: str = MARTHA, name: str = "Martha") -> UUID:
    """A patient home from hospital; identified, if `named`."""
    case = world.trigger("discharge", world.patient(number, name=name))
    world.start_due()
    world.sent()
    world.clock.advance(timedelta(minutes=3))
    if named:
        world.text(DOB, number)
        world.sent()
        world.clock.advance(timedelta(minutes=3))
    return case


def taken(world: World, case: UUID, staff: Staff) -> None:
    with begin(world.sessions) as session:
        take(session, claim(session, case, staff, world.clock.now()), staff, world.clock.now())


def closed(world: World, case: UUID, staff: Staff) -> None:
    with begin(world.sessions) as session:
        now = world.clock.now()
        found = close(session, case, staff, now, "completed", resolution="Spoke with her, all is settled.")
        end(session, found, now, kit=world.kit)


def given_back(world: World, case: UUID, staff: Staff, *, to_queue: bool = False) -> None:
    with begin(world.sessions) as session:
        found = release(session, case, staff, world.clock.now(), to_queue=to_queue)
        if not to_queue:
            hand_back(session, found, staff, world.clock.now(), kit=world.kit)


def said(world: World) -> list[str]:
    return [line for line in world.thread() if line.startswith("out")]


def test_a_closed_case_is_silent_and_a_reply_opens_it_again(world: World, ana: Staff) -> None:
    case = discharged(world)
    taken(world, case, ana)
    closed(world, case, ana)
    before = said(world)
    for hours in (5, 24, 48):
        world.later(hours=hours)
    assert said(world) == before
    assert not [t for t in world.all(Timer) if t.done_at is None]
    world.text("my leg is swollen now")
    cases = [c for c in world.all(Case) if c.needs_person]
    assert len(cases) == 1


def test_what_is_written_to_a_conversation_nobody_has_comes_into_the_queue(world: World, ana: Staff) -> None:
    case = discharged(world)
    world.text("I want to talk to a person")
    with begin(world.sessions) as session:
        now = world.clock.now()
        snooze(session, case, ana, now, until=now + timedelta(days=3), because="on holiday")
    world.clock.advance(timedelta(minutes=5))
    world.text("hello")
    found = world.case(case)
    assert found.needs_person
    assert found.snoozed_until is None


def test_put_back_for_somebody_else_stays_in_the_queue(world: World, ana: Staff) -> None:
    case = discharged(world)
    taken(world, case, ana)
    given_back(world, case, ana, to_queue=True)
    assert (world.case(case).needs_person, bool(world.case(case).because)) == (True, True)


def test_handed_back_with_nothing_to_go_on_with_stays_in_the_queue(world: World, ana: Staff) -> None:
    case = discharged(world)
    taken(world, case, ana)
    closed(world, case, ana)
    with begin(world.sessions) as session:
        reopen(session, case, ana, world.clock.now(), because="she called")
    taken(world, case, ana)
    given_back(world, case, ana)
    assert world.case(case).needs_person


def test_an_answer_to_a_person_is_not_taken_for_one_to_the_bot(world: World, ana: Staff) -> None:
    first = discharged(world)
    patient = world.case(first).patient_id
    taken(world, first, ana)
    visit = world.visit(patient, world.clock.now() + timedelta(days=2))
    second = world.trigger("appointment", patient, visit_id=visit, ago=timedelta(0))
    world.clock.advance(timedelta(days=1))
    world.start_due()
    world.sent()
    world.clock.advance(timedelta(minutes=10))
    with begin(world.sessions) as session:
        say(session, session.get_one(Case, first), ana, "Shall I call at 3? 1 yes 2 no", world.clock.now())
    world.clock.advance(timedelta(minutes=10))
    world.text("1")
    assert {a.answer for a in world.all(Appointment)} == {None}
    assert [world.case(case).unread for case in (first, second)] == [2, 0]


def test_a_question_that_never_went_out_is_not_answered(world: World) -> None:
    case = discharged(world, named=False)
    world.text(DOB)
    world.clock.advance(timedelta(minutes=30))
    world.text("3")
    conversation = world.all(Conversation)[0]
    assert "feeling" not in conversation.state["answers"]
    assert world.case(case).needs_person
    assert len([m for m in world.all(Message) if m.status == MessageStatus.QUEUED]) == 1
    world.sent()
    world.text("3")
    assert "feeling" in world.all(Conversation)[0].state["answers"]


def test_a_very_late_answer_is_a_persons(world: World) -> None:
    case = discharged(world)
    world.clock.advance(timedelta(hours=73))
    world.text("1")
    assert "feeling" not in world.all(Conversation)[0].state["answers"]
    assert any("some days ago" in flag.because for flag in world.flags(case))


def test_stop_on_a_shared_phone_is_not_kept_and_loses_nobody(world: World) -> None:
    cases = [discharged(world, named=False), discharged(world, named=False, name="Luis")]
    world.text("STOP")
    with begin(world.sessions) as session:
        assert [e.state for e in session.scalars(select(InboundEvent))] == ["done"]
    assert all(talk.ended_at is not None for talk in world.all(Conversation))
    for case in cases:
        assert world.case(case).needs_person
        assert "telephone" in world.flags(case)[0].because


def test_a_stranger_is_not_told_whom_we_wanted(world: World) -> None:
    for name in ("Martha", "Luis"):
        discharged(world, named=False, name=name)
    before = len(said(world))
    world.text("wrong number")
    assert not any("Martha" in line or "Luis" in line for line in said(world)[before:])
    with begin(world.sessions) as session:
        assert set(session.scalars(select(ContactPoint.state))) == {"wrong_person"}
    assert all(case.needs_person for case in world.all(Case))


@pytest.mark.parametrize("swept", [True, False])
def test_a_kept_text_is_not_forgotten_for_a_later_one(world: World, swept: bool) -> None:
    world.patient(name="Martha")
    world.patient(name="Luis")
    world.text("can somebody call me back")
    world.clock.advance(timedelta(hours=5))
    if swept:
        with begin(world.sessions) as session:
            assert free_unanswered(session, world.clock.now()) == 1
    world.text("are you there?")
    incoming = [line for line in world.thread() if line.startswith("in")]
    assert incoming == ["in: can somebody call me back", "in: are you there?"]


def test_whoever_was_asked_since_is_meant_not_whom_they_chose_before(world: World) -> None:
    discharged(world, named=False)
    world.patient(name="Luis")
    world.text("can somebody call me back")
    world.text("hello")
    luis = next(p for p in _patients(world) if p.given_name == "Luis")
    world.clock.advance(timedelta(minutes=30))
    case = world.trigger("discharge", luis.id)
    world.clock.advance(timedelta(days=1))
    world.start_due()
    world.sent()
    world.clock.advance(timedelta(minutes=3))
    world.text(DOB)
    assert [c.case_id for c in world.all(Conversation) if c.state["verified"]] == [case]


def _patients(world: World) -> list[Patient]:
    with begin(world.sessions) as session:
        return list(session.scalars(select(Patient)))


def test_outreach_waits_while_a_person_has_the_case_and_comes_after(world: World, ana: Staff) -> None:
    case = world.trigger("discharge", world.patient())
    with begin(world.sessions) as session:
        claim(session, case, ana, world.clock.now())
    world.start_due()
    attempt = world.all(Attempt)[0]
    assert (attempt.done_at, attempt.reason) == (None, "a coordinator has the case")
    with begin(world.sessions) as session:
        release(session, case, ana, world.clock.now())
    world.clock.advance(timedelta(minutes=31))
    world.start_due()
    assert len(world.all(Conversation)) == 1


def test_nobody_is_reminded_of_a_visit_that_has_begun(world: World) -> None:
    patient = world.patient()
    visit = world.visit(patient, world.clock.now() + timedelta(minutes=20))
    world.trigger("appointment", patient, visit_id=visit, ago=timedelta(0))
    world.clock.advance(timedelta(minutes=30))
    world.start_due()
    assert world.all(Message) == []
    assert world.all(Attempt)[0].reason == "the visit has begun"


def test_a_visit_before_the_next_hour_we_may_write_in_is_a_persons(world: World) -> None:
    world.clock.advance(timedelta(hours=12))
    patient = world.patient()
    visit = world.visit(patient, world.clock.now() + timedelta(hours=11))
    case = world.trigger("appointment", patient, visit_id=visit, ago=timedelta(0))
    world.start_due()
    assert "no time is left" in world.flags(case)[0].because


def test_no_nudge_and_no_call_once_the_visit_has_begun(world: World) -> None:
    patient = world.patient()
    visit = world.visit(patient, world.clock.now() + timedelta(hours=3))
    world.trigger("appointment", patient, visit_id=visit, ago=timedelta(0))
    world.start_due()
    world.sent()
    before = said(world)
    for hours in (5, 24, 48):
        world.later(hours=hours)
    assert said(world) == before
    assert world.all(Conversation)[0].status in ("ended", "handed_over")


def test_a_text_that_left_late_is_waited_for_as_long_as_any(world: World) -> None:
    discharged(world, named=False)
    world.later(hours=4, minutes=1)
    world.clock.advance(timedelta(hours=18))
    world.sent()
    world.later(hours=4)
    assert not [m for m in world.all(Message) if m.channel == "voice"]
    world.later(hours=17)
    assert [m for m in world.all(Message) if m.channel == "voice"]


def test_a_call_that_waits_holds_back_giving_up(world: World) -> None:
    case = discharged(world, named=False)
    world.later(hours=4, minutes=1)
    world.sent()
    world.later(hours=21)
    call = next(m for m in world.all(Message) if m.channel == "voice")
    assert call.status == MessageStatus.QUEUED
    world.later(hours=6)
    assert not any("no reply" in flag.because for flag in world.flags(case))


def test_without_a_number_for_texts_one_is_called(world: World) -> None:
    patient = world.patient()
    with begin(world.sessions) as session:
        session.execute(update(ContactPoint).values(state="landline"))
    case = world.trigger("discharge", patient)
    world.start_due()
    assert [(m.channel, m.status) for m in world.all(Message)] == [("voice", MessageStatus.QUEUED)]
    assert world.all(Conversation)[0].status == "waiting"
    assert world.flags(case) == []


def test_a_text_nobody_can_work_through_is_shown_and_lets_the_next_past(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    discharged(world)
    whole = handle.read

    def broken(text: str, *rest: Any, **more: Any) -> Any:
        if text == "odd":
            raise ValueError("no reading")
        return whole(text, *rest, **more)

    monkeypatch.setattr(handle, "read", broken)
    odd = world.receive("odd")
    assert odd is not None
    for _ in range(6):
        world.work(odd)
        world.clock.advance(timedelta(minutes=6))
    world.text("1")
    assert any(
        "could not be worked through" in f.because and f.words == "odd"
        for c in world.all(Case)
        for f in world.flags(c.id)
    )
    assert "feeling" in world.all(Conversation)[0].state["answers"]


def test_who_wanted_a_person_between_check_ins_is_checked_on_again(world: World, ana: Staff) -> None:
    case = discharged(world)
    for words in ("1", "no", "no", "yes", "yes", "yes", "yes", "no", "no", "no"):
        if world.all(Conversation)[0].status != "waiting":
            break
        world.text(words)
        world.sent()
        world.clock.advance(timedelta(minutes=3))
    assert world.all(Conversation)[0].status == "sleeping"
    (before,) = [t.due_at for t in world.all(Timer) if t.done_at is None]
    world.text("please let a person call me")
    assert world.all(Conversation)[0].status == "handed_over"
    taken(world, case, ana)
    given_back(world, case, ana)
    assert world.all(Conversation)[0].status == "sleeping"
    assert [t.due_at for t in world.all(Timer) if t.done_at is None] == [before]
    assert world.case(case).closed_at is None
