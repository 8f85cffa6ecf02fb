"""What is not being sent at the moment, for everybody who waits for it."""

from __future__ import annotations

from dataclasses import dataclass

from app.channels.base import TWILIO
from app.channels.holds import CALLS, TEXTS, in_force
from app.console.services import now, services
from app.store.database import reading

WORDS = {
    TWILIO: "Nothing is sent",
    CALLS: "No call is placed",
    TEXTS: "No text leaves",
}


@dataclass(frozen=True, slots=True)
class Stopped:
    """One hold: what does not go out, and why."""

    what: str
    reason: str


def sending_stopped() -> list[Stopped]:
    """Every hold in force, in words."""
    with reading(services().sessions) as session:
        return [
            Stopped(WORDS.get(one.carrier, f"No text leaves from {one.carrier}"), one.reason)
            for one in in_force(session, now())
        ]
