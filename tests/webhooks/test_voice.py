"""The voice webhooks: repeats, two at once, refusals, apologies, and how fast a turn is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
import requests
from psycopg.errors import DeadlockDetected
from redis import Redis
from sqlalchemy.exc import IntegrityError, OperationalError

from app.conversations.models import Conversation
from app.inbound.voice import take_call
from app.outbox.models import Call, Message
from app.settings import Settings
from app.store import begin
from app.webhooks import voice
from tests.support.telephone import BORN, Telephone, discharged, telephone
from tests.support.world import MARTHA, OURS, World

SID = "CA" + "c" * 32
INBOUND = {"CallSid": SID, "From": MARTHA, "To": OURS, "Direction": "inbound"}


@pytest.fixture
def line(world: World, make_settings: Callable[..., Settings], redis: Redis) -> Iterator[Telephone]:
    with telephone(world, make_settings, redis) as line:
        yield line


def kept(line: Telephone) -> tuple[int, int, int]:
    """Turns of the call, rows in the thread, turns of the conversation."""
    with begin(line.services.sessions) as session:
        talk = session.query(Conversation).one()
        return session.query(Call).one().turns, session.query(Message).count(), talk.turns


def asked_feeling(line: Telephone) -> str:
    """A call as far as the first question."""
    discharged(line)
    line.post("voice", **INBOUND)
    return line.post("voice?turn=1", **INBOUND, Digits=BORN).text


def test_the_same_turn_twice_is_answered_the_same_and_moves_nothing_twice(line: Telephone) -> None:
    first = asked_feeling(line)
    before = kept(line)
    assert line.post("voice?turn=1", **INBOUND, Digits=BORN).text == first
    assert kept(line) == before


def test_four_at_once_are_one(line: Telephone) -> None:
    asked_feeling(line)
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: line.post("voice?turn=2", **INBOUND, Digits="1").text, range(4)))
    assert len(set(answers)) == 1
    assert "<Gather" in answers[0]
    assert kept(line)[0] == 3
    assert len(line.conversation().state["answers"]["feeling"]) == 1


def test_four_first_webhooks_at_once_are_one_call(line: Telephone) -> None:
    discharged(line)
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: line.post("voice", **INBOUND).text, range(4)))
    assert len(set(answers)) == 1
    assert kept(line)[0] == 1


def test_an_old_turn_that_comes_late_hears_the_newest_answer(line: Telephone) -> None:
    asked_feeling(line)
    newest = line.post("voice?turn=2", **INBOUND, Digits="1").text
    before = kept(line)
    assert line.post("voice?turn=1", **INBOUND, Digits=BORN).text == newest
    assert line.post("voice", **INBOUND).text == newest
    assert kept(line) == before


def test_a_last_request_after_hanging_up_is_no_silence(line: Telephone) -> None:
    asked_feeling(line)
    talk = line.conversation().turns
    line.post("voice?turn=2", **INBOUND, CallStatus="completed", Digits="")
    assert line.conversation().turns == talk
    line.post("voice?turn=3", **INBOUND, CallStatus="completed", SpeechResult="I can't breathe")
    assert line.alerted()


def test_after_a_transfer_the_same_question_twice_tells_a_person_once(line: Telephone) -> None:
    asked_feeling(line)
    line.post("voice?turn=2", **INBOUND, Digits="0")
    first, again = (line.post("voice-done", **INBOUND, DialCallStatus="no-answer").text for _ in range(2))
    assert first == again
    assert "will call you back" in first
    flags = line.world.flags(line.conversation().case_id)
    assert sum("nobody could take" in flag.because for flag in flags) == 1


def test_only_the_carrier_is_answered(line: Telephone) -> None:
    url = f"{line.services.settings.public_url}/webhooks/twilio/"
    for path in ("voice", "voice-status", "voice-done", "voice-whisper"):
        answer = requests.post(url + path, data=INBOUND, timeout=10)
        assert answer.status_code == 403, path
        assert "<Say" not in answer.text
    assert line.post("voice", From=MARTHA).status_code == 400


@pytest.mark.parametrize("turn", ["-1", "x", "99999999999999", "1&turn=0", ""])
def test_a_strange_turn_is_harmless(line: Telephone, turn: str) -> None:
    discharged(line)
    assert line.post(f"voice?turn={turn}", **INBOUND).status_code == 200


def test_an_error_is_an_apology_in_the_callers_language_and_a_person_is_told(
    line: Telephone, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_feeling(line)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("what was said: 03141948")

    monkeypatch.setattr(voice, "take_call", broken)
    answer = line.post("voice?turn=2&lang=es", **INBOUND, SpeechResult="me duele, nací en 1948")
    assert answer.status_code == 200
    say, hang_up = fromstring(answer.content)
    assert "de nuestro lado" in str(say.text)
    assert "9 1 1" in str(say.text)
    assert say.get("language") == "es-US"
    assert hang_up.tag == "Hangup"
    flags = line.world.flags(line.conversation().case_id)
    assert [(flag.urgency, flag.words) for flag in flags] == [(2, "me duele, nací en ••••")]
    assert line.alerted() == [str(flags[0].id)]


def test_a_turn_that_meets_another_transaction_is_taken_again(
    line: Telephone, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_feeling(line)
    problems = [OperationalError("UPDATE", {}, DeadlockDetected())]

    def met(*given: Any, **more: Any) -> Any:
        taken = take_call(*given, **more)
        if problems:
            raise problems.pop()
        return taken

    monkeypatch.setattr(voice, "take_call", met)
    answer = line.post("voice?turn=2", **INBOUND, SpeechResult="I have chest pain")
    assert "911" in answer.text.replace(" ", "")
    flags = line.world.flags(line.conversation().case_id)
    assert [(flag.urgency, flag.words) for flag in flags] == [(3, "I have chest pain")]
    assert line.alerted() == [str(flags[0].id)]
    assert kept(line)[0] == 3


def test_a_turn_the_database_refuses_is_told_a_person(
    line: Telephone, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_feeling(line)

    def refused(*_: object, **__: object) -> None:
        raise IntegrityError("INSERT", {}, Exception("duplicate"))

    monkeypatch.setattr(voice, "take_call", refused)
    answer = line.post("voice?turn=2", **INBOUND, SpeechResult="I have chest pain")
    assert "something is wrong on our side" in answer.text
    flags = line.world.flags(line.conversation().case_id)
    assert [(flag.urgency, flag.words) for flag in flags] == [(2, "I have chest pain")]
    assert line.alerted() == [str(flags[0].id)]


def test_without_a_database_there_is_an_apology_too(line: Telephone, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(voice, "take_call", away)
    answer = line.post("voice", **INBOUND)
    assert answer.status_code == 200
    assert "something is wrong on our side" in answer.text


def test_every_answer_is_twiml_the_carrier_takes(line: Telephone) -> None:
    discharged(line)
    call, _ = line.call_in()
    for keys in (BORN, "*", "2", "9"):
        call.press(keys)
    assert line.failures() == []
