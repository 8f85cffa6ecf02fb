"""Two at once: one effect each, in order, and nobody waits for ever. Every race is run many times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.work import claim, close, release
from app.conversations import timers
from app.conversations.fire import fire
from app.conversations.models import Conversation, ConversationTurn, Timer
from app.conversations.takeover import end, hand_back, take
from app.errors import Conflict
from app.inbound.intake import store
from app.inbound.models import InboundEvent
from app.inbound.take import take_next
from app.outbox.models import Message, MessageStatus, Purpose
from app.outreach.consequences import follow_up
from app.outreach.due import offer
from app.outreach.models import Attempt, Trigger
from app.outreach.start import start
from app.outreach.triggers import open_trigger, stop_case, withdraw_patient, withdraw_trigger
from app.patients.models import Patient
from app.security.models import Staff
from app.store import begin
from tests.conftest import MONDAY_MORNING
from tests.support.world import OURS, World
from tests.whole.conftest import together, well

DOB = "03/14/1948"
ROUNDS = 10


class Round:
    """One patient with a number of their own, asked the first real question."""

    def __init__(self, world: World, number: int, *, asked: bool = True, begun: bool = True) -> None:
        self.world, self.number = world, f"+1312555{100 + number:04d}"
        # Each begins on a morning of its own, in the hours in which we may write.
        world.clock.set(max(world.clock.now(), MONDAY_MORNING + timedelta(weeks=number)))
        self.patient = world.patient(self.number)
        self.case = world.trigger("discharge", self.patient)
        if begun:
            world.start_due()
            world.sent()
            world.clock.advance(timedelta(minutes=3))
        if asked and begun:
            world.text(DOB, self.number)
            world.sent()
            world.clock.advance(timedelta(minutes=3))

    def all(self, kind: Any) -> list[Any]:
        column = Case.id if kind is Case else kind.case_id
        with begin(self.world.sessions) as session:
            return list(session.scalars(select(kind).where(column == self.case).order_by(kind.id)))

    @property
    def talk(self) -> Conversation:
        found: Conversation = self.all(Conversation)[0]
        return found

    def said(self) -> list[Message]:
        return [m for m in self.all(Message) if m.direction == "out"]

    def turns(self) -> list[ConversationTurn]:
        with begin(self.world.sessions) as session:
            turns = select(ConversationTurn).where(ConversationTurn.conversation_id == self.talk.id)
            return list(session.scalars(turns.order_by(ConversationTurn.number)))

    def timer(self) -> UUID:
        with begin(self.world.sessions) as session:
            waiting = select(Timer.id).where(Timer.conversation_id == self.talk.id, Timer.done_at.is_(None))
            return session.scalars(waiting).one()

    def event(self, body: str) -> UUID:
        event = self.world.receive(body, self.number)
        assert event is not None
        return event

    # -- what workers, clocks and people do ------------------------------------------------------------------

    def handling(self, event: UUID) -> Callable[[], Any]:
        def run() -> int:
            done = 0
            while handled := take_next(
                self.world.sessions, event, kit=self.world.kit, clock=self.world.clock
            ):
                done += 1
                if not handled.more:
                    break
            return done

        return run

    def doing(self, act: Callable[[Session], Any]) -> Callable[[], Any]:
        def run() -> Any:
            with begin(self.world.sessions) as session:
                return act(session)

        return run

    def firing(self, timer: UUID) -> Callable[[], Any]:
        return self.doing(lambda s: fire(s, timer, kit=self.world.kit, now=self.world.clock.now()))

    def starting(self, attempt: UUID) -> Callable[[], Any]:
        return self.doing(lambda s: start(s, [attempt], kit=self.world.kit, now=self.world.clock.now()))

    def taking(self, staff: Staff) -> Callable[[], Any]:
        def act(session: Session) -> bool:
            now = self.world.clock.now()
            try:
                take(session, claim(session, self.case, staff, now), staff, now)
            except Conflict:
                return False
            return True

        return self.doing(act)

    def stopping(self, because: str = "not so") -> Callable[[], Any]:
        return self.doing(lambda s: stop_case(s, self.case, because, self.world.clock.now(), self.world.kit))


def test_the_same_webhook_at_once_is_one_row_and_one_effect(world: World) -> None:
    for n in range(ROUNDS):
        one = Round(world, n)
        params = {
            "MessageSid": f"SMrace{n:028d}",
            "From": one.number,
            "To": OURS,
            "Body": "3",
            "NumMedia": "0",
        }

        def post(params: dict[str, str] = params) -> UUID | None:
            with begin(world.sessions) as session:
                sid, number = params["MessageSid"], params["From"]
                return store(
                    session.connection(),
                    kind="text",
                    dedupe=sid,
                    number=number,
                    params=params,
                    now=world.clock.now(),
                )

        stored = [event for event in well(post, post, post, post) if event is not None]
        assert len(stored) == 1
        assert sum(well(*(one.handling(stored[0]) for _ in range(4)))) == 1
        assert len([m for m in one.all(Message) if m.direction == "in"]) == 2
        assert len(one.turns()) == 3
        assert "what is bothering you" in one.said()[-1].body


def test_two_texts_at_once_are_both_handled_in_their_order(world: World) -> None:
    for n in range(ROUNDS):
        one = Round(world, n)
        first = one.event("3")
        world.clock.advance(timedelta(milliseconds=300))
        second = one.event("my leg hurts a lot")
        assert sum(well(one.handling(second), one.handling(first), one.handling(first))) == 2
        assert [m.body for m in one.all(Message) if m.direction == "in"][1:] == ["3", "my leg hurts a lot"]
        assert [turn.kind for turn in one.turns()] == ["Started", "Reply", "Reply", "Reply"]
        assert len({turn.number for turn in one.turns()}) == 4
        assert one.all(Case)[0].needs_person


def test_after_a_takeover_the_bot_is_silent_whoever_was_first(world: World) -> None:
    ana = world.staff("Ana")
    for n in range(ROUNDS):
        one = Round(world, n)
        event, timer = one.event("1"), one.timer()
        well(one.handling(event), one.taking(ana), one.firing(timer))
        case = one.all(Case)[0]
        assert case.claimed_by == one.talk.taken_by == ana.id
        assert not [m for m in one.said() if m.status == MessageStatus.QUEUED]
        quiet = len(one.said())
        well(one.handling(one.event("2")), one.handling(one.event("hello?")))
        assert len(one.said()) == quiet
        assert case.unread >= 1


def test_two_people_take_one_case_one_gets_it(world: World) -> None:
    ana, ben = world.staff("Ana"), world.staff("Ben")
    for n in range(ROUNDS):
        one = Round(world, n)
        assert sorted(well(one.taking(ana), one.taking(ben))) == [False, True]
        assert one.all(Case)[0].claimed_by == one.talk.taken_by


def test_a_timer_and_a_reply_at_once(world: World) -> None:
    for n in range(ROUNDS):
        one = Round(world, n)
        timer = one.timer()
        world.clock.advance(timedelta(hours=4, minutes=1))
        well(one.handling(one.event("3")), one.firing(timer))
        # Either the nudge was taken back, or it was never written; in both cases the answer counts.
        assert "what is bothering you" in one.said()[-1].body
        waiting = [m for m in one.said() if m.status == MessageStatus.QUEUED]
        assert [m.purpose for m in waiting] == [Purpose.REPLY]
        assert one.talk.state["answers"]["feeling"][-1]["value"] == "worse"
        assert one.timer() != timer


def test_two_clocks_fire_one_timer_once(world: World) -> None:
    for n in range(ROUNDS):
        one = Round(world, n)
        timer = one.timer()
        world.clock.advance(timedelta(hours=4, minutes=1))
        moved = [outcome.moved for outcome in well(*(one.firing(timer) for _ in range(4)))]
        assert sorted(moved) == [False, False, False, True]
        assert len(one.turns()) == 3


def test_two_workers_start_one_attempt_once(world: World) -> None:
    for n in range(ROUNDS):
        one = Round(world, n, begun=False)
        attempt = one.all(Attempt)[0].id
        begun = well(*(one.starting(attempt) for _ in range(4)))
        moved = [outcomes[attempt].moved for outcomes in begun]
        assert sorted(moved) == [False, False, False, True]
        assert len(one.all(Conversation)) == len(one.said()) == 1


def test_two_sweeps_offer_an_attempt_to_one(world: World) -> None:
    for n in range(ROUNDS):
        Round(world, n, begun=False)
    one = Round(world, 99, begun=False)
    given = well(*(one.doing(lambda s: offer(s, world.clock.now(), 500)) for _ in range(4)))
    assert sum(len(each) for each in given) == ROUNDS + 1


def test_what_is_withdrawn_never_goes_out_whoever_was_first(world: World) -> None:
    for n in range(ROUNDS):
        one = Round(world, n, begun=False)
        attempt = one.all(Attempt)[0].id
        well(one.starting(attempt), one.stopping(), one.starting(attempt))
        assert not [m for m in one.said() if m.status == MessageStatus.QUEUED]
        assert all(talk.ended_at is not None for talk in one.all(Conversation))
        assert one.all(Case)[0].closed_at is not None
        assert one.all(Attempt)[0].done_at is not None


def test_a_text_is_read_though_its_conversation_ends_at_that_moment(world: World) -> None:
    for n in range(ROUNDS):
        one = Round(world, n)
        event = one.event("my wound is bleeding and it will not stop")
        well(one.handling(event), one.stopping())
        with begin(world.sessions) as session:
            case = session.get_one(Case, one.case)
            cases = list(session.scalars(select(Case).where(Case.patient_id == one.patient)))
        assert any(each.needs_person and each.closed_at is None for each in cases), case.status


def test_a_plain_answer_is_read_though_its_case_is_closed_at_that_moment(world: World) -> None:
    ana = world.staff("Ana")
    for n in range(ROUNDS):
        one = Round(world, n)
        well(one.taking(ana))

        def closing(session: Session, one: Round = one) -> None:
            close(
                session,
                one.case,
                ana,
                world.clock.now(),
                "completed",
                resolution="Spoke with her, she is well.",
            )
            end(session, session.get_one(Case, one.case), world.clock.now(), kit=world.kit)

        well(one.doing(closing), one.handling(one.event("I still have a question")))
        with begin(world.sessions) as session:
            cases = list(session.scalars(select(Case).where(Case.patient_id == one.patient)))
        seen = [each for each in cases if each.needs_person or each.claimed_by is not None]
        # Read before the close, it was unread in a claimed case; then the coordinator closed it knowingly.
        assert seen or cases[0].closed_at is not None
        if not seen:
            assert [m for m in one.all(Message) if m.direction == "in"]
        assert one.talk.ended_at is not None
        assert one.talk.taken_by is None


def test_the_same_trigger_told_by_many_is_one_case(world: World) -> None:
    patient = world.patient()
    for n in range(ROUNDS):

        def tell(n: int = n) -> bool:
            with begin(world.sessions) as session:
                now = world.clock.now()
                return open_trigger(
                    session,
                    source="adt",
                    external_id=f"A{n}",
                    kind="discharge",
                    patient=session.get_one(Patient, patient),
                    occurred_at=now,
                    now=now,
                )[1]

        assert sorted(well(tell, tell, tell, tell)) == [False, False, False, True]
    assert len(world.all(Case)) == len(world.all(Trigger)) == len(world.all(Attempt)) == ROUNDS


def test_stop_on_two_phones_a_death_and_a_withdrawal_do_not_wait_for_each_other(world: World) -> None:
    for n in range(ROUNDS):
        one = Round(world, 2 * n)
        for kind in ("discharge", "discharge"):
            world.trigger(kind, one.patient)
        world.start_due()
        world.sent()
        event = one.event("STOP")

        def died(session: Session, one: Round = one) -> int:
            patient = session.get_one(Patient, one.patient)
            return withdraw_patient(session, patient, "the patient has died", world.clock.now(), world.kit)

        retried(one.handling(event), one.doing(died), one.stopping())
        with begin(world.sessions) as session:
            talks = list(session.scalars(select(Conversation).where(Conversation.patient_id == one.patient)))
            left = select(Message).where(
                Message.patient_id == one.patient, Message.status == MessageStatus.QUEUED
            )
            assert not list(session.scalars(left))
            event_row = session.get_one(InboundEvent, event)
        assert all(talk.ended_at is not None for talk in talks)
        assert event_row.state == "done"


def retried(*acts: Callable[[], Any]) -> None:
    """As jobs and sweeps do: who met another transaction comes again."""
    for _ in range(3):
        errors = [
            act for act, result in zip(acts, together(*acts), strict=True) if isinstance(result, Exception)
        ]
        if not errors:
            return
        acts = tuple(errors)
    raise AssertionError("they met each other three times")


def test_handing_back_while_the_patient_writes(world: World) -> None:
    ana = world.staff("Ana")
    for n in range(ROUNDS):
        one = Round(world, n)
        well(one.taking(ana))

        def back(session: Session, one: Round = one) -> Any:
            now = world.clock.now()
            case = release(session, one.case, ana, now)
            return hand_back(session, case, ana, now, kit=world.kit)

        well(one.doing(back), one.handling(one.event("1")))
        assert one.talk.status in ("waiting", "handed_over")
        assert one.talk.taken_by is None
        live = [t for t in world.all(Timer) if t.conversation_id == one.talk.id and t.done_at is None]
        assert len(live) == 1


def test_a_failure_followed_up_by_many_is_one_call(world: World) -> None:
    for n in range(ROUNDS):
        one = Round(world, n, asked=False)
        failed = one.said()[-1].id
        with begin(world.sessions) as session:
            message = session.get_one(Message, failed)
            message.status, message.error_code = MessageStatus.UNDELIVERED, "30003"

        def follow(session: Session, failed: UUID = failed) -> Any:
            return follow_up(session, failed, kit=world.kit, now=world.clock.now())

        moved = [outcome.moved for outcome in well(*(one.doing(follow) for _ in range(4)))]
        assert sum(moved) == 1
        assert len([m for m in one.said() if m.channel == "voice"]) == 1


def test_a_follow_up_a_takeover_and_a_reply_at_once(world: World) -> None:
    ana = world.staff("Ana")
    for n in range(ROUNDS):
        one = Round(world, n, asked=False)
        failed = one.said()[-1].id
        with begin(world.sessions) as session:
            message = session.get_one(Message, failed)
            message.status, message.error_code = MessageStatus.UNDELIVERED, "30003"

        def follow(session: Session, failed: UUID = failed) -> Any:
            return follow_up(session, failed, kit=world.kit, now=world.clock.now())

        well(one.doing(follow), one.taking(ana), one.handling(one.event(DOB)))
        assert not [m for m in one.said() if m.status == MessageStatus.QUEUED]
        assert one.talk.taken_by == ana.id


def test_a_withdrawal_told_twice_at_once(world: World) -> None:
    for n in range(ROUNDS):
        one = Round(world, n)
        trigger = next(t for t in world.all(Trigger) if t.case_id == one.case)

        def back(session: Session, trigger: Trigger = trigger) -> bool:
            return withdraw_trigger(
                session,
                source=trigger.source,
                external_id=trigger.external_id,
                because="cancelled",
                now=world.clock.now(),
                kit=world.kit,
            )

        well(one.doing(back), one.doing(back), one.handling(one.event("STOP")))
        assert one.talk.ended_at is not None


def test_due_timers_are_found_by_every_clock(world: World) -> None:
    one = Round(world, 1)
    world.clock.advance(timedelta(hours=5))
    found = well(*(one.doing(lambda s: timers.due(s, world.clock.now(), 10)) for _ in range(3)))
    assert found == [[one.timer()]] * 3
