"""`careloop read --examples`: kept examples leave only when somebody confirms it, and that is on the trail."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.cases.models import Case
from app.cli.main import main
from app.clock import FixedClock
from app.outbox.models import Message
from app.security.models import Staff
from app.store import begin
from app.teaching.corrections import Meant, correct, review
from app.understanding.reading import Urgency
from tests.support.surroundings import ENVIRON
from tests.support.world import World


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The commands work on SQLite."""
    return sqlite_url


@pytest.fixture
def kept(
    world: World, clock: FixedClock, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """One kept example in the database the commands work on."""
    handlers, level = logging.root.handlers, logging.root.level
    for name, value in {**ENVIRON, "DATABASE_URL": sqlite_url}.items():
        monkeypatch.setenv(name, value)
    case_id, ana = world.trigger("discharge", world.patient()), world.staff("Ana").id
    world.text("my sugar sings")
    with begin(world.sessions) as session:
        message, staff = (
            session.scalars(select(Message).where(Message.direction == "in")).one(),
            session.get_one(Staff, ana),
        )
        case = session.get_one(Case, case_id)
        found, _ = correct(session, case, message.id, Meant("", Urgency.URGENT, True), staff, clock.now())
        review(session, found.id, keep=True, because="", staff=staff, sites=[world.site_id], now=clock.now())
    yield world
    logging.root.handlers, logging.root.level = handlers, level


def exports(world: World) -> list[object]:
    with world.sessions() as session:
        return [
            row.detail
            for row in session.scalars(select(AuditEvent).where(AuditEvent.action == "examples.export"))
        ]


def test_nothing_leaves_unconfirmed(
    kept: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    assert main(["read", "--examples"]) == 2
    told = capsys.readouterr()
    assert (told.out, exports(kept)) == ("", [])
    assert "words patients wrote" in told.err


@pytest.mark.parametrize("arguments", [["--yes"], []])
def test_a_confirmed_export_is_labelled_lines_and_on_the_trail(
    kept: World,
    arguments: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("patients' words\n"))
    assert main(["read", "--examples", *arguments]) == 0
    lines = capsys.readouterr().out
    row = json.loads(lines)
    assert (row["text"], row["expect"]["urgency"], row["must_flag"]) == ("my sugar sings", "urgent", True)
    assert exports(kept) == [{"count": 1}]
    path = tmp_path / "own.jsonl"
    path.write_text(lines, encoding="utf-8")
    assert main(["read", "--score", str(path)]) == 0
    assert "urgent_recall" in capsys.readouterr().out
