"""Calls: those the application makes by REST, those patients make, and changes to live ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from app.sandbox.carrier import Carrier
from app.sandbox.errors import refuse
from app.sandbox.hearing import proceed
from app.sandbox.numbers import MAGIC_GOOD, normal
from app.sandbox.progress import end, move, tell
from app.sandbox.records import Call, new_sid
from app.sandbox.ringing import dial_out, soon_over
from app.sandbox.twiml import TwimlError, parse_voice
from app.sandbox.verbs import VERBS
from app.sandbox.walk import Walk

LONGEST_TWIML = 4000
EVENTS = frozenset(["initiated", "ringing", "answered", "completed"])


def create(carrier: Carrier, form: Mapping[str, str], events: Sequence[str]) -> Call:
    """Accept a call, or raise the Refusal Twilio would answer with; `dial_out` then starts it."""
    sender, to = _ends(carrier, form)
    _check_program(form)
    if (fault := carrier.faults.take("error_code", to, "calls")) is not None:
        raise refuse(fault.code, to)
    now = carrier.timeline.now()
    call = Call(
        sid=new_sid("CA"),
        number=carrier.state.next_number(),
        to=to,
        sender=sender,
        direction="outbound-api",
        status="queued",
        created=now,
        updated=now,
        url=form.get("Url", ""),
        method=form.get("Method", "POST").upper(),
        twiml=form.get("Twiml", ""),
        fallback_url=form.get("FallbackUrl", ""),
        callback=form.get("StatusCallback", ""),
        callback_events=_events(events),
        timeout=min(600, _number(form, "Timeout", 60)),
        time_limit=_number(form, "TimeLimit", 14400),
        amd="" if form.get("SendDigits") else form.get("MachineDetection", ""),
        amd_async=form.get("AsyncAmd") == "true",
        amd_callback=form.get("AsyncAmdStatusCallback", ""),
    )
    keep(carrier, call)
    return call


def start(carrier: Carrier, call: Call) -> None:
    """Dial an accepted call."""
    dial_out(carrier, call)


def keep(carrier: Carrier, call: Call) -> Walk:
    """Remember a call and make it ready to execute TwiML."""
    walk = Walk(carrier, call, VERBS)
    carrier.walks[call.sid] = walk
    carrier.state.keep_call(call)
    tell(carrier, call)
    return walk


def call_in(carrier: Carrier, given: Mapping[str, Any]) -> Call:
    """A patient calls a number of the practice; returns when the call waits for the patient or is over."""
    wanted = str(given.get("to") or next((n for n, line in carrier.state.lines.items() if line.voice), ""))
    line, sender = carrier.state.lines.get(wanted), normal(str(given.get("from", "")))
    if line is None or not line.voice or not line.voice_url:
        raise refuse(21210, wanted)
    if not sender:
        raise refuse(21212, str(given.get("from", "")))
    now = carrier.timeline.now()
    call = Call(
        sid=str(given.get("sid") or new_sid("CA")),
        number=carrier.state.next_number(),
        to=line.number,
        sender=sender,
        direction="inbound",
        status="ringing",
        created=now,
        updated=now,
        url=line.voice_url,
        fallback_url=line.voice_fallback_url,
        callback=line.status_callback,
    )
    walk = keep(carrier, call)
    if given.get("wait", True):
        walk.tell(lambda: _taken(walk))
        walk.rest()
    else:
        carrier.errands.hand(call.sid, lambda: walk.tell(lambda: _taken(walk)))
    return call


def update(carrier: Carrier, call: Call, form: Mapping[str, str]) -> None:
    """Change a live call: end it, or walk into another document; 21220 when it is not in progress."""
    status = form.get("Status", "")
    if status in ("canceled", "completed"):
        _end_by_request(carrier, call, status)
        return
    _check_program(form)
    if call.status != "in-progress":
        raise refuse(21220)
    walk = carrier.walks[call.sid]

    def redirect() -> None:
        walk.frames = []
        walk.wait_no_more()
        if form.get("Twiml"):
            walk.read(form["Twiml"].encode())
        else:
            walk.fetch(form["Url"], form.get("Method", "POST").upper())
        proceed(walk)

    # Not under the call's own key: that thread may be the one that waits for the application's answer.
    carrier.errands.hand(f"{call.sid} update", lambda: walk.tell(redirect, interrupt=True))


def _taken(walk: Walk) -> None:
    """The practice's number answers: unless the document rejects the call, it is in progress from there."""
    walk.fetch(walk.call.url, walk.call.method)
    first = walk.frames[-1].document.verbs[:1] if walk.frames else ()
    if first and first[0].tag != "Reject":
        move(walk.carrier, walk.call, "in-progress")
        soon_over(walk.carrier, walk.call)
    proceed(walk)


def _ends(carrier: Carrier, form: Mapping[str, str]) -> tuple[str, str]:
    given, sender = form.get("To", ""), form.get("From", "")
    if not given:
        raise refuse(21201)
    if not sender:
        raise refuse(21213)
    to, known = normal(given), normal(sender)
    if not to or given == "+15005550001":
        raise refuse(21217, given)
    line = carrier.state.lines.get(known or "")
    if known != MAGIC_GOOD and (line is None or not line.voice):
        raise refuse(21210, sender)
    return known or sender, to


def _check_program(form: Mapping[str, str]) -> None:
    url, twiml = form.get("Url", ""), form.get("Twiml", "")
    if len(twiml) > LONGEST_TWIML:
        raise refuse(32018)
    if twiml:
        try:
            parse_voice(twiml.encode())
        except TwimlError as error:
            raise refuse(error.code) from None
    parts = urlsplit(url)
    if not twiml and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise refuse(21205, url)


def _end_by_request(carrier: Carrier, call: Call, status: str) -> None:
    waiting = call.status in ("queued", "ringing")
    if call.over or (status == "canceled" and not waiting):
        raise refuse(21220)
    end(carrier, call, "canceled" if waiting else "completed")


def _events(given: Sequence[str]) -> frozenset[str]:
    wanted = frozenset(word for text in given for word in text.split())
    return (wanted & EVENTS) or frozenset(["completed"])


def _number(form: Mapping[str, str], name: str, default: int) -> int:
    text = form.get(name, "")
    return int(text) if text.isdigit() else default
