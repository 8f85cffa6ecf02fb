"""English answers to questions of fact, told in own words: medicines, rides, visits, instructions, a good time."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, Reading, Urgency, read

PICKUP = "Did you pick up your medicines from the pharmacy? Reply YES or NO."
ADHERENCE = "Are you taking your medicines the way the label says? Reply YES or NO."
GOOD_TIME = "This is Riverside Health. Is now a good time for a few questions? Reply YES or NO."
RIDE = "Do you have a ride to your appointment on Thu Dec 3? Reply YES or NO."
INSTRUCTIONS = "Do you understand your discharge instructions? Reply YES or NO."
VISIT = "Do you have a follow-up visit booked with your doctor? Reply YES or NO."


def reading(prompt: str, text: str) -> Reading:
    return read(text, Expectation("yes_no", prompt=prompt), "en", None)


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        (PICKUP, "Mailed to me, came Sat"),
        (PICKUP, "hospital filled them before I left"),
        (PICKUP, "My husband swung by CVS after work"),
        (PICKUP, "got em this morning on the way home"),
        (PICKUP, "paid 40 bucks and got em"),
        (PICKUP, "$4 each at walmart, got them all"),
        (PICKUP, "yes my daughter she picks them up and puts em in the little box"),
        (ADHERENCE, "doing what the bottle says"),
        (ADHERENCE, "Aint missed nary a one"),
        (ADHERENCE, "1 in the am 1 in the pm"),
        (ADHERENCE, "Hubby doles them out"),
        (GOOD_TIME, "Sure, shoot"),
        (GOOD_TIME, "now's fine"),
        (GOOD_TIME, "why not"),
        (GOOD_TIME, "I was in the hospital til friday, yes go ahead"),
        (RIDE, "She's bringing me"),
        (RIDE, "getting dropped off"),
        (RIDE, "my ride or die since 3rd grade is taking me"),
        (INSTRUCTIONS, "explained to death lol yes"),
        (INSTRUCTIONS, "easy peasy"),
        (VISIT, "thurs w cardiology"),
        (VISIT, "the hospital made it for me"),
        (VISIT, "12/9 at 10:30"),
        (VISIT, "have one"),
    ],
)
def test_a_yes_in_own_words_needs_nobody(prompt: str, text: str) -> None:
    found = reading(prompt, text)
    assert (found.answer, found.flag, found.urgency) == ("yes", False, Urgency.NONE)


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        (PICKUP, "CVS closes at 6 and I get off at 7"),
        (PICKUP, "went to the pharmacy but it was closed"),
        (PICKUP, "they come monday"),
        (PICKUP, "my son has to get them all for me"),
        (ADHERENCE, "No I threw them out"),
        (ADHERENCE, "kinda, I forget the noon one a lot"),
        (ADHERENCE, "not every day"),
        (ADHERENCE, "took my morning pills twice"),
        (RIDE, "car's in the shop"),
        (RIDE, "friend from church usually but shes sick"),
        (INSTRUCTIONS, "not the part about when i can drive"),
        (INSTRUCTIONS, "explained to me in english only"),
        (INSTRUCTIONS, "theres like 20 pages"),
        (VISIT, "earliest they have is march"),
        (VISIT, "they're booked til february"),
        (VISIT, "waiting til thursday to call"),
        (VISIT, "no monday I'll call"),
    ],
)
def test_a_no_in_own_words_is_seen_by_a_person(prompt: str, text: str) -> None:
    found = reading(prompt, text)
    assert (found.answer, found.flag) == ("no", True)


@pytest.mark.parametrize(
    "text",
    [
        "my part was $189. I put it back",
        "they want $180 for one inhaler?? no way",
        "Not paying 90 bucks for eye drops",
        "it was 240 dollars with insurance. 240!",
        "copay is 75 and i aint got it",
    ],
)
def test_a_price_told_of_medicines_not_got_stands_in_the_way(text: str) -> None:
    found = reading(PICKUP, text)
    assert found.answer == "no"
    assert found.flag
    assert "cost_barrier" in found.intents
    assert found.urgency is Urgency.ROUTINE


@pytest.mark.parametrize("text", ["yes $10 copay", "paid $4 for them", "yes only cost me 12 bucks"])
def test_a_price_that_was_paid_stands_in_nobodys_way(text: str) -> None:
    found = reading(PICKUP, text)
    assert (found.answer, found.intents, found.flag) == ("yes", (), False)


@pytest.mark.parametrize(
    ("prompt", "text", "intent"),
    [
        (PICKUP, "my medicaid got cut off so no", "insurance_barrier"),
        (PICKUP, "Yes but they forgot the needles for the lovenox so i cant do it", "medication_problem"),
        (ADHERENCE, "Not really, the 3 times a day is hard with work", "medication_problem"),
        (INSTRUCTIONS, "no it was a lot thrown at me", "confusion"),
        (RIDE, "no sir i ain't got nobody since my brother died he used to take me", "transport_barrier"),
        (VISIT, "called 3x they keep puttin me on hold then it hangs up", "complaint"),
        (VISIT, "no, they told me someone would call and nobody did", "complaint"),
        (GOOD_TIME, "uh who'd you say this is", "question"),
        (GOOD_TIME, "yall got the wrong girl, i never been in no hospital", "wrong_number"),
    ],
)
def test_what_else_it_says_is_found(prompt: str, text: str, intent: str) -> None:
    assert intent in reading(prompt, text).intents


@pytest.mark.parametrize(
    "text",
    [
        "do the wed",
        "rather do this w a real person",
        "may the sixth nineteen forty",
        "Supposed to be here Wed",
    ],
)
def test_a_statement_that_begins_like_a_question_asks_nothing(text: str) -> None:
    assert "question" not in reading(PICKUP, text).intents


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        (PICKUP, "they gave me the wrong pills"),
        (ADHERENCE, "just took all my pills at once"),
        (VISIT, "i missed it, it was tuesday"),
        (GOOD_TIME, "got no time"),
        (VISIT, "monday I need to call"),
    ],
)
def test_what_only_sounds_like_a_yes_is_none(prompt: str, text: str) -> None:
    assert reading(prompt, text).answer != "yes"


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        (RIDE, "my husband hit me and i have no ride"),
        (ADHERENCE, "just took all my pills at once"),
        (PICKUP, "yes and my throat is swelling shut"),
        (GOOD_TIME, "yes but i cant catch my breath"),
        (RIDE, "yes my son but im having chest pressure down my arm"),
    ],
)
def test_a_danger_beside_the_answer_is_seen(prompt: str, text: str) -> None:
    found = reading(prompt, text)
    assert found.urgency is Urgency.EMERGENCY
    assert found.flag
