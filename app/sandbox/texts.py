"""Texts the application sends: what is refused, what is accepted, who it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import smsutil

from app.sandbox.carrier import Carrier
from app.sandbox.delivery import dispatch
from app.sandbox.errors import MESSAGES, refuse
from app.sandbox.faults import RECEIPT_KINDS
from app.sandbox.numbers import MAGIC_FROM, MAGIC_GOOD, MAGIC_TO, normal
from app.sandbox.records import Message, new_sid

LONGEST = 1600
EARLIEST = timedelta(seconds=300)
LATEST = timedelta(days=35)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The parameters of a create request that the sandbox acts on."""

    to: str
    sender: str
    service: str
    body: str
    media_urls: tuple[str, ...]
    callback: str
    send_at: datetime | None = None
    template: bool = False


@lru_cache(maxsize=16384)
def segments(body: str) -> int:
    """How many parts a text is billed as (GSM-7 160/153, UCS-2 70/67)."""
    return max(1, len(smsutil.split(body).parts))


def create(carrier: Carrier, form: Mapping[str, str], media_urls: tuple[str, ...] = ()) -> Message:
    """Accept a text and start its delivery, or raise the Refusal Twilio would answer with."""
    wanted = _wanted(carrier, form, media_urls)
    _check_sender(carrier, wanted)
    late_error = _check_recipient(carrier, wanted)
    message = _message(carrier, wanted)
    if late_error:
        message.quirks["error_code"] = late_error
    _quirks(carrier, message)
    with carrier.state.lock:
        carrier.state.accepted[message.to, message.body] += 1
        carrier.state.keep_message(message)
    return message


def start(carrier: Carrier, message: Message) -> None:
    """Send an accepted text on its way."""
    dispatch(carrier, message)


def _wanted(carrier: Carrier, form: Mapping[str, str], media_urls: tuple[str, ...]) -> Wanted:
    given = form.get("To", "")
    to = given if given in MAGIC_TO else normal(given)
    if not given:
        raise refuse(21604)
    if not to:
        raise refuse(21211, given)
    sender, service = form.get("From", ""), form.get("MessagingServiceSid", "")
    if sender.startswith("MG"):
        sender, service = "", sender
    if not sender and not service:
        raise refuse(21603)
    body = _content(form, media_urls)
    callback = form.get("StatusCallback", "")
    if callback and not _good_url(callback):
        raise refuse(21609, callback)
    send_at = _send_at(carrier, form, service)
    sender = sender and (normal(sender) or sender)
    return Wanted(
        to, sender, service, body, media_urls, callback, send_at, template=bool(form.get("ContentSid"))
    )


def _content(form: Mapping[str, str], media_urls: tuple[str, ...]) -> str:
    body = form.get("Body")
    if form.get("ContentSid"):
        return " ".join(filter(None, (form["ContentSid"], form.get("ContentVariables", ""))))
    if not body and not media_urls:
        raise refuse(21619 if body is None else 21602)
    if len(body or "") > LONGEST:
        raise refuse(21617)
    if len(media_urls) > 10:
        raise refuse(21623)
    return body or ""


def _good_url(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "_" not in parts.netloc


def _send_at(carrier: Carrier, form: Mapping[str, str], service: str) -> datetime | None:
    kind, at = form.get("ScheduleType"), form.get("SendAt")
    if not kind:
        return None
    if kind != "fixed":
        raise refuse(35126)
    if not service:
        raise refuse(35118)
    if not at:
        raise refuse(35111)
    try:
        due = datetime.fromisoformat(at)
    except ValueError:
        raise refuse(35114) from None
    now = carrier.timeline.now()
    if due.tzinfo is None or not now + EARLIEST <= due <= now + LATEST:
        raise refuse(35114)
    return due


def _check_sender(carrier: Carrier, wanted: Wanted) -> None:
    state = carrier.state
    if wanted.service and wanted.service not in state.services:
        raise refuse(21705, wanted.service)
    if wanted.service and not wanted.sender:
        return
    if wanted.sender in MAGIC_FROM:
        raise refuse(MAGIC_FROM[wanted.sender], wanted.sender)
    line = state.lines.get(wanted.sender.removeprefix("whatsapp:"))
    if wanted.sender != MAGIC_GOOD and (line is None or not line.sms):
        raise refuse(21606, wanted.sender)


def _check_recipient(carrier: Carrier, wanted: Wanted) -> int:
    """Raise what is refused at once; return the code of what fails on the way, 0 when nothing does."""
    state, to = carrier.state, wanted.to
    if to in MAGIC_TO:
        raise refuse(MAGIC_TO[to], to)
    if (fault := carrier.faults.take("error_code", to)) is not None:
        if fault.code < 30000 and fault.code in MESSAGES:
            raise refuse(fault.code, to)
        return fault.code
    line = carrier.phone(to).line
    if line == "landline_refused":
        raise refuse(21614, to)
    scope = _scope(carrier, wanted)
    if (scope, to) in state.blocks:
        if not state.services.get(wanted.service, {}).get("advanced_opt_out"):
            raise refuse(21610)
        return 21610
    if to.startswith("whatsapp:") and not wanted.template and not _window_open(carrier, to):
        return 63016
    return {"landline": 30006, "unreachable": 30003, "unknown": 30005, "filtered": 30007}.get(line, 0)


def _window_open(carrier: Carrier, to: str) -> bool:
    """Whether a WhatsApp user wrote within 24 hours; outside of that only templates are delivered."""
    latest = next(carrier.state.newest("", to), None)
    return latest is not None and carrier.timeline.now() - latest.created <= timedelta(hours=24)


def _scope(carrier: Carrier, wanted: Wanted) -> str:
    line = carrier.state.lines.get(wanted.sender)
    return wanted.service or (line.service if line and line.service else wanted.sender)


def _message(carrier: Carrier, wanted: Wanted) -> Message:
    now = carrier.timeline.now()
    sender = wanted.sender or _pick(carrier, wanted)
    status = "scheduled" if wanted.send_at else "accepted" if wanted.service else "queued"
    message = Message(
        sid=new_sid("MM" if wanted.media_urls else "SM"),
        number=carrier.state.next_number(),
        to=wanted.to,
        sender=sender,
        body=wanted.body,
        direction="outbound-api",
        origin="app",
        status=status,
        created=now,
        updated=now,
        service=wanted.service,
        callback=wanted.callback,
        segments=segments(wanted.body),
        media_urls=wanted.media_urls,
        history=[(status, now)],
    )
    if wanted.send_at:
        message.quirks["wait"] = (wanted.send_at - now).total_seconds()
    return message


def _pick(carrier: Carrier, wanted: Wanted) -> str:
    """The sender a Messaging Service uses: the one this patient knows, else the service's first number."""
    lines = [
        line.number for line in carrier.state.lines.values() if line.service == wanted.service and line.sms
    ]
    if not lines:
        raise refuse(21703)
    known = next(carrier.state.newest("", wanted.to), None) if len(lines) > 1 else None
    return known.to if known is not None and known.to in lines else lines[0]


def _quirks(carrier: Carrier, message: Message) -> None:
    if not carrier.faults.all:
        return
    for kind in RECEIPT_KINDS:
        if (fault := carrier.faults.take(kind, message.to)) is not None:
            quirk: dict[str, Any] = {kind: fault.statuses or True}
            message.quirks.update(quirk)
