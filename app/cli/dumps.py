"""A database as one file, and back: SQLite by its online backup, PostgreSQL by its own tools."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from app.cli.archive import BackupWrong


def kind_of(url: str) -> str:
    """`sqlite` or `postgresql`."""
    return "sqlite" if url.startswith("sqlite") else "postgresql"


def dump(url: str, target: Path) -> None:
    """Write the whole database, as it stands at one moment, into a file; others go on working meanwhile."""
    if kind_of(url) == "sqlite":
        source = sqlite_path(url)
        if not source.exists():
            raise BackupWrong(f"There is no database at {source}.")
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
            # All pages in one step: in steps, each write by another connection begins it anew.
            live.backup(copy)
    else:
        _run("pg_dump", ["--format=custom", "--no-owner", f"--file={target}", _libpq(url)], url)


def load(url: str, source: Path) -> None:
    """Put a dump in the place of the database; what was there stays beside it (SQLite) or is replaced."""
    if kind_of(url) == "postgresql":
        options = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"]
        _run("pg_restore", [*options, f"--dbname={_libpq(url)}", str(source)], url)
        return
    with closing(sqlite3.connect(source)) as copy:
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise BackupWrong(f"The database in this backup is damaged: {found}.")
    target = sqlite_path(url)
    target.parent.mkdir(parents=True, exist_ok=True)
    for end in ("", "-wal", "-shm"):
        part = target.with_name(target.name + end)
        if part.exists():
            part.replace(target.with_name(f"{target.name}.before-restore{end}"))
    shutil.copy(source, target)


def sqlite_path(url: str) -> Path:
    """The file of a SQLite URL."""
    return Path(make_url(url).database or "")


def _libpq(url: str) -> str:
    """The address without its password: arguments are for everybody on the machine to see."""
    plain = make_url(url.replace("postgres://", "postgresql://", 1))
    return plain.set(drivername="postgresql", password=None).render_as_string(hide_password=False)


def _run(program: str, arguments: list[str], url: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise BackupWrong(
            f"{program} is not on this machine: install PostgreSQL's client tools "
            "(Debian: apt-get install postgresql-client), of the server's version or newer."
        )
    password = make_url(url).password
    environ = {**os.environ, "PGPASSWORD": str(password)} if password else dict(os.environ)
    done = subprocess.run([found, *arguments], capture_output=True, text=True, env=environ)
    if done.returncode:
        words = done.stderr.replace(_libpq(url), "(the database)").strip().splitlines()
        raise BackupWrong(f"{program} did not succeed: {words[-1] if words else done.returncode}")
