"""Webhooks as the carrier sends them, signed and as bytes, ready before the clock starts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import count
from urllib.parse import urlencode

from app.security.signatures import sign

_numbers = count(1)


def request(origin: str, path: str, params: Mapping[str, str], token: str) -> bytes:
    """One signed POST to `origin` + `path` (which may carry a query), as it goes over the wire."""
    body = urlencode(params).encode()
    lines = (
        f"POST {path} HTTP/1.1",
        f"Host: {origin.partition('://')[2]}",
        "User-Agent: TwilioProxy/1.1",
        "Content-Type: application/x-www-form-urlencoded; charset=UTF-8",
        f"X-Twilio-Signature: {sign(origin + path, params, token)}",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def text_params(account: str, sender: str, to: str, body: str) -> dict[str, str]:
    """The parameters of a patient's text (twilio.md §1), with a MessageSid nobody else has."""
    sid = f"SM{next(_numbers):032x}"
    return {
        "MessageSid": sid,
        "SmsSid": sid,
        "SmsMessageSid": sid,
        "AccountSid": account,
        "From": sender,
        "To": to,
        "Body": body,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
        "FromCity": "CHICAGO",
        "FromState": "IL",
        "FromZip": "60614",
        "FromCountry": "US",
        "ToCity": "CHICAGO",
        "ToState": "IL",
        "ToZip": "60601",
        "ToCountry": "US",
    }


def sid_of(made: bytes) -> str:
    """The MessageSid in a request made here."""
    found = re.search(rb"MessageSid=(SM\w{32})", made)
    return found.group(1).decode() if found else ""
