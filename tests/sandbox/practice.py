"""A practice that answers webhooks as a test wants, checks signatures, and keeps what it was sent."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl

from twilio.request_validator import RequestValidator

from app.sandbox.web import WebServer

EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


@dataclass
class Asked:
    """One request the practice was sent."""

    method: str
    path: str
    query: str
    form: dict[str, str]
    headers: dict[str, str]
    body: bytes
    signed: bool

    def __getitem__(self, name: str) -> str:
        return self.form[name]


@dataclass
class Practice:
    """`answers` maps a path to a reply, to a list of replies used up one by one, or to a function."""

    token: str
    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.public = ""
        self._lock = threading.Lock()
        self._server = WebServer("127.0.0.1", 0, self._application)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.close()

    def at(self, path: str) -> list[Asked]:
        """What was sent to a path, in the order it came."""
        return [asked for asked in self.asked if asked.path == path]

    def _application(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        asked = self._read(environ)
        with self._lock:
            self.asked.append(asked)
            reply = self.answers.get(asked.path, EMPTY)
            if isinstance(reply, list):
                reply = reply.pop(0) if len(reply) > 1 else reply[0]
        status, body, kind, *onward = _whole(reply(asked) if callable(reply) else reply)
        data = body.encode()
        headers = [("Content-Type", kind), ("Content-Length", str(len(data)))]
        start(f"{status} -", headers + [("Location", each) for each in onward])
        return [data]

    def _read(self, environ: dict[str, Any]) -> Asked:
        body = environ["wsgi.input"].read()
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
        url = (self.public or self.origin) + path + (f"?{query}" if query else "")
        headers = {k[5:]: v for k, v in environ.items() if k.startswith("HTTP_")}
        signed = RequestValidator(self.token).validate(url, form, headers.get("X_TWILIO_SIGNATURE", ""))
        return Asked(environ["REQUEST_METHOD"], path, query, form, headers, body, signed)


def _whole(reply: Any) -> tuple[Any, ...]:
    """Status, body, content type, and where a redirect leads."""
    if isinstance(reply, str):
        return 200, reply, "text/xml"
    return tuple(reply) if len(reply) > 2 else (*reply, "text/xml")
