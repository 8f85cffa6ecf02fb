"""The twilio SDK pointed at a sandbox, and the sandbox's own API."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "a-token-of-the-tests"
SERVICE = "MG" + "0" * 32
LINE = "+13125550100"
PATIENT = "+13125550111"
OTHER = "+17735550127"


class Swapped(TwilioHttpClient):
    """The SDK's own client; only the origin is another."""

    def __init__(self, origin: str) -> None:
        super().__init__(timeout=10)
        self.origin = urlsplit(origin)

    def request(self, method: str, url: str, *args: Any, **more: Any) -> Response:
        parts = urlsplit(url)
        assert parts.hostname == "api.twilio.com"
        return super().request(method, urlunsplit(self.origin[:2] + parts[2:]), *args, **more)

    def close(self) -> None:
        if self.session is not None:
            self.session.close()


class Api:
    """The sandbox's own API."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.session = requests.Session()

    def __call__(self, method: str, path: str, expect: int | None = None, **body: Any) -> Any:
        answer = self.session.request(
            method, f"{self.origin}/sandbox/api{path}", json=body or None, timeout=20
        )
        wanted = (expect,) if expect else (200, 201, 204)
        assert answer.status_code in wanted, (answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def settle(self) -> None:
        assert self("POST", "/settle")["settled"]

    def text(self, body: str, sender: str = PATIENT, **more: Any) -> Any:
        return self("POST", "/texts", **{"from": sender, "body": body, **more})
