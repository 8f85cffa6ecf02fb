"""Patients' files at Twilio: fetched with the account's key, sent on without it, deleted through the SDK."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar
from urllib.parse import urljoin, urlsplit

import urllib3
from twilio.rest import Client
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Timeout, make_headers

from app.channels.addresses import SID, Guard
from app.channels.base import Fetched, FileError, SendError, Trouble
from app.channels.http import pool
from app.channels.twilio_client import asked, make_client
from app.settings import Settings

T = TypeVar("T")
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
MOST_HOPS = 2
CONNECT_SECONDS = 5.0
READ_SECONDS = 5.0
PATIENCE = 20.0
"""Seconds for a whole file, all its hops together: a worker that fetches answers nobody meanwhile."""
PIECE = 64 * 1024


class TwilioMedia:
    """The Media subresource of messages (D/messaging/api/media-resource); for one worker at a time."""

    def __init__(
        self, client: Client, *, origin: str, guard: Guard, most: int, patience: float = PATIENCE
    ) -> None:
        self._client = client
        self._origin = origin.rstrip("/")
        self._guard = guard
        self._most = most
        self._patience = patience
        self._auth = make_headers(basic_auth=f"{client.username}:{client.password}")
        self._pools: dict[str, urllib3.PoolManager] = {}

    def listed(self, message_sid: str) -> list[str]:
        """The ids of a text's files; the carrier tells no order, so they are sorted: each look gives the same."""
        _known("message", message_sid)
        return sorted(_asked(lambda: [row.sid for row in self._client.messages(message_sid).media.list()]))

    def fetch(self, message_sid: str, sid: str) -> Fetched:
        """One file: the carrier answers with a short-lived address at its storage, which gets no credentials."""
        _known("message", message_sid)
        _known("media", sid)
        account = self._client.account_sid
        url = f"{self._origin}/2010-04-01/Accounts/{account}/Messages/{message_sid}/Media/{sid}"
        headers: Mapping[str, str] = self._auth
        stop = time.monotonic() + self._patience
        for _ in range(MOST_HOPS + 1):
            answer = self._ask(url, headers)
            try:
                if answer.status not in REDIRECTS:
                    return self._taken(answer, stop, asked_with_key=bool(headers))
                url, headers = urljoin(url, answer.headers.get("Location", "")), {}
            finally:
                # What was not read to its end may not be waited for, and its connection not used again.
                answer.close()
        raise FileError(Trouble.UNSAFE, "sent on too often")

    def remove(self, message_sid: str, sid: str) -> None:
        """Delete the file at the carrier."""
        _known("message", message_sid)
        _known("media", sid)
        try:
            _asked(lambda: self._client.messages(message_sid).media(sid).delete())
        except FileError as problem:
            if problem.trouble is not Trouble.MISSING:
                raise

    def _ask(self, url: str, headers: Mapping[str, str]) -> BaseHTTPResponse:
        self._guard.require(url)
        parts = urlsplit(url)
        own = f"{parts.scheme}://{parts.netloc}"
        connections = self._pools.setdefault(own, pool(own))
        wait = Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        options: dict[str, Any] = {
            "timeout": wait,
            "retries": False,
            "redirect": False,
            "preload_content": False,
        }
        try:
            return connections.request("GET", url, headers=headers, **options)
        except (HTTPError, OSError) as error:
            raise FileError(Trouble.LATER, type(error).__name__) from error

    def _taken(self, answer: BaseHTTPResponse, stop: float, *, asked_with_key: bool) -> Fetched:
        if answer.status != 200:
            raise FileError(_trouble(answer.status, asked_with_key), f"status {answer.status}")
        told = answer.headers.get("Content-Length", "")
        if told.isdigit() and int(told) > self._most:
            raise FileError(Trouble.BIG, f"{told} bytes")
        try:
            data = self._read(answer, stop)
        except (HTTPError, OSError) as error:
            raise FileError(Trouble.LATER, type(error).__name__) from error
        if told.isdigit() and len(data) < int(told):
            raise FileError(Trouble.LATER, "the connection broke")
        return Fetched(data, answer.headers.get("Content-Type", ""))

    def _read(self, answer: BaseHTTPResponse, stop: float) -> bytes:
        data = bytearray()
        # Not unpacked: a small answer must not become a large one in here.
        while piece := answer.read1(PIECE, decode_content=False):
            data += piece
            if len(data) > self._most:
                raise FileError(Trouble.BIG, f"more than {self._most} bytes")
            if time.monotonic() > stop:
                raise FileError(Trouble.LATER, f"not whole after {self._patience:g} s")
        return bytes(data)


def make_files(settings: Settings) -> TwilioMedia:
    """The files of this account; NotConfigured when the account is missing."""
    guard = Guard(settings.twilio_api_origin, settings.twilio_media_hosts)
    most = settings.media_max_mb * 1_000_000
    return TwilioMedia(make_client(settings), origin=settings.twilio_api_origin, guard=guard, most=most)


def _asked(call: Callable[[], T]) -> T:
    """The result of an SDK call; its failures in the terms of files."""
    try:
        return asked(call)
    except SendError as problem:
        known = {"20404": Trouble.MISSING, "20003": Trouble.CLOSED}
        raise FileError(known.get(problem.problem, Trouble.LATER), problem.problem) from problem


def _known(kind: str, sid: str) -> None:
    if not SID[kind].fullmatch(sid):
        raise FileError(Trouble.UNSAFE, f"no id of a {kind}")


def _trouble(status: int, asked_with_key: bool) -> Trouble:
    if status in (404, 410):
        return Trouble.MISSING
    # The storage refuses an address that has grown old: the next try gets a fresh one.
    return Trouble.CLOSED if status in (401, 403) and asked_with_key else Trouble.LATER
