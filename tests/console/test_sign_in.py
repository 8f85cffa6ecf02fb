"""Signing in, out, and being signed out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.clock import FixedClock
from app.console.events import Watch
from app.console.services import SignInLimit
from app.console.sign_in import local
from app.security.models import Staff
from app.security.people import deactivate
from app.services import Services
from app.store import begin
from tests.console.conftest import Practice
from tests.console.pages import Browser


def test_nobody_sees_anything_before_signing_in(browser: Browser) -> None:
    page = browser.get("/")
    assert page.h1 == ["Sign in"]
    assert "Rosa" not in page.html


def test_signing_in_leads_to_where_one_wanted_to_go(browser: Browser, practice: Practice) -> None:
    browser.get(f"/cases/{practice.cases['james']}")
    page = browser.send("/sign-in", email="ana@example.org", password="correct horse battery")
    assert "Okafor" in page.words


@pytest.mark.parametrize(
    "address", ["//evil.example", "/\\evil.example", "https://evil.example", "", None, "evil"]
)
def test_a_sign_in_never_leads_elsewhere(address: str | None) -> None:
    assert local(address) is None


def test_a_wrong_password_and_a_stranger_are_told_the_same(browser: Browser) -> None:
    browser.get("/sign-in")
    wrong = browser.send("/sign-in", email="ana@example.org", password="wrong", status=403).words
    stranger = browser.send("/sign-in", email="nobody@example.org", password="wrong", status=403).words
    assert wrong == stranger
    assert 'value="nobody@example.org"' in browser.page.html


def test_five_wrong_passwords_lock_the_account_for_a_while(browser: Browser, clock: FixedClock) -> None:
    browser.get("/sign-in")
    for _ in range(5):
        browser.send("/sign-in", email="ana@example.org", password="wrong", status=403)
    browser.send("/sign-in", email="ana@example.org", password="correct horse battery", status=403)
    clock.advance(minutes=16)
    assert browser.sign_in("ana@example.org").h1 == ["Queue"]


def test_one_address_cannot_try_for_ever(browser: Browser) -> None:
    browser.get("/sign-in")
    for number in range(20):
        browser.send("/sign-in", email=f"{number}@example.org", password="wrong", status=403)
    assert (
        "Too many tries"
        in browser.send("/sign-in", email="a@example.org", password="wrong", status=429).words
    )


def test_a_session_that_lies_idle_ends(ana: Browser, clock: FixedClock) -> None:
    clock.advance(minutes=14)
    assert ana.get("/").h1 == ["Queue"]
    clock.advance(minutes=14)
    assert ana.get("/").h1 == ["Queue"]
    clock.advance(minutes=16)
    page = ana.get("/")
    assert page.h1 == ["Sign in"]
    assert "nothing happened for 15 minutes" in page.words


def test_a_page_that_refreshes_itself_keeps_no_session_alive(ana: Browser, clock: FixedClock) -> None:
    for _ in range(4):
        clock.advance(minutes=4)
        answer = ana.client.get("/", headers={"X-Careloop-Live": "1"})
    assert answer.status_code == 401


def test_signing_out_ends_the_session(ana: Browser) -> None:
    ana.get("/")
    assert ana.send("/sign-out").h1 == ["Sign in"]
    assert ana.get("/").h1 == ["Sign in"]


def test_no_link_of_anybodys_ends_a_session(ana: Browser) -> None:
    ana.get("/")
    assert ana.get("/sign-in?idle=1").h1 == ["Queue"]
    page = ana.send("/sign-out", idle="1")
    assert "nothing happened for 15 minutes" in page.words
    assert ana.get("/").h1 == ["Sign in"]


def test_access_that_ends_ends_at_once(ana: Browser, services: Services, practice: Practice) -> None:
    with begin(services.sessions) as session:
        deactivate(session.get_one(Staff, practice.staff["ana"]))
    assert ana.get("/").h1 == ["Sign in"]


def test_ones_own_password(ana: Browser, somebody: Callable[[str], Browser]) -> None:
    elsewhere = somebody("ana")
    ana.get("/account")
    ana.send("/account", old="wrong", new="a much better password", status=422)
    ana.send("/account", old="correct horse battery", new="short", status=422)
    page = ana.send("/account", old="correct horse battery", new="a much better password")
    assert "Your password is changed" in page.words
    assert elsewhere.get("/").h1 == ["Sign in"]
    assert ana.get("/").h1 == ["Queue"]


def test_where_one_is_paged_and_when_one_is_away(
    ana: Browser, services: Services, practice: Practice
) -> None:
    ana.get("/account")
    assert "not a telephone number" in ana.send("/account/reach", phone="call me", status=422).words
    assert 'value="call me"' in ana.page.html
    ana.send("/account/reach", phone="(312) 555-0177", away="2026-11-05T09:00")
    with services.sessions() as session:
        staff = session.get_one(Staff, practice.staff["ana"])
    assert staff.phone == "+13125550177"
    assert staff.away_until is not None
    assert staff.away_until.isoformat() == "2026-11-05T15:00:00+00:00"
    assert 'value="2026-11-05T09:00"' in ana.page.html
    ana.send("/account/reach", phone="", away="")
    with services.sessions() as session:
        staff = session.get_one(Staff, practice.staff["ana"])
    assert (staff.phone, staff.away_until) == (None, None)


def test_sign_ins_are_in_the_trail(browser: Browser, services: Services) -> None:
    browser.sign_in("ana@example.org")
    browser.get("/sign-out", status=405)
    with services.sessions() as session:
        assert list(session.scalars(select(AuditEvent.action))) == ["sign-in"]


def test_a_form_without_its_token_does_nothing(ana: Browser) -> None:
    answer = ana.client.post("/sign-out", data={})
    assert answer.status_code == 400
    assert "could not be checked" in answer.text
    assert ana.get("/").h1 == ["Queue"]


def test_the_cookie_and_the_headers(ana: Browser, services: Services) -> None:
    ana.get("/")
    assert ana.answer is not None
    headers = ana.answer.headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    cookie = ana.client.post("/sign-out", data={}).headers.get("Set-Cookie", "")
    assert cookie == "" or ("HttpOnly" in cookie and "SameSite=Lax" in cookie)


def test_signing_in_works_while_redis_is_away() -> None:
    limit = SignInLimit("redis://127.0.0.1:1/0")
    assert [limit.allows("here") for _ in range(21)] == [True] * 20 + [False]


def test_who_is_asking_is_known_while_somebody_else_writes(
    ana: Browser, services: Services, practice: Practice, clock: FixedClock
) -> None:
    """On SQLite a writer keeps every other one waiting; to know who asks, nothing is written."""
    watch = Watch(services, practice.staff["ana"], 0, clock.now())
    with begin(services.sessions) as session:
        session.get_one(Staff, practice.staff["ben"]).name = "Benjamin Osei"
        session.flush()
        assert ana.get("/").h1 == ["Queue"]
        assert watch.may_go_on()
