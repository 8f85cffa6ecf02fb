"""What can happen to a conversation.

Each event carries the facts that conditions and identity checks may look at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from app.understanding import Reading

Facts = Mapping[str, Any]
NO_FACTS: Facts = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Event:
    """Base: `facts` are flat dotted names ("appointment.upcoming": True); `channel` is "sms" or "voice"."""

    facts: Facts = field(default_factory=lambda: NO_FACTS, kw_only=True)
    channel: str = field(default="sms", kw_only=True)


@dataclass(frozen=True, slots=True)
class Started(Event):
    """The conversation begins."""


@dataclass(frozen=True, slots=True)
class Reply(Event):
    """The patient answered; `crossed` when written before the open question can have been seen."""

    reading: Reading
    text: str = ""
    crossed: bool = False
    has_media: bool = False


@dataclass(frozen=True, slots=True)
class NoReply(Event):
    """The schedule's next attempt is due on an unanswered question.

    `action`: nudge, call, person or give_up.
    """

    question_id: str
    action: str


@dataclass(frozen=True, slots=True)
class Woke(Event):
    """A `wait` is over; `step` names the wait it belongs to."""

    step: str


@dataclass(frozen=True, slots=True)
class Connected(Event):
    """A call was answered, or came in (`inbound`): say who we are, check identity, ask the open question by voice.

    `identified`: whoever answers the telephone has greeted and checked already.
    """

    inbound: bool = False
    identified: bool = False


@dataclass(frozen=True, slots=True)
class Silence(Event):
    """The caller said and pressed nothing."""


@dataclass(frozen=True, slots=True)
class SlotsHeld(Event):
    """Times now held for this patient: (slot id, local wall time ISO) in the order to offer."""

    slots: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Booked(Event):
    """The chosen slot is booked."""

    slot_id: str


@dataclass(frozen=True, slots=True)
class SlotGone(Event):
    """The chosen slot could not be booked any more."""


@dataclass(frozen=True, slots=True)
class HandedBack(Event):
    """A coordinator gave the conversation back to the bot: go on with the open question."""


@dataclass(frozen=True, slots=True)
class Withdrawn(Event):
    """The reason for talking is gone (un-discharged, cancelled, booked elsewhere, deceased): end silently."""

    reason: str
