"""Texts whose webhook never came: found however long we were away, once, and never half."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.channels.base import Received, SendError
from app.channels.errors import policy
from app.inbound import reconcile
from app.inbound.models import InboundEvent, InboxLook
from app.inbound.reconcile import Looked, look
from app.patients.models import Site
from app.store import begin
from tests.support.world import MARTHA, OURS, World

OTHER = "+13125550101"


class Inbox:
    """A carrier's list on paper; `fails` are the errors of the next times it is asked."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.texts: list[Received] = []
        self.asked: list[tuple[str, datetime, datetime]] = []
        self.fails: list[str] = []

    def came(self, body: str, to: str = OURS) -> None:
        sid = f"SM{len(self.texts):032d}"
        self.texts.append(Received(sid, MARTHA, to, body, 0, self.world.clock.now()))

    def received(self, to: str, since: datetime, until: datetime, most: int | None) -> list[Received] | None:
        self.asked.append((to, since, until))
        if self.fails:
            known = policy(self.fails.pop(0))
            raise SendError(known.kind, known.code, known.words)
        found = [text for text in self.texts if text.to == to and since <= text.at <= until]
        return None if most is not None and len(found) >= most else found[::-1]


@pytest.fixture
def inbox(world: World) -> Inbox:
    return Inbox(world)


def looked(world: World, inbox: Inbox, since: datetime | None = None) -> Looked:
    return look(world.sessions, inbox, clock=world.clock, since=since)


def kept(world: World) -> list[str]:
    with begin(world.sessions) as session:
        rows = session.query(InboundEvent).order_by(InboundEvent.received_at)
        return [row.params["Body"] for row in rows]


def read_until(world: World, number: str = OURS) -> datetime | None:
    with begin(world.sessions) as session:
        row = session.get(InboxLook, number)
        return row.looked_at if row else None


def test_what_came_while_we_were_away_for_hours_is_found_from_its_beginning(
    world: World, inbox: Inbox
) -> None:
    inbox.came("from before we began")
    world.clock.advance(hours=1)
    looked(world, inbox)
    for words in ("I have chest pain", "hello?", "is anybody there"):
        world.clock.advance(minutes=40)
        inbox.came(words)
    world.clock.advance(seconds=1)
    assert len(looked(world, inbox).missing) == 3
    assert kept(world) == ["I have chest pain", "hello?", "is anybody there"]
    assert looked(world, inbox).missing == []


def test_a_look_that_fails_is_made_up_for_by_the_next(world: World, inbox: Inbox) -> None:
    looked(world, inbox)
    before = read_until(world)
    inbox.came("I have chest pain")
    for _ in range(3):
        world.clock.advance(minutes=30)
        inbox.fails.append("lost")
        assert looked(world, inbox).unfinished == [OURS]
    assert read_until(world) == before
    looked(world, inbox)
    assert kept(world) == ["I have chest pain"]
    assert read_until(world) == world.clock.now()


def test_a_look_whose_texts_could_not_be_kept_is_none(
    world: World, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked(world, inbox)
    before = read_until(world)
    inbox.came("I have chest pain")
    world.clock.advance(minutes=30)

    def full(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(reconcile, "store", full)
    with pytest.raises(OSError, match="full"):
        looked(world, inbox)
    assert read_until(world) == before


def test_more_than_a_list_holds_is_read_in_pieces(
    world: World, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconcile, "MOST", 5)
    looked(world, inbox)
    for number in range(40):
        world.clock.advance(seconds=70)
        inbox.came(str(number))
    inbox.came("at the same moment, as many as there are")
    for number in range(40, 50):
        inbox.came(str(number))
    world.clock.advance(seconds=1)
    looked(world, inbox)
    assert len(kept(world)) == 51


def test_what_it_does_not_come_to_is_the_next_looks(
    world: World, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconcile, "MOST", 5)
    looked(world, inbox)
    for number in range(30):
        world.clock.advance(minutes=10)
        inbox.came(str(number))
    found: list[int] = []
    while (one := look(world.sessions, inbox, clock=world.clock, seconds=-1)).unfinished:
        found.append(len(one.missing))
        assert read_until(world) < world.clock.now()
    assert len(found) > 3
    assert len(kept(world)) == 30


def test_a_number_the_list_refuses_keeps_no_other_from_its_look(world: World, inbox: Inbox) -> None:
    with begin(world.sessions) as session:
        session.query(Site).one().numbers = [OURS, OTHER]
    inbox.came("hello", OTHER)
    inbox.fails.append("21211")
    assert looked(world, inbox).unfinished == [OURS]
    assert kept(world) == ["hello"]
    inbox.asked.clear()
    inbox.fails.append("lost")
    assert looked(world, inbox).unfinished == [OURS, OTHER]
    assert len(inbox.asked) == 1


def test_it_looks_as_far_back_as_it_is_told(world: World, inbox: Inbox) -> None:
    """A backup that is restored knows nothing of what came after it."""
    inbox.came("I have chest pain")
    made = world.clock.now()
    world.clock.advance(days=20)
    looked(world, inbox)
    assert kept(world) == []
    looked(world, inbox, since=made)
    assert kept(world) == ["I have chest pain"]


def test_nobody_waits_for_an_answer_for_weeks(world: World, inbox: Inbox) -> None:
    looked(world, inbox)
    inbox.came("long ago")
    world.clock.advance(days=15)
    inbox.came("today")
    looked(world, inbox)
    assert kept(world) == ["today"]
    assert inbox.asked[-1][1] == world.clock.now() - timedelta(days=14)
