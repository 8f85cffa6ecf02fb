"""Each fault, as the SDK meets it."""

from __future__ import annotations

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from app.sandbox.server import Sandbox
from tests.sandbox.outside import ACCOUNT, LINE, OTHER, PATIENT, TOKEN, Api
from tests.sandbox.practice import Practice


def send(client: Client, to: str = PATIENT, body: str = "Hello", callback: str = "") -> str:
    more = {"status_callback": callback} if callback else {}
    return client.messages.create(to=to, from_=LINE, body=body, **more).sid or ""


def accepted(api: Api) -> list[str]:
    return [m["body"] for m in api("GET", "/messages")["messages"]]


@pytest.mark.parametrize(("status", "code"), [(429, 20429), (500, 20500), (503, 20503)])
def test_an_error_of_the_carrier_happens_once_and_sends_nothing(
    client: Client, api: Api, status: int, code: int
) -> None:
    api("POST", "/faults", kind="status", status=status)
    with pytest.raises(TwilioRestException) as caught:
        send(client)
    assert (caught.value.status, caught.value.code) == (status, code)
    assert accepted(api) == []
    assert send(client)


def test_an_error_may_hide_that_it_was_taken(client: Client, api: Api) -> None:
    api("POST", "/faults", kind="status", status=500, recorded=True)
    with pytest.raises(TwilioRestException):
        send(client)
    assert accepted(api) == ["Hello"]


@pytest.mark.parametrize(("kind", "taken"), [("lost_response", ["Hello"]), ("lost_request", [])])
def test_a_connection_that_breaks(client: Client, api: Api, kind: str, taken: list[str]) -> None:
    api("POST", "/faults", kind=kind)
    with pytest.raises(requests.ConnectionError):
        send(client)
    assert accepted(api) == taken
    assert api("GET", "/requests")["counters"]["messages_requests"] == 1


def test_a_lost_response_is_found_by_its_receipt_and_in_the_list(
    client: Client, api: Api, practice: Practice
) -> None:
    api("POST", "/faults", kind="lost_response")
    with pytest.raises(requests.ConnectionError):
        send(client, callback=f"{practice.origin}/status?ref=ob_7")
    api.settle()
    assert {r.query for r in practice.at("/status")} == {"ref=ob_7"}
    assert [m.body for m in client.messages.list(to=PATIENT)] == ["Hello"]
    assert api("GET", "/requests")["accepted"] == [{"to": PATIENT, "body": "Hello", "count": 1}]


def test_an_answer_that_takes_long(client: Client, api: Api) -> None:
    api("POST", "/faults", kind="latency", seconds=0.3)
    client.http_client.timeout = 0.05  # type: ignore[attr-defined]  # the SDK's client has it, its base does not
    with pytest.raises(requests.Timeout):
        send(client)
    assert api("GET", "/messages?count=1")["messages"], "it was taken all the same"


def test_receipts_doubled_reversed_and_lost(client: Client, api: Api, practice: Practice) -> None:
    def statuses(kind: str, **more: object) -> list[str]:
        practice.asked.clear()
        api("POST", "/faults", kind=kind, **more)
        sid = send(client, callback=f"{practice.origin}/status")
        api.settle()
        assert client.messages(sid).fetch().status == "delivered"
        return [r["MessageStatus"] for r in practice.at("/status")]

    assert statuses("duplicate_callback") == ["sent", "sent", "delivered", "delivered"]
    assert statuses("reorder_callbacks") == ["delivered", "sent"]
    assert statuses("drop_callbacks") == []
    assert statuses("drop_callbacks", statuses=["delivered"]) == ["sent"]
    assert statuses("latency", seconds=0.0) == ["sent", "delivered"]


@pytest.mark.parametrize(
    ("code", "status"), [(30003, "undelivered"), (30008, "undelivered"), (30001, "failed")]
)
def test_a_code_on_the_way(client: Client, api: Api, code: int, status: str) -> None:
    api("POST", "/faults", kind="error_code", code=code)
    sid = send(client)
    api.settle()
    after = client.messages(sid).fetch()
    assert (after.status, after.error_code) == (status, code)
    assert after.error_message


def test_a_code_at_once(client: Client, api: Api) -> None:
    api("POST", "/faults", kind="error_code", code=21610, to=PATIENT)
    assert send(client, to=OTHER)
    with pytest.raises(TwilioRestException) as caught:
        send(client)
    assert caught.value.code == 21610


def test_a_webhook_that_comes_twice(api: Api, practice: Practice) -> None:
    api("POST", "/faults", kind="webhook_duplicate")
    api.text("hello")
    api.text("once")
    assert [a["Body"] for a in practice.at("/webhooks/twilio/message")] == ["hello", "hello", "once"]


def test_count_probability_and_clearing(client: Client, api: Api) -> None:
    api("POST", "/faults", kind="status", status=429, count=2)
    api("POST", "/faults", kind="status", status=503, probability=0.0, count=0)
    for _ in range(2):
        with pytest.raises(TwilioRestException):
            send(client)
    assert send(client)
    (left,) = api("GET", "/faults")["faults"]
    assert left["count"] is None
    api("DELETE", f"/faults/{left['id']}")
    assert api("GET", "/faults")["faults"] == []
    api("POST", "/faults", kind="status", count=0)
    api("DELETE", "/faults")
    assert send(client)


def test_unknown_faults_are_refused(api: Api) -> None:
    assert api("POST", "/faults", expect=400, kind="earthquake")["code"] == 20001
    assert api("POST", "/faults", expect=400, kind="latency", how="very")["code"] == 20001


def test_faults_of_messages_leave_calls_alone(sandbox: Sandbox, api: Api) -> None:
    api("POST", "/faults", kind="status", status=503, on="calls")
    base = f"{sandbox.origin}/2010-04-01/Accounts/{ACCOUNT}"
    form = {"To": PATIENT, "From": LINE, "Body": "x", "Twiml": "<Response/>"}
    texts = requests.post(f"{base}/Messages.json", data=form, auth=(ACCOUNT, TOKEN), timeout=5)
    calls = requests.post(f"{base}/Calls.json", data=form, auth=(ACCOUNT, TOKEN), timeout=5)
    assert (texts.status_code, calls.status_code) == (201, 503)
