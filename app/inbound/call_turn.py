"""One turn of a telephone call: what is known, what was said so far, and how it is kept in the thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.conversations.advance import advance, lock
from app.conversations.facts import about_patient, about_practice
from app.conversations.kit import Kit
from app.conversations.models import Conversation
from app.conversations.turn import NO_CAUSE, Outcome, Spoken
from app.flow.events import Connected, Reply, Silence
from app.flow.wording import shared
from app.i18n.speech import voice
from app.inbound.callers import Caller
from app.inbound.text import InboundText
from app.inbound.work import Handled, Work
from app.outbox.models import Call, Message, MessageStatus, Purpose
from app.patients.people import zone_of
from app.understanding import Reading, Urgency

UNLIKE: Final = Reading(None, (), Urgency.NONE, False, 1.0)


@dataclass(frozen=True, slots=True)
class Said:
    """Words for the caller in a language, or where no voice speaks it the URL of a recording to `play`."""

    text: str
    language: str
    play: str = ""


@dataclass(slots=True)
class CallAnswer:
    """What the call does next: say these, then listen, connect to `dial`, or hang up."""

    said: list[Said] = field(default_factory=list)
    listening: bool = False
    context: str = "none"
    hints: tuple[str, ...] = ()
    language: str = "en"
    slow: bool = False
    dial: str | None = None
    hang_up: bool = False
    flags: list[UUID] = field(default_factory=list)


@dataclass(slots=True)
class Turn:
    """A turn of a call with what is known about the caller. `key` is the call's SID and the turn's number."""

    session: Session
    call: Call
    caller: Caller
    params: Mapping[str, str]
    key: str
    kit: Kit
    now: datetime
    answer: CallAnswer
    unkept: list[Said] = field(default_factory=list)

    @property
    def conversation(self) -> Conversation | None:
        return self.caller.conversation

    @property
    def inbound(self) -> bool:
        return self.call.direction == "in"

    @property
    def language(self) -> str:
        """What this call is held in: as chosen on it, else the conversation's or the patient's."""
        return str(self.call.notes.get("language") or self.caller.language)

    def noted(self, name: str) -> Any:
        """What was noted on this call under a name."""
        return self.call.notes.get(name)

    def note(self, **notes: object) -> None:
        """Keep something for the rest of this call; nothing private: these notes are not sealed."""
        self.call.notes = {**self.call.notes, **notes}

    def say(self, key: str) -> None:
        """Say one of the shared texts, in a recording where no voice speaks the language and there is one."""
        self.add(self.words(key, self.language))

    def add(self, said: Said) -> None:
        """Say this, and keep it in the thread with the rest of the turn."""
        self.answer.said.append(said)
        self.unkept.append(said)

    def words(self, key: str, language: str, more: Mapping[str, str] | None = None) -> Said:
        """One of the shared texts as it is said on this call."""
        patient, site = self.caller.patient, self.caller.site
        given = about_practice(site) | (about_patient(patient) if patient else {}) | dict(more or {})
        speaks = language if voice(language) else "en"
        worded = shared(key, self.kit.catalogs, given, speaks, zone_of(patient, site), "voice")
        recordings = (site.settings or {}).get("recordings", {}).get(language, {})
        return Said(worded.text, worded.language, "" if voice(language) else str(recordings.get(key, "")))

    def listen(self, context: str) -> None:
        """Wait for an answer after what was said."""
        self.answer.listening, self.answer.context, self.answer.hints = True, context, ()
        self.answer.language = self.language

    def hang_up(self, *last: str) -> None:
        """Say these shared texts and end the call."""
        for key in last:
            self.say(key)
        self.answer.listening, self.answer.hang_up = False, True

    # -- what is kept ------------------------------------------------------------------------------------------

    def work(self, words: str, reading: Reading = UNLIKE) -> Work:
        """Keep what was said or pressed in the same thread as texts."""
        caller = self.caller
        case = caller.need_case(self.session, self.now)
        message = self._message("in", words, self.language)
        message.reading = reading.to_json()
        message.number, message.author = caller.number, "patient"
        self.session.add(message)
        self.session.flush()
        incoming = InboundText(message.id, self.key, caller.number, "", words, (), self.params, self.now)
        return Work(
            self.session, incoming, caller.route(), case, message, reading, self.kit, self.now, Handled()
        )

    def keep(self) -> None:
        """Write what we said ourselves into the thread; what the conversation said is there already."""
        said, self.unkept = self.unkept, []
        if said and self.caller.case is not None:
            words = " ".join(one.text for one in said)
            self.session.add(self._message("out", words, said[0].language))

    def _message(self, direction: str, words: str, language: str) -> Message:
        caller = self.caller
        return Message(
            direction=direction,
            channel="voice",
            status=MessageStatus.RECEIVED if direction == "in" else MessageStatus.SPOKEN,
            purpose=Purpose.REPLY,
            site_id=caller.site.id,
            patient_id=caller.patient.id if caller.patient else None,
            case_id=caller.case.id if caller.case else None,
            conversation_id=caller.conversation.id if caller.conversation else None,
            language=language,
            number="",
            number_index=self.call.number_index,
            body=words,
            created_at=self.now,
        )

    # -- the conversation --------------------------------------------------------------------------------------

    def advance(self, event: Connected | Silence | Reply, work: Work | None = None) -> Outcome:
        """Move the conversation; without one, or when it cannot move now, the outcome says so."""
        self.keep()
        if self.conversation is None:
            return Outcome(moved=False)
        lock(self.session, self.conversation.id)
        return advance(
            self.session,
            self.conversation.id,
            event,
            key=work.incoming.key if work else f"call:{self.key}",
            kit=self.kit,
            now=self.now,
            cause=work.cause if work else NO_CAUSE,
            held=True,
        )


def as_said(spoken: list[Spoken]) -> list[Said]:
    """What a conversation says, as this call says it."""
    return [Said(one.text, one.language) for one in spoken]
