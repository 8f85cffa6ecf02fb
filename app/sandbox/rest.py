"""Twilio's REST API, /2010-04-01: who may, faults, errors, lists in pages."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, request

from app.sandbox.carrier import Carrier
from app.sandbox.errors import Refusal, refuse
from app.sandbox.faults import Fault
from app.sandbox.resources import API, account_path

LARGEST_PAGE = 1000
STATUS_CODES = {403: 20003, 404: 20404, 429: 20429, 500: 20500, 503: 20503}


def the_carrier() -> Carrier:
    """The carrier this web application belongs to."""
    carrier: Carrier = current_app.extensions["carrier"]
    return carrier


def new_blueprint(name: str) -> Blueprint:
    """A part of the REST API under the account's path; only the account itself gets in."""
    part = Blueprint(name, __name__, url_prefix=f"/{API}/Accounts/<account>")
    part.before_request(_check_account)
    part.register_error_handler(Refusal, refused)
    return part


def answer(data: Any, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(json.dumps(data), status, mimetype="application/json")


def refused(refusal: Refusal) -> Response:
    """A refusal as Twilio's error JSON, and counted."""
    carrier = the_carrier()
    with carrier.state.lock:
        carrier.state.counters[f"refused_{refusal.code}"] += 1
    return answer(refusal.to_json(), refusal.status)


def credentials(carrier: Carrier) -> frozenset[str]:
    """The Authorization headers that are let in: the account's own, and its API keys'."""
    pairs = [(carrier.config.account_sid, carrier.config.auth_token), *carrier.config.api_keys.items()]
    return frozenset("Basic " + base64.b64encode(f"{u}:{p}".encode()).decode() for u, p in pairs)


def with_faults(on: str, to: str, accept: Callable[[], Response]) -> Response:
    """Do a create request the way the faults in force for this number want it."""
    carrier = the_carrier()
    with carrier.state.lock:
        carrier.state.counters[f"{on}_requests"] += 1
    if not carrier.faults.all:
        return accept()
    slow = carrier.faults.take("latency", to, on)
    if slow is not None:
        time.sleep(slow.seconds)
    fault = carrier.faults.first(("status", "lost_request", "lost_response"), to, on)
    return accept() if fault is None else _faulty(fault, accept)


def _faulty(fault: Fault, accept: Callable[[], Response]) -> Response:
    if fault.kind == "lost_response" or fault.recorded:
        accept()
    if fault.kind == "status":
        code = STATUS_CODES.get(fault.status, 20500)
        raise Refusal(code, refuse(code).message, fault.status)
    _hang_up()
    return Response(status=500)


def _hang_up() -> None:
    """Close the connection without an answer."""
    request.environ["sandbox.hang_up"]()


def page(
    name: str,
    found: Iterable[Any],
    view: Callable[[Any], dict[str, Any]],
    filters: Mapping[str, str],
) -> Response:
    """One page of a list whose items are newest first; `PageToken` says where the next one begins."""
    size = min(LARGEST_PAGE, max(1, request.args.get("PageSize", 50, int)))
    number = request.args.get("Page", 0, int)
    below = _token(request.args.get("PageToken", ""))
    items: list[Any] = []
    more = False
    for item in found:
        if below and item.number >= below:
            continue
        if len(items) == size:
            more = True
            break
        items.append(item)
    path = f"{account_path(the_carrier().config.account_sid)}/{name.capitalize()}.json"
    query = {**filters, "PageSize": str(size)}
    onward = {**query, "Page": str(number + 1), "PageToken": f"PT{items[-1].number}"} if more else None
    first = f"{path}?{urlencode({**query, 'Page': '0'})}"
    return answer(
        {
            "end": number * size + max(0, len(items) - 1),
            "first_page_uri": first,
            "next_page_uri": f"{path}?{urlencode(onward)}" if onward else None,
            "page": number,
            "page_size": size,
            "previous_page_uri": first if number else None,
            "start": number * size,
            "uri": f"{path}?{urlencode(query)}",
            name: [view(item) for item in items],
        }
    )


def _token(text: str) -> int:
    return int(text[2:]) if text[:2] == "PT" and text[2:].isdigit() else 0


def _check_account() -> None:
    arguments = request.view_args or {}
    account = arguments.pop("account", "")
    if request.headers.get("Authorization") not in current_app.extensions["credentials"]:
        raise refuse(20003)
    if account != the_carrier().config.account_sid:
        raise refuse(20404, request.path)
