"""Telephone calls: the carrier asks what to say next, and tells how a call is going."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from app.channels.twiml import Listening, Twiml, Voice
from app.errors import NotFound
from app.flow import builtin
from app.i18n.speech import voice as voice_of
from app.inbound.voice import CallAnswer, take_call
from app.outbox.receipts import record_receipt, settle_receipt
from app.queues import ALERT
from app.services import Services
from app.store import begin
from app.webhooks.messages import services, thanks
from app.webhooks.metrics import RECEIVED, REFUSED
from app.webhooks.refs import ref_of
from app.webhooks.verify import parameters

blueprint = Blueprint("webhooks_voice", __name__, url_prefix="/webhooks/twilio")
ENGLISH = Voice("Polly.Joanna-Neural", "en-US")
KEYS = {"dob": 8, "scale_0_10": None, "choose_slot": 1, "open_text": 1}
SORRY = "We are sorry, something is wrong on our side. In an emergency call 911. Please call us again later. Goodbye."


@blueprint.post("/voice")
def voice() -> Response:
    """One turn of a call: the same turn asked twice is answered the same and moves nothing twice."""
    app = services()
    params = parameters(request, app)
    if not params.get("CallSid"):
        REFUSED.labels("malformed").inc()
        return Response("CallSid is missing: this is not a call.", 400)
    ref, turn = ref_of(request.args.get("ref")), request.args.get("turn", "0")[:4]
    try:
        xml = _turn(app, params, ref, turn)
    except NotFound:
        xml = _goodbye(SORRY)
    RECEIVED.labels("voice").inc()
    return Response(xml, content_type="text/xml")


def _turn(app: Services, params: Mapping[str, str], ref: UUID | None, turn: str) -> str:
    with begin(app.sessions) as session:
        now = app.clock.now()
        call, answer = take_call(session, params, ref=ref, turn=turn, kit=app.kit, now=now)
        if answer is None:
            return str(call.last_twiml)
        xml = render(answer, app, following=call.turns)
        call.last_twiml = xml
    app.queues.many(ALERT, [(str(flag),) for flag in answer.flags])
    return xml


def render(answer: CallAnswer, app: Services, *, following: int) -> str:
    """The TwiML of an answer; the next turn's number is in its address, so that a repeat can be told."""
    twiml, base = Twiml(), app.settings.public_url.rstrip("/") + "/webhooks/twilio"
    said = [(spoken.text, _voice(spoken.language)) for spoken in answer.said]
    if answer.listening and not answer.hang_up and answer.dial is None:
        heard = voice_of(answer.language)
        listening = Listening(
            heard.gather_language if heard else "en-US",
            KEYS.get(answer.context, 1),
            answer.hints,
            speech=heard is not None,
        )
        twiml.listen(said, listening, f"{base}/voice?turn={following}", slow=answer.slow)
        return twiml.xml()
    for text, speaker in said:
        twiml.say(text, speaker, slow=answer.slow)
    if answer.dial:
        twiml.dial(answer.dial, action=f"{base}/voice-done", whisper=f"{base}/voice-whisper")
    else:
        twiml.hang_up()
    return twiml.xml()


def _voice(language: str) -> Voice:
    found = voice_of(language)
    return Voice(found.say_voice, found.say_language) if found else ENGLISH


def _goodbye(words: str) -> str:
    twiml = Twiml()
    twiml.say(words, ENGLISH)
    twiml.hang_up()
    return twiml.xml()


@blueprint.post("/voice-whisper")
def whisper() -> Response:
    """What a member of staff hears before being connected: that it is a patient, not which one."""
    app = services()
    parameters(request, app)
    twiml = Twiml()
    twiml.say(builtin.TEXTS["voice_whisper"], ENGLISH)
    return Response(twiml.xml(), content_type="text/xml")


@blueprint.post("/voice-done")
def done() -> Response:
    """After a transfer: nobody answered means a call back is promised; the case is in the queue already."""
    app = services()
    params = parameters(request, app)
    if params.get("DialCallStatus") in ("completed", "answered"):
        twiml = Twiml()
        twiml.hang_up()
        return Response(twiml.xml(), content_type="text/xml")
    words = "Nobody could take the call just now. A person will call you back. In an emergency call 911. Goodbye."
    return Response(_goodbye(words), content_type="text/xml")


@blueprint.post("/voice-status")
def voice_status() -> Response:
    """Keep what the carrier says of a call, in the order of its SequenceNumber."""
    app = services()
    params = parameters(request, app)
    with begin(app.sessions) as session:
        now = app.clock.now()
        receipt = record_receipt(
            session,
            ref=request.args.get("ref"),
            sid=params.get("CallSid", ""),
            status=params.get("CallStatus", ""),
            error_code=params.get("ErrorCode") or None,
            sequence=_number(params.get("SequenceNumber")),
            params=params,
            now=now,
        )
        session.flush()
        settle_receipt(session, receipt.id, now)
    RECEIVED.labels("call").inc()
    return thanks()


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


@blueprint.errorhandler(SQLAlchemyError)
def unavailable(error: SQLAlchemyError) -> Response:
    """The database cannot be asked: say so to the caller in a voice, not with a silence."""
    REFUSED.labels("database").inc()
    current_app.logger.error("voice_unavailable %s", type(error).__name__)
    return Response(_goodbye(SORRY), 200, content_type="text/xml")
