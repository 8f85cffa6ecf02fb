"""A client that costs little beside what it measures: kept connections, requests as bytes, one loop."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final

CHUNK: Final = 65_536


@dataclass(slots=True)
class Result:
    """What a run gave: seconds it took, each answer's latency in seconds, and how many answers were not 2xx."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    refused: int = 0

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return (len(self.latencies) - self.refused) / self.seconds if self.seconds else 0.0


def percentile(values: list[float], share: float) -> float:
    """The value below which this share (0 to 1) lies; 0.0 of nothing."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))] if ranked else 0.0


class _Line:
    """One kept connection and the request that is under way on it."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.began = 0.0
        self._got = b""

    def send(self, request: bytes) -> None:
        self.began, self._got = time.perf_counter(), b""
        self.socket.sendall(request)

    def take(self) -> int:
        """Read what is there; the status once the answer is whole, 0 before, -1 when the server hung up."""
        data = self.socket.recv(CHUNK)
        if not data:
            return -1
        self._got += data
        head, found, body = self._got.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return 0
        return int(head[9:12])


def blast(
    address: tuple[str, int], requests: Iterator[bytes], *, connections: int = 16, seconds: float = 600.0
) -> Result:
    """Send requests, one at a time on each connection, until they or the seconds run out."""
    result, lines = Result(), {}
    with selectors.DefaultSelector() as selector, ExitStack() as stack:
        began = time.perf_counter()
        for _ in range(connections):
            line = _Line(address)
            stack.callback(line.socket.close)
            if _next(line, requests):
                lines[line.socket] = line
                selector.register(line.socket, selectors.EVENT_READ, line)
        while lines:
            for key, _ in selector.select(timeout=30):
                if not _served(key.data, result, requests, began + seconds):
                    selector.unregister(key.data.socket)
                    del lines[key.data.socket]
        result.seconds = time.perf_counter() - began
    return result


def paced(address: tuple[str, int], requests: list[bytes], rate: float, *, connections: int = 16) -> Result:
    """Send requests at a steady rate whatever the answers take (open loop), on as many connections as needed."""
    result, busy = Result(), 0
    free: list[_Line] = []
    with selectors.DefaultSelector() as selector, ExitStack() as stack:
        began = time.perf_counter()
        for number, request in enumerate(requests):
            due = began + number / rate
            while (wait := due - time.perf_counter()) > 0 or (not free and busy >= connections):
                for key, _ in selector.select(timeout=max(wait, 0.0005)):
                    if _served(key.data, result, iter(()), 0.0) is False:
                        free.append(key.data)
                        busy -= 1
            line = free.pop() if free else _opened(address, selector, stack)
            line.send(request)
            busy += 1
        while busy:
            for key, _ in selector.select(timeout=30):
                if _served(key.data, result, iter(()), 0.0) is False:
                    busy -= 1
        result.seconds = time.perf_counter() - began
    return result


def _opened(address: tuple[str, int], selector: selectors.BaseSelector, stack: ExitStack) -> _Line:
    line = _Line(address)
    stack.callback(line.socket.close)
    selector.register(line.socket, selectors.EVENT_READ, line)
    return line


def _served(line: _Line, result: Result, requests: Iterator[bytes], until: float) -> bool:
    """Take what came on a line and send the next request; False when the line has no more to do."""
    status = line.take()
    if status == 0:
        return True
    now = time.perf_counter()
    result.latencies.append(now - line.began)
    result.refused += not 200 <= status < 300
    return status > 0 and now < until and _next(line, requests)


def _next(line: _Line, requests: Iterator[bytes]) -> bool:
    request = next(requests, None)
    if request is not None:
        line.send(request)
    return request is not None


def _length(head: bytes) -> int:
    for row in head.split(b"\r\n"):
        name, _, value = row.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
