"""Scripts as frozen revisions: from `flows/` into the database, and back out by hash."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.conversations.models import ScriptRevision
from app.errors import NotFound
from app.flow.loader import load_file
from app.flow.schema import Script


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
        """Hash and script of the newest published revision of this name; NotFound when none was published."""
        digest = session.scalar(
            select(ScriptRevision.hash)
            .where(ScriptRevision.script == name, ScriptRevision.published_at.is_not(None))
            .order_by(ScriptRevision.number.desc())
            .limit(1)
        )
        if digest is None:
            raise NotFound(f"no script named {name} is published")
        return digest, self.get(session, digest)


def freeze(script: Script) -> tuple[str, str]:
    """The hash and the stored form of a script: the same script has the same hash, whatever its file's layout."""
    data = script.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    compiled = json.dumps(data, ensure_ascii=False)
    return hashlib.sha256(compiled.encode()).hexdigest(), compiled


def publish(session: Session, script: Script, source: str, now: datetime) -> str:
    """Make this script what new conversations begin with, and give its hash; publishing it again changes nothing."""
    digest, compiled = freeze(script)
    if session.get(ScriptRevision, digest) is None:
        highest = select(func.max(ScriptRevision.number)).where(ScriptRevision.script == script.script)
        number = (session.scalar(highest) or 0) + 1
        session.add(
            ScriptRevision(
                hash=digest,
                script=script.script,
                number=number,
                source=source,
                compiled=compiled,
                created_at=now,
                published_at=now,
            )
        )
        session.flush()
    return digest


def publish_files(session: Session, folder: Path, now: datetime) -> list[str]:
    """Publish every script of a folder whose text has no revision yet; gives the names published."""
    names = []
    for path in sorted(folder.glob("*.yaml")):
        script = load_file(path)
        if session.get(ScriptRevision, freeze(script)[0]) is None:
            publish(session, script, path.read_text("utf-8"), now)
            names.append(script.script)
    return names
