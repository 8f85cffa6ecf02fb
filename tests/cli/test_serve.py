"""How many processes and threads the web server gets."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.cli.serve import EMBEDDED_THREADS, STREAMS, arguments
from app.settings import Settings

POSTGRESQL = {"DATABASE_URL": "postgresql://localhost/careloop"}


@pytest.mark.parametrize(
    ("environ", "kind", "bind", "workers", "threads"),
    [
        ({}, "web", "127.0.0.1:8000", 1, EMBEDDED_THREADS),
        ({**POSTGRESQL}, "web", "127.0.0.1:8000", 2, EMBEDDED_THREADS),
        ({**POSTGRESQL, "EVENTS_PORT": "9000"}, "web", "127.0.0.1:8000", 2, 12),
        ({**POSTGRESQL, "EVENTS_PORT": "9000"}, "events", "127.0.0.1:9000", 1, STREAMS),
        (
            {**POSTGRESQL, "WEB_CONCURRENCY": "4", "WEB_THREADS": "8", "HOST": "0.0.0.0"},
            "web",
            "0.0.0.0:8000",
            4,
            8,
        ),
        ({"WEB_CONCURRENCY": "4"}, "web", "127.0.0.1:8000", 1, EMBEDDED_THREADS),
    ],
)
def test_size(
    make_settings: Callable[..., Settings],
    environ: dict[str, str],
    kind: str,
    bind: str,
    workers: int,
    threads: int,
) -> None:
    given = arguments(make_settings(**environ), kind)
    told = {name: given[given.index(name) + 1] for name in ("--bind", "--workers", "--threads")}
    assert told == {"--bind": bind, "--workers": str(workers), "--threads": str(threads)}
    assert "--no-control-socket" in given
