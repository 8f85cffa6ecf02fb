"""The sandbox's own HTTP API: everything the page does, and what tests need to see."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request

from app.sandbox import calls, hearing, inbound, ringing, stories
from app.sandbox.carrier import Carrier
from app.sandbox.config import Line, practice_line
from app.sandbox.errors import Refusal, refuse
from app.sandbox.numbers import normal
from app.sandbox.people import PEOPLE
from app.sandbox.records import Call
from app.sandbox.rest import answer, the_carrier
from app.sandbox.rest_media import media_of, message_of
from app.sandbox.ringing import RULES
from app.sandbox.state import Phone
from app.sandbox.views import call_view, message_view, person_view, phone_view
from app.sandbox.walk import Walk

api = Blueprint("api", __name__, url_prefix="/sandbox/api")
LINES = ("mobile", "landline", "landline_refused", "unreachable", "unknown", "filtered")


@api.errorhandler(Refusal)
def refused(refusal: Refusal) -> Response:
    """A refusal in the carrier's own form."""
    return answer(refusal.to_json(), refusal.status)


@api.before_request
def json_only() -> None:
    """Changes come as JSON, which no foreign page can post here without being asked first."""
    if request.method in ("POST", "PUT") and request.content_length and not request.is_json:
        raise refuse(20001)


@api.get("/people")
def people() -> Response:
    """The invented patients."""
    return answer({"people": [person_view(person) for person in PEOPLE]})


@api.post("/texts")
def send_text() -> Response:
    """A patient sends a text."""
    return answer(message_view(inbound.text(the_carrier(), _body())), 201)


@api.get("/threads")
def threads() -> Response:
    """All phones that were texted or called, the one with the latest text first."""
    state = the_carrier().state
    called = [call.patient for call in state.calls.values()]
    listed = list(dict.fromkeys([*state.texted(), *called]))
    return answer(
        {"threads": [{**phone_view(number), "texts": len(state.thread(number))} for number in listed]}
    )


@api.get("/threads/<number>")
def thread(number: str) -> Response:
    """One phone: its texts and calls, oldest first."""
    carrier, known = the_carrier(), _number(number)
    return answer(
        {
            **phone_view(known),
            "blocked": any(patient == known for _, patient in carrier.state.blocks),
            "messages": [message_view(message) for message in carrier.state.thread(known)],
            "calls": [call_view(call) for call in carrier.state.calls_with(known)],
        }
    )


@api.get("/messages")
def messages() -> Response:
    """Texts of the practice, oldest first; with `count` it waits up to `timeout` seconds for that many."""
    carrier, args = the_carrier(), request.args
    to = _number(args["to"]) if "to" in args else ""
    status, origin = args.get("status"), args.get("origin", "app")

    def found() -> list[dict[str, Any]]:
        chosen = carrier.state.by_to.get(to, []) if to else list(carrier.state.messages.values())
        return [message_view(m) for m in chosen if origin in (m.origin, "any") and status in (None, m.status)]

    count = args.get("count", 0, int)
    carrier.state.wait(lambda: not count or len(found()) >= count, args.get("timeout", 5.0, float))
    return answer({"messages": found()})


@api.get("/media/<sid>/<media_sid>")
def media(sid: str, media_sid: str) -> Response:
    """An attachment, for the page that shows the phones."""
    found = media_of(message_of(sid), media_sid)
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}
    return Response(found.data, mimetype=found.content_type, headers=headers)


@api.get("/requests")
def requests() -> Response:
    """How many creates were asked, refused and accepted; `accepted` counts each pair of to and body."""
    state = the_carrier().state
    with state.lock:
        pairs = [{"to": to, "body": body, "count": n} for (to, body), n in state.accepted.items()]
        return answer({"counters": dict(state.counters), "accepted": pairs})


@api.get("/failures")
def failures() -> Response:
    """What the application did wrong: webhooks that failed, TwiML that is not right, loops."""
    return answer({"failures": list(the_carrier().state.failures)})


@api.post("/calls")
def call_in() -> Response:
    """A patient calls the practice."""
    return answer(call_view(calls.call_in(the_carrier(), _body())), 201)


@api.get("/calls")
def call_list() -> Response:
    """Calls, oldest first; with `count` it waits for that many calls in `status`."""
    carrier, args = the_carrier(), request.args
    number, status = _number(args["to"]) if "to" in args else "", args.get("status")

    def found() -> list[dict[str, Any]]:
        chosen = carrier.state.calls_with(number) if number else list(carrier.state.calls.values())
        return [call_view(call) for call in chosen if status in (None, call.status)]

    count = args.get("count", 0, int)
    carrier.state.wait(lambda: not count or len(found()) >= count, args.get("timeout", 5.0, float))
    return answer({"calls": found()})


@api.get("/calls/<sid>")
def call(sid: str) -> Response:
    """One call: transcript, what is awaited, webhooks, failures."""
    return answer(call_view(_call(sid)))


@api.post("/calls/<sid>/<act>")
def in_call(sid: str, act: str) -> Response:
    """The patient does something in a call; answers when the call waits again or is over."""
    this, given = _call(sid), _body()
    if act not in ACTS:
        raise refuse(20404, request.path)
    ACTS[act](the_carrier(), this, given)
    return answer(call_view(this))


def _walk(carrier: Carrier, this: Call) -> Walk:
    walk = carrier.walks.get(this.sid)
    if walk is None or this.over:
        raise refuse(21220)
    return walk


def _answer(carrier: Carrier, this: Call, given: dict[str, Any]) -> None:
    ringing.answer(carrier, this, str(given.get("by", "human")))


def _decline(carrier: Carrier, this: Call, given: dict[str, Any]) -> None:
    ringing.not_answered(carrier, this, "busy")


def _no_answer(carrier: Carrier, this: Call, given: dict[str, Any]) -> None:
    ringing.not_answered(carrier, this, "no-answer")


def _digits(carrier: Carrier, this: Call, given: dict[str, Any]) -> None:
    walk, keys = _walk(carrier, this), str(given.get("digits", ""))
    if not keys or set(keys) - set("0123456789*#"):
        raise refuse(20001)
    walk.tell(lambda: hearing.press(walk, keys, more=bool(given.get("more"))))
    walk.rest()


def _speech(carrier: Carrier, this: Call, given: dict[str, Any]) -> None:
    walk, words = _walk(carrier, this), str(given.get("text", "")).strip()
    if not words:
        raise refuse(20001)
    walk.tell(lambda: hearing.say(walk, words, float(given.get("confidence", hearing.SURE))))
    walk.rest()


def _silence(carrier: Carrier, this: Call, given: dict[str, Any]) -> None:
    walk = _walk(carrier, this)
    walk.tell(lambda: hearing.silence(walk))
    walk.rest()


def _hang_up(carrier: Carrier, this: Call, given: dict[str, Any]) -> None:
    hearing.hang_up(_walk(carrier, this))


ACTS = {
    "answer": _answer,
    "decline": _decline,
    "no-answer": _no_answer,
    "digits": _digits,
    "speech": _speech,
    "silence": _silence,
    "hangup": _hang_up,
}


@api.post("/stories")
def story() -> Response:
    """Something happens to an invented patient: the application is told; 502 when it did not take it."""
    given = _body()
    told = stories.tell(the_carrier(), str(given.get("kind")), _number(str(given.get("number", ""))))
    return answer(told.to_json(), 200 if told.ok else 502)


@api.get("/faults")
def fault_list() -> Response:
    """The faults in force."""
    return answer({"faults": [fault.to_json() for fault in the_carrier().faults.all]})


@api.post("/faults")
def fault_add() -> Response:
    """Put a fault in force."""
    return answer(the_carrier().faults.add(_body()).to_json(), 201)


@api.delete("/faults")
@api.delete("/faults/<int:fault_id>")
def fault_clear(fault_id: int | None = None) -> Response:
    """Take one fault, or all, out of force."""
    the_carrier().faults.clear(fault_id)
    return Response(status=204)


@api.put("/phones/<number>")
def phone_set(number: str) -> Response:
    """How a patient's number behaves: `answers` when called, `line` when texted."""
    carrier, known, given = the_carrier(), _number(number), _body()
    old = carrier.phone(known)
    phone = Phone(str(given.get("answers", old.answers)), str(given.get("line", old.line)))
    if phone.answers not in RULES or phone.line not in LINES:
        raise refuse(20001)
    with carrier.state.lock:
        carrier.state.phones[known] = phone
    return answer({**phone_view(known), "answers": phone.answers, "line": phone.line})


@api.put("/numbers/<number>")
def line_set(number: str) -> Response:
    """A number of the practice and its webhooks; what is left out stays, or is the application's own."""
    carrier, known, given = the_carrier(), _number(number), _body()
    service = next(iter(carrier.config.services), "")
    old = carrier.state.lines.get(known) or practice_line(known, carrier.config.origin, service)
    if set(given) - (set(Line.__slots__) - {"number"}):
        raise refuse(20001)
    line = replace(old, **given)
    with carrier.state.lock:
        carrier.state.lines[known] = line
        if line.service:
            carrier.state.services.setdefault(line.service, {"advanced_opt_out": False})
    return answer({name: getattr(line, name) for name in Line.__slots__})


@api.put("/services/<sid>")
def service_set(sid: str) -> Response:
    """A Messaging Service: `{"advanced_opt_out": bool}`."""
    carrier = the_carrier()
    with carrier.state.lock:
        service = carrier.state.services.setdefault(sid, {"advanced_opt_out": False})
        service["advanced_opt_out"] = bool(_body().get("advanced_opt_out", False))
    return answer({"sid": sid, **service})


@api.post("/advance")
def advance() -> Response:
    """Move the sandbox's clock `seconds` forward; what becomes due happens before the answer."""
    carrier = the_carrier()
    carrier.timeline.advance(timedelta(seconds=float(_body().get("seconds", 0))))
    carrier.settle(10.0)
    return answer({"now": carrier.timeline.now().isoformat()})


@api.post("/settle")
def settle() -> Response:
    """Wait until everything due has been posted; `settled` is false when `timeout` seconds are too few."""
    return answer({"settled": the_carrier().settle(float(_body().get("timeout", 10.0)))})


@api.post("/reset")
def reset() -> Response:
    """Forget all messages, calls, opt-outs, faults and counters."""
    the_carrier().reset()
    return answer({"reset": True})


@api.get("/events")
def events() -> Response:
    """Server-sent events: message, call, failure, reset; `data` is what the API shows of each."""
    stream = the_carrier().events.stream()
    return Response(stream, mimetype="text/event-stream", headers={"Cache-Control": "no-store"})


def _body() -> dict[str, Any]:
    given = request.get_json(silent=True) if request.content_length else {}
    if not isinstance(given, dict):
        raise refuse(20001)
    return given


def _number(text: str) -> str:
    known = normal(text)
    if not known:
        raise refuse(21211, text)
    return known


def _call(sid: str) -> Call:
    found = the_carrier().state.calls.get(sid)
    if found is None:
        raise refuse(20404, request.path)
    return found
