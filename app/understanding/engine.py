"""Read one reply."""

from __future__ import annotations

from datetime import datetime

from app.understanding.normal import tokenize
from app.understanding.reading import Expectation, Reading, Urgency

_YES = frozenset("yes y yeah yep si sí ok".split())
_NO = frozenset("no n nope".split())
_STOP = frozenset("stop stopall unsubscribe end quit cancel revoke optout alto basta".split())
_ALARM = ("cant breathe", "can't breathe", "chest pain", "kill myself", "no puedo respirar", "dolor de pecho")


def read(
    text: str,
    expectation: Expectation,
    language: str,
    now: datetime | None,
    *,
    channel: str = "sms",
    thresholds: object = None,
) -> Reading:
    """What a reply means; never raises, whatever the text."""
    words = [token.text for token in tokenize(text)]
    answer: str | None = None
    if len(words) == 1:
        answer = "yes" if words[0] in _YES else "no" if words[0] in _NO else words[0]
    stop = words and (words == [words[0]] and words[0] in _STOP)
    alarm = any(phrase in " ".join(words) and phrase.split()[0] != "no" or phrase in text.lower() for phrase in _ALARM)
    urgency = Urgency.EMERGENCY if alarm else Urgency.NONE
    return Reading(answer, ("opt_out",) if stop else (), urgency, alarm or answer is None, 0.5)
