"""The load test's own tools: what they count is what happened."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice

import phonenumbers
import pytest
from twilio.request_validator import RequestValidator

from app.cli.load import processes, webhook
from app.cli.load.client import blast, paced, percentile
from app.cli.load.figures import Figure, table
from app.cli.load.people import numbers

REQUEST = b"GET /good HTTP/1.1\r\nHost: here\r\n\r\n"


class Server(BaseHTTPRequestHandler):
    """Answers well, or not, by the address asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = b"x" * 100
        self.send_response(200 if self.path == "/good" else 503)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        if self.path == "/gone":
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[tuple[str, int]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield "127.0.0.1", server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def test_every_request_is_sent_once_and_timed(address: tuple[str, int]) -> None:
    run = blast(address, iter([REQUEST] * 50), connections=4)
    assert (len(run.latencies), run.refused) == (50, 0)
    assert run.rate > 0


def test_refusals_are_counted_and_are_no_rate(address: tuple[str, int]) -> None:
    run = blast(address, iter([REQUEST.replace(b"good", b"evil")] * 5 + [REQUEST]), connections=2)
    assert (len(run.latencies), run.refused) == (6, 5)
    assert run.rate == pytest.approx(1 / run.seconds)


def test_a_steady_rate_is_kept(address: tuple[str, int]) -> None:
    run = paced(address, [REQUEST] * 20, rate=200)
    assert len(run.latencies) == 20
    assert run.seconds >= 19 / 200


def test_percentiles() -> None:
    assert percentile([], 0.5) == 0.0
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([float(n) for n in range(100)], 0.99) == 99.0


def test_webhooks_are_signed_as_the_carrier_signs() -> None:
    params = webhook.text_params("AC0", "+13125550142", "+13125550100", "¿Sí? & more")
    made = webhook.request("http://127.0.0.1:8000", "/webhooks/twilio/message", params, "token")
    head, _, body = made.partition(b"\r\n\r\n")
    lines = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    assert int(lines["Content-Length"]) == len(body)
    url = "http://127.0.0.1:8000/webhooks/twilio/message"
    assert RequestValidator("token").validate(url, params, lines["X-Twilio-Signature"])
    assert webhook.sid_of(made) == params["MessageSid"]


def test_numbers_are_those_kept_for_fiction_and_all_different() -> None:
    some = list(islice(numbers(), 5000))
    assert len(set(some)) == 5000
    assert all(number[5:8] == "555" and number[8:10] == "01" for number in some)
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(number)) for number in some[:50])


def test_cpu_counts_children_too() -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'sum(range(10**7))']); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.pid in processes.family([os.getpid()])
        while not processes.cpu_seconds([child.pid]):
            assert child.poll() is None
        assert processes.memory_mb(child.pid) > 1
        assert processes.parent(child.pid) == os.getpid()
        child.communicate(b"")
    assert processes.memory_mb(child.pid) == 0.0
    assert processes.parent(child.pid) == 0


def test_cpu_is_what_the_process_itself_has_used() -> None:
    code = "import os, sys; sum(range(10**6)); print(sum(os.times()[:4]), flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        own = float(child.stdout.readline())
        assert abs(processes.cpu_seconds([child.pid]) - own) < 0.1
        child.communicate("")


def test_figures_say_whether_the_bar_was_met() -> None:
    rate = Figure("webhooks", 512.4, "/s", 430, "above", twin=743)
    slow = Figure("p99", 151.0, "ms", 150)
    plain = Figure("idle", 41.25, "MB")
    assert [figure.verdict for figure in (rate, slow, plain)] == ["ok", "missed", ""]
    shown = table([rate, slow, plain]).splitlines()
    assert shown[1].split() == ["webhooks", "512", "/s", "≥", "430", "743", "/s", "ok"]
    assert shown[2].split() == ["p99", "151", "ms", "≤", "150", "missed"]
    assert shown[3].split() == ["idle", "41.2", "MB"]
