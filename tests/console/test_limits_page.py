"""The page on which a practice sets from which numbers somebody acts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.console.readings import measured_words
from app.services import Services
from app.teaching.models import WordRevision
from tests.console.pages import Browser

ADDRESS = "/words/limits"
DAY = "weight_gain_lb_day-high-today"


@pytest.fixture
def ada(somebody: Callable[[str], Browser]) -> Browser:
    """An admin on the page, at the discharge programme."""
    browser = somebody("ada")
    browser.get(f"{ADDRESS}?script=post-discharge")
    return browser


def revisions(services: Services) -> list[WordRevision]:
    with services.sessions() as session:
        return list(session.scalars(select(WordRevision).order_by(WordRevision.number)))


def test_a_limit_is_set_for_one_programme_and_kept_beside_the_words(ada: Browser, services: Services) -> None:
    assert "Weight gain in a day" in ada.page.words
    assert ada.page.form(ADDRESS).fields[DAY] == "2.9"
    page = ada.send(ADDRESS, **{DAY: "2"}, why="heart failure clinic")
    assert "Published as revision 1" in page.words
    assert "Weight gain in a day yours" in page.words
    assert page.form(ADDRESS).fields[DAY] == "2"
    assert ada.get(f"{ADDRESS}?script=no-show-recovery").form(ADDRESS).fields[DAY] == "2.9"
    ada.get("/words")
    ada.send("/words/try", language="en", meaning="signs.fever", phrases="purple pigeon")
    ada.send("/words/publish", why="they say so")
    (_, last) = revisions(services)
    assert last.content["limits"]["post-discharge"]["weight_gain_lb_day"][0]["at_least"] == 2
    assert last.content["words"]["en"]["signs"]["fever"] == ["purple pigeon"]


def test_what_is_not_safe_is_refused_and_nothing_typed_is_lost(ada: Browser, services: Services) -> None:
    typed = {"glucose-low-emergency": "40", "pulse-high-emergency": "", "oxygen-low-today": "lots"}
    page = ada.send(ADDRESS, **typed, why="wishful", status=422)
    assert "may only be tighter than what ships: 53.9 or more" in page.words
    assert "It cannot be taken away. Write 150 or less." in page.words
    assert "Write a number, like 2 or 2.5." in page.words
    assert page.form(ADDRESS).fields["glucose-low-emergency"] == "40"
    assert page.form(ADDRESS).fields["why"] == "wishful"
    assert revisions(services) == []


def test_no_change_and_no_programme_are_said(ada: Browser, services: Services) -> None:
    assert "Nothing would change" in ada.send(ADDRESS, why="none", status=422).words
    assert (
        "Choose one of the programmes"
        in ada.send(ADDRESS, script="none", **{DAY: "2"}, why="no", status=422).words
    )
    assert "few words why" in ada.send(ADDRESS, **{DAY: "2"}, why=" ", status=422).words


def test_only_admins_set_limits(somebody: Callable[[str], Browser], services: Services) -> None:
    for who in ("ana", "aud", "max"):
        browser = somebody(who)
        browser.get(ADDRESS, status=403)
        browser.get("/account")
        browser.post(ADDRESS, script="post-discharge", why="mine", status=403)
    assert revisions(services) == []


def test_a_reached_limit_is_told_in_words() -> None:
    assert measured_words("measure.weight_gain_lb_day>=2") == "weight gain in a day, limit 2 lb or more: "
    assert measured_words("measure.glucose<=53.9") == "low blood sugar, limit 53.9 mg/dL or less: "
    assert measured_words("measure.glucose") == measured_words("en/signs.chest_pain") == ""


def test_limits_are_tried_before_they_are_published(ada: Browser, services: Services) -> None:
    assert f'aria-describedby="limit-{DAY}-unit"' in ada.page.html
    form = ada.page.form(ADDRESS).fields
    page = ada.post(f"{ADDRESS}/try", **{**form, DAY: "2", "why": "heart failure clinic"})
    assert "examples are read as before" in page.words
    assert page.form(ADDRESS).fields.items() >= {DAY: "2", "why": "heart failure clinic"}.items()
    assert revisions(services) == []
    assert "Write a number" in ada.post(f"{ADDRESS}/try", **{**form, DAY: "lots"}, status=422).words
    page = ada.send(ADDRESS, **{DAY: "2"}, why="heart failure clinic")
    assert "Published as revision 1" in page.words
