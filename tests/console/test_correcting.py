"""Saying what a reply meant on its case page, and reviewing what was said."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from redis import Redis
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.cases.models import Case, Flag
from app.clock import FixedClock
from app.conversations.scripts import publish_files
from app.outbox.models import Message
from app.security.models import Staff
from app.services import Services
from app.store import begin
from app.teaching.models import Correction
from tests.console.conftest import Practice
from tests.console.pages import Browser
from tests.support.world import ROOT, World

ASKED = {"context": "yes_no", "prompt": "Do you have a ride to your visit?", "options": []}
READING = {
    "answer": "yes",
    "intents": ["thanks"],
    "urgency": "none",
    "flag": False,
    "evidence": [{"start": 0, "end": 4, "text": "sure", "rule": "en/answers.yes", "effect": "answer:yes"}],
    "asked": ASKED,
}


@pytest.fixture
def reply(services: Services, practice: Practice) -> str:
    """James's reply, read as a yes that nobody has to see: where its meaning is told."""
    with begin(services.sessions) as session:
        query = select(Message).where(Message.case_id == practice.cases["james"])
        message = session.scalars(query).one()
        message.body, message.reading = "sure, when pigs fly", READING
        return f"/cases/{practice.cases['james']}/replies/{message.id}/meaning"


@pytest.fixture
def james(practice: Practice) -> str:
    """The address of James's case."""
    return f"/cases/{practice.cases['james']}"


def test_an_unflagged_reply_tells_how_it_was_read(ana: Browser, james: str, reply: str) -> None:
    page = ana.get(james)
    assert "Read as “yes”, says thanks Not right?" in page.words
    assert "Asked Do you have a ride to your visit?" in page.words
    assert "sure the answer “Yes”" in page.words
    assert "No person was asked to look at it." in page.words
    assert page.form(reply).fields.items() >= {"answer": "yes", "urgency": "none"}.items()


def test_a_correction_is_saved_and_shown(
    ana: Browser, james: str, reply: str, services: Services, redis: Redis
) -> None:
    ana.get(james)
    page = ana.send(reply, answer="no")
    assert "Saved. A manager or admin decides" in page.words
    assert "Corrected by Ana Marin: “No”, nothing to act on" in page.words
    assert page.form(reply).fields["answer"] == "no"
    with services.sessions() as session:
        found = session.scalars(select(Correction)).one()
        assert (found.words, found.context, found.meant["answer"]) == ("sure, when pigs fly", "yes_no", "no")
    assert redis.llen("rq:queue:urgent") == 0


def test_an_emergency_somebody_sees_pages_people(
    ana: Browser, james: str, reply: str, practice: Practice, services: Services, redis: Redis
) -> None:
    ana.get(james)
    page = ana.send(reply, urgency="emergency", flag="yes")
    assert "read again by Ana Marin: an emergency" in page.words.lower().replace("ana marin", "Ana Marin")
    assert redis.llen("rq:queue:urgent") == 1
    with services.sessions() as session:
        assert session.get_one(Case, practice.cases["james"]).urgency == 3
        flag = session.scalars(select(Flag).where(Flag.urgency == 3, Flag.source.startswith("correction")))
        assert flag.one().words == "sure, when pigs fly"


def test_an_example_is_of_the_programme_its_conversation_ran(
    ana: Browser, services: Services, practice: Practice, clock: FixedClock
) -> None:
    """Also from another case's page, and after its own case has moved to another lane."""
    with begin(services.sessions) as session:
        publish_files(session, ROOT / "flows", clock.now())
    world = World(services.sessions, clock, practice.sites["lake"])
    case_id = world.trigger("discharge", world.patient())
    world.start_due()
    world.sent()
    world.text("who is this?")
    with begin(services.sessions) as session:
        case = session.get_one(Case, case_id)
        message = session.scalars(
            select(Message.id).where(Message.case_id == case_id, Message.direction == "in")
        ).one()
        case.lane_key = "no_show"
    address = f"/cases/{case_id}/replies/{message}/meaning"
    ana.get(f"/cases/{case_id}")
    ana.send(address, urgency="urgent", flag="yes")
    with services.sessions() as session:
        assert session.scalars(select(Correction)).one().asked["script"] == "post-discharge"


def test_what_is_refused_keeps_what_was_chosen(ana: Browser, james: str, reply: str) -> None:
    ana.get(james)
    page = ana.send(reply, status=422)
    assert "change what is wrong, then save" in page.words
    page = ana.send(reply, answer="no", urgency="soon", status=422)
    assert page.form(reply).fields["answer"] == "no"


def test_an_auditor_and_an_admin_correct_nothing(
    somebody: Callable[[str], Browser], reply: str, services: Services
) -> None:
    for who in ("aud", "ada"):
        browser = somebody(who)
        browser.get("/account")
        browser.post(reply, answer="no", urgency="none", status=403)
    with services.sessions() as session:
        assert session.scalars(select(Correction)).all() == []


def test_a_manager_keeps_an_example_and_sets_one_aside_with_a_reason(
    ana: Browser, james: str, reply: str, somebody: Callable[[str], Browser], services: Services
) -> None:
    ana.get(james)
    ana.send(reply, answer="no", flag="yes")
    manager = somebody("max")
    page = manager.get("/examples")
    assert "sure, when pigs fly" in page.words
    assert "read as “yes”" in page.words
    assert "“No”, nothing to act on, a person must see it" in page.words
    (form,) = [form for form in page.forms if form.action.startswith("/examples/")]
    assert "few words" in manager.post(form.action, keep="no", because="", status=422).words
    assert "Kept as an example" in manager.post(form.action, keep="yes", because="").words
    assert "Nothing waits." in manager.get("/examples").words
    page = manager.get("/examples?tab=kept")
    assert "kept by Max Lund" in page.words
    manager.post(form.action, keep="no", because="a joke of his", tab="kept")
    assert "a joke of his" in manager.get("/examples?tab=set_aside").words
    with services.sessions() as session:
        actions = set(session.scalars(select(AuditEvent.action)))
    assert actions >= {"reading.correct", "example.keep", "example.set_aside", "examples.view"}


def test_the_examples_of_another_site_are_not_shown(
    ana: Browser,
    james: str,
    reply: str,
    somebody: Callable[[str], Browser],
    services: Services,
    practice: Practice,
) -> None:
    ana.get(james)
    ana.send(reply, answer="no")
    with begin(services.sessions) as session:
        session.scalars(select(Correction)).one().site_id = practice.sites["hill"]
        session.get_one(Staff, practice.staff["max"]).site_keys = ["lake"]
        correction = session.scalars(select(Correction.id)).one()
    manager = somebody("max")
    assert "pigs" not in manager.get("/examples").words
    manager.post(f"/examples/{correction}", keep="yes", status=404)


def test_a_coordinator_and_an_auditor_review_nothing(somebody: Callable[[str], Browser]) -> None:
    for who in ("ana", "aud"):
        somebody(who).get("/examples", status=403)
