"""The safety net: what a reading means for the patient's safety, in any state of any conversation. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from app.understanding import Reading, Urgency

WORDS_FOR = {"suicide": "safety_988", "poison": "safety_poison"}
BECAUSE = {
    "wants_human": "asks for a person",
    "call_me_back": "asks to be called",
    "wrong_number": "says this is the wrong number",
    "deceased": "says the patient has died",
    "running_late": "is running late",
    "transport_barrier": "has no way to get there",
    "cost_barrier": "says the cost is in the way",
    "insurance_barrier": "has an insurance problem",
    "medication_problem": "has a problem with a medicine",
    "confusion": "is confused about what to do",
    "complaint": "complains",
    "question": "asks a question",
    "help_keyword": "asks for help",
}
EMERGENCY = {
    "suicide": "may want to harm themselves",
    "poison": "possible poisoning or overdose",
    "violence": "may be in danger from somebody",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What must happen because of a reply: how urgent, why in words, and which fixed words to say (or none)."""

    urgency: Urgency
    because: str
    say: str = ""


def safety_net(reading: Reading) -> Finding | None:
    """What a person must see in this reply; None when nothing. An emergency names the fixed words to answer with."""
    if reading.urgency == Urgency.EMERGENCY:
        because = EMERGENCY.get(reading.kind, "possible emergency")
        return Finding(Urgency.EMERGENCY, because, WORDS_FOR.get(reading.kind, "safety_911"))
    if not reading.flag and reading.urgency < Urgency.URGENT:
        return None
    named = [BECAUSE[intent] for intent in BECAUSE if intent in reading.intents]
    if reading.answer is None and not named and reading.urgency == Urgency.NONE and not reading.troubling:
        # Merely not understood: the script asks once more, and then it is a person's; without a script it is at once.
        return None
    urgency = max(reading.urgency, Urgency.ROUTINE)
    if urgency == Urgency.URGENT:
        return Finding(urgency, "; ".join(["worrying words", *named[:1]]))
    return Finding(urgency, "; ".join(named[:2]) or "a person should read this")
