"""What a caller may ask of the call itself: again, slower, another language, no more calls."""

from __future__ import annotations

import pytest

from app.consent.ledger import standing
from app.outbox.models import Call
from app.patients.models import ContactPoint
from app.patients.people import number_index
from app.store import begin
from tests.support.telephone import (
    BORN,
    Telephone,
    because,
    discharged,
    identified,
    to_be_called,
)
from tests.support.world import MARTHA


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is tested here does not depend on the database."""
    return sqlite_url


def test_repeat(line: Telephone) -> None:
    _, call, first = identified(line)
    menu = call.press("*")
    assert [f"press {key}" in menu for key in "12390"] == [True] * 5
    assert call.press("1") == first.removeprefix("Thank you. ")


def test_slower_for_the_rest_of_the_call(line: Telephone) -> None:
    _, call, _ = identified(line)
    call.press("*")
    call.press("2")
    call.press("1")
    sid = call.sid
    with begin(line.services.sessions) as session:
        xml = session.query(Call).filter(Call.carrier_sid == sid).one().last_twiml
    assert xml is not None
    assert 'rate="80%"' in xml


def test_the_other_language_with_its_voice_and_its_ear(line: Telephone) -> None:
    discharged(line)
    call, _ = line.call_in()
    call.press("*")
    assert "fecha de nacimiento" in call.press("3")
    assert call.spoken[-1]["voice"] == "Polly.Lupe-Neural"
    assert call.awaiting["language"] == "es-US"
    assert line.conversation().language == "en"
    assert "¿Se siente mejor, igual o peor" in call.press(BORN)
    assert line.conversation().language == "es"


def test_more_languages_are_offered_each_by_its_own_voice(line: Telephone) -> None:
    line.site(languages=["en", "es", "ht", "ko"])
    discharged(line)
    call, _ = line.call_in()
    call.press("*")
    said = call.press("3")
    assert said == "For English, press 1. Para español, oprima 2. 한국어: 3."
    assert [one["language"] for one in call.spoken[-3:]] == ["en-US", "es-US", "ko-KR"]
    assert "fecha de nacimiento" in call.press("2")


def test_another_language_asked_for_in_words(line: Telephone) -> None:
    discharged(line)
    call, _ = line.call_in()
    assert "fecha de nacimiento" in call.speak("en español por favor")


@pytest.mark.parametrize("known", [True, False])
def test_a_key_ends_our_calls(line: Telephone, known: bool) -> None:
    case = to_be_called(line)
    call, _ = line.call_out()
    if known:
        call.press(BORN)
    call.press("*")
    said = call.press("9")
    assert "will not call you again" in said
    assert "3 1 2, 5 5 5, 0 1 0 0" in said
    assert call.over
    with begin(line.services.sessions) as session:
        index = number_index(session, MARTHA)
        assert not standing(session, index, "voice")
        assert standing(session, index, "sms")
    assert because(line, case) == ["wants no more calls"]


def test_no_more_calls_in_words(line: Telephone) -> None:
    to_be_called(line)
    call, _ = line.call_out()
    assert "will not call you again" in call.speak("stop calling me")
    with begin(line.services.sessions) as session:
        assert not standing(session, number_index(session, MARTHA), "voice")


def test_a_wrong_number_is_left_alone(line: Telephone) -> None:
    case = to_be_called(line)
    call, _ = line.call_out()
    said = call.speak("you have the wrong number")
    assert "will not call this number again" in said
    with begin(line.services.sessions) as session:
        assert session.query(ContactPoint).one().state == "wrong_person"
    assert any("wrong number" in one for one in because(line, case))
