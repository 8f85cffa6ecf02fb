"""One turn being carried out: what the effects share, and what the caller gets back."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.cases.models import Case
from app.conversations.facts import Values
from app.conversations.kit import Kit
from app.conversations.known import Known
from app.conversations.models import Conversation
from app.flow.effects import Speak
from app.flow.events import Event
from app.outbox.models import Purpose
from app.outbox.queue import Draft
from app.patients.models import ContactPoint, Patient, Site
from app.patients.people import best_contact
from app.store import Row


@dataclass(slots=True)
class Spoken:
    """What a call says next: the words, their language, and whether an answer is awaited."""

    text: str
    language: str
    listening: bool
    context: str = "none"
    hints: tuple[str, ...] = ()


@dataclass(slots=True)
class Outcome:
    """What a turn left to do after its transaction: texts to deliver now, words to say on the call, how it goes on."""

    moved: bool = True
    messages: list[UUID] = field(default_factory=list)
    spoken: list[Spoken] = field(default_factory=list)
    hang_up: bool = False
    to_person: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """The reply behind an event, which its flags show: the message, its words, and what decided their meaning."""

    message_id: UUID | None = None
    words: str | None = None
    evidence: object = None


NO_CAUSE = Cause()


@dataclass(slots=True)
class TurnContext:
    """What `apply` needs: the rows, loaded and locked, and the event with its key."""

    session: Session
    conversation: Conversation
    case: Case
    patient: Patient
    site: Site
    facts: Values
    event: Event
    key: str
    now: datetime
    kit: Kit
    cause: Cause = NO_CAUSE
    purpose: Purpose = Purpose.REPLY
    follow_ups: deque[Event] = field(default_factory=deque)
    speaks: list[Speak] = field(default_factory=list)
    outcome: Outcome = field(default_factory=Outcome)
    written: int = 0
    rows: list[tuple[type[Row], dict[str, Any]]] = field(default_factory=list)
    """What belongs to the conversation and is written when the turn is over: of a new one nothing is stored before."""
    disarmed: set[str] = field(default_factory=set)
    """The kinds of timers this turn cancels ("" for every kind), put aside when it is over."""
    outgoing: list[Draft] = field(default_factory=list)
    """The texts and calls of this turn, put into the outbox when it is over."""
    known: Known | None = None

    def contact(self, channel: str) -> ContactPoint | None:
        """The number that reaches the patient by text or by telephone, None when none can be used."""
        if self.known is not None:
            return self.known.contact(channel)
        return best_contact(self.session, self.patient.id, channel)
