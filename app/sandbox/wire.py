"""HTTP towards the application: keep-alive connections, and an answer that never raises."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

IDLE_SECONDS = 1.5
KEPT = 64


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `error` is "" or why nothing did: connect, read or address."""

    status: int = 0
    body: bytes = b""
    content_type: str = ""
    location: str = ""
    error: str = ""

    @property
    def ok(self) -> bool:
        """Whether the other side took it."""
        return 200 <= self.status < 300


class _Connection(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class Wire:
    """Sends requests; `routes` says where an origin is really reached (public origin → local address)."""

    def __init__(self, routes: Mapping[str, str]) -> None:
        self._routes = {origin: address for origin, address in routes.items() if origin}
        self._idle: dict[str, deque[tuple[float, HTTPConnection]]] = {}
        self._lock = threading.Lock()
        self._closed = False

    def send(
        self,
        method: str,
        url: str,
        body: bytes,
        headers: Mapping[str, str],
        *,
        connect: float = 5.0,
        read: float = 15.0,
    ) -> Answer:
        """One request and its answer; times are seconds. A connection found stale is replaced once."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return Answer(error="address")
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        address = self._routes.get(origin, origin)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = {"Host": parts.netloc.rpartition("@")[2], **headers}
        kept = self._kept(address)
        if kept is not None:
            answer = self._over(kept, address, method, target, body, sent, read)
            if answer.error != "stale":
                return answer
        fresh = _open(address, connect)
        if fresh is None:
            return Answer(error="connect")
        answer = self._over(fresh, address, method, target, body, sent, read)
        return Answer(error="read") if answer.error == "stale" else answer

    def close(self) -> None:
        """End the connections that are kept."""
        with self._lock:
            kept = [connection for idle in self._idle.values() for _, connection in idle]
            self._idle.clear()
            self._closed = True
        for connection in kept:
            connection.close()

    def _over(
        self,
        connection: HTTPConnection,
        address: str,
        method: str,
        target: str,
        body: bytes,
        headers: Mapping[str, str],
        read: float,
    ) -> Answer:
        try:
            connection.sock.settimeout(read)
            connection.request(method, target, body or None, dict(headers))
            response = connection.getresponse()
            answer = _answer(response)
        except TimeoutError:
            connection.close()
            return Answer(error="read")
        except (OSError, HTTPException):
            connection.close()
            return Answer(error="stale")
        if response.will_close:
            connection.close()
        else:
            self._keep(address, connection)
        return answer

    def _kept(self, address: str) -> HTTPConnection | None:
        while True:
            with self._lock:
                idle = self._idle.get(address)
                if not idle:
                    return None
                since, connection = idle.pop()
            fresh = time.monotonic() - since < IDLE_SECONDS
            if fresh and connection.sock and not select.select([connection.sock], [], [], 0)[0]:
                return connection
            connection.close()

    def _keep(self, address: str, connection: HTTPConnection) -> None:
        with self._lock:
            idle = self._idle.setdefault(address, deque())
            idle.append((time.monotonic(), connection))
            extra = idle.popleft()[1] if self._closed or len(idle) > KEPT else None
        if extra is not None:
            extra.close()


def _open(address: str, timeout: float) -> HTTPConnection | None:
    parts = urlsplit(address)
    make = HTTPSConnection if parts.scheme == "https" else _Connection
    try:
        connection = make(parts.hostname or "", parts.port, timeout=timeout)
        connection.connect()
    except (OSError, ValueError):
        return None
    return connection


def _answer(response: HTTPResponse) -> Answer:
    return Answer(
        status=response.status,
        body=response.read(),
        content_type=response.getheader("Content-Type", "") or "",
        location=response.getheader("Location", "") or "",
    )
