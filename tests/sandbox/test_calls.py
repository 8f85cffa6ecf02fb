"""Calls the application makes: ringing, answering machines, status callbacks, changes to live calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from app.sandbox.signing import signed_url
from tests.sandbox.outside import LINE, OTHER, PATIENT, Api
from tests.sandbox.practice import Asked, Practice

ALL = ["initiated", "ringing", "answered", "completed"]
HELLO = "<Response><Say language='en-US'>Hello</Say></Response>"
ASK = "<Response><Gather input='dtmf speech' action='/turn'><Say>Press 1.</Say></Gather></Response>"


@pytest.fixture
def call(client: Client, practice: Practice) -> Callable[..., str]:
    def make(**more: Any) -> str:
        fields = {
            "to": PATIENT,
            "from_": LINE,
            "url": f"{practice.origin}/voice?ref=c1",
            "status_callback": f"{practice.origin}/progress",
            "status_callback_event": ALL,
            **more,
        }
        return client.calls.create(**fields).sid or ""

    return make


def progress(practice: Practice) -> list[str]:
    return [asked["CallStatus"] for asked in practice.at("/progress")]


def test_a_call_rings_is_answered_and_ends(
    call: Callable[..., str], client: Client, practice: Practice, api: Api
) -> None:
    practice.answers["/voice"] = HELLO
    sid = call()
    assert sid.startswith("CA")
    api.settle()
    assert client.calls(sid).fetch().status == "ringing"
    told = api("POST", f"/calls/{sid}/answer")
    assert told["status"] == "completed"
    assert [(line["who"], line["kind"], line["text"]) for line in told["transcript"]] == [
        ("practice", "say", "Hello")
    ]
    api.settle()
    assert progress(practice) == ["initiated", "ringing", "in-progress", "completed"]
    receipts = practice.at("/progress")
    assert [r["SequenceNumber"] for r in receipts] == ["0", "1", "2", "3"]
    assert all(r.signed and r["CallbackSource"] == "call-progress-events" for r in receipts)
    assert {"CallDuration", "Duration", "Timestamp", "SipResponseCode"} <= set(receipts[-1].form)
    (asked,) = practice.at("/voice")
    assert asked.signed
    assert asked.query == "ref=c1"
    assert (asked["CallStatus"], asked["Direction"]) == ("in-progress", "outbound-api")
    names = {"CallSid", "AccountSid", "ApiVersion", "Caller", "Called", "From", "To", "FromCity", "CalledZip"}
    assert names <= set(asked.form)


def test_only_the_end_is_told_by_default(call: Callable[..., str], practice: Practice, api: Api) -> None:
    api("PUT", f"/phones/{PATIENT}", answers="human")
    call(status_callback_event=[])
    api.settle()
    assert progress(practice) == ["completed"]


@pytest.mark.parametrize(
    ("rule", "status"),
    [("busy", "busy"), ("declined", "busy"), ("no_answer", "no-answer"), ("failed", "failed")],
)
def test_calls_nobody_takes(
    call: Callable[..., str], client: Client, practice: Practice, api: Api, rule: str, status: str
) -> None:
    api("PUT", f"/phones/{PATIENT}", answers=rule)
    sid = call()
    api.settle()
    after = client.calls(sid).fetch()
    assert (after.status, after.duration) == (status, "0")
    assert progress(practice)[-1] == status
    assert practice.at("/voice") == []


@pytest.mark.parametrize(
    ("kind", "status"), [("busy", "busy"), ("no_answer", "no-answer"), ("call_failed", "failed")]
)
def test_the_same_as_a_fault_for_the_next_call_only(
    call: Callable[..., str], client: Client, api: Api, kind: str, status: str
) -> None:
    api("POST", "/faults", kind=kind)
    first, second = call(), call()
    api.settle()
    assert client.calls(first).fetch().status == status
    assert client.calls(second).fetch().status == "ringing"


def test_ringing_ends_after_the_timeout(call: Callable[..., str], client: Client, api: Api) -> None:
    sid = call(timeout=20)
    api.settle()
    api("POST", "/advance", seconds=19)
    assert client.calls(sid).fetch().status == "ringing"
    api("POST", "/advance", seconds=2)
    assert client.calls(sid).fetch().status == "no-answer"


def test_a_call_is_over_after_its_time_limit(
    call: Callable[..., str], client: Client, practice: Practice, api: Api
) -> None:
    practice.answers["/voice"] = ASK
    sid = call(time_limit=180)
    api.settle()
    api("POST", f"/calls/{sid}/answer")
    api("POST", "/advance", seconds=181)
    after = client.calls(sid).fetch()
    assert after.status == "completed"
    assert int(after.duration or 0) >= 180


@pytest.mark.parametrize(
    ("wanted", "by", "told"),
    [
        ("Enable", "machine_end_beep", "machine_start"),
        ("DetectMessageEnd", "machine_end_beep", "machine_end_beep"),
        ("DetectMessageEnd", "machine_start", "machine_end_beep"),
        ("DetectMessageEnd", "machine_end_silence", "machine_end_silence"),
        ("DetectMessageEnd", "machine_end_other", "machine_end_other"),
        ("Enable", "human", "human"),
        ("Enable", "unknown", "unknown"),
        ("Enable", "fax", "fax"),
    ],
)
def test_machine_detection_before_the_first_document(
    call: Callable[..., str], client: Client, practice: Practice, api: Api, wanted: str, by: str, told: str
) -> None:
    api("PUT", f"/phones/{PATIENT}", answers=by)
    sid = call(machine_detection=wanted)
    api.settle()
    assert practice.at("/voice")[0]["AnsweredBy"] == told
    assert client.calls(sid).fetch().answered_by == told


def test_without_detection_nobody_knows(call: Callable[..., str], practice: Practice, api: Api) -> None:
    api("PUT", f"/phones/{PATIENT}", answers="machine_end_beep")
    call()
    api.settle()
    assert "AnsweredBy" not in practice.at("/voice")[0].form


def test_machine_detection_beside_the_call(
    call: Callable[..., str], client: Client, practice: Practice, api: Api
) -> None:
    practice.answers["/voice"] = "<Response><Pause length='5'/><Gather><Say>Hello</Say></Gather></Response>"
    api("PUT", f"/phones/{PATIENT}", answers="human")
    sid = call(
        machine_detection="DetectMessageEnd",
        async_amd="true",
        async_amd_status_callback=f"{practice.origin}/amd",
    )
    api.settle()
    assert "AnsweredBy" not in practice.at("/voice")[0].form
    (amd,) = practice.at("/amd")
    assert amd.signed
    assert (amd["CallSid"], amd["AnsweredBy"]) == (sid, "human")
    assert "MachineDetectionDuration" in amd.form
    client.calls(sid).update(twiml="<Response><Say>Instead</Say></Response>")
    api.settle()
    after = api("GET", f"/calls/{sid}")
    assert after["transcript"][-1]["text"] == "Instead"
    assert after["status"] == "completed"


def test_a_machine_never_presses_a_key(call: Callable[..., str], practice: Practice, api: Api) -> None:
    practice.answers["/voice"] = ASK.replace("</Response>", "<Say>Goodbye</Say></Response>")
    api("POST", "/faults", kind="answer_machine")
    sid = call(machine_detection="DetectMessageEnd")
    api.settle()
    told = api("GET", f"/calls/{sid}")
    assert told["status"] == "completed"
    assert [line["kind"] for line in told["transcript"]] == ["greeting", "say", "silence", "say"]
    assert practice.at("/turn") == []


def test_a_live_call_is_ended_redirected_or_refused(
    call: Callable[..., str], client: Client, practice: Practice, api: Api
) -> None:
    practice.answers["/voice"] = ASK
    practice.answers["/other"] = "<Response><Gather><Say>Elsewhere</Say></Gather></Response>"
    sid = call()
    api.settle()
    with pytest.raises(TwilioRestException) as caught:
        client.calls(sid).update(twiml=HELLO)
    assert caught.value.code == 21220
    api("POST", f"/calls/{sid}/answer")
    client.calls(sid).update(url=f"{practice.origin}/other")
    api.settle()
    assert api("GET", f"/calls/{sid}")["transcript"][-1]["text"] == "Elsewhere"
    assert client.calls(sid).update(status="completed").status == "completed"
    with pytest.raises(TwilioRestException):
        client.calls(sid).update(status="completed")


def test_a_ringing_call_is_canceled(call: Callable[..., str], client: Client, api: Api) -> None:
    sid = call()
    api.settle()
    assert client.calls(sid).update(status="canceled").status == "canceled"
    assert api("POST", f"/calls/{sid}/answer", expect=400)["code"] == 20001


def test_a_change_while_the_practice_is_answering_wins(
    call: Callable[..., str], client: Client, practice: Practice, api: Api
) -> None:
    def slow(asked: Asked) -> str:
        client.calls(asked["CallSid"]).update(twiml="<Response><Say>New</Say></Response>")
        assert api("GET", f"/calls/{asked['CallSid']}")["status"] == "in-progress"
        return "<Response><Gather><Say>Old</Say></Gather></Response>"

    practice.answers["/voice"] = slow
    api("PUT", f"/phones/{PATIENT}", answers="human")
    sid = call()
    api.settle()
    told = api("GET", f"/calls/{sid}")
    assert told["transcript"][-1]["text"] == "New"
    assert told["status"] == "completed"


def test_twiml_in_the_request(client: Client, api: Api, practice: Practice) -> None:
    api("PUT", f"/phones/{PATIENT}", answers="human")
    sid = client.calls.create(to=PATIENT, from_=LINE, twiml=HELLO).sid
    api.settle()
    assert api("GET", f"/calls/{sid}")["transcript"][0]["text"] == "Hello"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "", "from_": LINE, "url": "http://x.example/"}, 21201),
        ({"to": "nonsense", "from_": LINE, "url": "http://x.example/"}, 21217),
        ({"to": PATIENT, "from_": "", "url": "http://x.example/"}, 21213),
        ({"to": PATIENT, "from_": OTHER, "url": "http://x.example/"}, 21210),
        ({"to": PATIENT, "from_": LINE, "url": "/voice"}, 21205),
        ({"to": PATIENT, "from_": LINE}, 21205),
        ({"to": PATIENT, "from_": LINE, "twiml": "<Response>" + " " * 4000 + "</Response>"}, 32018),
        ({"to": PATIENT, "from_": LINE, "twiml": "<Response>"}, 12100),
    ],
)
def test_calls_that_are_refused(client: Client, fields: dict[str, str], code: int) -> None:
    with pytest.raises(TwilioRestException) as caught:
        client.calls.create(**fields)
    assert caught.value.code == code


def test_lists_of_calls(client: Client, call: Callable[..., str], api: Api) -> None:
    api("PUT", f"/phones/{OTHER}", answers="busy")
    first, second = call(), call(to=OTHER)
    api.settle()
    assert [c.sid for c in client.calls.list()] == [second, first]
    assert [c.sid for c in client.calls.list(status="busy")] == [second]
    assert [c.sid for c in client.calls.list(to=PATIENT)] == [first]
    assert client.calls.list(from_=PATIENT) == []
    now = client.calls(first).fetch().date_created
    assert now is not None
    assert len(client.calls.list(start_time_after=now)) == 2
    assert len(client.calls.list(start_time=now.date())) == 2
    assert len(client.calls.list(page_size=1)) == 2
    assert client.calls(second).delete()
    assert [c.sid for c in client.calls.list()] == [first]


def test_a_voice_webhook_over_https_is_signed_without_its_port() -> None:
    assert signed_url("https://u:p@x.example:8443/a?b=c#rc=1", voice=True) == "https://x.example/a?b=c"
    assert signed_url("https://u:p@x.example:8443/a#rc=1", voice=False) == "https://x.example:8443/a"
