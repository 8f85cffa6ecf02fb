"""Many at once, on PostgreSQL, where they really run side by side."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from app.store import Keyring, make_engine

Act = Callable[[], Any]


@pytest.fixture
def engine(postgresql_url: str, keyring: Keyring) -> Iterator[Engine]:
    engine = make_engine(postgresql_url, keyring)
    yield engine
    engine.dispose()


def together(*acts: Act) -> list[Any]:
    """Run these at the same moment, each on a thread of its own; what each gave, or the error it met."""
    results: list[Any] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(place: int) -> None:
        start.wait()
        try:
            results[place] = acts[place]()
        except Exception as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "they wait for each other for ever"
    return results


def well(*acts: Act) -> list[Any]:
    """The same, and none of them met an error: no deadlock, no lost update, nothing half done."""
    results = together(*acts)
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results
