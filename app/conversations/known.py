"""What a turn asks about its patient, read beforehand: for a batch of turns in one statement each."""

from __future__ import annotations

from dataclasses import dataclass

from app.patients.models import ContactPoint
from app.patients.people import best_of
from app.scheduling.models import Appointment


@dataclass(frozen=True, slots=True)
class Known:
    """A patient's usable numbers, and every visit of theirs that a turn may ask for."""

    contacts: tuple[ContactPoint, ...]
    visits: tuple[Appointment, ...]

    def contact(self, channel: str) -> ContactPoint | None:
        """The preferred number for a channel, None when none can be used."""
        return best_of(self.contacts, channel)
