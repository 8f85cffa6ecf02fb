"""A symptom told before another is denied, a well that only begins a sentence, and yeses that turn to a no."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, read

CHEST = Expectation("symptom_yes_no", "Are you having any chest pain or pressure? Reply YES or NO.")
WOUND = Expectation("symptom_yes_no", "Is your incision red, warm, swollen or draining? Reply YES or NO.")
SITE = Expectation("symptom_yes_no", "How is the surgical site? Any redness, swelling, heat or drainage? Y/N")
FEVER = Expectation("symptom_yes_no", "Have you had a fever or chills since you came home? Reply YES or NO.")
BLOOD = Expectation("symptom_yes_no", "Any bleeding that worries you? Reply YES or NO.")
BREATH = Expectation("symptom_yes_no", "Are you having any trouble breathing? Reply YES or NO.")
NEW = Expectation("symptom_yes_no", "Do you have any new or worsening symptoms today? Reply YES or NO.")
SICK = Expectation("symptom_yes_no", "Any nausea or vomiting that keeps you from eating or drinking?")
MOOD = Expectation("symptom_yes_no", "In the last 2 weeks, have you often felt down, depressed or hopeless?")
MEDICINES = Expectation("yes_no", "Did you pick up your medicines from the pharmacy? Reply YES or NO.")
VISIT = Expectation("yes_no", "Has a check-up with your primary doctor been scheduled?")
RIDE = Expectation("yes_no", "Will you be able to get to your visit on Monday? Do you have transportation?")
TALK = Expectation("yes_no", "This is St. Anne's care team. Can you talk for a couple of minutes?")


@pytest.mark.parametrize(
    ("asked", "text", "answer"),
    [
        (WOUND, "some drainage. no redness", "yes"),
        (WOUND, "its warm. no drainage", "yes"),
        (WOUND, "looks good. little pink. no drainage", "no"),
        (WOUND, "no, theres a lump by the stitches", "yes"),
        (FEVER, "had chills last night. no fever", "yes"),
        (FEVER, "had fever monday. no fever now", "no"),
        (CHEST, "my knee hurts. no chest pain", "no"),
        (CHEST, "my arm is sore. no pain in chest", "no"),
        (CHEST, "had chest pain last week. no pain now", "no"),
        (BREATH, "winded on the stairs. no pain", "yes"),
        (BLOOD, "bled a little when i shaved. no blood since", "no"),
    ],
)
def test_a_denial_of_another_sign_takes_back_nothing(asked: Expectation, text: str, answer: str) -> None:
    assert read(text, asked, "en", None).answer == answer


@pytest.mark.parametrize(
    ("asked", "text", "answer"),
    [
        (BLOOD, "well i noticed some on the sheet", "yes"),
        (BLOOD, "no i would say it isnt stopping", "yes"),
        (BLOOD, "yes it bled in the hospital but they cauterized it and thats the end of that", "no"),
        (NEW, "doing well", "no"),
        (NEW, "well it ain't nothing big but it burns when i go", "yes"),
        (MOOD, "i ain't been happy in a good while", "yes"),
        (WOUND, "how red is too red", None),
        (WOUND, "a thin pink line", "no"),
        (SITE, "dry and flat", "no"),
        (CHEST, "cant say theres no tightness", "yes"),
        (CHEST, "only on the treadmill. goes away when i sit", "yes"),
        (BREATH, "better than last week but stairs still get me", "yes"),
        (BREATH, "98% on the finger thing", "no"),
        (BREATH, "88% on the finger thing", None),
        (FEVER, "not high but its there", "yes"),
        (SITE, "cool and flat", "no"),
        (SICK, "nothing stays put", "yes"),
        (SICK, "2 bowls of soup and threw it up", "yes"),
    ],
)
def test_how_a_symptom_is_told(asked: Expectation, text: str, answer: str | None) -> None:
    assert read(text, asked, "en", None).answer == answer


@pytest.mark.parametrize(
    ("asked", "text", "answer"),
    [
        (MEDICINES, "yes i tried to but they said nothing was ready", "no"),
        (MEDICINES, "yes tried monday but it wasnt ready so my son got it today", "yes"),
        (MEDICINES, "my son went and fetched them for me friday", "yes"),
        (MEDICINES, "already on day 3 of the antibiotic", "yes"),
        (VISIT, "was gonna ask you to set it up", "no"),
        (RIDE, "If it doesn't snow", None),
        (RIDE, "no need for a ride, my car runs good", "yes"),
        (MEDICINES, "insurance kicked it back", "no"),
        (RIDE, "my sisters taking off work to bring me", "yes"),
        (RIDE, "my caregiver quit", "no"),
        (TALK, "yes id like to but im at work til 4", "no"),
        (TALK, "talk away i ain't going nowhere", "yes"),
    ],
)
def test_a_yes_or_no_that_leads_elsewhere(asked: Expectation, text: str, answer: str | None) -> None:
    assert read(text, asked, "en", None).answer == answer
