"""Texts and calls over the real SDK, to a carrier that keeps to Twilio's contract."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from app.channels.base import Kind, Outgoing, SendError
from app.channels.carriers import Carriers
from app.channels.twilio_client import NotConfigured
from app.sandbox.server import Sandbox
from app.store import new_id
from tests.channels.conftest import LINE, PHONE, SERVICE
from tests.sandbox.practice import Practice


def outgoing(body: str = "Hello", to: str = PHONE, **given: Any) -> Outgoing:
    return Outgoing(new_id().hex, to, body, **given)


def test_a_text_is_taken_and_its_receipts_carry_our_ref(
    carriers: Carriers, sandbox: Sandbox, practice: Practice
) -> None:
    out = outgoing("Grüße, Señora: ¿mañana? 👋 & more")
    sent = carriers["sms"].send(out)
    assert sandbox.carrier.settle(10)
    asked = practice.at("/webhooks/twilio/message-status")
    assert [a["MessageStatus"] for a in asked][-1] == "delivered"
    assert {a.query for a in asked} == {f"ref={out.ref}"}
    assert all(a.signed for a in asked)
    message = sandbox.carrier.state.messages[sent.sid]
    assert (message.body, message.to, message.sender) == (out.body, PHONE, LINE)


def test_a_messaging_service_picks_the_sender(
    connect: Callable[..., Carriers], sandbox: Sandbox, practice: Practice
) -> None:
    carriers = connect(TWILIO_MESSAGING_SERVICE_SID=SERVICE)
    sent = carriers["sms"].send(outgoing())
    assert sent.status == "accepted"
    assert sandbox.carrier.state.messages[sent.sid].service == SERVICE
    own = carriers["sms"].send(outgoing(sender=LINE))
    assert sandbox.carrier.state.messages[own.sid].sender == LINE


def test_an_api_key_sends_for_the_account(connect: Callable[..., Carriers]) -> None:
    carriers = connect(TWILIO_API_KEY="SK" + "1" * 32, TWILIO_API_SECRET="wrong")
    with pytest.raises(SendError) as caught:
        carriers["sms"].send(outgoing())
    assert (caught.value.kind, caught.value.problem) == (Kind.STOP, "20003")


@pytest.mark.parametrize(
    ("to", "code", "kind"),
    [
        ("+15005550001", "21211", Kind.REJECT),
        ("+15005550002", "21612", Kind.REJECT),
        ("+15005550003", "21408", Kind.OURS),
        ("+15005550004", "21610", Kind.REJECT),
        ("+15005550009", "21614", Kind.REJECT),
    ],
)
def test_what_the_carrier_refuses(carriers: Carriers, to: str, code: str, kind: Kind) -> None:
    with pytest.raises(SendError) as caught:
        carriers["sms"].send(outgoing(to=to))
    assert (caught.value.problem, caught.value.kind) == (code, kind)
    assert to not in caught.value.words


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "status", "status": 429}, Kind.RETRY),
        ({"kind": "status", "status": 500}, Kind.UNKNOWN),
        ({"kind": "status", "status": 503}, Kind.UNKNOWN),
        ({"kind": "lost_response"}, Kind.UNKNOWN),
        ({"kind": "lost_request"}, Kind.UNKNOWN),
        ({"kind": "error_code", "code": 20003}, Kind.STOP),
    ],
)
def test_faults_on_the_way(carriers: Carriers, sandbox: Sandbox, fault: dict[str, Any], kind: Kind) -> None:
    carriers["sms"].send(outgoing("warm"))
    sandbox.carrier.faults.add(fault)
    with pytest.raises(SendError) as caught:
        carriers["sms"].send(outgoing())
    assert caught.value.kind is kind
    assert carriers["sms"].send(outgoing("after")).sid.startswith("SM")


def test_nobody_there_is_a_retry(connect: Callable[..., Carriers]) -> None:
    carriers = connect(TWILIO_API_ORIGIN="http://127.0.0.1:9")
    for channel in ("sms", "voice"):
        with pytest.raises(SendError) as caught:
            carriers[channel].send(outgoing())
        assert (caught.value.kind, caught.value.problem) == (Kind.RETRY, "connect")


def test_what_was_taken_is_found_again(carriers: Carriers, sandbox: Sandbox) -> None:
    since = sandbox.carrier.timeline.now()
    sandbox.carrier.faults.add({"kind": "lost_response"})
    with pytest.raises(SendError):
        carriers["sms"].send(outgoing("Did it arrive?"))
    found = carriers["sms"].find(PHONE, since)
    assert [f.body for f in found] == ["Did it arrive?"]
    assert found[0].created.tzinfo is not None
    assert carriers["sms"].find(PHONE, since + timedelta(minutes=1)) == []
    assert carriers["sms"].find("+13125550177", since) == []


def test_a_call_rings_and_reports(carriers: Carriers, sandbox: Sandbox, practice: Practice) -> None:
    since = sandbox.carrier.timeline.now()
    out = outgoing("")
    sent = carriers["voice"].send(out)
    assert sent.sid.startswith("CA")
    assert sandbox.carrier.settle(10)
    states = practice.at("/webhooks/twilio/voice-status")
    assert [a["CallStatus"] for a in states][:2] == ["initiated", "ringing"]
    assert {a.query for a in states} == {f"ref={out.ref}"}
    assert [f.sid for f in carriers["voice"].find(PHONE, since)] == [sent.sid]


def test_threads_do_not_mix_up_their_answers(carriers: Carriers, sandbox: Sandbox) -> None:
    outs = [outgoing(f"text {n}", to=f"+131255501{n % 100:02d}") for n in range(100)]
    with ThreadPoolExecutor(8) as threads:
        sids = list(threads.map(lambda out: carriers["sms"].send(out).sid, outs))
    assert len(set(sids)) == 100
    messages = sandbox.carrier.state.messages
    assert [messages[sid].body for sid in sids] == [out.body for out in outs]


def test_without_an_account_nothing_can_be_sent(make_settings: Callable[..., Any]) -> None:
    from app.channels.carriers import make_carriers

    with pytest.raises(NotConfigured):
        make_carriers(make_settings(TWILIO_ACCOUNT_SID=""))
