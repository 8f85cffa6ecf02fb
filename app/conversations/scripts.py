"""Scripts as frozen revisions: from `flows/` into the database, and back out by hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.conversations.models import ScriptRevision
from app.errors import NotFound
from app.flow.loader import load_file
from app.flow.schema import Script

_LOCK = 0x0CA2E101
"""Number of the PostgreSQL advisory lock that makes publishing one at a time."""


class Scripts:
    """Revisions by their hash, parsed once per process: a revision never changes, so neither does its entry."""

    def __init__(self) -> None:
        self._parsed: dict[str, Script] = {}

    def get(self, session: Session, digest: str) -> Script:
        """The script frozen under this hash; NotFound when there is none."""
        script = self._parsed.get(digest)
        if script is None:
            row = session.get(ScriptRevision, digest)
            if row is None:
                raise NotFound(f"there is no script revision {digest[:12]}")
            script = self._parsed[digest] = Script.model_validate_json(row.compiled)
        return script

    def current(self, session: Session, name: str) -> tuple[str, Script]:
        """Hash and script of the revision published last under this name; NotFound when none was."""
        digest = session.scalar(_published(name))
        if digest is None:
            raise NotFound(f"no script named {name} is published")
        return digest, self.get(session, digest)


def freeze(script: Script) -> tuple[str, str]:
    """The hash and the stored form of a script: the same script has the same hash, whatever its file's layout."""
    data = script.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    compiled = json.dumps(data, ensure_ascii=False)
    return hashlib.sha256(compiled.encode()).hexdigest(), compiled


def publish(session: Session, script: Script, source: str, now: datetime) -> str:
    """Make this script what new conversations begin with, and give its hash; publishing it again changes nothing.

    One that was published before and has been followed by another comes back as the revision it was.
    """
    digest, compiled = freeze(script)
    newest = session.execute(_published(script.script)).first()
    if newest is not None and newest.hash == digest:
        return digest
    # Later than what it takes the place of, whatever the clocks of two machines say.
    at = now if newest is None else max(now, newest.published_at + timedelta(microseconds=1))
    known = session.get(ScriptRevision, digest)
    if known is not None:
        known.published_at = at
    else:
        highest = select(func.max(ScriptRevision.number)).where(ScriptRevision.script == script.script)
        row = {"script": script.script, "number": (session.scalar(highest) or 0) + 1, "source": source}
        row |= {"compiled": compiled, "created_at": now, "published_at": at}
        session.add(ScriptRevision(hash=digest, **row))
    session.flush()
    return digest


def publish_all(session: Session, scripts: Iterable[tuple[Script, str]], now: datetime) -> list[str]:
    """Publish those of these (script, source) that are not what new conversations begin with; their names.

    Two machines that do it at once publish each of them once.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    names = []
    for script, source in scripts:
        before = session.execute(_published(script.script)).first()
        if publish(session, script, source, now) != (before and before.hash):
            names.append(script.script)
    return names


def publish_files(session: Session, folder: Path, now: datetime) -> list[str]:
    """The same with every script of a folder."""
    files = ((load_file(path), path.read_text("utf-8")) for path in sorted(folder.glob("*.yaml")))
    return publish_all(session, files, now)


def _published(name: str) -> Select[str, datetime | None]:
    """The revision that new conversations begin with, by its hash, and since when."""
    return (
        select(ScriptRevision.hash, ScriptRevision.published_at)
        .where(ScriptRevision.script == name, ScriptRevision.published_at.is_not(None))
        .order_by(ScriptRevision.published_at.desc(), ScriptRevision.number.desc())
        .limit(1)
    )
