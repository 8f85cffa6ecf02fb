"""The way of a text from accepted to delivered, and its receipts."""

from __future__ import annotations

from functools import partial

from app.sandbox.carrier import Carrier
from app.sandbox.records import FINAL_MESSAGE, Message
from app.sandbox.views import message_view
from app.sandbox.webhooks import Params, flat

# No receipt is posted for these (https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks).
SILENT = {"accepted", "scheduled", "sending"}
NEVER_SENT = {21610, 30001, 30002, 30022, 30032, 30034, 30036, 30610, 30640, 63016}
Step = tuple[float, str]


def dispatch(carrier: Carrier, message: Message) -> None:
    """Let a text run through its states, each followed by its receipt, in order."""
    steps = _steps(carrier, message)
    wait = message.quirks.pop("wait", 0.0)
    if wait:
        carrier.timeline.after(wait, lambda: _run(carrier, message, steps))
    else:
        _run(carrier, message, steps)


def move(carrier: Carrier, message: Message, status: str, code: int | None = None) -> bool:
    """Give a text its next state; False when it had reached its last one before."""
    now = carrier.timeline.now()
    with carrier.state.lock:
        if message.status in FINAL_MESSAGE:
            return False
        message.status, message.updated = status, now
        message.error_code = code
        if status == "sent":
            message.sent = now
        message.history.append((status, now))
        carrier.state.changed.notify_all()
    carrier.events.tell("message", lambda: message_view(message))
    return True


def receipt(carrier: Carrier, message: Message, status: str) -> None:
    """Post the receipt of a state, as the faults in force for this text want it."""
    if not message.callback or status in SILENT:
        return
    dropped = message.quirks.get("drop_callbacks")
    if dropped is True or (dropped and status in dropped):
        return
    if message.quirks.get("reorder_callbacks"):
        _hold(carrier, message, status)
    else:
        _post(carrier, message, status)


def receipt_params(message: Message, account: str, status: str) -> Params:
    """The form of a status callback."""
    final = status == message.status and status in FINAL_MESSAGE
    return flat(
        [
            ("AccountSid", account),
            ("ApiVersion", "2010-04-01"),
            ("From", message.sender),
            ("To", message.to),
            ("MessageSid", message.sid),
            ("SmsSid", message.sid),
            ("MessageStatus", status),
            ("SmsStatus", status),
            ("MessagingServiceSid", message.service or None),
            ("ErrorCode", message.error_code if final else None),
            ("RawDlrDoneDate", f"{message.updated:%y%m%d%H%M}" if final and message.sent else None),
        ]
    )


def _steps(carrier: Carrier, message: Message) -> list[Step]:
    pace, code = carrier.config.pace, message.quirks.get("error_code", 0)
    begin: list[Step] = [(0.0, "queued")] if message.status in ("accepted", "scheduled") else []
    if code in NEVER_SENT:
        return [*begin, (pace.sent, "failed")]
    end = "undelivered" if code else "delivered"
    return [*begin, (pace.sent, "sending"), (0.0, "sent"), (pace.delivered, end)]


def _run(carrier: Carrier, message: Message, steps: list[Step]) -> None:
    carrier.receipts.hand(message.sid, lambda: _step(carrier, message, steps))


def _step(carrier: Carrier, message: Message, steps: list[Step]) -> None:
    """Do the steps that are due now, and come back for the rest when they are due."""
    for at, (delay, status) in enumerate(steps):
        if delay:
            carrier.timeline.after(delay, partial(_run, carrier, message, [(0.0, status), *steps[at + 1 :]]))
            return
        code = message.quirks.get("error_code") if at == len(steps) - 1 else None
        if not move(carrier, message, status, code):
            return
        receipt(carrier, message, status)


def _hold(carrier: Carrier, message: Message, status: str) -> None:
    """Keep receipts back and post them in reverse once the last one is known."""
    held = message.quirks.setdefault("held", [])
    held.append(status)
    if status in FINAL_MESSAGE:
        for each in reversed(held):
            _post(carrier, message, each)


def _post(carrier: Carrier, message: Message, status: str) -> None:
    params = receipt_params(message, carrier.config.account_sid, status)
    doubled = message.quirks.get("duplicate_callback")
    twice = doubled is True or (doubled and status in doubled)
    for _ in range(2 if twice else 1):
        done = carrier.webhooks.receipt(message.callback, params)
        with carrier.state.lock:
            carrier.state.counters["receipts"] += 1
            carrier.state.counters["receipts_failed"] += bool(done.error_code)
        if done.error_code:
            carrier.fail(done.error_code, "a status callback failed", sid=message.sid, url=message.callback)
