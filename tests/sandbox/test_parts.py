"""The parts behind it: signature, grammar, clock, courier, keep-alive, snapshot, isolation."""

from __future__ import annotations

import ast
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

import app.sandbox
from app.sandbox.config import Config, Pace
from app.sandbox.courier import Courier
from app.sandbox.people import PEOPLE
from app.sandbox.server import Sandbox
from app.sandbox.signing import signature
from app.sandbox.stories import KINDS, trigger
from app.sandbox.timeline import Timeline
from tests.sandbox import sdk_grammar
from tests.sandbox.outside import ACCOUNT, LINE, PATIENT, TOKEN, Api
from tests.sandbox.practice import Practice

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def test_the_published_example_of_a_signature() -> None:
    params = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675310",
        "Digits": "1234",
        "From": "+14158675310",
        "To": "+18005551212",
    }
    made = signature("12345", "https://example.com/myapp.php?foo=1&bar=2", params.items())
    assert made == "L/OH5YylLD5NRKLltdqwSvS0BnU="


@given(st.dictionaries(st.text("abcXYZ_09", min_size=1, max_size=8), WORDS, max_size=6))
def test_every_signature_is_the_sdks(params: dict[str, str]) -> None:
    url = "https://careloop.example/webhooks/twilio/message?ref=x"
    assert RequestValidator(TOKEN).validate(url, params, signature(TOKEN, url, params.items()))


def test_the_grammar_is_what_the_sdk_can_write() -> None:
    assert json.loads(sdk_grammar.GRAMMAR.read_text()) == sdk_grammar.both()


def test_the_clock_runs_what_becomes_due_in_its_order() -> None:
    timeline, done = Timeline(), list[str]()
    timeline.after(20, lambda: done.append("second"))
    timeline.after(10, lambda: done.append("first"))
    timeline.after(100, lambda: done.append("third"))
    before = timeline.now()
    timeline.advance(timedelta(seconds=50))
    assert done == ["first", "second"]
    assert timeline.now() - before >= timedelta(seconds=50)
    timeline.close()


def test_one_key_keeps_its_order_and_an_error_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    courier, done, gate = Courier("test", 2), list[int](), threading.Event()

    def wrong() -> None:
        raise ValueError

    courier.hand("a", lambda: (gate.wait(5), None)[1])
    courier.hand("a", wrong)
    for number in range(5):
        courier.hand("a", lambda number=number: done.append(number))  # type: ignore[misc]  # bound now
    assert not courier.settle(0.01)
    gate.set()
    assert courier.settle(5)
    assert done == [0, 1, 2, 3, 4]
    assert "an act of the sandbox failed" in caplog.text
    courier.close()


def test_a_connection_serves_many_requests_without_delay(sandbox: Sandbox) -> None:
    lines = [
        f"POST /2010-04-01/Accounts/{ACCOUNT}/Messages.json HTTP/1.1",
        "Host: x",
        "Content-Length: 0",
        "",
        "",
    ]
    host, port = sandbox.origin.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        for _ in range(3):
            connection.sendall("\r\n".join(lines).encode())
            answer = b""
            while b'"status": 401}' not in answer:
                answer += connection.recv(4096)
            assert answer.startswith(b"HTTP/1.1 401")
            assert b"Connection: close" not in answer


@pytest.mark.parametrize(
    ("head", "status"),
    [("Transfer-Encoding: chunked", 411), ("Content-Length: many", 411), (f"Content-Length: {10**9}", 413)],
)
def test_bodies_that_are_not_read(sandbox: Sandbox, head: str, status: int) -> None:
    host, port = sandbox.origin.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(f"POST / HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n".encode())
        assert connection.recv(4096).startswith(f"HTTP/1.1 {status}".encode())


def test_a_restart_keeps_threads_calls_and_opt_outs(
    make: Callable[..., Sandbox], practice: Practice, tmp_path: Path
) -> None:
    path = tmp_path / "deep" / "sandbox.json"
    practice.answers["/webhooks/twilio/voice"] = "<Response><Gather><Say>Hi</Say></Gather></Response>"
    one = make(snapshot=path)
    api = Api(one.origin)
    api.text("hello", media=[{"content_type": "image/png", "data": "AAAA"}])
    api.text("STOP")
    live = api("POST", "/calls", **{"from": PATIENT})["sid"]
    api("PUT", f"/phones/{PATIENT}", answers="busy")
    api.settle()
    before = api("GET", f"/threads/{PATIENT}")
    one.close()
    two = Api(make(snapshot=path).origin)
    after = two("GET", f"/threads/{PATIENT}")
    assert after["messages"] == [
        {**m, "webhook": n["webhook"]} for m, n in zip(before["messages"], after["messages"], strict=True)
    ]
    assert after["blocked"]
    assert [(c["sid"], c["status"]) for c in after["calls"]] == [(live, "failed")]
    assert two("PUT", f"/phones/{PATIENT}")["answers"] == "busy"
    api.session.close()
    two.session.close()


def test_a_file_that_cannot_be_read_is_left_aside(make: Callable[..., Sandbox], tmp_path: Path) -> None:
    path = tmp_path / "sandbox.json"
    path.write_text("{broken")
    assert make(snapshot=path).carrier.state.messages == {}
    assert (tmp_path / "sandbox.unreadable").read_text() == "{broken"


def test_the_environment_describes_the_account() -> None:
    config = Config.from_env(
        {
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": "new,old",
            "TWILIO_API_KEY": "SK1",
            "TWILIO_API_SECRET": "s",
            "TWILIO_FROM_NUMBER": LINE,
            "TWILIO_VOICE_NUMBER": "+13125550101",
            "APP_ORIGIN": "http://127.0.0.1:9000/",
            "PUBLIC_URL": "https://careloop.example",
            "SANDBOX_PACE": "instant",
        }
    )
    assert (config.auth_token, config.api_keys, config.pace) == ("new", {"SK1": "s"}, Pace())
    assert [line.number for line in config.lines] == [LINE, "+13125550101"]
    assert config.lines[0].sms_url == "https://careloop.example/webhooks/twilio/message#rp=ct,5xx&rc=3"
    assert Config.from_env({}).lines[0].number == LINE


def test_the_process_says_where_it_is_and_stops_when_told(tmp_path: Path) -> None:
    environ = {"STATE_DIR": str(tmp_path), "PATH": ""}
    command = [sys.executable, "-m", "app.sandbox", "--port", "0"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        origin = process.stdout.readline().split()[-1]
        Api(origin).text("kept", wait=False)
        process.terminate()
        assert process.wait(20) == 0
    assert json.loads((tmp_path / "sandbox.json").read_text())["messages"][0]["body"] == "kept"


def test_the_people_do_not_exist() -> None:
    assert len(PEOPLE) >= 10
    assert [sum(p.language == language for p in PEOPLE) for language in ("en", "es")] == [6, 4]
    assert all(p.number[5:10] == "55501" for p in PEOPLE)
    for each in ("mrn", "number"):
        assert len({getattr(p, each) for p in PEOPLE}) == len(PEOPLE)


@pytest.mark.parametrize("kind", KINDS)
def test_a_story_tells_the_application_what_happened(
    sandbox: Sandbox, api: Api, practice: Practice, kind: str
) -> None:
    practice.answers["/api/v1/triggers"] = (202, '{"id": "t1"}', "application/json")
    told = api("POST", "/stories", kind=kind, number=PATIENT)
    assert (told["ok"], told["status"], told["body"]) == (True, 202, {"id": "t1"})
    (asked,) = practice.at("/api/v1/triggers")
    assert asked.headers["AUTHORIZATION"] == "Bearer key"
    sent = json.loads(asked.body)
    assert (sent["kind"], sent["patient"]["mrn"]) == (kind, "SB-1001")
    assert ("appointment" in sent) == (kind != "discharge")


def test_every_story_has_its_own_id(sandbox: Sandbox) -> None:
    now = sandbox.carrier.timeline.now()
    ids = {
        trigger(kind, person, now, n)["external_id"] for kind in KINDS for person in PEOPLE for n in (1, 2)
    }
    assert len(ids) == len(KINDS) * len(PEOPLE) * 2


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ((401, '{"title": "No key", "detail": "Who are you?"}', "application/json"), "(401). Who are you?"),
        (
            (422, '{"detail": "No.", "errors": [{"path": "kind", "words": "unknown"}]}', "application/json"),
            "(422). No. kind: unknown",
        ),
        ((422, '{"message": "kind is unknown"}', "application/json"), "(422). kind is unknown"),
        ((500, "<h1>Oops</h1>", "text/html"), "refused it (500)."),
    ],
)
def test_a_story_that_is_refused_is_told_plainly(
    api: Api, practice: Practice, reply: tuple[int, str, str], words: str
) -> None:
    practice.answers["/api/v1/triggers"] = reply
    told = api("POST", "/stories", expect=502, kind="discharge", number=PATIENT)
    assert not told["ok"]
    assert words in told["words"]


def test_stories_without_an_application(make: Callable[..., Sandbox]) -> None:
    away = Api(make(app_origin="http://127.0.0.1:1").origin)
    told = away("POST", "/stories", expect=502, kind="discharge", number=PATIENT)
    assert "does not answer" in told["words"]
    keyless = Api(make(app_api_key="").origin)
    assert (
        "SANDBOX_API_KEY"
        in keyless("POST", "/stories", expect=502, kind="discharge", number=PATIENT)["words"]
    )
    assert keyless("POST", "/stories", expect=400, kind="flood", number=PATIENT)["code"] == 20001
    away.session.close()
    keyless.session.close()


def test_events_tell_what_happens(sandbox: Sandbox, api: Api) -> None:
    with requests.get(f"{sandbox.origin}/sandbox/api/events", stream=True, timeout=5) as stream:
        lines = stream.iter_lines(chunk_size=1, decode_unicode=True)
        assert next(line for line in lines if line.startswith("event:")) == "event: hello"
        api.text("hello")
        data = next(line for line in lines if line.startswith('data: {"sid"'))
        assert json.loads(data.removeprefix("data: "))["body"] == "hello"


def test_reset_forgets(api: Api, practice: Practice) -> None:
    api.text("STOP")
    api("POST", "/faults", kind="status")
    api("POST", "/reset")
    assert api("GET", "/threads")["threads"] == []
    assert api("GET", "/faults")["faults"] == []
    assert api("GET", "/requests") == {"counters": {}, "accepted": []}
    assert not api("GET", f"/threads/{PATIENT}")["blocked"]


def test_changes_must_be_json(sandbox: Sandbox) -> None:
    url = f"{sandbox.origin}/sandbox/api/texts"
    assert requests.post(url, data={"from": PATIENT, "body": "x"}, timeout=5).status_code == 400
    assert requests.post(url, json=["x"], timeout=5).status_code == 400
    assert requests.get(f"{sandbox.origin}/nowhere", timeout=5).json()["code"] == 20404
    assert requests.get(f"{sandbox.origin}/healthz", timeout=5).text == "ok\n"


def test_the_sandbox_is_a_stranger() -> None:
    """It imports nothing of the application but settings, and not the carrier's SDK."""
    for path in Path(app.sandbox.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert not name.startswith("twilio"), path
                assert not name.startswith("app.") or name.startswith(("app.sandbox", "app.settings")), path
