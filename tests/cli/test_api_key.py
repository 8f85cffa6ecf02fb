"""Keys for programs, from the command line."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.cli import api_key
from app.clock import FixedClock
from app.errors import NotFound
from app.security import api_keys
from app.store import Sessions, new_id

Run = Callable[..., str]


@pytest.fixture
def run(sessions: Sessions, clock: FixedClock) -> Run:
    return lambda *argv: api_key.run(api_key.parser().parse_args(argv), sessions, clock)


def test_a_key_is_shown_once_listed_and_revoked(run: Run, sessions: Sessions, clock: FixedClock) -> None:
    assert run("list") == "There is no key yet."
    words = run("add", "registry", "--scope", "triggers:write", "--scope", "cases:read")
    token = words.splitlines()[0]
    with sessions() as session:
        key = api_keys.authenticate(session, token, clock.now())
        assert key is not None
        assert key.scopes == ["triggers:write", "cases:read"]
    assert token not in run("list")
    assert "registry: triggers:write, cases:read" in run("list")
    assert run("revoke", str(key.id)) == "registry is revoked."
    with sessions() as session:
        assert api_keys.authenticate(session, token, clock.now()) is None
        noted = session.scalars(select(AuditEvent.action).order_by(AuditEvent.action)).all()
        assert noted == ["api-key.add", "api-key.revoke"]


def test_what_is_not_there(run: Run) -> None:
    with pytest.raises(NotFound):
        run("revoke", str(new_id()))


def test_a_scope_there_is_not(run: Run) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app", "api-key", "add", "x", "--scope", "all"], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "triggers:write" in done.stderr
