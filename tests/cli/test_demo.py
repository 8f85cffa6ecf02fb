"""The demo: nothing of this machine's real surroundings gets in, and nothing of it stays behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.cli import demo, servers
from app.cli.children import last_lines
from tests.support.source import ROOT
from tests.support.waiting import until

REAL = {
    "DATABASE_URL": "postgresql://real/patients",
    "TWILIO_AUTH_TOKEN": "real",
    "TWILIO_MESSAGING_SERVICE_SID": "MG" + "f" * 32,
    "SMTP_URL": "smtp://real",
    "SECRET_KEY": "real",
    "PUBLIC_URL": "https://real.example",
}


@pytest.fixture
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in {**REAL, "STATE_DIR": str(tmp_path), "PORT": "8123"}.items():
        monkeypatch.setenv(name, value)
    # What the demo adds is taken away again at the test's end.
    for name in demo.demo_environ({}, tmp_path, 1):
        monkeypatch.setenv(name, os.environ.get(name, ""))
    return tmp_path


def test_nothing_real_gets_in(surroundings: Path) -> None:
    settings = demo.prepare()
    assert not any(value in str(os.environ.get(name)) for name, value in REAL.items())
    assert settings.database_url == f"sqlite:///{surroundings}/careloop.db"
    assert settings.twilio_api_origin == "http://127.0.0.1:8124"
    assert settings.public_url == "http://localhost:8123"


def test_only_one_demo_a_folder(tmp_path: Path) -> None:
    with (
        demo.only_one(tmp_path),
        pytest.raises(demo.AlreadyRunning, match="STATE_DIR"),
        demo.only_one(tmp_path),
    ):
        raise AssertionError("two at once")


def processes_of(state: Path) -> list[int]:
    """The processes whose environment or command names a folder."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            told = (place / "environ").read_bytes() + (place / "cmdline").read_bytes()
        except OSError:
            continue
        if str(state).encode() in told and int(place.name) != os.getpid():
            found.append(int(place.name))
    return found


@contextmanager
def running_demo(state: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path, int]]:
    port = next(
        p for p in range(21_000, 29_000, 7) if all(servers.port_is_free("127.0.0.1", p + n) for n in (0, 1))
    )
    out = state / "out"
    environ = {"PATH": os.environ["PATH"], "STATE_DIR": str(state), "PORT": str(port), "HOME": str(state)}
    with (
        out.open("wb") as to,
        subprocess.Popen(
            [sys.executable, "-m", "app", "demo"],
            cwd=ROOT,
            env=environ,
            stdout=to,
            stderr=to,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield process, out, port
        finally:
            process.terminate()


def test_the_whole_demo(tmp_path: Path) -> None:
    with running_demo(tmp_path) as (process, out, port):
        until(lambda: "Ready after" in out.read_text() or process.poll() is not None, 120)
        assert process.poll() is None, out.read_text()
        told = out.read_text()
        assert f"http://localhost:{port}" in told
        assert f"http://localhost:{port + 1}" in told
        assert demo.answers(f"http://127.0.0.1:{port}/readyz")

        for victim in (r"gunicorn", r"app\0worker", r"app\0clock", r"app\.sandbox"):
            kill(tmp_path, victim)
        until(lambda: out.read_text().count("starting it again") >= 4, 30)
        until(lambda: demo.answers(f"http://127.0.0.1:{port}/readyz"), 60)
        until(lambda: demo.answers(f"http://127.0.0.1:{port + 1}/"), 60)

        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert "Everything has stopped." in last_lines(out)
    until(lambda: not processes_of(tmp_path))


def kill(state: Path, what: str) -> None:
    """Kill the first of the demo's processes whose command fits."""
    for pid in sorted(processes_of(state)):
        if re.search(what, Path(f"/proc/{pid}/cmdline").read_text()):
            os.kill(pid, signal.SIGKILL)
            return
    raise AssertionError(f"the demo runs no {what}")
