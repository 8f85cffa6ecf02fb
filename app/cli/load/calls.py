"""Calls: how long a caller waits for what is said next."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from html import unescape
from http.client import HTTPConnection
from itertools import count
from urllib.parse import urlencode

from app.cli.load.client import percentile
from app.cli.load.figures import Figure
from app.cli.load.measures import Bench
from app.cli.load.people import Person
from app.cli.load.stack import PRACTICE, NotMeasured, Stack
from app.security.signatures import sign

KEYS = ("01021960", "2", "1", "1", "1", "1", "1")
_ACTION = re.compile(r'<Gather[^>]*\baction="([^"]+)"')
_numbers = count(1)


def call_turns(bench: Bench, people: Sequence[Person]) -> list[Figure]:
    """Patients call in and press keys: the time from each request to its TwiML."""
    waits: list[float] = []
    for person in people[: bench.sizes.calls]:
        waits += _call(bench.stack, person)
    bench.settle()
    return [Figure("a call's turn to TwiML, p95", 1000 * percentile(waits, 0.95), "ms", 300)]


def _call(stack: Stack, person: Person) -> list[float]:
    settings = stack.settings
    params = {
        "CallSid": f"CA{next(_numbers):032x}",
        "AccountSid": str(settings.twilio_account_sid),
        "From": person.number,
        "To": PRACTICE,
        "CallStatus": "in-progress",
        "Direction": "inbound",
        "ApiVersion": "2010-04-01",
    }
    path, waits = "/webhooks/twilio/voice", []
    line = HTTPConnection(*stack.web, timeout=30)
    for keys in ("", *KEYS):
        pressed = {"Digits": keys, "FinishedOnKey": ""} if keys else {}
        began = time.perf_counter()
        xml = _post(line, settings.public_url, path, {**params, **pressed}, settings.twilio_auth_tokens[0])
        waits.append(time.perf_counter() - began)
        action = _ACTION.search(xml)
        if action is None:
            break
        path = unescape(action.group(1)).removeprefix(settings.public_url)
    line.close()
    return waits


def _post(line: HTTPConnection, origin: str, path: str, params: dict[str, str], token: str) -> str:
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": sign(origin + path, params, token),
    }
    line.request("POST", path, urlencode(params), headers)
    answer = line.getresponse()
    body = answer.read().decode()
    if answer.status != 200:
        raise NotMeasured(f"A call's webhook was answered {answer.status}.")
    return body
