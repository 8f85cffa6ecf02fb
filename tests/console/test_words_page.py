"""The page on which a practice teaches the bot its own words."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.outbox.models import Message
from app.security.models import Staff
from app.services import Services
from app.store import begin
from app.teaching.models import KEPT, Correction, WordRevision
from app.teaching.trial import shipped_examples
from app.understanding.score import only_emergency
from tests.console.conftest import Practice
from tests.console.pages import Browser

SQUISH = {"language": "en", "meaning": "signs.chest_pain", "phrases": "purple pigeon\r\npigeon waltz\r\n"}


@pytest.fixture
def ada(somebody: Callable[[str], Browser]) -> Browser:
    """An admin on the page."""
    browser = somebody("ada")
    browser.get("/words")
    return browser


def newest(services: Services) -> WordRevision | None:
    with services.sessions() as session:
        return session.scalars(select(WordRevision).order_by(WordRevision.number.desc())).first()


def keep(services: Services, practice: Practice, who: str, words: str) -> UUID:
    """A kept example: that patient's reply with these words."""
    with begin(services.sessions) as session:
        query = select(Message).where(Message.case_id == practice.cases[who])
        message = session.scalars(query).one()
        correction = Correction(
            message_id=message.id,
            case_id=practice.cases[who],
            site_id=practice.sites["hill" if who == "zoe" else "lake"],
            language="en",
            channel="sms",
            context="none",
            words=words,
            asked={"prompt": "", "options": [], "now": "2026-11-02T09:00", "script": ""},
            read_as={"answer": None, "intents": [], "urgency": "none", "flag": False},
            meant={"answer": None, "urgency": "emergency", "flag": True},
            by=practice.staff["max"],
            at=services.clock.now(),
            state=KEPT,
        )
        session.add(correction)
        session.flush()
        return correction.id


def test_phrases_are_tried_published_and_taken_back(ada: Browser, services: Services) -> None:
    assert "As shipped" in ada.page.words
    page = ada.send("/words/try", **SQUISH)
    assert f"{len(shipped_examples())} examples are read as before, and none differently" in page.words
    assert newest(services) is None
    page = ada.send("/words/publish", why="heard it three times")
    assert "Published as revision 1" in page.words
    assert "Chest pain or pressure (emergency) pigeon waltz purple pigeon" in page.words
    found = newest(services)
    assert found is not None
    assert found.content["words"]["en"]["signs"]["chest_pain"] == ["pigeon waltz", "purple pigeon"]
    with services.sessions() as session:
        assert services.kit.lessons.current(session, services.clock.now()).number == 1
    page = ada.send("/words/try", out=["en|signs|chest_pain|pigeon waltz"])
    page = ada.send("/words/publish", why="not said after all")
    assert "waltz" not in page.words
    page = ada.send("/words/back", number="1", why="it is said")
    assert "Revision 1 is in force again, as revision 3" in page.words
    assert "brings back revision 1" in page.words
    page = ada.send("/words/back", number="0", why="start again")
    assert "What ships is in force again, as revision 4" in page.words
    assert "None yet." in page.words
    with services.sessions() as session:
        actions = list(
            session.scalars(select(AuditEvent.action).where(AuditEvent.action.startswith("words.")))
        )
    assert sorted(set(actions)) == ["words.go_back", "words.publish", "words.try"]


def test_a_change_is_shown_before_and_after(ada: Browser) -> None:
    page = ada.send("/words/try", language="en", meaning="signs.chest_pain", phrases="the nurse")
    assert "Worse English" in page.words
    assert "Now" in page.words
    assert "Then" in page.words
    assert "Should be" in page.words


def test_patients_words_of_other_sites_are_measured_and_not_shown(
    ada: Browser, services: Services, practice: Practice
) -> None:
    kept = {name: keep(services, practice, name, f"{name} purple pigeon") for name in ("james", "zoe")}
    with begin(services.sessions) as session:
        session.get_one(Staff, practice.staff["ada"]).site_keys = ["lake"]
    page = ada.send("/words/try", **SQUISH)
    assert "2 differently" in page.words
    assert "james purple pigeon" in page.words
    assert "zoe" not in page.words
    assert "1 of them is a reply at sites you do not work at" in page.words
    with services.sessions() as session:
        one = session.scalars(select(AuditEvent).where(AuditEvent.action == "words.try")).one()
    assert one.detail["corrections"] == [str(kept["james"])]
    assert one.detail["cases"] == [str(practice.cases["james"])]


def test_an_emergency_is_protected(ada: Browser, services: Services) -> None:
    words = next(
        row["text"].lower()
        for row in shipped_examples()
        if row["lang"] == "en" and only_emergency(row) and row["text"].replace(" ", "").isalpha()
    )
    hiding = {"language": "en", "meaning": "idioms.mask", "phrases": words}
    page = ada.send("/words/try", **hiding)
    assert "would no longer be read as an emergency" in page.words
    assert "An emergency would be missed" in page.words
    assert "/words/publish" not in [form.action for form in page.forms]
    page = ada.post("/words/publish", **hiding, why="a joke here", based_on="0", status=422)
    assert "Nothing was published" in page.words
    assert newest(services) is None


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, "Write a phrase to add"),
        ({**SQUISH, "language": ""}, "Choose the language"),
        ({**SQUISH, "meaning": "signs.alarm"}, "Choose what the phrases mean"),
        ({**SQUISH, "phrases": "(my chest"}, "“(my chest”: A bracket is missing"),
        ({**SQUISH, "phrases": "\n".join(f"word{n} here" for n in range(61))}, "at most 60 phrases"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    ada: Browser, typed: dict[str, str], told: str
) -> None:
    page = ada.send("/words/try", **typed, status=422)
    assert told in page.words
    assert typed.get("phrases", "").split("\n")[0].strip() in page.words


def test_two_admins_do_not_undo_each_other(ada: Browser, somebody: Callable[[str], Browser]) -> None:
    ada.send("/words/try", **SQUISH)
    other = somebody("ada")
    other.get("/words")
    other.send("/words/try", language="en", meaning="signs.fever", phrases="burning like toast")
    other.send("/words/publish", why="first")
    page = ada.send("/words/publish", why="second", status=409)
    assert "Somebody has published in the meantime" in page.words
    assert "purple pigeon" in page.words


def test_only_admins_teach(somebody: Callable[[str], Browser], services: Services) -> None:
    for who in ("ana", "aud", "max"):
        browser = somebody(who)
        browser.get("/words", status=403)
        browser.get("/account")
        for action in ("try", "publish", "back"):
            browser.post(f"/words/{action}", **SQUISH, why="mine", based_on="0", number="0", status=403)
    assert newest(services) is None
