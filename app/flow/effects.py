"""What a turn wants done. The engine decides, `app.conversations.apply` acts: one function per class here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Effect:
    """Base of all effects."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text to translate and render: gettext context (`script/step[@channel]` or `builtin/key`) and source
    words; in `language` where that is not the patient's."""

    context: str
    source: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One offered answer: the key to press, the value meant, its label; slots carry their local start
    instead."""

    key: str
    value: str
    label: Text | None = None
    start: str = ""


@dataclass(frozen=True, slots=True)
class Speak(Effect):
    """Say these texts as one message (or one stretch of a call); `question_id` when an answer is awaited.

    With `safety` only approved words may go out. `values` are placeholders the engine itself knows, as ISO
    text or as a text that is translated first.
    """

    texts: tuple[Text, ...]
    step: str
    choices: tuple[Choice, ...] = ()
    context: str = "none"
    question_id: str = ""
    nudge: bool = False
    apart: bool = False
    safety: bool = False
    values: tuple[tuple[str, str | Text], ...] = ()


@dataclass(frozen=True, slots=True)
class Await(Effect):
    """An answer to this question is awaited: arm the lane's next attempt after `silent` unanswered ones."""

    question_id: str
    silent: int


@dataclass(frozen=True, slots=True)
class Sleep(Effect):
    """Nothing to do before then: `seconds` from now, at the start of `day` after the trigger, or, where
    `before_fact` names a time ("appointment.start"), `seconds` before it."""

    step: str
    seconds: int | None
    day: int | None
    before_fact: str = ""


@dataclass(frozen=True, slots=True)
class Record(Effect):
    """An answer worth keeping, under its name."""

    name: str
    value: Any
    step: str


@dataclass(frozen=True, slots=True)
class RaiseFlag(Effect):
    """A person must see this; the conversation may go on."""

    urgency: str
    because: str
    step: str


@dataclass(frozen=True, slots=True)
class HandOver(Effect):
    """A person takes over; the bot waits in silence until handed back."""

    urgency: str
    because: str
    step: str


@dataclass(frozen=True, slots=True)
class OpenBarrier(Effect):
    """Something stands in the way (field guide, H); it stays open until a person resolves it."""

    kind: str


@dataclass(frozen=True, slots=True)
class HoldSlots(Effect):
    """Hold times of this kind and answer with SlotsHeld (possibly empty) in the same transaction."""

    visit: str
    within: int
    count: int
    step: str


@dataclass(frozen=True, slots=True)
class BookSlot(Effect):
    """Book this held slot and answer with Booked or SlotGone in the same transaction."""

    slot_id: str
    step: str


@dataclass(frozen=True, slots=True)
class ReleaseSlots(Effect):
    """Let go of every time held for this conversation."""


@dataclass(frozen=True, slots=True)
class ActOn(Effect):
    """A named act on the appointment of this case: one of `schema.ACTIONS`."""

    action: str


@dataclass(frozen=True, slots=True)
class PlaceCall(Effect):
    """Telephone the patient about the open question."""

    question_id: str


@dataclass(frozen=True, slots=True)
class SwitchLanguage(Effect):
    """Talk in this language from now on."""

    language: str


@dataclass(frozen=True, slots=True)
class HangUp(Effect):
    """End the call after what was said."""


@dataclass(frozen=True, slots=True)
class Close(Effect):
    """The script is done; `reason` names how (completed, confirmed, …)."""

    reason: str
