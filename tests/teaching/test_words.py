"""Words published: frozen, protected by the examples, taken up by every process, and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.cases.models import Case
from app.conversations.kit import Kit
from app.conversations.scripts import Scripts
from app.errors import Conflict, Invalid, NotFound
from app.outbox.models import Message
from app.security.models import Staff
from app.store import begin
from app.teaching.corrections import Meant, correct, review
from app.teaching.lessons import LOOK_AGAIN, Lessons
from app.teaching.models import Correction, WordRevision
from app.teaching.publish import Proposal, go_back, newest, publish, tried
from app.teaching.trial import Trial, shipped_examples, trial
from app.understanding.lexicon import LANGUAGES
from app.understanding.reading import Urgency
from app.understanding.score import met, only_emergency, read_row
from tests.support.world import World

SQUISH = {"words": {"en": {"signs": {"chest_pain": ["purple pigeon"]}}}}
FINE = Trial()


@pytest.fixture
def ada(world: World) -> UUID:
    """Whoever publishes."""
    return world.staff("Ada").id


def put(
    world: World,
    who: UUID,
    content: Mapping[str, Any],
    outcome: Trial = FINE,
    *,
    based_on: int = 0,
    why: str = "as they say it here",
) -> int:
    with begin(world.sessions) as session:
        staff = session.get_one(Staff, who)
        return publish(
            session, content, outcome, based_on=based_on, why=why, staff=staff, now=world.clock.now()
        ).number


def back(world: World, who: UUID, number: int, *, based_on: int) -> int:
    with begin(world.sessions) as session:
        staff = session.get_one(Staff, who)
        return go_back(
            session, number, based_on=based_on, why="a mistake", staff=staff, now=world.clock.now()
        ).number


def own_kit(world: World) -> Kit:
    """What another process has: its own view of what was published."""
    return Kit(Scripts(), world.kit.catalogs)


def test_the_shipped_examples_are_read_as_labelled_today() -> None:
    rows = shipped_examples()
    assert {row["lang"] for row in rows} == set(LANGUAGES)
    assert len({row["id"] for row in rows}) == len(rows)
    readings = [(row, read_row(row)) for row in rows]
    missed = [
        row["id"] for row, reading in readings if only_emergency(row) and reading.urgency < Urgency.EMERGENCY
    ]
    assert missed == []
    right = sum(all(met(row, reading).values()) for row, reading in readings)
    assert right >= 0.95 * len(rows)


def test_a_change_is_shown_with_its_verdict() -> None:
    found = trial([], {}, {"words": {"en": {"signs": {"chest_pain": ["the nurse"]}}}})
    assert found.unchanged + len(found.changes) == len(shipped_examples())
    assert {change.verdict for change in found.changes} == {"worse"}
    assert found.lost == []
    row = {
        "id": "own-1",
        "lang": "en",
        "context": "open_text",
        "prompt": "How are you?",
        "text": "a purple pigeon again",
        "expect": {"answer": None, "intents": [], "urgency": "emergency"},
        "must_flag": True,
        "flag_ok": True,
        "tags": ["own"],
    }
    (change,) = trial([row], {}, SQUISH).changes
    assert (change.verdict, change.own, change.after.urgency) == ("better", True, Urgency.EMERGENCY)
    (change,) = trial([row], SQUISH, {}).changes
    assert (change.verdict, change.lost) == ("worse", True)


def test_an_addition_that_hides_an_emergency_of_the_examples_is_refused(world: World, ada: UUID) -> None:
    hiding = {"words": {"en": {"idioms": {"mask": [_emergency_words()]}}}}
    with world.sessions() as session:
        outcome = tried(session, {}, hiding)
    assert outcome.lost
    with pytest.raises(Invalid, match="no longer be read as an emergency"):
        put(world, ada, hiding, outcome)
    with world.sessions() as session:
        assert newest(session) == (0, {})


def _emergency_words() -> str:
    return next(
        row["text"].lower()
        for row in shipped_examples()
        if row["lang"] == "en" and only_emergency(row) and row["text"].replace(" ", "").isalpha()
    )


def test_a_kept_correction_protects_the_phrase_that_reads_it(world: World, ada: UUID) -> None:
    case_id = world.trigger("discharge", world.patient())
    world.text("a purple pigeon again")
    with begin(world.sessions) as session:
        message = session.scalars(select(Message).where(Message.direction == "in")).one()
        case, staff = session.get_one(Case, case_id), session.get_one(Staff, ada)
        meant = Meant("", Urgency.EMERGENCY, True)
        found, _ = correct(session, case, message.id, meant, staff, world.clock.now())
        review(
            session,
            found.id,
            keep=True,
            because="",
            staff=staff,
            sites=[world.site_id],
            now=world.clock.now(),
        )
    assert put(world, ada, SQUISH) == 1
    with world.sessions() as session:
        outcome = tried(session, SQUISH, {})
        assert [change.own for change in outcome.lost] == [True]
        assert session.scalars(select(Correction)).one().state == "kept"


def test_every_process_reads_with_a_revision_within_seconds_and_asks_seldom(world: World, ada: UUID) -> None:
    here, there = own_kit(world), own_kit(world)
    with begin(world.sessions) as session:
        assert here.lessons.current(session, world.clock.now()).number == 0
        assert there.lessons.current(session, world.clock.now()).number == 0
    put(world, ada, SQUISH)
    with begin(world.sessions) as session:
        assert here.lessons.current(session, world.clock.now()).number == 0
        world.clock.advance(LOOK_AGAIN)
        first = here.lessons.current(session, world.clock.now())
        assert first.number == there.lessons.current(session, world.clock.now()).number == 1
        assert here.lessons.current(session, world.clock.now() + timedelta(seconds=1)) is first
    # Within these seconds nobody asks the database: a session without one would fail.
    assert here.lessons.current(Session(), world.clock.now()) is first


def test_a_text_is_read_with_what_was_published(world: World, ada: UUID) -> None:
    world.kit = own_kit(world)
    case_id = world.trigger("discharge", world.patient())
    world.text("a purple pigeon again")
    assert world.case(case_id).urgency < 3
    put(world, ada, SQUISH)
    world.clock.advance(LOOK_AGAIN)
    world.text("a purple pigeon again")
    assert world.case(case_id).urgency == 3
    assert any("911" in line for line in world.thread() if line.startswith("out"))
    back(world, ada, 0, based_on=1)
    world.clock.advance(LOOK_AGAIN)
    with begin(world.sessions) as session:
        assert world.kit.lessons.current(session, world.clock.now()).additions is None


def test_revisions_are_frozen_and_an_earlier_one_comes_back_as_a_new_one(world: World, ada: UUID) -> None:
    more = Proposal({("en", "intents", "opt_out"): ["no more pigeons"]}).applied(SQUISH["words"])
    assert put(world, ada, SQUISH) == 1
    assert put(world, ada, {"words": more}, based_on=1) == 2
    assert back(world, ada, 1, based_on=2) == 3
    with world.sessions() as session:
        rows = {row.number: row for row in session.scalars(select(WordRevision))}
        assert rows[1].content == rows[3].content == SQUISH
        assert rows[2].content["words"]["en"]["intents"] == {"opt_out": ["no more pigeons"]}
        assert (rows[3].restores, rows[2].restores) == (1, None)
        trail = session.scalars(select(AuditEvent).where(AuditEvent.subject_kind == "word_revision"))
        assert sorted(row.action for row in trail) == ["words.go_back", "words.publish", "words.publish"]
    for number in (9, 3):
        with pytest.raises(NotFound):
            back(world, ada, number, based_on=3)


def test_what_cannot_be_published_says_why(world: World, ada: UUID) -> None:
    put(world, ada, SQUISH)
    with pytest.raises(Conflict, match="in the meantime"):
        put(world, ada, {"words": {}}, based_on=0)
    with pytest.raises(Invalid, match="Nothing would change"):
        put(world, ada, SQUISH, based_on=1)
    with pytest.raises(Invalid, match="A bracket is missing"):
        put(world, ada, {"words": {"en": {"signs": {"fever": ["(hot"]}}}}, based_on=1)
    with pytest.raises(Invalid, match="few words why"):
        put(world, ada, {"words": {}}, based_on=1, why=" ")
    with pytest.raises(Conflict, match="in the meantime"):
        back(world, ada, 0, based_on=0)


def test_phrases_are_put_in_and_taken_out() -> None:
    place = ("en", "signs", "chest_pain")
    both = Proposal({place: ["pigeon waltz"]}).applied(SQUISH["words"])
    assert both["en"]["signs"]["chest_pain"] == ["pigeon waltz", "purple pigeon"]
    assert Proposal({}, [(place, "pigeon waltz")]).applied(both) == SQUISH["words"]
    assert Proposal({}, [(place, "purple pigeon")]).applied(SQUISH["words"]) == {}


def test_a_process_without_revisions_reads_as_shipped(world: World) -> None:
    lessons = Lessons()
    with world.sessions() as session:
        assert lessons.current(session, world.clock.now()).thresholds("post-discharge") is None
