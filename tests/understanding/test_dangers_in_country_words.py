"""Dangers in rural, Black, young, nurses' and immigrants' English, each beside what only sounds like one."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, Urgency, read

FREE = Expectation("none")
MOOD = Expectation(
    "symptom_yes_no",
    "In the last 2 weeks, have you often felt down, depressed or hopeless? Reply YES or NO.",
)


@pytest.mark.parametrize(
    "text",
    [
        "i done used my pump 4 times and it aint helpin",
        "breathing machine treatment didnt do nothin for me",
        "had to sit up all night in the recliner just to breathe",
        "i smother when i lay down",
        "pt is diaphoretic w/ substernal CP 8/10",
        "took 3 nitros already",
        "please to help, my wife lose much blood after the baby",
        "i keep bleeding through the bandage every ten minutes",
        "he having them spells again one right after another",
        "im doin cpr",
        "my sugar wont read it just says LO",
        "newborn temp 101",
        "the baby soft spot is sunk in",
        "my baby he don't want the milk and he is very hot and sleeping too much",
        "power company cut us off and momma on a vent",
        "life vest keeps shocking me",
        "water broke at 28 weeks",
        "baby is comin now",
        "ambulans plz",
        "ima end it",
        "im fixin to check out of this world",
        "tell my babies mama loves them, im sorry",
        "yall dont have to worry bout me no more, bye",
        "gave away my dogs and paid my funeral, tonight's the night",
        "3. I wont be alive thursday",
        "no and i dont need one ill be dead by then",
        "hes beating on me again",
        "they trying to kill me help",
        "shes passed out in the recliner cant wake her",
        "ok, heart rate 19, heart doc on the 19th",
    ],
)
def test_called(text: str) -> None:
    assert read(text, FREE, "en", None).urgency is Urgency.EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "my breast pump aint working",
        "i took 2 nitro last month",
        "he starting cpr class tuesday",
        "ribs still sore from when they was doing cpr",
        "meter says low battery",
        "yall dont have to worry about me no more im doing great",
        "tonights the night the game comes on",
        "im about to check out of the hospital",
        "i wont be living at this address after friday",
        "sun be beating on me all day at work",
        "$400 for insulin yall trying to kill me",
        "passed out in my recliner best nap ever",
        "yes my heart surgery is on the 19th right",
        "is this for the overdose class or the diabetes class",
        "do i need narcan",
        "he cant come to the phone hes at dialysis",
        "my mother she have stroke before 5 year, now is good",
        "no i cant drive since my seizure in june",
        "she bout fainted when i told her the news",
        "blue in the face telling yall wrong number",
        "it's 105 degrees outside cant come",
        "need more oxygen tubing",
        "i quit drinking 5 yrs ago",
    ],
)
def test_not_called(text: str) -> None:
    assert read(text, FREE, "en", None).urgency < Urgency.URGENT


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("no i dont want to hurt myself or nobody", Urgency.ROUTINE),
        ("no. i want to hurt myself", Urgency.EMERGENCY),
        ("i dont want to hurt myself but i keep thinking bout it", Urgency.EMERGENCY),
    ],
)
def test_harm_denied_where_it_is_asked_about(text: str, urgency: Urgency) -> None:
    assert read(text, MOOD, "en", None).urgency is urgency


@pytest.mark.parametrize(
    ("text", "deceased"),
    [
        ("my dog got bit by a snake and died", False),
        ("3 my ride died", False),
        ("who died", False),
        ("the dog found him and he died", True),
    ],
)
def test_who_died(text: str, *, deceased: bool) -> None:
    assert ("deceased" in read(text, FREE, "en", None).intents) is deceased


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("pt satting 82 on 4L", True),
        ("satting 97 on RA", False),
        ("post op day 4 temp 103.2 altered", True),
        ("i get my dress altered friday", False),
        ("i'm hemraging", True),
        ("lips big as sausages", True),
        ("my son he fall down and the foam come from mouth", True),
        ("she sleep and no can wake", True),
        ("i no can wake up early for that time", False),
        ("no same ol same ol cept i been passin out", True),
        ("i been passin out candy", False),
        ("baby got a fever 5 weeks old", True),
        ("mom got 10x her morphine", True),
        ("mom got 10x better", False),
        ("trailer on fire", True),
        ("my feet are on fire neuropathy", False),
        ("boiling grease all down my front", True),
        ("he shot himself", True),
        ("he shot himself a deer", False),
        ("my ex is here with a bat", True),
        ("my son with a bat at practice", False),
        ("the swelling in my foot is gone", False),
        ("im cutting again and its deep", True),
        ("my heart hurts for them folks in that storm", False),
        ("i almost choked on them horse pills lol", False),
        ("i almost choked on chicken and now i cant swallow my spit", True),
        ("I call 911 for chest pain", True),
        ("yes maam call 911 for chest pain trouble breathing or stroke", False),
        ("yes but im scared of needles i pass out lol", False),
    ],
)
def test_each_beside_its_double(text: str, *, called: bool) -> None:
    assert (read(text, FREE, "en", None).urgency is Urgency.EMERGENCY) is called
