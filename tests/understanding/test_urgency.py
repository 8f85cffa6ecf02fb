"""Urgency: what is told of another time, language or unit is no alarm; what lay people call a danger is one."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, Reading, Urgency, read
from tests.understanding.test_english import alarms

FREE = Expectation("open_text")


def told(text: str, *, language: str = "en") -> Reading:
    """The reading of a reply to an open question."""
    return read(text, FREE, language, None)


@pytest.mark.parametrize(
    "text",
    [
        "couldnt hardly breathe that whole first week but not now",
        "I was coughing up blood in the hospital but not anymore",
        "so much better than last week when i couldnt walk to the bathroom",
        "heart went down to 40 in the hospital",
        "my sugar was down to 48 when they admitted me, its 110 now",
        "oxygen was 84 when i came in, 97 now",
        "bp was 210/110 in the er, 128/76 today",
        "temp was 103 in the hospital but normal since",
        "i was dizzy the first day but that passed",
        "swelling is down and legs look normal",
        "sugar down to 120 from 300",
        "i used to have seizures as a kid",
        "fever is gone and so is the cough",
        "could this medicine cause seizures",
    ],
)
def test_what_was_is_no_alarm(text: str) -> None:
    assert not alarms(told(text))


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("couldnt hardly breathe all week and not now either", Urgency.EMERGENCY),
        ("chest pain is better than last week but now my arm is numb", Urgency.EMERGENCY),
        ("oxygen was 85 when i woke up", Urgency.EMERGENCY),
        ("bp was 190/110 when i got home today", Urgency.URGENT),
        ("my sugar was 310 when i came in, its 410 now", Urgency.URGENT),
        ("in the er now, sugar was 45", Urgency.EMERGENCY),
        ("my fever was 102 this morning", Urgency.URGENT),
        ("sugar down to 45 from 300", Urgency.EMERGENCY),
        ("sugar up to 400 from 120", Urgency.URGENT),
        ("oxygen was 94 when i left, 84 now", Urgency.EMERGENCY),
    ],
)
def test_what_is_now_is_still_one(text: str, least: Urgency) -> None:
    assert told(text).urgency >= least


@pytest.mark.parametrize(
    "text",
    [
        "How inconsiderate of you people",
        "i have an epipen at home",
        "when should i use the nitro",
        "if it starts hurting again at nite should I use the nitro",
        "Saturday is basketball",
    ],
)
def test_english_words_are_no_spanish_signs(text: str) -> None:
    assert not [e for e in told(text).evidence if e.rule.startswith("es/signs")]


def test_signs_of_another_language_are_still_seen() -> None:
    assert told("ayuda mi esposo esta inconsciente").urgency is Urgency.EMERGENCY
    assert told("chest pain and i cant breathe", language="ht").urgency is Urgency.EMERGENCY
    assert told("mom is inconsciente help").urgency is Urgency.EMERGENCY


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("my sugar was 5.2", Urgency.NONE),
        ("fasting sugar 7.8 mmol", Urgency.NONE),
        ("sugar 18.5 this morning", Urgency.URGENT),
        ("my sugar is 22 mmol", Urgency.URGENT),
        ("my sugar is 2.1", Urgency.EMERGENCY),
        ("sugar is 38", Urgency.EMERGENCY),
        ("temp 98.4", Urgency.NONE),
        ("weight is 182 same as yesterday", Urgency.NONE),
    ],
)
def test_measurements_in_either_unit(text: str, urgency: Urgency) -> None:
    assert told(text).urgency is urgency


@pytest.mark.parametrize(
    "text",
    [
        "my wife can't breathe with all my snoring lol",
        "i laughed so hard i couldnt breathe",
        "cutting the grass again",
        "the power went out and blacked out the whole street",
        "broke my favorite mug other than that good",
        "took my pills with breakfast",
        "passed my stress test!!",
        "no wonder my wife calls me a pain",
    ],
)
def test_figures_of_speech_raise_nothing(text: str) -> None:
    found = told(text)
    assert found.urgency is Urgency.NONE
    assert not found.flag


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("cutting again, cant make myself stop", "suicide"),
        ("relapsed on the razor blades last night", "suicide"),
        ("scratching my arms til they bleed when im sad", "suicide"),
        ("yes if i live that long, i plan on ending it tonight", "suicide"),
        ("im scared to go home hes been drinking", "violence"),
        ("mom smile is only half", "medical"),
        ("she keeps saying the wrong words nobody can understand her", "medical"),
        ("my pacer keeps shocking me", "medical"),
        ("house is full of smoke and my oxygen is on", "medical"),
        ("found my kid with a tide pod in his mouth", "poison"),
        ("baby ate a handful of my blood pressure pills", "poison"),
        ("i wrote my kids a goodbye note", "suicide"),
        ("whats the use of living like this", "suicide"),
        ("i smell gas in the house", "medical"),
        ("i touched a live wire and got knocked down", "medical"),
        ("right arm just hangs there like a wet noodle", "medical"),
    ],
)
def test_dangers_in_lay_words(text: str, kind: str) -> None:
    found = told(text)
    assert (found.urgency, found.kind) == (Urgency.EMERGENCY, kind)


@pytest.mark.parametrize(
    "text",
    [
        "had to crank my oxygen from 2 to 5 today",
        "pee is the color of cherry koolaid with chunks",
        "i ain't had no insulin since sunday",
        "i dont feel safe here",
        "got bit by a stray dog",
        "my foley stopped draining",
        "stroke meds ran out a week ago",
        "i dont want to hold the baby",
        "broke out in hives head to toe after the antibiotic",
    ],
)
def test_same_day_in_lay_words(text: str) -> None:
    found = told(text)
    assert found.urgency >= Urgency.URGENT
    assert found.flag


@pytest.mark.parametrize(
    "text",
    [
        "send these to my daughter not me, I dont see good",
        "please text my son instead, i cant read these",
        "mail it to me i dont do text",
        "quit calling my daughter about me, i handle my own business",
        "embarrassed to say but im drinking again",
        "fell off the wagon this weekend",
        "started using again",
        "need new crutches",
        "no food in the house",
    ],
)
def test_what_only_a_person_can_take_up_is_flagged(text: str) -> None:
    found = told(text)
    assert found.flag
    assert found.troubling


@pytest.mark.parametrize(
    "text",
    [
        "im drinking more water again",
        "eating and drinking again just fine",
        "talked to my daughter today",
        "i dont need a walker",
    ],
)
def test_its_neighbours_are_not(text: str) -> None:
    assert not told(text).troubling


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Wrong tanisha boo", "wrong_number"),
        ("yeah i'm trying to reach somebody in the billing department", "wants_human"),
        ("no insulin for 2 days, meter just says HI", "medication_problem"),
        ("i dont get these messages what am i suppose to do", "confusion"),
        ("hes dead", "deceased"),
        ("he has gone home to be with the lord", "deceased"),
        ("hit me up when you can, call dont text", "call_me_back"),
        ("i just got this phone", "wrong_number"),
        ("gonna be bout 20 late", "running_late"),
        ("cant swing the copay this month", "cost_barrier"),
        ("down to my last 2 metoprolol", "medication_problem"),
    ],
)
def test_intents(text: str, intent: str) -> None:
    assert intent in read(text, Expectation("none"), "en", None).intents


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("nope cant complain", "complaint"),
        ("I'd rather do this w a real person", "question"),
        ("she's not making no sense and she's burning up", "confusion"),
        ("wrong time for me", "wrong_number"),
        ("i know what to do", "question"),
        ("lost my dad last year so holidays are hard for all of us", "deceased"),
        ("be there in december", "running_late"),
        ("call dont text", "opt_out"),
    ],
)
def test_no_intent(text: str, intent: str) -> None:
    assert intent not in read(text, Expectation("none"), "en", None).intents
