"""`careloop db reseal` says whether the other keys can be taken out."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from app.cli import db
from app.cli.main import main
from app.clock import FixedClock
from app.patients.models import Patient, Site
from app.store import Keyring, begin, make_engine, make_sessions
from tests.support.surroundings import ENVIRON

OLD, NEW = (base64.b64encode(sign * 32).decode() for sign in (b"o", b"n"))


@pytest.fixture
def reseal(
    sqlite_url: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[], tuple[int, str]]:
    """Run it, with a new key in front, on a database with one patient sealed with the old one."""
    keys = {"DATABASE_URL": sqlite_url, "ENCRYPTION_KEYS": f"new:{NEW},old:{OLD}"}
    for name, value in {**ENVIRON, **keys}.items():
        monkeypatch.setenv(name, value)
    engine = make_engine(sqlite_url, Keyring([("old", b"o" * 32)], base64.b64decode(ENVIRON["INDEX_KEY"])))
    with begin(make_sessions(engine)) as session:
        site = Site(key="north", name="Northside", phone="+13125550100", time_zone="America/Chicago")
        session.add(site)
        session.flush()
        names = {"given_name": "Ana", "family_name": "Invented", "name_index": "x"}
        session.add(Patient(site_id=site.id, **names, created_at=clock.now(), updated_at=clock.now()))
    engine.dispose()
    return lambda: (main(["db", "reseal"]), capsys.readouterr().out)


def test_it_ends_with_a_check(reseal: Callable[[], tuple[int, str]]) -> None:
    code, words = reseal()
    assert (code, "Nothing is sealed with another key." in words) == (0, True)


def test_what_was_written_meanwhile_with_another_key_is_told(
    reseal: Callable[[], tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "reseal", lambda sessions: {})
    code, words = reseal()
    assert (code, "1 rows are sealed with another key" in words) == (1, True)
    assert "Take no key out" in words
