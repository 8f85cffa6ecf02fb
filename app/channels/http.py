"""The SDK's way to the network: its requests, sent to the configured origin, errors saying what is known."""

from __future__ import annotations

import logging
import ssl
import urllib.request
from typing import Any
from urllib.parse import urlencode, urlsplit

import certifi
import urllib3
from twilio.http import HttpClient
from twilio.http.response import Response
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError
from urllib3.util import Timeout, make_headers

from app.channels.base import SendError
from app.channels.errors import policy
from app.errors import CareloopError

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
"""Longer than the carrier may need before it gives up (26 s): a shorter wait makes outcomes unknown."""
LIST_SECONDS = 10.0
"""Asking changes nothing, so nothing is lost by not waiting: while lists hang, a worker is not held up long."""
CONNECTIONS = 32
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class OriginError(CareloopError):
    """TWILIO_API_ORIGIN cannot be used."""

    code = "carrier_origin"


class OriginClient(HttpClient):  # type: ignore[misc]  # the SDK ships without types
    """Sends what the SDK asks for to `origin` instead of *.twilio.com, which nothing else may be.

    The SDK's own client can hand a response from one thread to another (it keeps the last one on itself),
    waits for ever and logs numbers; this one does none of it.
    """

    def __init__(self, origin: str, *, production: bool) -> None:
        super().__init__(logging.getLogger("twilio.http_client"), False, READ_SECONDS)
        if production and not origin.startswith("https://"):
            raise OriginError("TWILIO_API_ORIGIN must begin with https:// in production.")
        self._origin = origin.rstrip("/")
        self._pool = pool(self._origin)

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """One request, never repeated. SendError: kind retry when it provably was not sent, else unknown."""
        url = self._at_origin(uri, params)
        wait = LIST_SECONDS if method.upper() == "GET" else READ_SECONDS
        body = urlencode(data, doseq=True).encode() if data else None
        sent = {**(headers or {}), **(make_headers(basic_auth=":".join(auth)) if auth else {})}
        try:
            answer = self._pool.request(
                method.upper(),
                url,
                body=body,
                headers=sent,
                timeout=Timeout(connect=CONNECT_SECONDS, read=wait),
                retries=False,
                redirect=False,
            )
        except (NewConnectionError, ConnectTimeoutError) as error:
            raise _error("connect") from error
        except SSLError as error:
            refused = isinstance(error.args[0] if error.args else None, ssl.SSLCertVerificationError)
            raise _error("certificate" if refused else "lost") from error
        except (HTTPError, OSError) as error:
            raise _error("lost") from error
        return Response(answer.status, answer.data.decode("utf-8", "replace"), answer.headers)

    def _at_origin(self, uri: str, params: dict[str, Any] | None) -> str:
        parts = urlsplit(uri)
        if not (parts.hostname or "").endswith(".twilio.com"):
            raise OriginError("the SDK asked for a host that is not Twilio's")
        query = urlencode(params, doseq=True) if params else parts.query
        return f"{self._origin}{parts.path}{'?' + query if query else ''}"


def _error(code: str) -> SendError:
    known = policy(code)
    return SendError(known.kind, known.code, known.words)


def pool(origin: str) -> urllib3.PoolManager:
    """Connections towards this origin, over the machine's proxy where it has one; certificates are checked."""
    parts = urlsplit(origin)
    options: dict[str, Any] = {"maxsize": CONNECTIONS, "ca_certs": certifi.where()}
    proxy = urllib.request.getproxies().get(parts.scheme)
    if parts.hostname in _THIS_MACHINE:
        proxy = None  # The sandbox: no proxy finds it, and nothing is to leave the machine.
    if proxy and not urllib.request.proxy_bypass(parts.hostname or ""):
        return urllib3.ProxyManager(proxy, **options)
    return urllib3.PoolManager(**options)
