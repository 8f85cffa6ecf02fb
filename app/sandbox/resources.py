"""Messages and calls in the exact JSON of Twilio's REST API (twilio-oai, twilio_api_v2010)."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from typing import Any

from app.sandbox.errors import MESSAGES
from app.sandbox.numbers import shown
from app.sandbox.records import Call, Media, Message

API = "2010-04-01"
ASYNC_WORDS = {
    30001: "Queue overflow",
    30002: "Account suspended",
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30036: "Validity Period Expired",
}


def account_path(account: str) -> str:
    """The path all resources of an account begin with."""
    return f"/{API}/Accounts/{account}"


def rfc2822(at: datetime | None) -> str | None:
    """A time as the REST API writes it: `Mon, 30 Nov 2026 14:15:00 +0000`."""
    return format_datetime(at.replace(microsecond=0)) if at else None


def message_resource(message: Message, account: str) -> dict[str, Any]:
    """A Message resource; in a Messaging Service the sender and the segments are open until it is queued."""
    uri = f"{account_path(account)}/Messages/{message.sid}"
    undecided = message.status in ("accepted", "scheduled")
    words = ASYNC_WORDS.get(message.error_code or 0) or MESSAGES.get(message.error_code or 0, (0, None))[1]
    return {
        "account_sid": account,
        "api_version": API,
        "body": message.body,
        "date_created": rfc2822(message.created),
        "date_sent": rfc2822(message.sent),
        "date_updated": rfc2822(message.updated),
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": words if message.error_code else None,
        "from": None if undecided else message.sender,
        "messaging_service_sid": message.service or None,
        "num_media": str(len(message.media) or len(message.media_urls)),
        "num_segments": "0" if undecided else str(message.segments),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": message.to,
        "uri": f"{uri}.json",
    }


def media_resource(media: Media, message: Message, account: str) -> dict[str, Any]:
    """A Media resource of a message."""
    return {
        "account_sid": account,
        "content_type": media.content_type,
        "date_created": rfc2822(media.created),
        "date_updated": rfc2822(media.created),
        "parent_sid": message.sid,
        "sid": media.sid,
        "uri": f"{account_path(account)}/Messages/{message.sid}/Media/{media.sid}.json",
    }


def call_resource(call: Call, account: str) -> dict[str, Any]:
    """A Call resource; `duration` is null until the call has ended."""
    uri = f"{account_path(account)}/Calls/{call.sid}"
    parts = ("events", "notifications", "payments", "recordings", "siprec", "streams", "transcriptions")
    return {
        "account_sid": account,
        "annotation": None,
        "answered_by": call.answered_by or None,
        "api_version": API,
        "caller_name": None,
        "date_created": rfc2822(call.created),
        "date_updated": rfc2822(call.updated),
        "direction": call.direction,
        "duration": str(duration(call)) if call.over else None,
        "end_time": rfc2822(call.ended),
        "forwarded_from": None,
        "from": call.sender,
        "from_formatted": shown(call.sender),
        "group_sid": None,
        "parent_call_sid": call.parent or None,
        "phone_number_sid": None,
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": call.sid,
        "start_time": rfc2822(call.started),
        "status": call.status,
        "subresource_uris": {part: f"{uri}/{part.capitalize()}.json" for part in parts},
        "to": call.to,
        "to_formatted": shown(call.to),
        "trunk_sid": None,
        "uri": f"{uri}.json",
    }


def duration(call: Call) -> int:
    """Whole seconds between answer and end, 0 for a call that was never answered."""
    if call.started is None or call.ended is None:
        return 0
    return max(0, round((call.ended - call.started).total_seconds()))
