"""Puts a backup back: checked first, with the keys at hand; what was there stays beside it on SQLite."""

from __future__ import annotations

import argparse
import tempfile
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, inspect, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.cli import archive, dumps, restored, runtime
from app.clock import Clock, SystemClock
from app.patients.models import Patient
from app.settings import Settings
from app.store import Keyring, begin, make_engine, make_sessions, upgrade
from app.store.heads import revisions


def main(argv: list[str]) -> int:
    """Restore from a file."""
    parser = argparse.ArgumentParser(prog="careloop restore", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--force", action="store_true", help="even where the database has patients in it")
    options = parser.parse_args(argv)
    print(run(options.file, runtime.settings(), SystemClock(), force=options.force))
    return 0


def run(source: Path, settings: Settings, clock: Clock, *, force: bool = False) -> str:
    """Put the backup back and bring it to the newest schema; give the words to print."""
    url = settings.database_url
    with tempfile.TemporaryDirectory(prefix="careloop-restore-") as folder:
        manifest, dump = archive.read(source, Path(folder))
        archive.require_keys(manifest, settings)
        archive.require_schema(manifest, revisions())
        if manifest.database != dumps.kind_of(url):
            raise archive.BackupWrong(
                f"This is a backup of {manifest.database}; DATABASE_URL names another kind."
            )
        if not force and _in_use(settings):
            raise archive.BackupWrong("The database has patients in it: stop all processes and use --force.")
        dumps.load(url, dump)
    return _settle(settings, datetime.fromisoformat(manifest.made_at), clock)


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


def _settle(settings: Settings, made_at: datetime, clock: Clock) -> str:
    """Newest schema; sealed values open; nothing that may have gone out since goes out again; the words to print."""
    engine = _engine(settings)
    try:
        upgrade(engine)
        sessions = make_sessions(engine)
        with begin(sessions) as session:
            patients = [patient.family_name for patient in session.scalars(select(Patient))]
            doubtful = restored.settle(session, made_at, clock.now())
        fetched = restored.fetch(sessions, settings, made_at, clock)
    finally:
        engine.dispose()
    return (
        f"Restored the state of {made_at.isoformat()}: {len(patients)} patients.\n"
        f"{doubtful.messages} messages that were waiting may have gone out after the backup: "
        "the carrier is asked about each before it is sent.\n"
        f"{doubtful.cases} cases whose next step was due since then are flagged: a person looks.\n"
        f"{fetched}\n"
        "Nothing but safety texts leaves until an operator says so: `careloop holds lift twilio`."
    )
