"""How far words reach: a denial, a pet, the past, a count and a label's word take nothing away beyond what they say."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.understanding import Expectation, Option, Reading, Urgency, read

NOW = datetime(2026, 11, 22, 10, 0)  # noqa: DTZ001 - a reply's local wall time, as the callers hand it in
ELSE = Expectation("yes_no", "Is there anything else you need from us?")
ILL = Expectation("symptom_yes_no", "Do you have a new health problem?")


def offered(prompt: str, *labels: str, context: str = "choose_number") -> Expectation:
    options = tuple(Option(str(place), label) for place, label in enumerate(labels, 1))
    return Expectation(context, prompt, options)


FEELING = offered("How are you feeling?", "Better", "About the same", "Worse")
WHY_NOT = offered("Why can't you come?", "The day or time", "A ride", "Cost")
COMING = offered(
    "Will you come?", "I will come", "Another time", "I cannot come", context="confirm_appointment"
)
MEDICINES = Expectation("yes_no", "Do you have all the medicines you were told to take?")


def said(text: str, expectation: Expectation = ILL, language: str = "en") -> Reading:
    return read(text, expectation, language, NOW)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("No. I want to kill myself", "en"),
        ("no, I want to kill myself", "en"),
        ("No. quiero matarme", "es"),
        ("Não. quero morrer", "pt"),
        ("Нет. хочу умереть", "ru"),
        ("لا. بفكر اقتل نفسي", "ar"),
        ("choking. No.", "en"),
        ("mon mari est inconscient. Non.", "fr"),
        ("m ap toufe. Non.", "ht"),
        ("муж меня бьет. Нет.", "ru"),
        ("quiero matarme. no.", "es"),
    ],
)
def test_a_no_of_its_own_denies_no_danger_beside_it(text: str, language: str) -> None:
    assert said(text, ELSE, language).urgency is Urgency.EMERGENCY


@pytest.mark.parametrize("text", ["no I dont want to kill myself", "chest pain? no", "chest pain, no"])
def test_a_no_still_denies_what_it_is_said_of(text: str) -> None:
    assert said(text).urgency is Urgency.NONE


@pytest.mark.parametrize(
    "text",
    [
        "my cat died and I want to die too",
        "my dog died i want to end it all",
        "I lost my dog and took all my pills",
        "walking the dog and got chest pain",
    ],
)
def test_an_animal_takes_nothing_from_the_patients_own_danger(text: str) -> None:
    assert said(text, FEELING).urgency is Urgency.EMERGENCY


def test_an_animals_trouble_is_its_own() -> None:
    assert said("my dog is choking", FEELING).urgency is Urgency.NONE


@pytest.mark.parametrize(
    "text",
    [
        "same chest pain as last time",
        "crushing chest pain like last year",
        "my chest hurts like it did in 2019",
    ],
)
def test_what_is_like_the_past_is_there_now(text: str) -> None:
    assert said(text).urgency is Urgency.EMERGENCY


def test_what_was_long_ago_is_over_and_another_clauses_past_is_seen() -> None:
    assert said("I had chest pain last year").urgency is Urgency.NONE
    assert said("last year I had surgery, my face is drooping").flag


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("no fever my throat is swelling", "en"),
        ("no fever my speech is slurred", "en"),
        ("no headache my left arm is numb", "en"),
        ("no sorry I passed out", "en"),
        ("sin fiebre se me hincha la garganta", "es"),
    ],
)
def test_a_denial_ends_where_the_next_clause_begins_comma_or_not(text: str, language: str) -> None:
    assert said(text, ILL, language).urgency is Urgency.EMERGENCY


@pytest.mark.parametrize("text", ["no fever no swelling in my throat", "no dizziness or chest pain"])
def test_a_list_of_denials_stays_denied(text: str) -> None:
    assert said(text).urgency is Urgency.NONE


@pytest.mark.parametrize(
    "text", ["1 of my kids is sick", "can 3 of us come", "im 1 hour away", "i have 3 kids no sitter"]
)
def test_a_number_that_counts_something_chooses_nothing(text: str) -> None:
    assert said(text, COMING).answer is None


@pytest.mark.parametrize(
    ("text", "answer"), [("ok 1", "confirm"), ("2 pls", "reschedule"), ("3 sorry", "cancel")]
)
def test_a_number_with_politeness_chooses(text: str, answer: str) -> None:
    assert said(text, COMING).answer == answer


def test_a_number_that_opens_the_reply_is_the_choice_whatever_is_told_after_it() -> None:
    assert said("3. Seeing the other doctor instead", COMING).answer == "cancel"


@pytest.mark.parametrize("text", ["going to the er", "im in the hospital", "i cant find the bandages"])
def test_a_small_word_of_a_label_chooses_nothing(text: str) -> None:
    assert said(text, FEELING).answer is None
    assert said(text, FEELING).flag


def test_a_telling_word_of_a_label_is_put_to_the_patient_first() -> None:
    told = said("the day", WHY_NOT)
    assert (told.answer, told.confidence) == ("1", 0.6)


def test_what_was_is_no_answer_once_it_has_turned() -> None:
    assert said("i was better, now im not", FEELING).answer is None


def test_a_yes_that_only_begins_a_sentence_is_none() -> None:
    told = said("i do but not the insulin", MEDICINES)
    assert told.answer is None
    assert told.flag
    assert said("i have none", MEDICINES).answer != "yes"


def test_a_yes_that_takes_something_back_is_seen() -> None:
    assert said("yes but not the insulin", MEDICINES).flag


def test_the_signs_a_question_names_answer_it() -> None:
    asked = Expectation("symptom_yes_no", "Any redness, pus or bleeding at your fistula?")
    assert said("it got pus", asked).answer == "yes"


@pytest.mark.parametrize(
    ("text", "context"), [("my dad died", "none"), ("my dad died please stop texting", "yes_no")]
)
def test_who_died_is_the_patient_when_nobody_asked_or_messages_are_to_stop(text: str, context: str) -> None:
    assert "deceased" in said(text, Expectation(context, "")).intents


def test_a_relatives_death_beside_a_question_is_a_persons_to_read() -> None:
    told = said("My wife died in may", MEDICINES)
    assert "deceased" not in told.intents
    assert told.flag
    assert told.troubling


@pytest.mark.parametrize(
    ("text", "born"), [("sept 5 03", "2003-09-05"), ("9/5/48", "1948-09-05"), ("9/5/24", "1924-09-05")]
)
def test_two_digits_of_a_year_are_a_grown_persons(text: str, born: str) -> None:
    assert said(text, Expectation("dob", "Your date of birth as MM/DD/YYYY?")).answer == born


def test_what_a_word_of_the_scale_means_is_no_number() -> None:
    asked = Expectation("scale_0_10", "How bad is your pain, 0 (none) to 10 (worst)?")
    assert said("what do you mean by worst?", asked).answer is None


def test_a_later_window_of_a_very_long_reply_answers_nothing() -> None:
    words = ["so"] + ["and then we went to the store again"] * 80
    words = " ".join(words).split()
    words[260] = "yes"
    told = said(" ".join(words), COMING)
    assert told.answer is None
    assert told.flag


def test_the_number_that_opens_the_reply_is_the_time_whatever_else_is_told() -> None:
    starts = [datetime(2026, 12, day, 9, 0) for day in (1, 2)]  # noqa: DTZ001 - local wall time
    options = tuple(
        Option(str(n), f"{start:%a %b} {start.day} 9:00 AM", start) for n, start in enumerate(starts, 1)
    )
    asked = Expectation(
        "choose_slot", "Which time works?", (*options, Option("3", "none of these", none=True))
    )
    told = said("1 but my heart been racing 150 and im lightheaded", asked)
    assert told.answer == "1"
    assert told.urgency >= Urgency.URGENT
