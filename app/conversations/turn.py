"""One turn being carried out: what the effects share, and what the caller gets back."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.cases.models import Case
from app.conversations.facts import Values
from app.conversations.kit import Kit
from app.conversations.models import Conversation
from app.flow.effects import Speak
from app.flow.events import Event
from app.outbox.models import Purpose
from app.patients.models import Patient, Site


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
    message_id: UUID | None = None
    words: str | None = None
    evidence: object = None
    purpose: Purpose = Purpose.REPLY
    booked: UUID | None = None
    follow_ups: deque[Event] = field(default_factory=deque)
    speaks: list[Speak] = field(default_factory=list)
    outcome: Outcome = field(default_factory=Outcome)
    written: int = 0
