"""What happened opens one case each, is planned, combined, withdrawn, or given to a person with the reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from app.cases.models import Case
from app.conversations.models import Conversation
from app.errors import Invalid
from app.outbox.models import Message, MessageStatus
from app.outreach.models import Attempt, Trigger
from app.outreach.plan import first_attempt
from app.outreach.triggers import open_trigger, withdraw_patient, withdraw_trigger
from app.patients.models import Patient
from app.scheduling.models import Appointment
from app.store import begin
from tests.support.world import World

CHICAGO = ZoneInfo("America/Chicago")


def again(world: World, patient: UUID, kind: str = "discharge") -> bool:
    with begin(world.sessions) as session:
        now = world.clock.now()
        return open_trigger(
            session,
            source="adt",
            external_id="A1",
            kind=kind,
            patient=session.get_one(Patient, patient),
            occurred_at=now,
            now=now,
        )[1]


def test_a_trigger_told_twice_opens_one_case(world: World) -> None:
    patient = world.patient()
    assert [again(world, patient), again(world, patient)] == [True, False]
    assert len(world.all(Case)) == len(world.all(Trigger)) == len(world.all(Attempt)) == 1


@pytest.mark.parametrize("kind", ["birthday", "inbound"])
def test_an_unknown_kind_is_refused_in_words(world: World, kind: str) -> None:
    patient = world.patient()
    with pytest.raises(Invalid, match="discharge, appointment or no_show"):
        again(world, patient, kind)


def test_a_case_has_lane_owner_window_and_due_time_at_once(world: World) -> None:
    case = world.case(world.trigger("discharge", world.patient()))
    assert case.lane_key == "discharge"
    assert case.due_at > case.occurred_at


def test_nobody_to_text_still_leaves_a_case_for_a_person(world: World) -> None:
    case = world.trigger("discharge", world.patient(number=""))
    world.start_due()
    assert "no telephone number" in world.flags(case)[0].because
    assert world.case(case).needs_person


@pytest.mark.parametrize("status", ["deceased", "merged", "minor", "inactive"])
def test_whom_we_must_not_write_to_is_a_persons_matter(world: World, status: str) -> None:
    case = world.trigger("discharge", world.patient(status=status))
    world.start_due()
    assert world.all(Message) == []
    assert world.case(case).needs_person


def test_a_withdrawn_discharge_sends_nothing_more_and_closes(world: World) -> None:
    patient = world.patient()
    again(world, patient)
    world.clock.advance(timedelta(days=2))
    world.start_due()
    with begin(world.sessions) as session:
        done = withdraw_trigger(
            session,
            source="adt",
            external_id="A1",
            because="discharge was cancelled",
            now=world.clock.now(),
            kit=world.kit,
        )
    assert done
    assert world.all(Conversation)[0].ended_at is not None
    assert {m.status for m in world.all(Message)} == {MessageStatus.SKIPPED}
    assert world.all(Case)[0].closed_at is not None


def test_a_death_stops_every_case(world: World) -> None:
    patient = world.patient()
    world.trigger("discharge", patient)
    world.start_due()
    with begin(world.sessions) as session:
        stopped = withdraw_patient(
            session, session.get_one(Patient, patient), "the patient has died", world.clock.now(), world.kit
        )
    assert stopped == 1
    assert {m.status for m in world.all(Message)} == {MessageStatus.SKIPPED}


def test_two_visits_of_a_day_are_one_reminder(world: World) -> None:
    patient = world.patient()
    day = world.clock.now() + timedelta(days=2)
    for hours in (0, 2):
        visit = world.visit(patient, day + timedelta(hours=hours))
        world.trigger("appointment", patient, visit_id=visit, ago=timedelta(0))
    world.start_due()
    assert len(world.all(Conversation)) == 1
    assert "told together" in next(a.reason for a in world.all(Attempt) if a.done_at is None)
    world.sent()
    world.clock.advance(timedelta(minutes=3))
    world.text("1")
    assert {a.answer for a in world.all(Appointment)} == {"accepted"}


def test_a_visit_confirmed_elsewhere_is_not_reminded_of(world: World) -> None:
    patient = world.patient()
    visit = world.visit(patient, world.clock.now() + timedelta(days=2), answer="accepted")
    world.trigger("appointment", patient, visit_id=visit, ago=timedelta(0))
    world.start_due()
    assert world.all(Message) == []


def test_quiet_hours_put_the_beginning_off_and_say_why(world: World) -> None:
    world.clock.advance(timedelta(hours=15))
    world.trigger("discharge", world.patient())
    world.start_due()
    attempt = world.all(Attempt)[0]
    assert attempt.done_at is None
    assert "quiet hours" in attempt.reason
    assert 9 <= attempt.due_at.astimezone(CHICAGO).hour < 20


def test_a_missed_visit_offers_held_times_and_books_one(world: World) -> None:
    patient = world.patient()
    visit = world.visit(patient, world.clock.now() - timedelta(hours=2), status="noshow")
    now = world.clock.now()
    world.slots(now + timedelta(days=1), now + timedelta(days=2))
    case = world.trigger("no_show", patient, visit_id=visit, ago=timedelta(hours=2))
    world.start_due()
    world.sent()
    world.clock.advance(timedelta(minutes=3))
    world.text("1")
    assert "These times are free" in world.last()
    world.sent()
    world.clock.advance(timedelta(minutes=3))
    world.text("2")
    booked = [a for a in world.all(Appointment) if a.system == "careloop" or a.slot_id]
    assert [a.start_at for a in booked] == [now + timedelta(days=2)]
    assert world.case(case).closed_at is not None


@pytest.mark.parametrize(
    ("kind", "settings", "wanted"),
    [
        ("discharge", {}, datetime(2026, 11, 3, 16, 0, tzinfo=UTC)),
        ("discharge", {"start_after": {"discharge": "0m"}}, datetime(2026, 11, 2, 15, 0, tzinfo=UTC)),
        ("no_show", {}, datetime(2026, 11, 2, 15, 30, tzinfo=UTC)),
    ],
)
def test_when_outreach_begins(kind: str, settings: dict[str, object], wanted: datetime) -> None:
    now = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
    assert first_attempt(kind, now, now, CHICAGO, settings, None) == wanted


def test_a_visit_is_reminded_of_three_days_before_or_at_once() -> None:
    now = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
    far, near = now + timedelta(days=9), now + timedelta(days=1)
    assert first_attempt("appointment", now, now, CHICAGO, {}, far) == far - timedelta(days=3)
    assert first_attempt("appointment", now, now, CHICAGO, {}, near) == now


def test_a_visits_time_is_told_where_the_visit_is(world: World) -> None:
    patient = world.patient(time_zone="America/Denver")
    visit = world.visit(patient, datetime(2026, 11, 4, 15, 30, tzinfo=UTC))
    world.trigger("appointment", patient, visit_id=visit, ago=timedelta(0))
    world.start_due()
    world.clock.advance(timedelta(hours=2))
    world.start_due()
    assert "9:30 AM" in world.last()
