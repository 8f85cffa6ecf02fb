"""Grave words said of a bill, a show or a laugh are no danger; the same words without such a cause stay one."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, Urgency, read

BREATH = "Are you having any trouble breathing? Reply YES or NO."
MOOD = "In the last 2 weeks, have you often felt down, depressed or hopeless? Reply YES or NO."


@pytest.mark.parametrize(
    ("language", "question", "text"),
    [
        ("en", BREATH, "I was gasping when I saw the bill lol. otherwise no"),
        ("en", MOOD, "no but that last season of my show killed me"),
        ("en", MOOD, "i'm so happy i could just die"),
        ("en", "", "fine unless i laugh then i about die"),
        ("en", "", "id rather bleed out than see that man again"),
        ("en", "", "my nephew drives like hes trying to kill us but yes"),
        ("es", BREATH, "no, me quedo sin aliento de lo guapo que es el cardiólogo jaja"),
        ("es", "", "casi me infarto con el precio pero ya las tengo"),
    ],
)
def test_a_figure_of_speech_is_no_danger(language: str, question: str, text: str) -> None:
    expectation = Expectation("symptom_yes_no" if question else "open_text", question, ())
    assert read(text, expectation, language, None).urgency < Urgency.URGENT


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "gasping lol"),
        ("en", "i cant breathe lol"),
        ("en", "he is trying to kill me"),
        ("en", "I saw the bill. now my chest is tight and i cant breathe"),
        ("es", "me ahogo jaja"),
        ("es", "me ahogo"),
    ],
)
def test_without_its_cause_it_stays_one(language: str, text: str) -> None:
    reading = read(text, Expectation("symptom_yes_no", BREATH, ()), language, None)
    assert (reading.urgency, reading.flag) == (Urgency.EMERGENCY, True)


@pytest.mark.parametrize(
    ("language", "text", "least", "most"),
    [
        ("en", "I was suicidal back in my 20s. not for decades now, doing ok", "urgent", "urgent"),
        ("es", "hace años pense en quitarme la vida, con terapia ya estoy bien", "urgent", "urgent"),
        ("en", "i was suicidal in my 20s and now again", "emergency", "emergency"),
        ("en", "i tried to kill myself years ago and i still think about it", "emergency", "emergency"),
        ("en", "i took all my pills last night but im ok now", "emergency", "emergency"),
    ],
)
def test_thoughts_of_long_ago_are_seen_the_same_day(language: str, text: str, least: str, most: str) -> None:
    reading = read(text, Expectation("symptom_yes_no", MOOD, ()), language, None)
    assert Urgency.parse(least) <= reading.urgency <= Urgency.parse(most)
    assert reading.flag


@pytest.mark.parametrize(
    ("language", "text", "intent", "found"),
    [
        ("es", "no dejen de mandarme los recordatorios, se me olvida todo", "opt_out", False),
        ("es", "no, dejen de mandarme mensajes", "opt_out", True),
        ("es", "no. dejen de mandarme", "opt_out", True),
        ("en", "Dad lost his battle Friday. Cancel everything please", "deceased", True),
        ("en", "this is his widow. you just called a dead man", "deceased", True),
        ("en", "transmission died so i need a ride", "deceased", False),
        ("en", "who is Dolores? this is my work cell", "wrong_number", True),
        ("en", "Wrong # friend, I sell tires", "wrong_number", True),
        ("en", "put me on hold", "opt_in", False),
        ("en", "can i get those reminders turned back on, switched phones", "opt_in", True),
        ("en", "no more robo calls, text is fine", "opt_out", False),
        ("en", "no more calls please", "opt_out", True),
        ("es", "no quiero que me repita el derrame", "opt_out", False),
        ("es", "no quiero que me manden mas mensajes", "opt_out", True),
    ],
)
def test_what_is_asked_for_is_told_from_its_opposite(
    language: str, text: str, intent: str, found: bool
) -> None:
    assert (intent in read(text, Expectation("none", "", ()), language, None).intents) is found


@pytest.mark.parametrize(
    "text",
    [
        "can. only. type. one word. at a time",
        "can only say a word or two at a time",
        "3. wont be around by then, letters are already written",
        "quit texting me. nobody can stop me now the pills are lined up",
    ],
)
def test_a_danger_in_few_or_veiled_words_is_an_emergency(text: str) -> None:
    assert read(text, Expectation("none", "", ()), "en", None).urgency is Urgency.EMERGENCY


FEVER = "Have you had a fever or chills since you came home? Reply YES or NO."


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("if it hits 100.4 do i go to the er or call yall first", "none", "none"),
        ("it hit 102 last night", "urgent", "urgent"),
        ("when it gets to 102 i take tylenol, its 102 now", "urgent", "emergency"),
        ("if you need it my temp is 102.3", "urgent", "urgent"),
        ("not sure if this matters but its 103", "urgent", "urgent"),
        ("should i come in if its 102", "none", "none"),
    ],
)
def test_a_fever_supposed_or_of_the_stay_is_none_now(text: str, least: str, most: str) -> None:
    reading = read(text, Expectation("symptom_yes_no", FEVER, ()), "en", None)
    assert Urgency.parse(least) <= reading.urgency <= Urgency.parse(most)


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("Just had open heart surgery on the 19th", Urgency.NONE),
        ("my heart rate is 19", Urgency.EMERGENCY),
        ("sugar 45 on the 19th", Urgency.EMERGENCY),
    ],
)
def test_a_day_of_the_month_measures_nothing(text: str, urgency: Urgency) -> None:
    assert read(text, Expectation("none", "", ()), "en", None).urgency is urgency


def test_what_follows_not_now_is_told_not_denied() -> None:
    good_time = Expectation("yes_no", "¿Es buen momento para unas preguntas? Responda SÍ o NO.", ())
    assert read("ahora no el niño se esta ahogando", good_time, "es", None).urgency is Urgency.EMERGENCY
