"""Puts a backup back: checked first, with the keys at hand; what was there stays beside it on SQLite."""

from __future__ import annotations

import argparse
import tempfile
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, func, inspect, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.cli import archive, dumps, runtime
from app.outbox.models import Message, MessageStatus
from app.patients.models import Patient
from app.settings import Settings
from app.store import Keyring, begin, make_engine, make_sessions, upgrade


def main(argv: list[str]) -> int:
    """Restore from a file."""
    parser = argparse.ArgumentParser(prog="careloop restore", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--force", action="store_true", help="even where the database has patients in it")
    options = parser.parse_args(argv)
    print(run(options.file, runtime.settings(), force=options.force))
    return 0


def run(source: Path, settings: Settings, *, force: bool = False) -> str:
    """Put the backup back and bring it to the newest schema; give the words to print."""
    url = settings.database_url
    with tempfile.TemporaryDirectory(prefix="careloop-restore-") as folder:
        manifest, dump = archive.read(source, Path(folder))
        archive.require_keys(manifest, settings)
        if manifest.database != dumps.kind_of(url):
            raise archive.BackupWrong(
                f"This is a backup of {manifest.database}; DATABASE_URL names another kind."
            )
        if not force and _in_use(settings):
            raise archive.BackupWrong("The database has patients in it: stop all processes and use --force.")
        dumps.load(url, dump)
    patients, doubtful = _settle(settings, datetime.fromisoformat(manifest.made_at))
    return (
        f"Restored the state of {manifest.made_at}: {patients} patients.\n"
        f"{doubtful} messages that were waiting may have gone out after the backup: "
        "the carrier is asked about each before it is sent."
    )


def _engine(settings: Settings) -> Engine:
    return make_engine(settings.database_url, Keyring(settings.encryption_keys, settings.index_key))


def _in_use(settings: Settings) -> bool:
    if settings.embedded and not dumps.sqlite_path(settings.database_url).exists():
        return False
    engine = _engine(settings)
    try:
        with Session(engine) as session:
            return (
                inspect(engine).has_table("patient")
                and session.scalar(select(Patient.id).limit(1)) is not None
            )
    except SQLAlchemyError as error:
        raise archive.BackupWrong(f"The database cannot be used: {type(error).__name__}.") from error
    finally:
        engine.dispose()


def _settle(settings: Settings, made_at: datetime) -> tuple[int, int]:
    """Newest schema; sealed values open; what was waiting is asked about before it is sent a second time."""
    engine = _engine(settings)
    try:
        upgrade(engine)
        with begin(make_sessions(engine)) as session:
            patients = [patient.family_name for patient in session.scalars(select(Patient))]
            waiting = (MessageStatus.QUEUED, MessageStatus.SENDING)
            doubtful = (
                update(Message)
                .where(Message.status.in_(waiting))
                .values(status=MessageStatus.UNKNOWN, claimed_by=None, lookups=0)
                .values(claimed_at=func.coalesce(Message.claimed_at, made_at))
                .returning(Message.id)
            )
            return len(patients), len(session.scalars(doubtful).all())
    finally:
        engine.dispose()
