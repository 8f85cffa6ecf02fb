"""Who is on a call: for one we placed, whom we called; for one that comes in, who has this number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.cases.models import Case
from app.conversations.models import Conversation
from app.errors import NotFound
from app.inbound.route import Route, case_for, route
from app.inbound.text import InboundText
from app.outbox.models import Call, Message
from app.patients.models import Patient, Site


@dataclass(slots=True)
class Caller:
    """The person at the other end as far as we know, before they told us their date of birth."""

    site: Site
    number: str
    patient: Patient | None
    conversation: Conversation | None
    case: Case | None
    sharing: list[Patient]

    @property
    def language(self) -> str:
        """The language to begin in."""
        if self.conversation is not None:
            return self.conversation.language
        return self.patient.language if self.patient else "en"

    def route(self) -> Route:
        """The same as a text's route."""
        return Route(self.site, self.patient, self.conversation, self.sharing)

    def need_case(self, session: Session, now: datetime) -> Case:
        """The case of this call, opened now if there is none: a call that wants a person is never without one."""
        if self.case is None:
            where = self.route()
            words = InboundText(UUID(int=0), "", self.number, "", "", (), {}, now)
            self.case = case_for(session, where, words, now, spoken=True)
            self.patient = where.patient
        return self.case


def find_caller(
    session: Session, call: Call, params: Mapping[str, str], ref: UUID | None, now: datetime
) -> Caller:
    """Who this call is with; NotFound when no practice is set up."""
    if call.direction == "out" and (message := session.get(Message, ref or call.message_id or UUID(int=0))):
        return _called(session, call, message)
    if call.conversation_id is not None and (conversation := session.get(Conversation, call.conversation_id)):
        return _pinned(session, call, conversation, params)
    theirs, ours = _ends(call, params)
    text = InboundText(call.id, call.carrier_sid, theirs, ours, "", (), params, now)
    where = route(session, text, now, spoken=True)
    if where is None:
        raise NotFound("no practice is set up to take calls")
    patient, conversation = where.patient, where.conversation
    call.patient_id = patient.id if patient else None
    call.conversation_id = conversation.id if conversation else None
    case = session.get(Case, conversation.case_id) if conversation else None
    return Caller(where.site, theirs, patient, conversation, case, where.sharing)


def _pinned(session: Session, call: Call, conversation: Conversation, params: Mapping[str, str]) -> Caller:
    """The caller of a later turn: whatever begins meanwhile, a call stays with the conversation it began with."""
    patient = session.get_one(Patient, conversation.patient_id)
    case, site = session.get_one(Case, conversation.case_id), session.get_one(Site, conversation.site_id)
    open_one = conversation if conversation.ended_at is None else None
    return Caller(site, _ends(call, params)[0], patient, open_one, case, [])


def _ends(call: Call, params: Mapping[str, str]) -> tuple[str, str]:
    """Their number and ours."""
    given = params.get("From", ""), params.get("To", "")
    return given if call.direction == "in" else given[::-1]


def _called(session: Session, call: Call, message: Message) -> Caller:
    patient = session.get(Patient, message.patient_id) if message.patient_id else None
    conversation = session.get(Conversation, message.conversation_id) if message.conversation_id else None
    call.message_id, call.patient_id, call.conversation_id = (
        message.id,
        message.patient_id,
        message.conversation_id,
    )
    if conversation is not None and conversation.ended_at is not None:
        conversation = None
    case = session.get(Case, message.case_id) if message.case_id else None
    site = session.get_one(Site, message.site_id)
    return Caller(site, message.number, patient, conversation, case, [])
