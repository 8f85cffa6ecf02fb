"""The thread of a case page: page by page nothing is left out, and a call nobody answered is in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.console import paging
from app.outbox.models import Call, Message, MessageStatus
from app.services import Services
from app.store import begin
from tests.console.conftest import Practice
from tests.console.pages import Browser

FORGED = [
    paging.cursor(*values)
    for values in (
        ["2026-11-02T15:00:00+00:00", 7],
        ["2026-11-02T15:00:00+00:00", "not an id"],
        ["9999-12-31T23:59:59-12:00", str(UUID(int=7))],
        ["urgent", "2026-11-02T15:00:00+00:00", str(UUID(int=7))],
        [2**70, "2026-11-02T15:00:00+00:00", str(UUID(int=7))],
        [3, "2026-11-02T15:00:00+00:00", "x"],
    )
]


class Talk:
    """James's messages and calls, written as they would have been."""

    def __init__(self, session: Session, practice: Practice) -> None:
        self.session, self.practice = session, practice
        self.patient, self.case = practice.patients["james"], practice.cases["james"]

    def text(self, words: str, at: datetime, direction: str = "in") -> None:
        status = MessageStatus.RECEIVED if direction == "in" else MessageStatus.DELIVERED
        self._message(body=words, direction=direction, status=status, created_at=at)

    def said(self, words: str, at: datetime) -> None:
        reading = {"answer": None, "intents": [], "urgency": "none", "flag": False, "evidence": []}
        values = {"direction": "in", "status": MessageStatus.RECEIVED, "channel": "voice"}
        self._message(body=words, created_at=at, reading=reading, **values)

    def planned(self, at: datetime, status: MessageStatus, reason: str | None = None) -> UUID:
        values = {"status": status, "reason": reason, "created_at": at}
        return self._message(body="", direction="out", channel="voice", **values)

    def call(self, sid: str, at: datetime, **values: object) -> None:
        given = {"direction": "out", "number_index": "", "patient_id": self.patient, **values}
        self.session.add(Call(carrier_sid=sid, started_at=at, **given))

    def _message(self, **values: object) -> UUID:
        whose = {"patient_id": self.patient, "case_id": self.case, "number": "", "number_index": ""}
        message = Message(**whose, **values)
        self.session.add(message)
        self.session.flush()
        return message.id


@pytest.fixture
def james(practice: Practice) -> str:
    """The address of James's case."""
    return f"/cases/{practice.cases['james']}"


@pytest.fixture
def write(services: Services, practice: Practice) -> Callable[[Callable[[Talk], None]], None]:
    """Write a talk with James."""

    def written(tell: Callable[[Talk], None]) -> None:
        with begin(services.sessions) as session:
            tell(Talk(session, practice))

    return written


def every_page(browser: Browser, address: str) -> list[str]:
    """The words of each page, the newest first, along the links to older ones."""
    pages = [browser.get(address)]
    while older := [link for link, words in pages[-1].links.items() if words == "Earlier messages"]:
        pages.append(browser.get(older[0]))
    return [page.words for page in pages]


def seen(pages: list[str]) -> list[str]:
    return sorted(found for words in pages for found in re.findall(r"text-\d{3}", words))


def test_a_call_among_the_newest_hides_no_older_ones(
    ana: Browser, james: str, write: Callable[[Callable[[Talk], None]], None], now: datetime
) -> None:
    def tell(talk: Talk) -> None:
        for number in range(230):
            talk.text(f"text-{number:03}", now - timedelta(hours=9) + timedelta(minutes=number))
        talk.planned(now - timedelta(minutes=10), MessageStatus.UNDELIVERED)

    write(tell)
    pages = every_page(ana, james)
    assert len(pages) == 2
    assert seen(pages) == [f"text-{number:03}" for number in range(230)]


def test_what_lies_in_the_same_moment_at_the_edge_of_a_page_is_on_one_of_them(
    ana: Browser, james: str, write: Callable[[Callable[[Talk], None]], None], now: datetime
) -> None:
    def tell(talk: Talk) -> None:
        for number in range(460):
            # Pairs 300 ms apart, and every third pair in the very same moment.
            gap = 0 if number % 6 < 2 else 300 * (number % 2)
            at = now - timedelta(days=2) + timedelta(minutes=number // 2, milliseconds=gap)
            talk.text(f"text-{number:03}", at, "out" if number % 2 else "in")

    write(tell)
    pages = every_page(ana, james)
    assert len(pages) == 3
    assert seen(pages) == [f"text-{number:03}" for number in range(460)]


def test_an_old_call_is_on_the_page_of_its_time(
    ana: Browser, james: str, write: Callable[[Callable[[Talk], None]], None], now: datetime
) -> None:
    def tell(talk: Talk) -> None:
        talk.call("CA1", now - timedelta(days=3), status="busy")
        for number in range(230):
            talk.text(f"text-{number:03}", now - timedelta(hours=9) + timedelta(minutes=number))

    write(tell)
    pages = every_page(ana, james)
    assert ["Call placed: busy" in words for words in pages] == [False, True]
    assert seen(pages) == [f"text-{number:03}" for number in range(230)]


def test_calls_nobody_answered_are_in_the_thread(
    ana: Browser, james: str, write: Callable[[Callable[[Talk], None]], None], now: datetime
) -> None:
    def tell(talk: Talk) -> None:
        tried = talk.planned(now - timedelta(hours=3), MessageStatus.UNDELIVERED, "nobody answered")
        talk.call("CA1", now - timedelta(hours=3), status="no-answer", message_id=tried)
        talk.planned(now - timedelta(hours=2), MessageStatus.SKIPPED, "one a day is enough")
        talk.planned(now - timedelta(hours=1), MessageStatus.FAILED, "the number does not exist")
        talk.planned(now, MessageStatus.QUEUED)
        talk.call("CA2", now, direction="in", status="completed", duration=0)

    write(tell)
    words = ana.get(james).words
    for one in (
        "Call placed: no answer",
        "Call not placed: one a day is enough",
        "Call failed: the number does not exist",
        "Call waits to be placed",
        "Patient called",
    ):
        assert words.count(one) == 1
    assert "nobody was reached" not in words


@pytest.mark.parametrize("address", ["/", "/?tab=open", "/?tab=closed", "/audit", "/examples", "case"])
def test_a_cursor_that_is_none_of_ours_breaks_no_page(
    somebody: Callable[[str], Browser], james: str, address: str
) -> None:
    browser = somebody("aud" if address == "/audit" else "max")
    where, name = (james, "before") if address == "case" else (address, "after")
    for cursor in FORGED:
        browser.get(f"{where}{'&' if '?' in where else '?'}{name}={cursor}")


def test_what_happened_on_a_call_is_no_words_of_the_patient(
    ana: Browser, james: str, write: Callable[[Callable[[Talk], None]], None], now: datetime
) -> None:
    def tell(talk: Talk) -> None:
        talk.said("(nobody took the call)", now)
        talk.said("(date of birth)", now)
        talk.said("much worse (really)", now)

    before = ana.get(james).words
    write(tell)
    words = ana.get(james).words
    assert "Nobody took the call" in words
    assert "(nobody took the call)" not in words
    assert words.count("on the phone") - before.count("on the phone") == 2
    assert words.count("Not right?") - before.count("Not right?") == 2
