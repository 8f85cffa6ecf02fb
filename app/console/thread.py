"""The conversation as one thread: what was written and said, calls, notes, and what was done with the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case, CaseEvent, Note
from app.cases.words import BARRIER_WORDS, CLOSE_WORDS
from app.console.files import Shown, files_of
from app.console.phrases import STATUS_WORDS, TROUBLE, Piece, attachment_words, marked
from app.console.readings import Told, told
from app.outbox.models import Call, Message, MessageStatus
from app.teaching.corrections import correctable, corrections_of
from app.teaching.models import Correction

LONGEST = 200
SILENT = frozenset({"noted", "promised", "reply", "flagged"})
"""Events that something else in the thread shows already."""

EVENT_WORDS = {
    "opened": "Case opened",
    "claimed": "{who} claimed the case: the bot is silent",
    "handed_back": "{who} handed the case back to the bot",
    "to_queue": "{who} put the case back in the queue",
    "acknowledged": "{who} acknowledged the flag",
    "snoozed": "{who} set the case aside: {because}",
    "reassigned": "{who} changed the owner",
    "reclassified": "{who} moved the case to another lane: {because}",
    "escalated": "{who} escalated to a nurse",
    "climbed": "Not acknowledged yet: alerted {to}",
    "barrier": "Barrier: {barrier}",
    "barrier_gone": "{who} resolved the barrier: {barrier}",
    "promise_kept": "{who} marked a promise as done",
    "closed": "{who} closed the case: {closing}",
    "reopened": "{who} opened the case again: {because}",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: `kind` is in, bot, staff, event, note or call."""

    kind: str
    at: datetime
    key: str
    who: str = ""
    words: list[Piece] = field(default_factory=list)
    told: Told | None = None
    status: str = ""
    trouble: bool = False
    channel: str = "sms"
    language: str = ""
    other_case: bool = False
    attached: str = ""
    files: list[Shown] = field(default_factory=list)
    note: Note | None = None


def thread(
    session: Session, case: Case, names: Mapping[UUID, str], *, before: datetime | None = None
) -> tuple[list[Item], bool]:
    """The patient's newest entries, oldest first, and whether there are older ones.

    Messages of the patient's other cases are in it too: to the patient it is one conversation.
    """
    messages = _messages(session, case, before)
    more = len(messages) > LONGEST
    messages = messages[:LONGEST]
    since = messages[-1].created_at if more else None
    fixed = corrections_of(session, [message.id for message in messages if message.direction == "in"])
    items = [_message(message, case, names, fixed.get(message.id)) for message in messages]
    _with_files(session, items, messages)
    items += _events(session, case, names, since, before) + _notes(session, case, names, since, before)
    items += _calls(session, messages)
    return sorted(items, key=lambda item: (item.at, item.key)), more


def _with_files(session: Session, items: Sequence[Item], messages: Sequence[Message]) -> None:
    """Hang each text's files on its entry."""
    found = files_of(session, [message.id for message in messages if message.media])
    for item, message in zip(items, messages, strict=True):
        item.files.extend(found.get(message.id, ()))


def _messages(session: Session, case: Case, before: datetime | None) -> Sequence[Message]:
    query = select(Message).where(Message.patient_id == case.patient_id)
    if before is not None:
        query = query.where(Message.created_at < before)
    newest = query.order_by(Message.created_at.desc(), Message.id.desc()).limit(LONGEST + 1)
    return [message for message in session.scalars(newest) if message.body or message.media]


def _message(message: Message, case: Case, names: Mapping[UUID, str], correction: Correction | None) -> Item:
    incoming = message.direction == "in"
    attached = attachment_words(message.media) if message.media else ""
    staff = None if incoming or message.author == "bot" else _name(message.author, names)
    reading = message.reading if incoming else None
    status = message.status.value
    return Item(
        kind="in" if incoming else "staff" if staff else "bot",
        at=message.created_at,
        key=str(message.id),
        who="Patient" if incoming else staff or "Bot",
        words=marked(message.body, (reading or {}).get("evidence")),
        told=told(message, correction, _who(correction, names)) if correctable(message) else None,
        status=_status_words(message),
        trouble=status in TROUBLE,
        attached=attached,
        channel=message.channel,
        language=message.language,
        other_case=message.case_id is not None and message.case_id != case.id,
    )


def _who(correction: Correction | None, names: Mapping[UUID, str]) -> str:
    return names.get(correction.by, "somebody") if correction is not None else ""


def _status_words(message: Message) -> str:
    words = STATUS_WORDS.get(message.status.value, message.status.value)
    if message.direction == "in":
        return ""
    if (
        message.status in (MessageStatus.SKIPPED, MessageStatus.FAILED, MessageStatus.UNDELIVERED)
        and message.reason
    ):
        return f"{words}: {message.reason}"
    return words


def _events(
    session: Session, case: Case, names: Mapping[UUID, str], since: datetime | None, before: datetime | None
) -> list[Item]:
    query = select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.kind.not_in(SILENT))
    if since is not None:
        query = query.where(CaseEvent.at >= since)
    if before is not None:
        query = query.where(CaseEvent.at < before)
    found = session.scalars(query.order_by(CaseEvent.at.desc()).limit(LONGEST))
    return [
        Item("event", event.at, str(event.id), words=[Piece(event_words(event, names))]) for event in found
    ]


def event_words(event: CaseEvent, names: Mapping[UUID, str]) -> str:
    """What happened, in a sentence."""
    detail = event.detail or {}
    said = {
        "who": _name(event.actor, names) or "The bot",
        "because": detail.get("because", ""),
        "to": detail.get("to", ""),
        "barrier": BARRIER_WORDS.get(detail.get("kind", ""), detail.get("kind", "")),
        "closing": CLOSE_WORDS.get(detail.get("reason", ""), detail.get("reason", "")),
    }
    words = EVENT_WORDS.get(event.kind, event.kind.replace("_", " ")).format_map(said)
    resolution = detail.get("resolution")
    return f"{words}. {resolution}" if resolution else words


def _notes(
    session: Session, case: Case, names: Mapping[UUID, str], since: datetime | None, before: datetime | None
) -> list[Item]:
    query = select(Note).where(Note.case_id == case.id)
    if since is not None:
        query = query.where(Note.at >= since)
    if before is not None:
        query = query.where(Note.at < before)
    return [
        Item("note", note.at, str(note.id), who=names.get(note.author_id, "Somebody"), note=note)
        for note in session.scalars(query)
    ]


def _calls(session: Session, messages: Sequence[Message]) -> list[Item]:
    conversations = {message.conversation_id for message in messages if message.conversation_id}
    if not conversations:
        return []
    query = select(Call).where(Call.conversation_id.in_(conversations)).order_by(Call.started_at.desc())
    return [
        Item("call", call.started_at, str(call.id), words=[Piece(call_words(call))])
        for call in session.scalars(query.limit(50))
    ]


def call_words(call: Call) -> str:
    """A call in a sentence: which way, whether somebody answered, how long."""
    way = "Patient called" if call.direction == "in" else "Call placed"
    answered = {"human": "a person answered", "machine_start": "an answering machine answered"}.get(
        call.answered_by or ""
    )
    long = f"{call.duration // 60}:{call.duration % 60:02} min" if call.duration else ""
    status = {
        "completed": "",
        "no-answer": "no answer",
        "busy": "busy",
        "failed": "failed",
        "in-progress": "going on",
    }
    parts = [answered, status.get(call.status, call.status), long]
    return f"{way}: {', '.join(part for part in parts if part)}" if any(parts) else way


def _name(actor: str, names: Mapping[UUID, str]) -> str:
    try:
        return names.get(UUID(actor), "Somebody")
    except ValueError:
        return ""
