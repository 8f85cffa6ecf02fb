"""The conversation as one thread: what was written and said, calls, notes, and what was done with the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case, CaseEvent, Note
from app.cases.words import BARRIER_WORDS, CLOSE_WORDS
from app.console import paging
from app.console.files import Shown, files_of
from app.console.phrases import STATUS_WORDS, TROUBLE, Piece, attachment_words, marked
from app.console.readings import Told, told
from app.console.thread_calls import calls_of
from app.outbox.models import Message, MessageStatus
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
    session: Session, case: Case, names: Mapping[UUID, str], *, before: str | None = None
) -> tuple[list[Item], str | None]:
    """A page of the patient's entries, oldest first, and the cursor of the page with older ones, if there are any.

    `before` is such a cursor, and the newest page otherwise. A page is a stretch of messages and everything else of
    that time, so page by page nothing is left out. Messages of the patient's other cases are in it too: to the patient
    it is one conversation.
    """
    last = paging.parse(before, *paging.MOMENT)
    rows = _rows(session, case, last)
    more, rows = len(rows) > LONGEST, rows[:LONGEST]
    since, until = rows[-1].created_at if more else None, last[0] if last else None
    messages = [message for message in rows if message.body or message.media]
    fixed = corrections_of(session, [message.id for message in messages if message.direction == "in"])
    items = [_message(message, case, names, fixed.get(message.id)) for message in messages]
    _with_files(session, items, messages)
    items += _events(session, case, names, since, until) + _notes(session, case, names, since, until)
    calls = calls_of(session, case.patient_id, rows, since=since, until=until)
    items += [Item("call", at, key, words=[Piece(words)]) for at, key, words in calls]
    earlier = paging.cursor(since, rows[-1].id) if more else None
    return sorted(items, key=lambda item: (item.at, item.key)), earlier


def _with_files(session: Session, items: Sequence[Item], messages: Sequence[Message]) -> None:
    """Hang each text's files on its entry."""
    found = files_of(session, [message.id for message in messages if message.media])
    for item, message in zip(items, messages, strict=True):
        item.files.extend(found.get(message.id, ()))


def _rows(session: Session, case: Case, last: list[Any] | None) -> Sequence[Message]:
    """The newest messages before the last one seen, and one more where there are older ones."""
    query = select(Message).where(Message.patient_id == case.patient_id)
    if last is not None:
        query = query.where(paging.beyond(Message.created_at, Message.id, last))
    newest = query.order_by(Message.created_at.desc(), Message.id.desc()).limit(LONGEST + 1)
    return session.scalars(newest).all()


def _message(message: Message, case: Case, names: Mapping[UUID, str], correction: Correction | None) -> Item:
    if message.happened:
        event = message.body.strip("()")
        return Item("call", message.created_at, str(message.id), words=[Piece(event[:1].upper() + event[1:])])
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
    return [
        Item("event", event.at, str(event.id), words=[Piece(event_words(event, names))])
        for event in session.scalars(query)
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


def _name(actor: str, names: Mapping[UUID, str]) -> str:
    try:
        return names.get(UUID(actor), "Somebody")
    except ValueError:
        return ""
