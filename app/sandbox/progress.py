"""The states of a call, its status callbacks, and the parameters of every voice webhook."""

from __future__ import annotations

from typing import Any

from app.sandbox.carrier import Carrier
from app.sandbox.places import geography
from app.sandbox.records import FINAL_CALL, Call
from app.sandbox.resources import duration, rfc2822
from app.sandbox.views import call_view
from app.sandbox.webhooks import Params, flat

SIP = {"completed": 200, "busy": 486, "no-answer": 487, "canceled": 487, "failed": 404}
Extra = list[tuple[str, object]]


def voice_params(carrier: Carrier, call: Call, *extra: tuple[str, object]) -> Params:
    """Every parameter of a voice webhook, with those of this turn at the end."""
    inbound = call.direction == "inbound"
    pairs: Extra = [
        ("CallSid", call.sid),
        ("AccountSid", carrier.config.account_sid),
        ("From", call.sender),
        ("To", call.to),
        ("Caller", call.sender),
        ("Called", call.to),
        ("CallStatus", call.status),
        ("Direction", call.direction),
        ("ApiVersion", "2010-04-01"),
        ("ParentCallSid", call.parent or None),
        ("CallToken", "sandbox" if inbound else None),
        ("StirVerstat", "TN-Validation-Passed-A" if inbound else None),
        *geography("From", call.sender),
        *geography("To", call.to),
        *geography("Caller", call.sender),
        *geography("Called", call.to),
        *extra,
    ]
    return flat(pairs)


def move(carrier: Carrier, call: Call, status: str, event: str = "") -> bool:
    """Give a call its next state and post the callback of `event`; False when the call was over before."""
    now = carrier.timeline.now()
    with carrier.state.lock:
        if call.over:
            return False
        call.status, call.updated = status, now
        if status == "in-progress" and call.started is None:
            call.started = now
        if status in FINAL_CALL:
            call.ended, call.awaiting = now, None
        carrier.state.changed.notify_all()
    tell(carrier, call)
    _callback(carrier, call, event, status)
    return True


def announce(carrier: Carrier, call: Call) -> None:
    """Post the callback that the carrier has begun to dial; the call's own state stays queued."""
    _callback(carrier, call, "initiated", "initiated")


def end(carrier: Carrier, call: Call, status: str = "completed") -> bool:
    """Bring a call to its last state, once, and tell whoever depends on it."""
    if not move(carrier, call, status, "completed"):
        return False
    walk = carrier.walks.get(call.sid)
    for act in walk.when_over if walk else ():
        act()
    return True


def note(carrier: Carrier, call: Call, who: str, kind: str, text: str = "", **more: object) -> None:
    """Add a line to a call's transcript."""
    line: dict[str, Any] = {"at": carrier.timeline.now().isoformat(), "who": who, "kind": kind, "text": text}
    with carrier.state.lock:
        call.transcript.append({**line, **{key: value for key, value in more.items() if value is not None}})
    tell(carrier, call)


def await_patient(carrier: Carrier, call: Call, awaiting: dict[str, Any] | None) -> None:
    """Set what the call waits for."""
    with carrier.state.lock:
        call.awaiting = None if call.over else awaiting
        call.typed = ""
        carrier.state.changed.notify_all()
    tell(carrier, call)


def tell(carrier: Carrier, call: Call) -> None:
    """Show a call's news to the open pages."""
    carrier.events.tell("call", lambda: call_view(call))


def post(carrier: Carrier, call: Call, url: str, params: Params) -> None:
    """Post a callback of this call, after those before it."""

    def send() -> None:
        done = carrier.webhooks.receipt(url, params)
        if done.error_code:
            carrier.fail(done.error_code, "a call's status callback failed", sid=call.sid, url=url)

    carrier.receipts.hand(call.sid, send)


def _callback(carrier: Carrier, call: Call, event: str, status: str) -> None:
    if not event or not call.callback or event not in call.callback_events:
        return
    with carrier.state.lock:
        sequence, call.sequence = call.sequence, call.sequence + 1
    final: Extra = []
    if event == "completed":
        seconds = duration(call)
        final = [
            ("CallDuration", seconds),
            ("Duration", -(-seconds // 60)),
            ("SipResponseCode", SIP.get(status)),
            ("AnsweredBy", call.answered_by or None),
        ]
    params = voice_params(
        carrier,
        call,
        ("SequenceNumber", sequence),
        ("Timestamp", rfc2822(carrier.timeline.now())),
        ("CallbackSource", "call-progress-events"),
        *final,
    )
    params = [(name, status if name == "CallStatus" else value) for name, value in params]
    for _ in range(_times(carrier, call)):
        post(carrier, call, call.callback, params)


def _times(carrier: Carrier, call: Call) -> int:
    """How often this callback is posted: once, unless a fault for calls says otherwise."""
    if carrier.faults.take("drop_callbacks", call.patient, "calls") is not None:
        return 0
    return 2 if carrier.faults.take("duplicate_callback", call.patient, "calls") is not None else 1
