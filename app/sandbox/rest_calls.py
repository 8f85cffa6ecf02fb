"""/Calls.json and /Calls/{Sid}.json."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from flask import Response, request

from app.sandbox import calls
from app.sandbox.errors import refuse
from app.sandbox.numbers import normal
from app.sandbox.records import Call
from app.sandbox.resources import call_resource
from app.sandbox.rest import answer, new_blueprint, page, the_carrier, with_faults

call_routes = new_blueprint("calls")
FILTERS = ("To", "From", "Status", "ParentCallSid", "StartTime", "StartTime>", "StartTime<")


@call_routes.post("/Calls.json")
def create() -> Response:
    """Make a call."""
    form = request.form
    carrier = the_carrier()

    def accept() -> Response:
        call = calls.create(carrier, form, form.getlist("StatusCallbackEvent"))
        created = answer(call_resource(call, carrier.config.account_sid), 201)
        calls.start(carrier, call)
        return created

    return with_faults("calls", normal(form.get("To", "")) or "", accept)


@call_routes.get("/Calls.json")
def find() -> Response:
    """List calls, newest first, by To, From, Status, ParentCallSid and StartTime (a day, or > and <)."""
    carrier = the_carrier()
    filters = {name: request.args[name] for name in FILTERS if name in request.args}
    with carrier.state.lock:
        newest = list(reversed(carrier.state.calls.values()))
    account = carrier.config.account_sid
    return page("calls", _chosen(newest, filters), lambda call: call_resource(call, account), filters)


@call_routes.get("/Calls/<sid>.json")
def fetch(sid: str) -> Response:
    """One call."""
    return answer(call_resource(_call(sid), the_carrier().config.account_sid))


@call_routes.post("/Calls/<sid>.json")
def update(sid: str) -> Response:
    """End a call, or send a live one to another document."""
    carrier, call = the_carrier(), _call(sid)
    calls.update(carrier, call, request.form)
    return answer(call_resource(call, carrier.config.account_sid))


@call_routes.delete("/Calls/<sid>.json")
def delete(sid: str) -> Response:
    """Forget a call that is over."""
    carrier, call = the_carrier(), _call(sid)
    if not call.over:
        raise refuse(20001)
    with carrier.state.lock:
        del carrier.state.calls[sid]
    return Response(status=204)


def _call(sid: str) -> Call:
    call = the_carrier().state.calls.get(sid)
    if call is None:
        raise refuse(20404, request.path)
    return call


def _chosen(found: list[Call], filters: dict[str, str]) -> Iterator[Call]:
    to, sender = normal(filters.get("To", "")), normal(filters.get("From", ""))
    status, parent = filters.get("Status"), filters.get("ParentCallSid")
    for call in found:
        wrong = (to and call.to != to) or (sender and call.sender != sender)
        other = (status and call.status != status) or (parent and call.parent != parent)
        if not wrong and not other and _begun(call, filters):
            yield call


def _begun(call: Call, filters: dict[str, str]) -> bool:
    """Whether a call began when the filters say; one that was never answered began when it was made."""
    began = call.started or call.created
    for name, text in filters.items():
        if not name.startswith("StartTime"):
            continue
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            raise refuse(20001) from None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        day = timedelta(days=1) if len(text) == 10 else timedelta()
        fits = {"StartTime>": began >= at, "StartTime<": began < at + (day or timedelta(microseconds=1))}
        if not fits.get(name, at <= began < at + timedelta(days=1)):
            return False
    return True
