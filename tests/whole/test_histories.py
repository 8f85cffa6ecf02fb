"""Whatever happens in whatever order, what must hold holds: random histories of one small practice."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select

from app.cases.models import Case, Flag
from app.cases.work import claim, close, release
from app.clock import FixedClock
from app.consent.ledger import standing
from app.conversations.models import Conversation, ConversationTurn, Timer
from app.conversations.takeover import end, hand_back, say, take
from app.errors import Conflict, Invalid
from app.inbound.models import InboundEvent, PhoneThread
from app.inbound.sharing import free_unanswered
from app.outbox.models import Message, MessageStatus, Purpose
from app.outreach.consequences import follow_up
from app.outreach.models import Attempt
from app.outreach.triggers import stop_case
from app.patients.models import ContactPoint, Patient
from app.patients.people import number_index
from app.security.models import Staff
from app.settings import Settings
from app.store import Keyring, begin, make_engine, make_sessions
from tests.conftest import MONDAY_MORNING
from tests.support import databases, servers
from tests.support.surroundings import ENVIRON
from tests.support.world import World, make_world

SHARED, ALONE, STRANGER = "+13125550111", "+13125550122", "+13125550133"
NUMBERS = (SHARED, ALONE, STRANGER)
EMERGENCIES = ("i cant breathe", "he has chest pain and cant breathe", "i took a whole bottle of pills")
TEXTS = (
    "03/14/1948",
    "1",
    "2",
    "3",
    "yes",
    "no",
    "thanks",
    "blorp",
    "can somebody call me",
    "I want to talk to a person",
    "this is the wrong number",
    "my leg hurts",
    "",
    *EMERGENCIES,
)
WHICH = st.integers(0, 30)
OUTS = ("STOP", "CANCEL", "please stop texting me")


@dataclass(frozen=True)
class Begun:
    """A practice whose patients have been asked the first question; every history begins with a copy of it."""

    file: Path
    site_id: UUID
    people: list[UUID]
    staff: Staff
    now: datetime


def keyring() -> Keyring:
    found = Settings.from_env(ENVIRON)
    return Keyring(found.encryption_keys, found.index_key)


@cache
def begun_practice() -> Begun:
    with databases.sqlite(keyring(), servers.folder()) as url:
        engine = make_engine(url, keyring())
        world = make_world(make_sessions(engine), FixedClock(MONDAY_MORNING))
        people = []
        for name, number in (("Martha", SHARED), ("Luis", SHARED), ("Ana", ALONE)):
            people.append(world.patient(number, name=name))
            world.clock.advance(timedelta(seconds=1))
        for patient in people:
            world.trigger("discharge", patient)
        world.start_due()
        world.sent()
        staff = world.staff("Ben")
        world.clock.advance(timedelta(minutes=3))
        # The last connection to close folds SQLite's log into the one file that is copied.
        engine.dispose()
        return Begun(Path(url.removeprefix("sqlite:///")), world.site_id, people, staff, world.clock.now())


class History(RuleBasedStateMachine):
    """A practice with two patients on one phone, one on their own, and a stranger."""

    def __init__(self) -> None:
        super().__init__()
        begun = begun_practice()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(begun.file, self.folder / "history.db")
        self.engine = make_engine(f"sqlite:///{self.folder}/history.db", keyring())
        clock = FixedClock(begun.now)
        self.world = World(make_sessions(self.engine), clock, begun.site_id)
        self.people, self.staff = begun.people, begun.staff
        self.sids: list[tuple[str, str, str]] = []
        self.counter = 0
        self.dangers = 0

    def teardown(self) -> None:
        self.engine.dispose()
        shutil.rmtree(self.folder)

    # -- what happens ----------------------------------------------------------------------------------------

    def _write(self, body: str, number: str) -> None:
        self.counter += 1
        sid = f"SMhistory{self.counter:025d}"
        self.sids.append((sid, body, number))
        self.dangers += body in EMERGENCIES
        self.world.text(body, number, sid=sid)

    @rule(body=st.sampled_from(TEXTS), number=st.sampled_from(NUMBERS))
    def write(self, body: str, number: str) -> None:
        self._write(body, number)

    @rule(body=st.sampled_from(OUTS), number=st.sampled_from(NUMBERS))
    def opt_out(self, body: str, number: str) -> None:
        self._write(body, number)
        with begin(self.world.sessions) as session:
            assert not standing(session, number_index(session, number), "sms")

    @rule(number=st.sampled_from(NUMBERS))
    def opt_in(self, number: str) -> None:
        self._write("START", number)

    @rule(number=st.sampled_from(NUMBERS))
    def send_a_picture(self, number: str) -> None:
        self.counter += 1
        sid = f"SMhistory{self.counter:025d}"
        self.sids.append((sid, "", number))
        self.world.text(
            "", number, sid=sid, NumMedia="1", MediaUrl0="https://x/1", MediaContentType0="image/png"
        )

    @precondition(lambda self: self.sids)
    @rule(which=WHICH)
    def come_again(self, which: int) -> None:
        sid, body, number = self.sids[which % len(self.sids)]
        self.world.text(body, number, sid=sid)

    @rule()
    def everything_arrives(self) -> None:
        self.world.sent()

    @rule(code=st.sampled_from(["30003", "30006", "21610", "30007"]))
    def what_waits_fails(self, code: str) -> None:
        failed = []
        with begin(self.world.sessions) as session:
            for message in session.scalars(
                select(Message).where(Message.status == "queued", Message.channel == "sms")
            ):
                message.status, message.error_code = MessageStatus.UNDELIVERED, code
                message.finished_at = self.world.clock.now()
                failed.append(message.id)
        for message_id in failed:
            with begin(self.world.sessions) as session:
                follow_up(session, message_id, kit=self.world.kit, now=self.world.clock.now())

    @rule(hours=st.sampled_from([0.001, 0.1, 1, 5, 24, 80]))
    def time_passes(self, hours: float) -> None:
        self.world.later(hours=hours)
        with begin(self.world.sessions) as session:
            free_unanswered(session, self.world.clock.now())
            freed = list(session.scalars(select(InboundEvent.id).where(InboundEvent.state == "new")))
        for event in freed:
            self.world.work(event)
        self.world.start_due()

    @rule(who=st.integers(0, 2))
    def another_trigger(self, who: int) -> None:
        self.world.trigger("discharge", self.people[who])

    @rule(which=WHICH)
    def take(self, which: int) -> None:
        case_id = self._case(which)
        now = self.world.clock.now()
        with begin(self.world.sessions) as session:
            try:
                case = claim(session, case_id, session.merge(self.staff), now)
            except Conflict:
                return
            take(session, case, self.staff, now)

    @rule(which=WHICH, to_queue=st.booleans())
    def give_back(self, which: int, to_queue: bool) -> None:
        case_id = self._case(which)
        now = self.world.clock.now()
        with begin(self.world.sessions) as session:
            try:
                case = release(session, case_id, self.staff, now, to_queue=to_queue)
            except Conflict:
                return
            if not to_queue:
                hand_back(session, case, self.staff, now, kit=self.world.kit)

    @rule(which=WHICH)
    def answer_by_hand(self, which: int) -> None:
        case_id = self._case(which)
        with begin(self.world.sessions) as session:
            try:
                say(
                    session,
                    session.get_one(Case, case_id),
                    self.staff,
                    "Can you come at 3?",
                    self.world.clock.now(),
                )
            except (Conflict, Invalid):
                return

    @rule(which=WHICH)
    def close(self, which: int) -> None:
        case_id = self._case(which)
        now = self.world.clock.now()
        with begin(self.world.sessions) as session:
            try:
                close(
                    session,
                    case_id,
                    self.staff,
                    now,
                    "escalated",
                    resolution="Spoke with her, all is settled.",
                )
            except (Conflict, Invalid):
                return
            end(session, session.get_one(Case, case_id), now, kit=self.world.kit)

    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        case_id = self._case(which)
        with begin(self.world.sessions) as session:
            stop_case(session, case_id, "not so", self.world.clock.now(), self.world.kit)

    def _case(self, which: int) -> UUID:
        cases = sorted(self.world.all(Case), key=lambda case: (case.opened_at, case.id))
        found: UUID = cases[which % len(cases)].id
        return found

    # -- what holds --------------------------------------------------------------------------------------------

    @invariant()
    def every_text_is_acted_on_once(self) -> None:
        with begin(self.world.sessions) as session:
            events = list(session.scalars(select(InboundEvent)))
        assert len(events) == len(self.sids)
        assert {event.state for event in events} <= {"done", "held"}, {e.reason for e in events}
        incoming = Counter(m.carrier_sid for m in self.world.all(Message) if m.direction == "in")
        assert all(count == 1 for count in incoming.values())
        told = {e.dedupe for e in events if e.state == "held" or e.reason == "told which patient"}
        assert {sid[:40] for sid, _, _ in self.sids} == set(incoming) | told
        with begin(self.world.sessions) as session:
            asked = {t.held_event_id for t in session.scalars(select(PhoneThread)) if t.asked_at is not None}
        # What is kept is kept for a question that is open; nothing else would ever bring it back.
        assert {e.id for e in events if e.state == "held"} <= asked

    @invariant()
    def every_emergency_is_answered_and_flagged(self) -> None:
        said = [m for m in self.world.all(Message) if m.purpose == Purpose.SAFETY and m.direction == "out"]
        with begin(self.world.sessions) as session:
            flagged = [f for f in session.scalars(select(Flag)) if f.urgency == 3]
        assert len(said) == len(flagged) == self.dangers
        assert all(flag.words for flag in flagged)

    @invariant()
    def whoever_opted_out_is_left_alone(self) -> None:
        with begin(self.world.sessions) as session:
            for number in NUMBERS:
                index = number_index(session, number)
                if standing(session, index, "sms"):
                    continue
                waiting = select(Message).where(
                    Message.number_index == index,
                    Message.status == MessageStatus.QUEUED,
                    Message.purpose == Purpose.OUTREACH,
                    Message.channel == "sms",
                )
                assert not list(session.scalars(waiting))

    @invariant()
    def the_bot_is_silent_where_a_person_is(self) -> None:
        taken = {c.id for c in self.world.all(Conversation) if c.taken_by is not None}
        for message in self.world.all(Message):
            if message.conversation_id in taken and message.status == MessageStatus.QUEUED:
                assert message.purpose in (Purpose.SAFETY, Purpose.STAFF, Purpose.NOTICE)

    @invariant()
    def every_conversation_rests_somewhere(self) -> None:
        live = Counter(t.conversation_id for t in self.world.all(Timer) if t.done_at is None)
        cases = {case.id: case for case in self.world.all(Case)}
        for talk in self.world.all(Conversation):
            case = cases[talk.case_id]
            assert talk.status in ("waiting", "sleeping", "handed_over", "ended")
            assert (talk.status == "ended") == (talk.ended_at is not None)
            if talk.status in ("waiting", "sleeping"):
                assert live[talk.id] == 1, (talk.status, live[talk.id])
                assert case.closed_at is None
            if talk.status == "handed_over":
                assert case.needs_person or case.claimed_by is not None or case.closed_at is not None
            if talk.status == "ended":
                assert live[talk.id] == 0

    @invariant()
    def who_needs_a_person_has_a_reason_and_nobody_falls_through(self) -> None:
        talking = {c.case_id for c in self.world.all(Conversation) if c.ended_at is None}
        planned = self._planned()
        for case in self.world.all(Case):
            if case.needs_person:
                assert case.because
                assert case.closed_at is None
            if case.closed_at is None and not case.needs_person and case.claimed_by is None:
                assert case.id in talking or case.id in planned or self._only_politeness(case)
            if case.unread and case.claimed_by is None and not case.needs_person:
                rests = case.id in talking or case.id in planned or case.closed_at is not None
                assert rests or self._only_politeness(case)

    def _planned(self) -> set[UUID]:
        return {attempt.case_id for attempt in self.world.all(Attempt) if attempt.done_at is None}

    def _only_politeness(self, case: Case) -> bool:
        """A case opened for a message that only said thanks, or a keyword that has its own answer."""
        return case.lane_key == "message"

    @invariant()
    def a_turn_is_done_once(self) -> None:
        with begin(self.world.sessions) as session:
            turns = list(session.scalars(select(ConversationTurn)))
        keys = Counter((turn.conversation_id, turn.event_key) for turn in turns)
        assert all(count == 1 for count in keys.values())

    @invariant()
    def people_and_numbers_stay(self) -> None:
        assert {p.id for p in self.world.all(Patient)} >= set(self.people)  # type: ignore[arg-type]  # a table too
        assert len(self.world.all(ContactPoint)) >= 3  # type: ignore[arg-type]  # a table too


TestHistories = History.TestCase
TestHistories.settings = settings(
    max_examples=30,
    stateful_step_count=20,
    deadline=None,
    phases=set(Phase) - {Phase.explain},
    suppress_health_check=list(HealthCheck),
)
