"""The closed lists of case work and their words: outcomes, barriers, understanding, reasons to close."""

from __future__ import annotations

from typing import Final

from app.flow.schema import BARRIERS

NO_BARRIER: Final = "none"

BARRIER_WORDS: Final[dict[str, str]] = {
    NO_BARRIER: "Nothing in the way",
    "fear": "Fear",
    "confusion": "Confusion",
    "transport": "Transport",
    "work_schedule": "Work schedule",
    "technology": "Trouble with technology",
    "language": "Language",
    "cost": "Cost",
    "low_urgency": "Does not seem urgent to them",
    "phone_tag": "Phone tag",
    "insurance": "Insurance questions",
    "unclear_instructions": "Unclear instructions",
    "mobility": "Mobility",
    "isolation": "Nobody to help",
    "illness": "Too ill",
    "other": "Something else",
}

OUTCOME_WORDS: Final[dict[str, str]] = {
    "spoke_with_patient": "Spoke with the patient",
    "spoke_with_family": "Spoke with family or caregiver",
    "texted_with_patient": "Texted back and forth with the patient",
    "left_voicemail": "Left a voicemail",
    "no_answer": "No answer",
    "wrong_number": "Wrong number",
    "declined": "Patient declined",
    "internal": "Worked on it without contact",
}
TWO_WAY: Final = frozenset({"spoke_with_patient", "spoke_with_family", "texted_with_patient", "declined"})
"""Outcomes in which somebody answered: only these count as contact."""

UNDERSTANDING_WORDS: Final[dict[str, str]] = {
    "teach_back": "Said it back in their own words",
    "partly": "Partly: needs to hear it again",
    "not_understood": "Did not understand",
    "not_checked": "Not checked",
    "not_reached": "Not reached",
}

CLOSE_WORDS: Final[dict[str, str]] = {
    "completed": "Finished: every step done",
    "confirmed": "Visit confirmed",
    "visit_booked": "Visit booked",
    "rescheduled": "New time agreed",
    "cancelled": "Visit cancelled with the patient",
    "escalated": "Handed to a clinician, who has it",
    "declined": "Patient declined further follow-up",
    "unreachable": "Could not be reached by any channel",
    "readmitted": "Back in hospital",
    "deceased": "Patient has died",
    "wrong_number": "No way to reach the right person",
    "withdrawn": "The reason for it was withdrawn",
    "duplicate": "Already followed up in another case",
}
WITHOUT_RESOLUTION: Final = frozenset(
    {
        "escalated",
        "declined",
        "unreachable",
        "readmitted",
        "deceased",
        "wrong_number",
        "withdrawn",
        "duplicate",
    }
)
"""Reasons that end a case although a barrier or promise is still open."""

URGENCY_NAMES: Final = ("none", "routine", "urgent", "emergency")


def barrier_kind(kind: str) -> str:
    """A barrier of the closed list; what is not in it is `other`."""
    return kind if kind in BARRIERS else "other"
