"""Telephone calls: the carrier asks what to say next, and tells how a call is going."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import structlog
from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from app.channels.twiml import Listening, Recording, Twiml, Voice
from app.errors import NotFound
from app.flow import builtin
from app.i18n.languages import locale
from app.i18n.speech import voice as voice_of
from app.inbound.call_end import broke_off, staff_took, transferred
from app.inbound.call_turn import CallAnswer, Said
from app.inbound.voice import take_call
from app.outbox.receipts import receive, ref_of
from app.queues import ALERT
from app.services import Services
from app.store import begin
from app.store.faults import of_all, once_more
from app.understanding.warm import warm_beside
from app.webhooks.messages import services, thanks
from app.webhooks.metrics import RECEIVED, REFUSED
from app.webhooks.verify import parameters

blueprint = Blueprint("webhooks_voice", __name__, url_prefix="/webhooks/twilio")
log = structlog.get_logger("careloop.webhooks")
ENGLISH = Voice("Polly.Joanna-Neural", "en-US")
KEYS = {"dob": 8, "scale_0_10": None}
WHISPER_SECONDS = 10


@blueprint.post("/voice")
def voice() -> Response:
    """One turn of a call: the same turn asked twice is answered the same and moves nothing twice."""
    app = services()
    params = parameters(request, app)
    if not params.get("CallSid"):
        REFUSED.labels("malformed").inc()
        return Response("CallSid is missing: this is not a call.", 400)
    ref, turn = ref_of(request.args.get("ref")), _number(request.args.get("turn")) or 0
    # What was said is lost with a turn that met another transaction: nobody says it again to an apology.
    xml = once_more(lambda: _turn(app, params, ref, turn))
    RECEIVED.labels("voice").inc()
    return _twiml(xml)


def _turn(app: Services, params: Mapping[str, str], ref: UUID | None, turn: int) -> str:
    with begin(app.sessions) as session:
        now = app.clock.now()
        call, answer = take_call(session, params, ref=ref, turn=turn, kit=app.kit, now=now)
        if answer is None:
            return str(call.last_twiml)
        xml = call.last_twiml = render(answer, app, call=call.carrier_sid, following=call.turns)
    warm_beside(answer.language)
    app.queues.many(ALERT, [(str(flag),) for flag in answer.flags])
    return xml


def render(answer: CallAnswer, app: Services, *, call: str, following: int) -> str:
    """The TwiML of an answer; the next turn's number is in its address, so that a repeat can be told."""
    twiml, base = Twiml(), app.settings.public_url.rstrip("/") + "/webhooks/twilio"
    said = [_speech(one) for one in answer.said]
    if answer.listening and not answer.hang_up and answer.dial is None:
        action = f"{base}/voice?turn={following}&lang={answer.language}"
        twiml.listen(said, _listening(answer), action, slow=answer.slow)
        return twiml.xml()
    twiml.speak(said, slow=answer.slow)
    if answer.dial:
        whisper = f"{base}/voice-whisper?call={call}&lang={answer.language}"
        twiml.dial(answer.dial, action=f"{base}/voice-done?lang={answer.language}", whisper=whisper)
    else:
        twiml.hang_up()
    return twiml.xml()


def _listening(answer: CallAnswer) -> Listening:
    heard = voice_of(answer.language)
    tag = heard.gather_language if heard else "en-US"
    return Listening(tag, KEYS.get(answer.context, 1), answer.hints, speech=heard is not None)


def _speech(said: Said) -> tuple[str, Voice] | Recording:
    if said.play:
        return Recording(said.play)
    found = voice_of(said.language)
    return said.text, Voice(found.say_voice, found.say_language) if found else ENGLISH


@blueprint.post("/voice-whisper")
def whisper() -> Response:
    """What a member of staff hears first: that it is a patient, not which one. Only a key pressed takes the call.

    Without that, the answering machine of a practice would take it.
    """
    app = services()
    params = parameters(request, app)
    twiml = Twiml()
    if "taken" not in request.args:
        here = f"{app.settings.public_url.rstrip('/')}/webhooks/twilio/voice-whisper"
        action = f"{here}?call={request.args.get('call', '')[:40]}&taken="
        listening = Listening("en-US", 1, speech=False, timeout=WHISPER_SECONDS)
        twiml.listen([(_whispered(request.args.get("lang", "en")), ENGLISH)], listening, action)
        return _twiml(twiml.xml())
    if params.get("Digits"):
        with begin(app.sessions) as session:
            staff_took(session, request.args.get("call", ""))
    else:
        twiml.hang_up()
    return _twiml(twiml.xml())


def _whispered(language: str) -> str:
    speaks = locale("en").languages.get(language, language)[:40]
    return f"{builtin.TEXTS['voice_whisper']} The caller speaks {speaks}."


@blueprint.post("/voice-done")
def done() -> Response:
    """After a transfer: nobody answered means a call back is promised, and a person is told that it is."""
    app = services()
    params = parameters(request, app)
    return _twiml(once_more(lambda: _done(app, params)))


def _done(app: Services, params: Mapping[str, str]) -> str:
    with begin(app.sessions) as session:
        answer = transferred(session, params, kit=app.kit, now=app.clock.now())
        return render(answer, app, call="", following=0)


@blueprint.post("/voice-status")
def voice_status() -> Response:
    """Keep what the carrier says of a call, in the order of its SequenceNumber."""
    app = services()
    params = parameters(request, app)
    receive(
        app.sessions,
        ref=request.args.get("ref"),
        sid=params.get("CallSid", ""),
        status=params.get("CallStatus", ""),
        error_code=params.get("ErrorCode") or None,
        sequence=_number(params.get("SequenceNumber")),
        params=params,
        now=app.clock.now(),
    )
    RECEIVED.labels("call").inc()
    return thanks()


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None


def _twiml(xml: str) -> Response:
    return Response(xml, content_type="text/xml")


# -- when something is wrong on our side ---------------------------------------------------------------------------


@blueprint.errorhandler(Exception)
def sorry(error: Exception) -> Response | HTTPException:
    """An apology in a voice and the caller's language, never a silence; a person is told where that can be done."""
    if isinstance(error, HTTPException):
        return error
    if request.endpoint == "webhooks_voice.voice_status":
        return Response("Something is wrong on our side; try again.", 503, {"Retry-After": "5"})
    away = of_all(error)
    REFUSED.labels("database" if away else "error").inc()
    log.error("voice_failed", problem=type(error).__name__, exc_info=error)
    if not away and not isinstance(error, NotFound):
        _tell(services())
    language = request.args.get("lang", "en")
    said = Said(*_apology(services(), language))
    twiml = Twiml()
    twiml.speak([_speech(said)])
    twiml.hang_up()
    return _twiml(twiml.xml())


def _apology(app: Services, language: str) -> tuple[str, str]:
    text = builtin.text("voice_sorry")
    found = app.catalogs.text(language if voice_of(language) else "en", text.context, text.source)
    return found.text, found.language


def _tell(app: Services) -> None:
    """Put the call that broke off before a person; when that fails, too, the apology still stands."""
    try:
        flag = once_more(lambda: _broke_off(app))
    except Exception as error:
        log.error("voice_untold", problem=type(error).__name__)
        return
    app.queues.many(ALERT, [(str(flag),)] if flag else [])


def _broke_off(app: Services) -> UUID | None:
    ref = ref_of(request.args.get("ref"))
    with begin(app.sessions) as session:
        return broke_off(session, request.form, ref=ref, kit=app.kit, now=app.clock.now())
