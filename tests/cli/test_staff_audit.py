"""`careloop staff add` and `careloop audit verify`."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.audit import trail
from app.audit.models import AuditEvent
from app.cli.main import main
from app.clock import SystemClock
from app.security.models import Staff
from app.security.sign_in import hash_of, prove, sign_in
from app.store import Keyring, Sessions, begin, make_engine, make_sessions
from tests.support.surroundings import ENVIRON

ADD = ["staff", "add", "ana@example.org", "Ana Marin", "--role", "coordinator"]


def entered(session: Session, password: str) -> Staff | None:
    """Ana signs in with this password."""
    email = "ana@example.org"
    return sign_in(session, email, prove(hash_of(session, email), password), SystemClock().now())


@pytest.fixture
def sessions(sqlite_url: str, keyring: Keyring, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sessions]:
    """The database the commands work on; the logs they set up are put back as they were."""
    handlers, level = logging.root.handlers, logging.root.level
    for name, value in {**ENVIRON, "DATABASE_URL": sqlite_url}.items():
        monkeypatch.setenv(name, value)
    engine = make_engine(sqlite_url, keyring)
    yield make_sessions(engine)
    engine.dispose()
    logging.root.handlers, logging.root.level = handlers, level


def test_a_person_is_added_with_the_password_given(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse battery\n"))
    assert main([*ADD, "--role", "nurse", "--site", "lake"]) == 0
    assert "can sign in as ana@example.org" in capsys.readouterr().out
    with begin(sessions) as session:
        staff = entered(session, "correct horse battery")
        assert staff is not None
        assert (staff.roles, staff.site_keys) == (["coordinator", "nurse"], ["lake"])


def test_a_password_is_made_up_and_shown_once(sessions: Sessions, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ADD, "--generate"]) == 0
    password = capsys.readouterr().out.split("Password: ")[1].strip()
    with begin(sessions) as session:
        assert entered(session, password) is not None


def test_what_is_wrong_is_told_in_words(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert main(ADD) == 2
    assert "12 characters or more" in capsys.readouterr().err
    with sessions() as session:
        assert session.scalars(select(Staff)).all() == []


def test_the_trail_is_verified(sessions: Sessions, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ADD, "--generate"]) == 0
    assert main(["audit", "verify"]) == 0
    head = capsys.readouterr().out.split("Head: ")[1].strip()
    assert main(["audit", "verify", "--head", head]) == 0
    assert main(["audit", "verify", "--head", "nonsense"]) == 2
    with begin(sessions) as session:
        session.execute(update(AuditEvent).values(actor="somebody else"))
    capsys.readouterr()
    assert main(["audit", "verify"]) == 1
    assert "Row 1 was changed" in capsys.readouterr().out


def test_many_problems_are_counted(sessions: Sessions, capsys: pytest.CaptureFixture[str]) -> None:
    with begin(sessions) as session:
        for number in range(60):
            trail.record(
                session,
                actor_kind=trail.SYSTEM,
                actor="x",
                action="x",
                subject_kind="x",
                subject_id=str(number),
                now=SystemClock().now(),
            )
    with begin(sessions) as session:
        session.execute(update(AuditEvent).values(actor="somebody else"))
    assert main(["audit", "verify"]) == 1
    assert "60 rows, 60 problems" in capsys.readouterr().out
