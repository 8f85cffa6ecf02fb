"""No slot is ever booked twice: whatever the order of acts, and however many act at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.scheduling import slots
from app.scheduling.models import Appointment, Slot
from app.store import Sessions, begin, make_engine, make_sessions, new_id
from app.store.keys import Keyring
from tests.conftest import MONDAY_MORNING
from tests.scheduling.conftest import make_patient, make_site, make_slot

HOLDERS = tuple(new_id() for _ in range(3))
WHO = st.sampled_from(range(len(HOLDERS)))
WHICH = st.sampled_from(range(4))


class Practice(RuleBasedStateMachine):
    """Three conversations about four times, in any order, beside a simple model of who may have what."""

    sessions: ClassVar[Sessions]

    def __init__(self) -> None:
        super().__init__()
        self.session: Session = self.sessions()
        self.now = MONDAY_MORNING
        self.site = make_site(self.session)
        self.patients = [make_patient(self.session, self.site, self.now) for _ in HOLDERS]
        self.slots = [
            make_slot(self.session, self.site, self.now + timedelta(days=1, hours=n), self.now)
            for n in range(4)
        ]
        self.held: dict[UUID, tuple[UUID, datetime]] = {}
        self.booked: dict[UUID, UUID] = {}

    def teardown(self) -> None:
        self.session.rollback()
        self.session.close()

    def _let_go(self, holder: UUID) -> None:
        self.held = {slot: (by, until) for slot, (by, until) in self.held.items() if by != holder}

    @rule(who=WHO, count=st.integers(1, 4), minutes=st.integers(1, 60))
    def hold(self, who: int, count: int, minutes: int) -> None:
        holder, until = HOLDERS[who], self.now + timedelta(minutes=minutes)
        self._let_go(holder)
        open_now = [s for s in self.slots if s not in self.booked.values() and self._unheld(s)]
        given = slots.hold(
            self.session,
            site_id=self.site.id,
            visit="follow-up",
            after=self.now,
            until=self.now + timedelta(days=30),
            count=count,
            holder=holder,
            held_until=until,
            now=self.now,
        )
        assert [slot.id for slot in given] == open_now[:count]
        self.held.update({slot.id: (holder, until) for slot in given})

    def _unheld(self, slot: UUID) -> bool:
        return slot not in self.held or self.held[slot][1] <= self.now

    @rule(who=WHO, which=WHICH)
    def book(self, who: int, which: int) -> None:
        holder, slot = HOLDERS[who], self.slots[which]
        mine = self.held.get(slot, (None, None))[0] == holder
        again = self.booked.get(holder) == slot
        done = slots.book(
            self.session, slot_id=slot, holder=holder, patient_id=self.patients[who], now=self.now
        )
        assert (done is not None) == (mine or again)
        if mine:
            self.booked[holder] = slot
            self._let_go(holder)

    @rule(who=WHO)
    def release(self, who: int) -> None:
        slots.release(self.session, HOLDERS[who], self.now)
        self._let_go(HOLDERS[who])

    @rule()
    def sweep(self) -> None:
        slots.release_expired(self.session, self.now)
        self.held = {slot: (by, until) for slot, (by, until) in self.held.items() if until > self.now}

    @rule(minutes=st.integers(1, 45))
    def time_goes_by(self, minutes: int) -> None:
        # Not a whole day, however long the example: the slots themselves must stay ahead.
        self.now = min(self.now + timedelta(minutes=minutes), MONDAY_MORNING + timedelta(hours=20))

    @invariant()
    def each_slot_has_one_appointment(self) -> None:
        rows = self.session.scalars(select(Appointment).where(Appointment.site_id == self.site.id)).all()
        assert {UUID(row.external_id): row.slot_id for row in rows} == self.booked
        assert len({row.slot_id for row in rows}) == len(rows)

    @invariant()
    def a_booked_slot_knows_for_whom(self) -> None:
        query = select(Slot.id, Slot.booked_for).where(Slot.status == "busy", Slot.site_id == self.site.id)
        taken = {HOLDERS.index(holder): slot for holder, slot in self.booked.items()}
        assert dict(self.session.execute(query).all()) == {s: self.patients[n] for n, s in taken.items()}


@pytest.fixture
def practice(sqlite_url: str, keyring: Keyring) -> type[Practice]:
    engine = make_engine(sqlite_url, keyring)
    return type("HerePractice", (Practice,), {"sessions": make_sessions(engine)})


def test_in_any_order(practice: type[Practice]) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call] # hypothesis leaves it untyped
        practice, settings=hypothesis_settings(max_examples=40, stateful_step_count=25, deadline=None)
    )


def test_two_patients_and_the_last_slot(sessions: Sessions, now: datetime) -> None:
    """Ten at once for one time, each holding then booking: one gets it, the others are told."""
    with begin(sessions) as session:
        site = make_site(session)
        patients = [make_patient(session, site, now) for _ in range(10)]
        make_slot(session, site, now + timedelta(days=1), now)
    together = threading.Barrier(len(patients))

    def one(patient: UUID) -> bool:
        holder = new_id()
        together.wait()
        with begin(sessions) as session:
            held = slots.hold(
                session,
                site_id=site.id,
                visit="follow-up",
                after=now,
                until=now + timedelta(days=14),
                count=3,
                holder=holder,
                held_until=now + timedelta(minutes=30),
                now=now,
            )
        with begin(sessions) as session:
            choice = held[0].id if held else new_id()
            done = slots.book(session, slot_id=choice, holder=holder, patient_id=patient, now=now)
        return done is not None

    with ThreadPoolExecutor(len(patients)) as pool:
        assert sum(pool.map(one, patients)) == 1
    with sessions() as session:
        assert len(session.scalars(select(Appointment)).all()) == 1


def test_one_answer_twice_at_once(sessions: Sessions, now: datetime) -> None:
    """The same booking from several processes at once: one appointment, and all are told of it."""
    holder = new_id()
    with begin(sessions) as session:
        site = make_site(session)
        patient = make_patient(session, site, now)
        make_slot(session, site, now + timedelta(days=1), now)
        held = slots.hold(
            session,
            site_id=site.id,
            visit="follow-up",
            after=now,
            until=now + timedelta(days=14),
            count=1,
            holder=holder,
            held_until=now + timedelta(minutes=30),
            now=now,
        )
    together = threading.Barrier(4)

    def one(_: int) -> UUID | None:
        together.wait()
        with begin(sessions) as session:
            done = slots.book(session, slot_id=held[0].id, holder=holder, patient_id=patient, now=now)
            return done.id if done else None

    with ThreadPoolExecutor(4) as pool:
        told = set(pool.map(one, range(4)))
    assert len(told) == 1
    assert None not in told
