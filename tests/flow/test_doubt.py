"""Answers that are not certain are said back; who writes in another language is told how to go on in it."""

from __future__ import annotations

from app.flow.effects import Await, RaiseFlag, Record, Speak, SwitchLanguage
from app.flow.events import HandedBack, Reply
from app.flow.facts import SAMPLES
from app.flow.state import State
from app.flow.step import Turn, step
from app.flow.wording import expectation, wording
from tests.flow.worlds import NOW, begin, catalogs, reading, script

ASKS = script(
    """
better:
  ask: How do you feel?
  choices: {better: Better, same: The same, worse: Worse}
  then: done
done:
  say: Thank you.
  close: completed
"""
)
SPEAKS = {**SAMPLES, "practice.languages": ["en", "es"]}


def answer(state: State, value: object, confidence: float = 0.95, language: str = "") -> Turn:
    told = reading(value, confidence=confidence, language=language)  # type: ignore[arg-type] # any answer
    return step(ASKS, state, Reply(told, "x", facts=SPEAKS), NOW)


def spoken(turn: Turn) -> Speak:
    return next(effect for effect in turn.effects if isinstance(effect, Speak))


def recorded(turn: Turn) -> list[object]:
    return [effect.value for effect in turn.effects if isinstance(effect, Record)]


def test_a_doubtful_answer_is_said_back_and_not_kept() -> None:
    doubted = answer(begin(ASKS).state, "worse", 0.6)
    assert recorded(doubted) == []
    worded = wording(spoken(doubted), catalogs(), SPEAKS, "en", "America/Chicago", "sms")
    assert worded.text == "We understood your answer as: Worse. Is that right?\n1 Yes\n2 No\nReply 1 or 2."
    assert expectation("yes_no", worded).options[0].value == "yes"
    assert any(isinstance(effect, Await) for effect in doubted.effects)


def test_yes_keeps_it() -> None:
    doubted = answer(begin(ASKS).state, "worse", 0.6)
    agreed = answer(State.from_json(doubted.state.to_json()), "yes")
    assert recorded(agreed) == ["worse"]
    assert agreed.state.status == "ended"


def test_no_puts_the_question_again_as_it_was() -> None:
    doubted = answer(begin(ASKS).state, "worse", 0.6)
    refused = answer(doubted.state, "no")
    assert recorded(refused) == []
    assert [choice.value for choice in spoken(refused).choices] == ["better", "same", "worse"]
    assert recorded(answer(refused.state, "same")) == ["same"]


def test_a_doubt_does_not_outlive_a_person() -> None:
    doubted = answer(begin(ASKS).state, "worse", 0.6)
    back = step(ASKS, doubted.state, HandedBack(facts=SPEAKS), NOW)
    assert back.state.question is not None
    assert back.state.question.context == "choose_number"


def test_a_certain_answer_is_not_said_back() -> None:
    assert recorded(answer(begin(ASKS).state, "worse", 0.8)) == ["worse"]


def test_another_language_is_offered_once_in_that_language() -> None:
    first = answer(begin(ASKS).state, None, language="es")
    worded = wording(spoken(first), catalogs(), SPEAKS, "en", "America/Chicago", "sms")
    assert worded.text.startswith(
        "Para recibir nuestros mensajes en español, responda ESPAÑOL.\nHow do you feel?"
    )
    assert worded.language == "en"
    second = answer(first.state, "same", language="es")
    assert "builtin/language_offer" not in [text.context for text in spoken(second).texts]


def test_a_language_without_texts_goes_to_a_person() -> None:
    turn = answer(begin(ASKS).state, "same", language="vi")
    flags = [effect.because for effect in turn.effects if isinstance(effect, RaiseFlag)]
    assert flags == ["writes in a language this practice has no texts in: find an interpreter"]
    assert not any(isinstance(effect, SwitchLanguage) for effect in turn.effects)


def test_asking_for_a_person_while_being_asked_keeps_what_was_agreed_to() -> None:
    doubted = answer(begin(ASKS).state, "worse", 0.6)
    told = reading("yes", "call_me_back", flag=True)
    agreed = step(ASKS, doubted.state, Reply(told, "yes, call me", facts=SPEAKS), NOW)
    assert recorded(agreed) == ["worse"]
    refused = step(ASKS, doubted.state, Reply(reading("no", "call_me_back"), "x", facts=SPEAKS), NOW)
    assert recorded(refused) == []
