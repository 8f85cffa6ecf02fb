"""Below the SDK: where requests go, what is asked exactly, and what a broken wire means."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl

import pytest
import urllib3
from twilio.base.exceptions import TwilioRestException, TwilioServiceException

from app.channels import http
from app.channels.base import Kind, Outgoing, SendError
from app.channels.carriers import make_carriers
from app.channels.errors import Consequence, answered, codes, policy
from app.channels.http import OriginClient, OriginError, pool
from app.channels.twilio_client import asked
from app.sandbox.web import WebServer
from app.settings import Settings

REF = "0123456789abcdef0123456789abcdef"
MADE = '{"sid": "SM1", "status": "queued", "account_sid": "AC0"}'


class Wire:
    """A web server that answers what it is told and keeps what it was asked."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, dict[str, str], str]] = []
        self.answer: tuple[str, str] = ("201 Created", MADE)
        self._server = WebServer("127.0.0.1", 0, self._app)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def _app(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        body = environ["wsgi.input"].read().decode()
        headers = {k: v for k, v in environ.items() if k.startswith("HTTP_")}
        target = environ["PATH_INFO"] + "?" + environ["QUERY_STRING"]
        self.requests.append((environ["REQUEST_METHOD"], target, headers, body))
        data = self.answer[1].encode()
        start(self.answer[0], [("Content-Type", "application/json"), ("Content-Length", str(len(data)))])
        return [data]

    @contextmanager
    def serving(self) -> Iterator[Wire]:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        yield self
        self._server.shutdown()
        self._server.close()


@pytest.fixture
def wire() -> Iterator[Wire]:
    with Wire().serving() as wire:
        yield wire


@pytest.fixture
def carriers(wire: Wire, make_settings: Callable[..., Settings]) -> Any:
    return make_carriers(
        make_settings(
            TWILIO_API_ORIGIN=wire.origin,
            PUBLIC_URL="http://localhost:8000",
            TWILIO_WHATSAPP_NUMBER="+13125550101",
        )
    )


def form(wire: Wire) -> dict[str, str]:
    return dict(parse_qsl(wire.requests[-1][3]))


def test_a_text_exactly(wire: Wire, carriers: Any) -> None:
    carriers["sms"].send(Outgoing(REF, "+13125550123", "Hi + ü & 你", valid=3601))
    method, target, headers, _ = wire.requests[-1]
    assert (method, target) == ("POST", f"/2010-04-01/Accounts/AC{'0' * 32}/Messages.json?")
    assert headers["HTTP_AUTHORIZATION"].startswith("Basic ")
    assert form(wire) == {
        "To": "+13125550123",
        "From": "+13125550100",
        "Body": "Hi + ü & 你",
        "ValidityPeriod": "3601",
        "StatusCallback": f"http://localhost:8000/webhooks/twilio/message-status?ref={REF}",
    }


@pytest.mark.parametrize(("valid", "sent"), [(1, "5"), (0, "5"), (100_000, "36000"), (60, "60")])
def test_validity_is_what_the_carrier_takes(wire: Wire, carriers: Any, valid: int, sent: str) -> None:
    carriers["sms"].send(Outgoing(REF, "+13125550123", "x", valid=valid))
    assert form(wire)["ValidityPeriod"] == sent


def test_a_call_exactly(wire: Wire, carriers: Any) -> None:
    wire.answer = ("201 Created", MADE.replace("SM1", "CA1"))
    carriers["voice"].send(Outgoing(REF, "+13125550123"))
    assert parse_qs(wire.requests[-1][3]) == {
        "To": ["+13125550123"],
        "From": ["+13125550100"],
        "Url": [f"http://localhost:8000/webhooks/twilio/voice?ref={REF}"],
        "Method": ["POST"],
        "StatusCallback": [f"http://localhost:8000/webhooks/twilio/voice-status?ref={REF}"],
        "StatusCallbackMethod": ["POST"],
        "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
        "MachineDetection": ["DetectMessageEnd"],
        "Timeout": ["30"],
        "TimeLimit": ["1800"],
    }


def test_whatsapp_is_the_same_with_its_prefix(wire: Wire, carriers: Any) -> None:
    carriers["whatsapp"].send(Outgoing(REF, "+13125550123", "x"))
    assert (form(wire)["To"], form(wire)["From"]) == ("whatsapp:+13125550123", "whatsapp:+13125550101")


@pytest.mark.parametrize(
    "answer",
    [
        ("201 Created", "<html>"),
        ("201 Created", "[]"),
        ("201 Created", "{}"),
        ("200 OK", '{"sid": null}'),
        ("502 Bad Gateway", "<html>"),
        ("500 Error", '{"code": 21211, "message": "x", "status": 500}'),
        ("503 Busy", '{"type": "t", "title": "busy", "status": 503, "code": 20503}'),
    ],
)
def test_an_answer_nobody_can_trust_is_unknown(wire: Wire, carriers: Any, answer: tuple[str, str]) -> None:
    wire.answer = answer
    with pytest.raises(SendError) as caught:
        carriers["sms"].send(Outgoing(REF, "+13125550123", "x"))
    assert caught.value.kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    "answer", [("503 Busy", "{}"), ("200 OK", "<html>"), ("200 OK", '{"messages": [{}]}')]
)
def test_a_list_that_cannot_be_had(wire: Wire, carriers: Any, now: datetime, answer: tuple[str, str]) -> None:
    wire.answer = answer
    for channel in ("sms", "voice"):
        with pytest.raises(SendError):
            carriers[channel].find("+13125550123", now)


@contextmanager
def broken(behave: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that takes one connection and misbehaves."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            peer, _ = server.accept()
            with peer:
                peer.recv(65536)
                behave(peer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join()


@pytest.mark.parametrize(
    "behave",
    [
        lambda peer: None,
        lambda peer: peer.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{"),
        lambda peer: peer.sendall(b"nonsense\r\n\r\n"),
    ],
    ids=["closed", "cut off", "no HTTP"],
)
def test_a_wire_that_breaks_is_unknown(
    behave: Callable[[socket.socket], None], make_settings: Callable[..., Settings]
) -> None:
    with broken(behave) as origin:
        carriers = make_carriers(make_settings(TWILIO_API_ORIGIN=origin))
        with pytest.raises(SendError) as caught:
            carriers["sms"].send(Outgoing(REF, "+13125550123", "x"))
    assert caught.value.kind is Kind.UNKNOWN


def test_a_list_that_hangs_is_not_waited_for_as_long_as_a_send(
    make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    def hang(peer: socket.socket) -> None:
        peer.recv(1)  # until they hang up

    monkeypatch.setattr(http, "LIST_SECONDS", 0.05)
    with broken(hang) as origin:
        carriers = make_carriers(make_settings(TWILIO_API_ORIGIN=origin))
        with pytest.raises(SendError) as caught:
            carriers["sms"].find("+13125550123", now)
    assert caught.value.kind is Kind.UNKNOWN


def test_a_certificate_nobody_signed_sent_nothing(make_settings: Callable[..., Settings]) -> None:
    def hello(peer: socket.socket) -> None:
        peer.sendall(b"HTTP/1.1 400 This is no TLS\r\n\r\n")

    with broken(hello) as origin:
        carriers = make_carriers(make_settings(TWILIO_API_ORIGIN=origin.replace("http:", "https:")))
        with pytest.raises(SendError) as caught:
            carriers["sms"].send(Outgoing(REF, "+13125550123", "x"))
    assert caught.value.kind in (Kind.RETRY, Kind.UNKNOWN)


def test_production_takes_no_other_way_than_https() -> None:
    with pytest.raises(OriginError):
        OriginClient("http://127.0.0.1:9", production=True)
    OriginClient("https://api.twilio.com", production=True)


def test_only_the_carriers_hosts_are_asked() -> None:
    client = OriginClient("http://127.0.0.1:9", production=False)
    for url in ("https://example.com/x", "https://api.twilio.com.example.com/x", "https://twilio.com@evil/"):
        with pytest.raises(OriginError):
            client.request("GET", url)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (429, 20429, Kind.RETRY),
        (429, 99999, Kind.RETRY),
        (400, 21610, Kind.REJECT),
        (400, 21617, Kind.OURS),
        (401, 20003, Kind.STOP),
        (401, 401, Kind.STOP),
        (400, 99999, Kind.REJECT),
        (404, 20404, Kind.REJECT),
        (500, 20500, Kind.UNKNOWN),
        (503, None, Kind.UNKNOWN),
    ],
)
def test_answers_and_what_to_do(status: int, code: int | None, kind: Kind) -> None:
    assert answered(status, code).kind is kind


def test_a_code_nobody_knows_is_for_a_person() -> None:
    assert policy("12345").consequence is Consequence.PERSON


@pytest.mark.parametrize("code", codes())
def test_every_code_speaks_to_a_person(code: str) -> None:
    words = policy(code).words
    assert words.endswith(".")
    assert not code.isdecimal() or code not in words
    assert len(words) <= 160


TABLE = """20003 20404 20429 20500 20503 21211 21217 21408 21603 21604 21619 21617 21606 21612 21659 21703 21705
21712 21608 21610 21611 30001 21614 30002 30037 30003 30004 30005 30006 30007 30008 30019 30011 30022 30023 30027
30032 30034 30036 30039 30038 30410 30409 30450 30610 30640 35111 35112 35113 35114 35115 35116 35117 35118 35125
63003 63016 63018 63024"""


def test_the_whole_table_is_there() -> None:
    assert set(TABLE.split()) <= set(codes())


def test_the_sdks_own_refusals_are_ours() -> None:
    from twilio.base.exceptions import TwilioException

    def refuse() -> None:
        raise TwilioException("odd")

    with pytest.raises(SendError) as caught:
        asked(refuse)
    assert caught.value.kind is Kind.OURS
    for error in (
        TwilioRestException(400, "/x", "To +13125550123 bad", 21211),
        TwilioServiceException(type_uri="t", title="t", status=400, code=21211),
    ):

        def fail(error: Exception = error) -> None:
            raise error

        with pytest.raises(SendError) as caught:
            asked(fail)
        assert "+1" not in str(caught.value)
        assert caught.value.problem == "21211"


def test_what_is_on_this_machine_is_asked_past_the_machines_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.delenv("no_proxy", raising=False)
    assert not isinstance(pool("http://127.0.0.1:8001"), urllib3.ProxyManager)
    assert isinstance(pool("http://carrier.example"), urllib3.ProxyManager)
