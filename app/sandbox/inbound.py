"""Texts patients send: the carrier's own words first, then the practice's webhook, then what it answers."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from app.sandbox.carrier import Carrier
from app.sandbox.config import Line
from app.sandbox.delivery import dispatch
from app.sandbox.errors import refuse
from app.sandbox.numbers import normal
from app.sandbox.optout import Ruling, ruling
from app.sandbox.people import BY_NUMBER
from app.sandbox.places import geography
from app.sandbox.records import Media, Message, new_sid
from app.sandbox.texts import segments
from app.sandbox.twiml import TwimlError, parse_messaging
from app.sandbox.views import message_view
from app.sandbox.webhooks import Delivered, Params, flat

HOST = "https://api.twilio.com"


def text(carrier: Carrier, given: Mapping[str, Any]) -> Message:
    """A patient texts the practice.

    `given`: from, to (the practice's only line when left out), body, media, sid, and how it is posted:
    duplicate=n more posts, delay=seconds, out_of_order=true (after the patient's next text), wait=false.
    """
    line = _line(carrier, given)
    message = _message(carrier, line, given)
    rule = _obey(carrier, line, message)
    carrier.state.keep_message(message)
    carrier.events.tell("message", lambda: message_view(message))
    if rule.reply and not _advanced(carrier, line):
        carrier_text(carrier, line, message.sender, rule.reply)
    _route(carrier, line, message, rule, given)
    return message


def carrier_text(carrier: Carrier, line: Line, to: str, body: str, origin: str = "carrier") -> Message:
    """A text that no REST request made: the carrier's canned answers, and TwiML replies."""
    now = carrier.timeline.now()
    message = Message(
        sid=new_sid("SM"),
        number=carrier.state.next_number(),
        to=to,
        sender=line.number,
        body=body,
        direction="outbound-reply",
        origin=origin,
        status="queued",
        created=now,
        updated=now,
        service=line.service,
        segments=segments(body),
        history=[("queued", now)],
    )
    carrier.state.keep_message(message)
    dispatch(carrier, message)
    return message


def inbound_params(carrier: Carrier, line: Line, message: Message, kind: str) -> Params:
    """Every parameter of an inbound message webhook."""
    media = list(enumerate(message.media))
    path = f"{HOST}/2010-04-01/Accounts/{carrier.config.account_sid}/Messages/{message.sid}/Media"
    whatsapp = message.sender.startswith("whatsapp:")
    person = BY_NUMBER.get(message.sender.removeprefix("whatsapp:"))
    pairs: list[tuple[str, object]] = [
        ("MessageSid", message.sid),
        ("SmsSid", message.sid),
        ("SmsMessageSid", message.sid),
        ("AccountSid", carrier.config.account_sid),
        ("MessagingServiceSid", line.service or None),
        ("From", message.sender),
        ("To", message.to),
        ("Body", message.body),
        ("NumMedia", len(media)),
        ("NumSegments", 1 if whatsapp else message.segments),
        ("SmsStatus", "received"),
        ("ApiVersion", "2010-04-01"),
        ("OptOutType", kind if kind and _advanced(carrier, line) else None),
        ("ProfileName", person.name if whatsapp and person else None),
        ("WaId", message.sender.removeprefix("whatsapp:+") if whatsapp else None),
        *geography("From", message.sender),
        *geography("To", message.to),
        *((f"MediaUrl{n}", f"{path}/{each.sid}") for n, each in media),
        *((f"MediaContentType{n}", each.content_type) for n, each in media),
    ]
    return flat(pairs)


def _line(carrier: Carrier, given: Mapping[str, Any]) -> Line:
    wanted = str(given.get("to") or next(iter(carrier.state.lines), ""))
    line = carrier.state.lines.get(wanted.removeprefix("whatsapp:"))
    if line is None:
        raise refuse(21606, wanted)
    return line


def _message(carrier: Carrier, line: Line, given: Mapping[str, Any]) -> Message:
    sender = normal(str(given.get("from", "")))
    if not sender:
        raise refuse(21212, str(given.get("from", "")))
    now = carrier.timeline.now()
    # Half a character cannot travel as a text: what arrives in its place is a question mark.
    body = str(given.get("body", "")).encode(errors="replace").decode()
    media = [_media(carrier, each) for each in given.get("media", ())]
    prefix = "whatsapp:" if sender.startswith("whatsapp:") else ""
    return Message(
        sid=str(given.get("sid") or new_sid("MM" if media else "SM")),
        number=carrier.state.next_number(),
        to=prefix + line.number,
        sender=sender,
        body=body,
        direction="inbound",
        origin="patient",
        status="received",
        created=now,
        updated=now,
        sent=now,
        service=line.service,
        segments=segments(body),
        media=media,
        history=[("received", now)],
    )


def _media(carrier: Carrier, each: Any) -> Media:
    """An attachment: `{"content_type", "data": base64}`."""
    if not isinstance(each, Mapping):
        raise refuse(20001)
    content_type = str(each.get("content_type", "image/jpeg"))
    return Media(new_sid("ME"), content_type, b64decode(each.get("data", "")), carrier.timeline.now())


def _scope(line: Line) -> str:
    return line.service or line.number


def _advanced(carrier: Carrier, line: Line) -> bool:
    return carrier.state.services.get(line.service, {}).get("advanced_opt_out", False)


def _obey(carrier: Carrier, line: Line, message: Message) -> Ruling:
    key = (_scope(line), message.sender)
    with carrier.state.lock:
        rule = ruling(message.body, line.number, key in carrier.state.blocks)
        if rule.kind == "STOP":
            carrier.state.blocks.add(key)
        elif rule.kind == "START":
            carrier.state.blocks.discard(key)
    return rule


def _route(carrier: Carrier, line: Line, message: Message, rule: Ruling, given: Mapping[str, Any]) -> None:
    """Post now, later, or after the patient's next text."""
    posts = 1 + int(given.get("duplicate", 0))
    posts += carrier.faults.take("webhook_duplicate", message.sender) is not None

    def post() -> None:
        for _ in range(posts):
            _post(carrier, line, message, rule.kind)

    held = carrier.held
    if given.get("out_of_order"):
        held.setdefault(message.sender, []).append(post)
        return
    waiting = held.pop(message.sender, [])
    work = [post, *waiting]
    if delay := float(given.get("delay", 0)):
        carrier.timeline.after(delay, lambda: _later(carrier, message, work))
    elif given.get("wait", True):
        for each in work:
            each()
    else:
        _later(carrier, message, work)


def _later(carrier: Carrier, message: Message, work: list[Any]) -> None:
    for each in work:
        carrier.errands.hand(message.sender, each)


def _post(carrier: Carrier, line: Line, message: Message, kind: str) -> None:
    if not line.sms_url:
        return
    params = inbound_params(carrier, line, message, kind)
    done = carrier.webhooks.fetch(line.sms_url, params, fallback=line.sms_fallback_url, voice=False)
    with carrier.state.lock:
        carrier.state.counters["inbound_webhooks"] += 1
        message.webhook = done.to_json()
        carrier.state.changed.notify_all()
    if done.error_code:
        carrier.fail(done.error_code, "the message webhook failed", sid=message.sid, url=done.url)
    else:
        _replies(carrier, line, message, done)
    carrier.events.tell("message", lambda: message_view(message))


def _replies(carrier: Carrier, line: Line, message: Message, done: Delivered, depth: int = 0) -> None:
    """Send what the webhook's TwiML says, unless the patient has opted out; follow its Redirect."""
    if done.answer.status in (202, 204) or not done.answer.body.strip():
        return
    try:
        replies, onward, problems = parse_messaging(done.answer.body)
    except TwimlError as error:
        carrier.fail(error.code, str(error), sid=message.sid, url=done.url)
        return
    for problem in problems:
        carrier.fail(12200, problem, sid=message.sid, url=done.url)
    if (_scope(line), message.sender) not in carrier.state.blocks:
        for body in replies:
            carrier_text(carrier, line, message.sender, body, origin="app")
    if onward and depth < 5:
        params = inbound_params(carrier, line, message, "")
        after = carrier.webhooks.fetch(urljoin(done.url, onward), params, voice=False)
        _replies(carrier, line, message, after, depth + 1)
