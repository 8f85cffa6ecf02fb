"""Webhooks as Twilio posts them: signed, with its headers, timeouts, retries and fallback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit
from uuid import uuid4

from app.sandbox.signing import signature, signed_url
from app.sandbox.wire import Answer, Wire

LARGEST = 64 * 1024
Params = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Policy:
    """How often and how long is tried: times in seconds, `on` the reasons that are tried again.

    https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
    """

    connect: float = 5.0
    read: float = 15.0
    retries: int = 1
    on: tuple[str, ...] = ("ct",)

    @classmethod
    def of(cls, url: str) -> Policy:
        """The policy in a URL's fragment (`#ct=2000&rt=8000&rc=3&rp=ct,5xx`), else Twilio's own."""
        given = dict(parse_qsl(urlsplit(url).fragment))
        return cls(
            connect=_between(given.get("ct"), 5000, 100, 10000) / 1000,
            read=_between(given.get("rt"), 15000, 100, 15000) / 1000,
            retries=_between(given.get("rc"), 1, 0, 5),
            on=tuple(given.get("rp", "ct").split(",")),
        )

    def again(self, answer: Answer) -> bool:
        """Whether this failure is one that is tried again."""
        reason = {"connect": "ct", "read": "rt"}.get(answer.error) or f"{answer.status // 100}xx"
        failed = bool(answer.error) or answer.status >= 400
        return failed and (reason in self.on or "all" in self.on)


@dataclass(frozen=True, slots=True)
class Delivered:
    """How a webhook went: the last answer, how often it was tried, Twilio's code when it failed."""

    answer: Answer
    url: str
    attempts: int = 1
    error_code: int = 0
    token: str = ""

    def to_json(self) -> dict[str, Any]:
        """What the sandbox's API tells of it."""
        return {
            "url": self.url,
            "status": self.answer.status,
            "error": self.answer.error,
            "error_code": self.error_code or None,
            "attempts": self.attempts,
        }


class Webhooks:
    """Posts signed forms to the application for one account."""

    def __init__(self, wire: Wire, token: str) -> None:
        self._wire = wire
        self._token = token

    def receipt(self, url: str, params: Params) -> Delivered:
        """A status callback: fire, no TwiML expected, retried only by the URL's own policy."""
        return self._deliver("POST", url, params, voice=False)

    def fetch(
        self, url: str, params: Params, *, method: str = "POST", fallback: str = "", voice: bool
    ) -> Delivered:
        """Ask for TwiML; when that fails the fallback URL is asked, with ErrorCode and ErrorUrl."""
        first = self._deliver(method, url, params, voice=voice)
        if not first.error_code or not fallback:
            return first
        told = [*params, ("ErrorCode", str(first.error_code)), ("ErrorUrl", signed_url(url, voice=voice))]
        return self._deliver("POST", fallback, told, voice=voice)

    def _deliver(self, method: str, url: str, params: Params, *, voice: bool) -> Delivered:
        policy, token, attempts = Policy.of(url), str(uuid4()), 0
        while True:
            attempts += 1
            answer = self._follow(method, url, params, policy, token, voice)
            if attempts > policy.retries or not policy.again(answer):
                return Delivered(answer, url, attempts, _problem(answer), token)

    def _follow(
        self, method: str, url: str, params: Params, policy: Policy, token: str, voice: bool
    ) -> Answer:
        """One try; a redirect turns a POST into a GET without parameters, as it does at Twilio."""
        answer = self._once(method, url, params, policy, token, voice)
        for _ in range(3):
            if answer.status not in (301, 302, 303, 307, 308) or not answer.location:
                break
            url = urljoin(url, answer.location)
            keep = answer.status in (307, 308)
            again = (method, params) if keep else ("GET", [])
            answer = self._once(again[0], url, again[1], policy, token, voice)
        return answer

    def _once(self, method: str, url: str, params: Params, policy: Policy, token: str, voice: bool) -> Answer:
        if method == "GET" and params:
            url = f"{url.partition('#')[0]}{'&' if '?' in url else '?'}{urlencode(params)}"
        form = params if method == "POST" else []
        headers = {
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "I-Twilio-Idempotency-Token": token,
            "X-Twilio-Signature": signature(self._token, signed_url(url, voice=voice), form),
        }
        body = urlencode(form).encode()
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
        return self._wire.send(method, url, body, headers, connect=policy.connect, read=policy.read)


def _problem(answer: Answer) -> int:
    if answer.error or answer.status >= 400 or answer.status < 200:
        return 11200
    return 11750 if len(answer.body) > LARGEST else 0


def _between(text: str | None, default: int, least: int, most: int) -> int:
    try:
        return min(most, max(least, int(text or default)))
    except ValueError:
        return default


def flat(pairs: Sequence[tuple[str, object]]) -> Params:
    """Parameters as text; None is left out."""
    return [(name, str(value)) for name, value in pairs if value is not None]
