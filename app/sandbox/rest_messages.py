"""/Messages.json and what lies under it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from flask import Response, request

from app.sandbox import texts
from app.sandbox.delivery import move, receipt
from app.sandbox.errors import refuse
from app.sandbox.numbers import normal
from app.sandbox.records import Message
from app.sandbox.resources import message_resource
from app.sandbox.rest import answer, new_blueprint, page, the_carrier, with_faults
from app.sandbox.rest_media import message_of
from app.sandbox.views import message_view

messages = new_blueprint("messages")
DAY = timedelta(days=1)


@messages.post("/Messages.json")
def create() -> Response:
    """Send a text."""
    form = request.form
    carrier = the_carrier()

    def accept() -> Response:
        message = texts.create(carrier, form, tuple(form.getlist("MediaUrl")))
        created = answer(message_resource(message, carrier.config.account_sid), 201)
        carrier.events.tell("message", lambda: message_view(message))
        texts.start(carrier, message)
        return created

    return with_faults("messages", normal(form.get("To", "")) or "", accept)


@messages.get("/Messages.json")
def find() -> Response:
    """List texts, newest first, by To, From, DateSent, DateSent> and DateSent< (both inclusive)."""
    carrier, args = the_carrier(), request.args
    filters = {
        name: args[name] for name in ("To", "From", "DateSent", "DateSent>", "DateSent<") if name in args
    }
    to, sender = normal(filters.get("To", "")) or "", normal(filters.get("From", "")) or ""
    found = _within(carrier.state.newest(to, sender), filters)
    account = carrier.config.account_sid
    return page("messages", found, lambda message: message_resource(message, account), filters)


@messages.get("/Messages/<sid>.json")
def fetch(sid: str) -> Response:
    """One text."""
    return answer(message_resource(message_of(sid), the_carrier().config.account_sid))


@messages.post("/Messages/<sid>.json")
def update(sid: str) -> Response:
    """Redact a text (Body empty) or cancel a scheduled one."""
    carrier, message = the_carrier(), message_of(sid)
    if request.form.get("Status") == "canceled":
        if message.status != "scheduled" or not move(carrier, message, "canceled"):
            raise refuse(30409)
        carrier.receipts.hand(sid, lambda: receipt(carrier, message, "canceled"))
    elif request.form.get("Body") == "":
        message.body = ""
    else:
        raise refuse(20001)
    return answer(message_resource(message, carrier.config.account_sid))


@messages.delete("/Messages/<sid>.json")
def delete(sid: str) -> Response:
    """Forget a text."""
    if not the_carrier().state.forget_message(sid):
        raise refuse(20404, request.path)
    return Response(status=204)


def _within(found: Iterator[Message], filters: dict[str, str]) -> Iterator[Message]:
    limits = [_limit(name, text) for name, text in filters.items() if name.startswith("DateSent")]
    return (message for message in found if all(fits(message.sent or message.created) for fits in limits))


def _limit(name: str, text: str) -> Callable[[datetime], bool]:
    """What a DateSent filter lets through; a day without a time is a whole day in UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise refuse(20001) from None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    whole_day = len(text) == 10
    if name == "DateSent>":
        return lambda sent: sent >= at
    if name == "DateSent<":
        return lambda sent: sent < at + DAY if whole_day else sent <= at
    return lambda sent: at <= sent < at + DAY
