"""Everything at once on this machine, with invented patients and nothing that leads out of it."""

from __future__ import annotations

import argparse
import fcntl
import importlib.util
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from app.cli import runtime, servers
from app.cli.children import Program, Supervisor, die_with_parent, ending, last_lines
from app.errors import CareloopError
from app.settings import Settings

READY_SECONDS = 90
CLINIC_NUMBER = "+13125550100"
NOT_FOR_DEMO = ("DATABASE_URL", "PUBLIC_URL", "EVENTS_PORT", "WEB_CONCURRENCY", "WEB_THREADS")
LOOPBACK = build_opener(ProxyHandler({}))


class AlreadyRunning(CareloopError):
    """Another demo uses this folder's state."""

    code = "already_running"


class DidNotStart(CareloopError):
    """A part of the demo failed before it was ready."""

    code = "did_not_start"


def main(argv: list[str]) -> int:
    """Start everything, say where it is, and keep it running until a signal says stop."""
    parser = argparse.ArgumentParser(prog="careloop demo", description=__doc__)
    parser.add_argument("--database-url", help="PostgreSQL instead of a file under var/")
    parser.add_argument("--no-seed", action="store_true", help="leave the sandbox practice as it is")
    options = parser.parse_args(argv)
    os.umask(0o077)  # what is written under var/ is for this user alone
    settings = prepare(options.database_url)
    if "MAKELEVEL" in os.environ:
        die_with_parent()
    with only_one(settings.state_dir), Supervisor(_say) as supervisor:
        servers.require_ports(settings.host, {"the console": settings.port, "the phones": settings.port + 1})
        Demo(settings, supervisor, seed=not options.no_seed).run()
    _say("Everything has stopped.")
    return 0


def prepare(database_url: str | None = None) -> Settings:
    """The demo's settings, put into this process's environment for the processes it starts."""
    state = Path(os.environ.get("STATE_DIR") or "var").absolute()
    keys = runtime.make_local(state)
    # What reaches real people or real data is not for the demo, whatever this shell has set.
    for name in [n for n in os.environ if n.startswith(("TWILIO_", "SMTP_")) or n in NOT_FOR_DEMO]:
        del os.environ[name]
    if "REDIS_URL" in os.environ:
        # Another Careloop may work on the same Redis: neither takes the other's jobs.
        os.environ["RQ_KEY_PREFIX"] = "careloop-demo"
    if database_url:
        os.environ["DATABASE_URL"] = database_url
    port = Settings.from_env({"PORT": os.environ.get("PORT", "")}).port
    os.environ.update(demo_environ(keys, state, port))
    return Settings.from_env(os.environ)


def demo_environ(keys: Mapping[str, str], state: Path, port: int) -> dict[str, str]:
    """What the demo's processes find in their environment."""
    return {
        **keys,
        "CARELOOP_ENV": "demo",
        "STATE_DIR": str(state),
        "PORT": str(port),
        "PUBLIC_URL": f"http://localhost:{port}",
        "TWILIO_API_ORIGIN": f"http://127.0.0.1:{port + 1}",
        "TWILIO_FROM_NUMBER": CLINIC_NUMBER,
        "TWILIO_VOICE_NUMBER": CLINIC_NUMBER,
        # Several stories are tried on one patient in an hour; real patients keep one a day and three a week.
        "TWILIO_SEGMENTS_PER_SECOND": "100",
        "PATIENT_DAILY_CAP": "50",
        "PATIENT_WEEKLY_CAP": "200",
        "PYTHONUNBUFFERED": "1",
    }


class Demo:
    """The parts of the demo, in the order they need each other."""

    def __init__(self, settings: Settings, supervisor: Supervisor, *, seed: bool) -> None:
        self._settings = settings
        self._supervisor = supervisor
        self._seed = seed
        self._logs = settings.state_dir / "log"
        self._logs.mkdir(parents=True, exist_ok=True)
        self._began = time.monotonic()

    def run(self) -> None:
        """Start the parts, say where they are, tend them."""
        _say("Starting Careloop with invented patients (Ctrl-C stops everything).")
        for step in (self._redis, self._database, self._people, self._processes):
            if self._supervisor.stopping:
                return
            step()
        if not self._supervisor.stopping:
            self._welcome()
        self._supervisor.forever()

    def _redis(self) -> None:
        if "REDIS_URL" in os.environ:
            url = self._settings.redis_url
            _say(f"  Redis     {self._settings.redacted()['redis_url']}")
        else:
            program, url = servers.redis_program(self._settings.state_dir, self._log("redis"))
            os.environ["REDIS_URL"] = url
            _say(f"  Redis     our own ({program.argv[0]})")
            self._supervisor.add(program)
        self._wait("redis", lambda: servers.redis_answers(url), 10)

    def _database(self) -> None:
        _say(f"  database  {self._settings.redacted()['database_url']}")
        self._finish(self._careloop("database", "db", "upgrade"))

    def _people(self) -> None:
        # The logins stand in its last lines of output, so it is run at every start and changes nothing twice.
        if not self._seed or importlib.util.find_spec("app.cli.seed") is None:
            return
        _say("  practice  invented people, visits and logins")
        self._log("seed").unlink(missing_ok=True)
        self._finish(self._careloop("seed", "seed"))

    def _processes(self) -> None:
        port = self._settings.port
        sandbox = [sys.executable, "-m", "app.sandbox", "--port", str(port + 1)]
        origin = {"APP_ORIGIN": self._settings.public_url, "PORT": str(port + 1)}
        self._supervisor.add(Program("sandbox", sandbox, origin, self._log("sandbox")))
        for name in ("web", "worker", "clock"):
            self._supervisor.add(self._careloop(name, "serve" if name == "web" else name))
        _say("  waiting   for web, worker, clock and sandbox")
        self._wait("web", lambda: answers(f"http://127.0.0.1:{port}/readyz"), READY_SECONDS)
        self._wait("sandbox", lambda: answers(f"http://127.0.0.1:{port + 1}/"), READY_SECONDS)

    def _welcome(self) -> None:
        port = self._settings.port
        _say(f"\nReady after {time.monotonic() - self._began:.0f} s.")
        _say(f"  Console          http://localhost:{port}")
        _say(f"  Patients' phones http://localhost:{port + 1}")
        seeded = self._log("seed")
        if self._seed and seeded.exists():
            _say(f"\n{seeded.read_text().strip()}")
        _say(f"\nLogs are in {shown(self._logs)}, all state in {shown(self._settings.state_dir)}.\n")

    def _careloop(self, name: str, *argv: str) -> Program:
        return Program(name, [sys.executable, "-m", "app", *argv], log=self._log(name))

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def _finish(self, program: Program) -> None:
        status = self._supervisor.once(program)
        if status and not self._supervisor.stopping:
            raise DidNotStart(f"{program.name} {ending(status)}:\n{last_lines(self._log(program.name))}")

    def _wait(self, name: str, ready: Callable[[], bool], seconds: float) -> None:
        if not self._supervisor.until(ready, seconds) and not self._supervisor.stopping:
            log = self._log(name)
            raise DidNotStart(f"{name} did not get ready. {shown(log)} ends:\n{last_lines(log)}")


@contextmanager
def only_one(state: Path) -> Iterator[None]:
    """Hold the folder's lock; AlreadyRunning when another demo has it."""
    with (state / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise AlreadyRunning(
                f"A demo already runs with its state in {shown(state)}: stop it, or set STATE_DIR."
            ) from taken
        yield


def answers(url: str) -> bool:
    """Whether a page of ours is there and well."""
    try:
        with LOOPBACK.open(url, timeout=3) as response:
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


def shown(path: Path) -> str:
    """A path as short as it can be said from here."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _say(line: str) -> None:
    print(line, flush=True)
