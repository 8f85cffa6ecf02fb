"""What people say a reply meant: kept once a reply, on the trail, and a missed danger reaches the queue."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.cases.models import Case, Flag
from app.cases.open import open_case
from app.errors import Invalid, NotFound
from app.outbox.models import Message
from app.patients.models import Patient
from app.security.models import Staff
from app.store import Sessions, begin
from app.teaching.answers import NO_ANSWER, answer_words, possible
from app.teaching.corrections import BIRTH_DATE, Meant, asked_of, correct, review
from app.teaching.examples import kept_examples
from app.teaching.models import KEPT, SET_ASIDE, WAITING, Correction
from app.understanding.reading import CONTEXTS, Expectation, Option, Urgency
from app.understanding.score import read_row, score
from tests.support.world import World

Said = Callable[..., tuple[UUID, UUID]]
TODAY = Meant(NO_ANSWER, Urgency.URGENT, True)


@pytest.fixture
def ana(world: World) -> UUID:
    """A coordinator."""
    return world.staff("Ana").id


@pytest.fixture
def said(world: World) -> Said:
    """A patient answers the question of how they feel with these words, or that for the birth date: case, message."""

    def say(words: str, *, birth_date: bool = False) -> tuple[UUID, UUID]:
        case_id = world.trigger("discharge", world.patient())
        world.start_due()
        world.sent()
        if not birth_date:
            world.text("03/14/1948")
            world.sent()
        world.text(words)
        with world.sessions() as session:
            query = select(Message).where(Message.direction == "in")
            message = session.scalars(query.order_by(Message.created_at.desc(), Message.id.desc())).first()
            assert message is not None
            return case_id, message.id

    return say


def fix(sessions: Sessions, ids: tuple[UUID, UUID], meant: Meant, who: UUID, now: datetime) -> UUID:
    """Correct a reply: the flag raised, or the nil id."""
    with begin(sessions) as session:
        case, staff = session.get_one(Case, ids[0]), session.get_one(Staff, who)
        _, flag = correct(session, case, ids[1], meant, staff, now)
        return flag.id if flag is not None else UUID(int=0)


def only(session: Session) -> Correction:
    return session.scalars(select(Correction)).one()


def test_the_question_is_kept_with_every_reading(world: World, said: Said) -> None:
    _, message_id = said("03/14/1948", birth_date=True)
    with world.sessions() as session:
        assert asked_of(session.get_one(Message, message_id)).context == "dob"
    world.sent()
    world.text("worse I think")
    with world.sessions() as session:
        query = select(Message).where(Message.direction == "in", Message.id != message_id)
        asked = asked_of(session.scalars(query).one())
        assert asked.context != "dob"
        assert asked.prompt
        assert possible(asked)


def test_a_missed_danger_raises_a_flag_at_once_and_is_never_taken_back(
    world: World, said: Said, ana: UUID
) -> None:
    ids, now = said("thank you so much"), world.clock.now()
    flag_id = fix(world.sessions, ids, Meant(NO_ANSWER, Urgency.EMERGENCY, True), ana, now)
    with world.sessions() as session:
        flag, case = session.get_one(Flag, flag_id), session.get_one(Case, ids[0])
        assert (flag.urgency, flag.words, flag.message_id) == (3, "thank you so much", ids[1])
        assert "Ana" in flag.because
        assert (case.urgency, case.needs_person) == (3, True)
    assert fix(world.sessions, ids, Meant(NO_ANSWER, Urgency.NONE, True), ana, now) == UUID(int=0)
    with world.sessions() as session:
        assert session.get_one(Case, ids[0]).urgency == 3
        assert session.get_one(Flag, flag_id).acknowledged_at is None


def test_a_later_correction_replaces_and_both_are_on_the_trail_without_words(
    world: World, said: Said, ana: UUID
) -> None:
    ids, now = said("thank you so much"), world.clock.now()
    fix(world.sessions, ids, Meant(NO_ANSWER, Urgency.ROUTINE, False), ana, now)
    fix(world.sessions, ids, TODAY, ana, now)
    with world.sessions() as session:
        found = only(session)
        assert found.meant == {"answer": None, "urgency": "urgent", "flag": True}
        query = select(AuditEvent).where(AuditEvent.action == "reading.correct")
        rows = sorted(session.scalars(query), key=lambda row: row.detail["replaces"])
        assert [row.detail["replaces"] for row in rows] == [False, True]
        assert {row.subject_id for row in rows} == {str(found.id)}
        assert rows[0].detail["changed"] == ["urgency"]
        assert "thank" not in str([row.detail for row in rows])


def test_what_was_read_already_or_was_no_answer_is_refused(world: World, said: Said, ana: UUID) -> None:
    ids, now = said("thank you so much"), world.clock.now()
    with pytest.raises(Invalid, match="read already"):
        fix(world.sessions, ids, Meant(NO_ANSWER, Urgency.NONE, False), ana, now)
    with pytest.raises(Invalid, match="possible"):
        fix(world.sessions, ids, Meant("purple", Urgency.NONE, False), ana, now)
    other = world.trigger("no_show", world.patient("+13125550112", name="Tom"))
    with pytest.raises(NotFound):
        fix(world.sessions, (other, ids[1]), TODAY, ana, now)


def test_going_back_to_what_was_read_sets_the_example_aside(world: World, said: Said, ana: UUID) -> None:
    ids, now = said("thank you so much"), world.clock.now()
    fix(world.sessions, ids, TODAY, ana, now)
    fix(world.sessions, ids, Meant(NO_ANSWER, Urgency.NONE, False), ana, now)
    with world.sessions() as session:
        assert only(session).state == SET_ASIDE


@pytest.mark.parametrize(
    "words",
    [
        "03/14/1948 and I feel odd",
        "march third nineteen forty eight",
        "catorce de marzo del cuarenta y ocho",
    ],
)
def test_of_a_birth_date_no_words_are_kept_and_the_danger_is_told_all_the_same(
    world: World, said: Said, ana: UUID, words: str
) -> None:
    ids, now = said(words, birth_date=True), world.clock.now()
    flag = fix(world.sessions, ids, TODAY, ana, now)
    with begin(world.sessions) as session:
        found = only(session)
        assert (found.words, found.context, found.state) == (BIRTH_DATE, "none", SET_ASIDE)
        assert (found.read_as["answer"], found.read_as["chosen"], found.asked["prompt"]) == (None, None, "")
        assert session.get_one(Flag, flag).words == words
        staff, sites = session.get_one(Staff, ana), [world.site_id]
        with pytest.raises(Invalid, match="never kept"):
            review(session, found.id, keep=True, because="", staff=staff, sites=sites, now=now)


def test_an_example_belongs_to_the_programme_its_reply_was_read_in(
    world: World, said: Said, ana: UUID
) -> None:
    """The page of another case of the same patient shows it too."""
    ids, now = said("thank you so much"), world.clock.now()
    with begin(world.sessions) as session:
        patient = session.get_one(Patient, session.get_one(Case, ids[0]).patient_id)
        other = open_case(session, patient=patient, lane_key="no_show", now=now, occurred_at=now).id
    fix(world.sessions, (other, ids[1]), TODAY, ana, now)
    with world.sessions() as session:
        assert only(session).asked["script"] == "post-discharge"
        assert only(session).case_id == ids[0]


def test_two_who_correct_a_reply_at_once_are_one_after_the_other(world: World, said: Said, ana: UUID) -> None:
    ids, now, together = said("thank you so much"), world.clock.now(), threading.Barrier(2)

    def save(meant: Meant) -> None:
        together.wait()
        fix(world.sessions, ids, meant, ana, now)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(save, (TODAY, Meant(NO_ANSWER, Urgency.ROUTINE, True))))
    with world.sessions() as session:
        assert only(session).state == WAITING
        rows = session.scalars(select(AuditEvent).where(AuditEvent.action == "reading.correct")).all()
        assert sorted(row.detail["replaces"] for row in rows) == [False, True]


def test_only_what_is_kept_becomes_a_labelled_line(world: World, said: Said, ana: UUID) -> None:
    ids, now = said("thank you so much"), world.clock.now()
    fix(world.sessions, ids, TODAY, ana, now)
    with begin(world.sessions) as session:
        assert only(session).state == WAITING
        assert kept_examples(session) == []
        staff, sites = session.get_one(Staff, ana), [world.site_id]
        with pytest.raises(Invalid, match="few words"):
            review(session, only(session).id, keep=False, because=" ", staff=staff, sites=sites, now=now)
        with pytest.raises(NotFound):
            review(session, only(session).id, keep=True, because="", staff=staff, sites=[], now=now)
        review(session, only(session).id, keep=True, because="", staff=staff, sites=sites, now=now)
        assert only(session).state == KEPT
        (row,) = kept_examples(session)
    assert row["text"] == "thank you so much"
    assert row["expect"]["urgency"] == "urgent"
    assert row["must_flag"]
    measured = score([row], [read_row(row)])
    assert measured.rate("urgent_recall") == 0


@pytest.mark.parametrize("context", CONTEXTS)
def test_every_question_offers_answers_a_person_can_choose(context: str) -> None:
    options = (Option("1", "Better", lang="en"), Option("2", "None of these", none=True, lang="es"))
    asked = Expectation(context, "How?", options)
    offered = possible(asked)
    assert (offered == {}) == (context in ("open_text", "none", "dob"))
    if offered:
        assert list(offered)[-1] == NO_ANSWER
        assert answer_words(asked, None) == "no answer"
        first = next(iter(offered))
        assert answer_words(asked, first) == offered[first]
