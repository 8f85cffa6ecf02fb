"""The queue page: what is most urgent stands on top, with the words that caused it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select

from app.audit.models import AuditEvent
from app.cases.flags import raise_flag
from app.cases.models import Case
from app.cases.open import open_case
from app.cases.work import claim, close, snooze
from app.console import queue_rows, search
from app.outbox.models import Message
from app.patients.identity import name_index
from app.patients.models import Patient
from app.security.models import Staff
from app.services import Services
from app.store import begin
from tests.console.conftest import RED, Practice
from tests.console.pages import Browser


def order(page_html: str, *names: str) -> list[str]:
    """The names in the order in which they stand on a page."""
    return sorted(names, key=page_html.index)


def test_the_most_urgent_stands_on_top_with_the_words_that_caused_it(ana: Browser) -> None:
    page = ana.get("/")
    assert order(page.html, "Delgado", "Okafor", "de la Cruz") == ["Delgado", "de la Cruz", "Okafor"]
    assert "I have <mark>chest pain</mark> and my arm is numb" in page.html
    assert "overdue 5 min" in page.words
    assert "Bell" not in page.words
    assert "Needs a person 3 Mine" in page.words


def test_one_sees_only_the_sites_one_works_at(somebody: Callable[[str], Browser], practice: Practice) -> None:
    ben = somebody("ben")
    page = ben.get("/")
    assert "Cruz" not in page.words
    ben.get(f"/cases/{practice.cases['zoe']}", status=404)


def test_tabs(ana: Browser, services: Services, practice: Practice, now: datetime) -> None:
    with begin(services.sessions) as session:
        staff = session.get_one(Staff, practice.staff["ana"])
        claim(session, practice.cases["james"], staff, now)
        snooze(session, practice.cases["zoe"], staff, now, until=now + timedelta(days=1), because="a fax")
        close(
            session,
            practice.cases["tom"],
            staff,
            now,
            "completed",
            resolution="All her questions are answered",
        )
    mine = ana.get("/?tab=mine").words
    assert "Okafor" in mine
    assert "Ana Marin has claimed it" in mine
    waiting = ana.get("/?tab=waiting").words
    assert "waits until Tue, Nov 3, 09:00" in waiting
    assert "Bell" in ana.get("/?tab=closed").words
    assert "Bell" not in ana.get("/?tab=open").words
    assert "Delgado" in ana.get("/?tab=nonsense&after=nonsense").words


def test_a_snooze_that_is_over_comes_back(
    ana: Browser, services: Services, practice: Practice, now: datetime
) -> None:
    with begin(services.sessions) as session:
        staff = session.get_one(Staff, practice.staff["ana"])
        snooze(session, practice.cases["zoe"], staff, now, until=now + timedelta(minutes=5), because="a fax")
    assert "Cruz" not in ana.get("/").words
    services.clock.advance(minutes=6)  # type: ignore[attr-defined]  # the tests' clock
    assert "Cruz" in ana.get("/").words


def test_pages_follow_one_another_without_gaps(
    ana: Browser, services: Services, practice: Practice, now: datetime
) -> None:
    with begin(services.sessions) as session:
        patient = session.get_one(Patient, practice.patients["tom"])
        for number in range(130):
            at = now - timedelta(minutes=number)
            case = open_case(session, patient=patient, lane_key="discharge", now=at, occurred_at=at)
            raise_flag(
                session, case, urgency=1 + number % 2, because=f"reason {number:03}", source="x", now=at
            )
    for tab in queue_rows.TABS:
        seen, address = [], f"/?tab={tab}"
        while address:
            page = ana.get(address)
            seen += [link for link in page.links if link.startswith("/cases/")]
            address = next((link for link, words in page.links.items() if words == "Next page"), "")
        expected = {"needs": 133, "waiting": 1, "open": 134, "closed": 0}.get(tab, len(seen))
        assert (len(seen), len(set(seen))) == (expected, expected)


def test_a_page_asks_the_database_a_few_times_however_many_rows_it_has(
    ana: Browser, services: Services, practice: Practice, now: datetime
) -> None:
    with begin(services.sessions) as session:
        patient = session.get_one(Patient, practice.patients["tom"])
        for _ in range(40):
            case = open_case(session, patient=patient, lane_key="discharge", now=now, occurred_at=now)
            raise_flag(session, case, urgency=1, because="asks for a person", source="x", now=now)
    asked: list[str] = []
    event.listen(services.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    ana.get("/")
    assert len([statement for statement in asked if statement.startswith("SELECT")]) <= 14


def test_search_finds_by_name_phone_and_record_number(ana: Browser, services: Services) -> None:
    ana.get("/")
    found = {
        "delgado": "Delgado",
        "Rosa Delgado": "Delgado",
        "Delgado, Rosa": "Delgado",
        "zoe de la cruz": "Cruz",
        "De La Cruz": "Cruz",
        "(312) 555-0142": "Okafor",
        "+13125550142": "Okafor",
        "A102": "Bell",
    }
    for words, name in found.items():
        page = ana.send("/search", words=words)
        assert "1 case for" in page.words, words
        assert name in page.html, words
    assert "Nothing found" in ana.send("/search", words="Ana Delgado").words
    assert "Type a family name" in ana.send("/search", words="  ").words
    assert "Type a family name" in ana.get("/search").words
    with services.sessions() as session:
        rows = list(session.scalars(select(AuditEvent).where(AuditEvent.action == "search")))
    assert len(rows) == 10
    assert "delgado" not in str([row.detail for row in rows]).lower()


def test_a_search_that_did_not_look_at_everybody_says_so(
    ana: Browser, monkeypatch: pytest.MonkeyPatch, services: Services, practice: Practice, now: datetime
) -> None:
    with begin(services.sessions) as session:
        names = {"family_name": "Delgado", "name_index": name_index(session, "Delgado")}
        for given in ("Maria", "Mario", "Marta"):
            session.add(
                Patient(
                    site_id=practice.sites["lake"], given_name=given, **names, created_at=now, updated_at=now
                )
            )
    ana.get("/")
    assert "Many people have this name" not in ana.send("/search", words="Delgado").words
    monkeypatch.setattr(search, "NAMESAKES", 2)
    for words in ("Delgado", "Nobody Delgado"):
        page = ana.send("/search", words=words)
        assert "Many people have this name" in page.words
        assert "Nothing found" not in page.words
    assert "Many people have this name" not in ana.send("/search", words="A100").words


def test_more_cases_than_are_shown_are_said(ana: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST", 0)
    ana.get("/")
    page = ana.send("/search", words="Delgado")
    assert "There are more cases than are shown here" in page.words


def test_no_search_stands_in_an_address(ana: Browser) -> None:
    form = ana.get("/").form("/search")
    assert form.method == "post"


def test_an_empty_queue_says_so(ana: Browser, services: Services, now: datetime) -> None:
    with begin(services.sessions) as session:
        for case in session.scalars(select(Case)):
            case.needs_person = False
    assert "Nobody is waiting for a person" in ana.get("/").words


def test_titles_and_addresses_name_nobody(ana: Browser, practice: Practice) -> None:
    for address in ("/", f"/cases/{practice.cases['rosa']}"):
        page = ana.get(address)
        assert not any(word in page.title for word in ("Rosa", "Delgado", RED))
        assert not any("Delgado" in link for link in page.links)


def test_a_patients_words_are_marked_with_their_language(
    ana: Browser, services: Services, practice: Practice
) -> None:
    """Arabic is read the wrong way round without its direction, exactly where it is urgent."""
    with begin(services.sessions) as session:
        for message in session.scalars(select(Message).where(Message.case_id == practice.cases["rosa"])):
            message.language = "ar"
    marked = '<blockquote lang="ar" dir="auto">I have <mark>chest pain</mark>'
    assert marked in ana.get("/").html
    assert marked in ana.get(f"/cases/{practice.cases['rosa']}").html
    assert '<blockquote dir="auto">' in ana.get(f"/cases/{practice.cases['james']}").html
