"""Texts that come in, and what became of those that went out."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from app.inbound.intake import store
from app.outbox.receipts import receive
from app.queues import REPLIED
from app.services import Services
from app.store import single
from app.webhooks.metrics import RECEIVED, REFUSED
from app.webhooks.verify import parameters

blueprint = Blueprint("webhooks_messages", __name__, url_prefix="/webhooks/twilio")
EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def services() -> Services:
    """The wired parts of this process."""
    found: Services = current_app.extensions["careloop"]
    return found


def thanks() -> Response:
    """The answer that says: received, nothing to say."""
    return Response(EMPTY, content_type="text/xml")


@blueprint.post("/message")
def message() -> Response:
    """Keep a patient's text and answer; everything else happens later. The same MessageSid twice is kept once."""
    app = services()
    params = parameters(request, app)
    sid = params.get("MessageSid") or params.get("SmsSid") or ""
    if not sid or not params.get("From"):
        REFUSED.labels("malformed").inc()
        return Response("MessageSid and From are missing: this is not a text.", 400)
    with single(app.sessions) as connection:
        event = store(
            connection, kind="text", dedupe=sid, number=params["From"], params=params, now=app.clock.now()
        )
    RECEIVED.labels("text" if event else "repeat").inc()
    if event is not None:
        app.queues.ring(REPLIED)
    return thanks()


@blueprint.post("/message-status")
def message_status() -> Response:
    """Keep what the carrier says of a text we sent, and move its status forward, never back."""
    app = services()
    params = parameters(request, app)
    receive(
        app.sessions,
        ref=request.args.get("ref"),
        sid=params.get("MessageSid") or params.get("SmsSid", ""),
        status=params.get("MessageStatus") or params.get("SmsStatus", ""),
        error_code=params.get("ErrorCode") or None,
        sequence=None,
        params=params,
        now=app.clock.now(),
    )
    RECEIVED.labels("receipt").inc()
    return thanks()


def unavailable(error: SQLAlchemyError) -> Response:
    """The database cannot be asked: 503, so that the carrier tries again or takes its other address."""
    REFUSED.labels("database").inc()
    kind = type(error.orig).__name__ if isinstance(error, DBAPIError) else type(error).__name__
    current_app.logger.error("webhook_unavailable %s", kind)
    return Response("The database is away; try again.", 503, {"Retry-After": "5"})


blueprint.register_error_handler(SQLAlchemyError, unavailable)
