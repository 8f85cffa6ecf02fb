"""The web server: gunicorn with threads, in the place of this process."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from typing import NoReturn

from app.cli import runtime
from app.settings import Settings

STREAMS = 300
"""Threads of the events server: each live stream of a console holds one for as long as it is open."""
EMBEDDED_THREADS = 64
WEB_PROCESSES, WEB_THREADS = 2, 12


def main(argv: list[str]) -> int:
    """Serve the web, or only the console's live streams, until a signal says stop."""
    parser = argparse.ArgumentParser(prog="careloop serve", description=__doc__)
    parser.add_argument(
        "--events", action="store_true", help="only the console's live streams, on EVENTS_PORT"
    )
    options = parser.parse_args(argv)
    _become_gunicorn(runtime.settings(), "events" if options.events else "web")


def arguments(settings: Settings, kind: str) -> list[str]:
    """Gunicorn's arguments for a kind of server (`web` or `events`), but not what it serves."""
    processes, threads = _size(settings, kind)
    port = settings.port if kind == "web" else settings.events_port or settings.port + 2
    return [
        *("--bind", f"{settings.host}:{port}"),
        *("--worker-class", "gthread", "--workers", str(processes), "--threads", str(threads)),
        # Threads that hold a live stream never finish by themselves: do not wait long for them.
        *("--graceful-timeout", "2" if kind == "events" or settings.embedded else "15"),
        *("--keep-alive", "65", "--worker-connections", "2000", "--backlog", "1024"),
        # By default it opens one in the home directory, where it may not even write.
        "--no-control-socket",
        *("--log-level", "warning", "--name", f"careloop-{kind}"),
    ]


def _size(settings: Settings, kind: str) -> tuple[int, int]:
    if kind == "events":
        return 1, STREAMS
    if settings.embedded:
        # SQLite has one writer: several processes would poll for its lock, up to a second.
        return 1, settings.web_threads or EMBEDDED_THREADS
    streams_here = settings.events_port is None
    threads = settings.web_threads or (EMBEDDED_THREADS if streams_here else WEB_THREADS)
    return settings.web_concurrency or WEB_PROCESSES, threads


def _become_gunicorn(settings: Settings, kind: str) -> NoReturn:
    if _size(settings, kind)[0] > 1:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = _empty_folder(settings, kind)
    sys.stdout.flush()
    command = [sys.executable, "-m", "gunicorn", *arguments(settings, kind)]
    command += ["--config", "python:app.cli.master", "app.cli.master:create_app()"]
    os.execv(sys.executable, command)


def _empty_folder(settings: Settings, kind: str) -> str:
    """A folder for the counters that several processes add up, without those of an earlier start."""
    folder = settings.state_dir / "metrics" / f"{kind}-{settings.port}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return str(folder)
