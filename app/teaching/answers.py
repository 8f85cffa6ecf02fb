"""What a question could be answered with, in plain words, for who says what a reply meant. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.understanding.reading import Expectation, Urgency

NO_ANSWER: Final = ""
OPEN: Final = frozenset({"open_text", "none"})
"""Questions any words answer: only how soon somebody must act can be wrong."""
PRIVATE: Final = "dob"
"""The question of whose replies no words are kept, and none as an example."""
LISTED: Final = frozenset({"choose_number", "choose_slot", "language_choice"})
FIXED: Final[Mapping[str, Mapping[str, str]]] = {
    "yes_no": {"yes": "Yes", "no": "No"},
    "symptom_yes_no": {"yes": "Yes", "no": "No"},
    "scale_0_10": {str(number): str(number) for number in range(11)},
    "confirm_appointment": {
        "confirm": "Comes to the visit",
        "reschedule": "Wants another time",
        "cancel": "Cancels the visit",
    },
}
URGENCY_CHOICES: Final[Mapping[str, str]] = {
    "none": "Nothing to act on",
    "routine": "In the ordinary course",
    "urgent": "Today",
    "emergency": "Emergency",
}


def possible(asked: Expectation) -> dict[str, str]:
    """What the question could be answered with, `NO_ANSWER` last; empty where no answer was wanted."""
    if asked.context in OPEN or asked.context == PRIVATE:
        return {}
    found = dict(FIXED.get(asked.context, {}))
    if asked.context in LISTED:
        found = {
            (option.lang or option.id) if asked.context == "language_choice" else option.id: option.label
            for option in asked.options
        }
    return {**found, NO_ANSWER: "None of these: it is no answer"} if found else {}


def answer_words(asked: Expectation, answer: object) -> str:
    """An answer as people say it: an option's own words, else the answer itself; "no answer" for none."""
    if answer is None or answer == NO_ANSWER:
        return "no answer"
    return possible(asked).get(str(answer), str(answer).replace("_", " "))


def urgency_of(name: object) -> Urgency:
    """The urgency of that name; none when nothing is said."""
    return Urgency.parse(str(name)) if name in URGENCY_CHOICES else Urgency.NONE
