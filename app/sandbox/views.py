"""What the sandbox's own API and page show of messages, calls and phones."""

from __future__ import annotations

from typing import Any

from app.sandbox.numbers import shown
from app.sandbox.people import BY_NUMBER, Person
from app.sandbox.records import Call, Message
from app.sandbox.resources import duration


def message_view(message: Message) -> dict[str, Any]:
    """A text as a bubble: who wrote it (app, patient or carrier), its state and its times."""
    return {
        "sid": message.sid,
        "seq": message.number,
        "phone": message.patient,
        "to": message.to,
        "from": message.sender,
        "body": message.body,
        "origin": message.origin,
        "direction": message.direction,
        "status": message.status,
        "error_code": message.error_code,
        "segments": message.segments,
        "media": [{"sid": m.sid, "content_type": m.content_type} for m in message.media],
        "media_urls": list(message.media_urls),
        "service": message.service or None,
        "status_callback": message.callback or None,
        "created": message.created.isoformat(),
        "history": [{"status": status, "at": at.isoformat()} for status, at in message.history],
        "webhook": message.webhook,
    }


def call_view(call: Call) -> dict[str, Any]:
    """A call with what was said, what is awaited of the patient, and the webhooks it caused."""
    return {
        "sid": call.sid,
        "seq": call.number,
        "phone": call.patient,
        "to": call.to,
        "from": call.sender,
        "other": shown(call.to if call.direction == "inbound" else call.sender),
        "direction": call.direction,
        "parent": call.parent or None,
        "status": call.status,
        "over": call.over,
        "answered_by": call.answered_by or None,
        "created": call.created.isoformat(),
        "duration": duration(call),
        "awaiting": call.awaiting,
        "transcript": list(call.transcript),
        "requests": list(call.requests),
        "failures": list(call.failures),
    }


def person_view(person: Person) -> dict[str, Any]:
    """An invented patient."""
    return {
        "mrn": person.mrn,
        "name": person.name,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "date_of_birth": person.date_of_birth,
        "language": person.language,
        "number": person.number,
        "shown": shown(person.number),
        "about": person.about,
    }


def phone_view(number: str) -> dict[str, Any]:
    """A phone: its person where it has one."""
    person = BY_NUMBER.get(number)
    return {"number": number, "shown": shown(number), "person": person_view(person) if person else None}
