"""Which migration a database is at, and the newest there is, without Alembic: it takes most of a second to import."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.errors import CareloopError

_REVISION: Final = re.compile(r'^revision\b.*= "(\w+)"', re.M)
_BEFORE: Final = re.compile(r'^down_revision\b.*= "(\w+)"', re.M)


@cache
def revisions() -> frozenset[str]:
    """Every revision this version knows."""
    return frozenset(name for source in _sources() for name in _REVISION.findall(source))


@cache
def newest() -> str:
    """The revision that no other names as the one before it."""
    before = {name for source in _sources() for name in _BEFORE.findall(source)}
    return max(revisions() - before)


def _sources() -> list[str]:
    return [path.read_text() for path in (Path(__file__).parent / "migrations" / "versions").glob("*.py")]


def require_newest(engine: Engine) -> None:
    """CareloopError, with what to do, unless the database has the newest schema."""
    try:
        with engine.connect() as connection:
            at = connection.scalar(text("SELECT version_num FROM alembic_version"))
    except (OperationalError, ProgrammingError) as problem:
        if "alembic_version" not in str(problem.orig):
            raise CareloopError(f"The database cannot be reached: {problem.orig}") from problem
        at = None
    if at != newest():
        state = f"has the schema {at}, not {newest()}" if at else "is empty"
        raise CareloopError(f"The database {state}. Run `careloop db upgrade` first, then this again.")
