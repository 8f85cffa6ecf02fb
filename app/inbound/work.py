"""One text being worked through: what every part of that shares, and what is left to do after the commit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.cases.flags import raise_flag
from app.cases.models import Case
from app.conversations.facts import about_patient, about_practice
from app.conversations.kit import Kit
from app.conversations.turn import Cause
from app.flow.wording import Worded, shared
from app.inbound.route import Route
from app.inbound.text import InboundText
from app.outbox.claim import Taken
from app.outbox.models import Message, Purpose
from app.outbox.queue import queue_text
from app.patients.people import zone_of
from app.understanding import Expectation, Reading


@dataclass(slots=True)
class Handled:
    """What is left to do once the transaction is committed: texts to send at once, flags to tell a person of.

    `taken` are those of the texts that were claimed in it, `media` files to fetch; `more` says that further texts wait.
    """

    messages: list[UUID] = field(default_factory=list)
    flags: list[UUID] = field(default_factory=list)
    media: list[UUID] = field(default_factory=list)
    more: bool = False
    taken: Taken | None = None


def kept(expected: Expectation, reading: Reading) -> dict[str, Any]:
    """A reading as it is kept with a message, beside its question: without that nobody can say whether it was right.

    With the words of the choice, as people read "3" as nothing.
    """
    chosen = next((option for option in expected.options if option.id == str(reading.answer)), None)
    words = {"chosen": chosen.label} if chosen is not None and chosen.label else {}
    asked = {"asked": expected.to_json()} if expected.context != "none" else {}
    return {**reading.to_json(), **words, **asked}


@dataclass(slots=True)
class Work:
    """A text with everything found out about it."""

    session: Session
    incoming: InboundText
    where: Route
    case: Case
    message: Message
    reading: Reading
    kit: Kit
    now: datetime
    done: Handled
    quiet: bool = False
    """Nothing but safety words is answered: what it was answered when it came is not known any more."""

    @property
    def evidence(self) -> list[dict[str, Any]]:
        """The words and rules that decided the reading."""
        return [item.to_json() for item in self.reading.evidence]

    @property
    def cause(self) -> Cause:
        """What this text gives to the flags of the turn it causes."""
        return Cause(self.message.id, self.message.patient_words, self.evidence)

    def flag(self, urgency: int, because: str, source: str = "") -> UUID | None:
        """Put the case in the queue with this text's words; None when the same cause did so before."""
        raised = raise_flag(
            self.session,
            self.case,
            urgency=urgency,
            because=because,
            source=f"{self.incoming.key}:{source}" if source else self.incoming.key,
            now=self.now,
            message_id=self.message.id,
            words=self.message.patient_words,
            evidence=self.evidence,
        )
        return raised.id if raised is not None else None

    def answer(self, key: str, purpose: Purpose) -> None:
        """Answer with one of the shared texts, once for this incoming text.

        In danger it is in the language the patient just wrote in, where its words are approved: who texts "no puedo
        respirar" is told so in Spanish, whatever language the record names.
        """
        if self.quiet and purpose is not Purpose.SAFETY:
            return
        patient, conversation, site = self.where.patient, self.where.conversation, self.where.site
        worded = self._worded(key, self.where.language)
        if purpose is Purpose.SAFETY and self.reading.language:
            spoken = self._worded(key, self.reading.language)
            worded = spoken if spoken.language == self.reading.language else worded
        message = queue_text(
            self.session,
            patient=patient,
            site=site,
            number=self.incoming.number,
            body=worded.text,
            purpose=purpose,
            now=self.now,
            business_key=f"{self.incoming.key}:{key}",
            language=worded.language,
            step=key,
            case_id=self.case.id,
            conversation_id=conversation.id if conversation else None,
            our_number=self.incoming.our_number,
        )
        self.done.messages.append(message.id)

    def _worded(self, key: str, language: str) -> Worded:
        patient, site = self.where.patient, self.where.site
        values = about_practice(site) | (about_patient(patient) if patient else {})
        return shared(key, self.kit.catalogs, values, language, zone_of(patient, site))
