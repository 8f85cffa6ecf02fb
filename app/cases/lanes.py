"""The lanes a practice begins with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Lane
from app.errors import NotFound

SEEDS = Path(__file__).with_name("lanes.yaml")


def seed_lanes(session: Session) -> list[Lane]:
    """Add the lanes of `lanes.yaml` that are not there yet and give those added; an edited lane is left
    alone.
    """
    known = set(session.scalars(select(Lane.key)))
    added = [_lane(row) for row in shipped() if row["key"] not in known]
    session.add_all(added)
    session.flush()
    return added


def shipped() -> list[dict[str, Any]]:
    """The rows of `lanes.yaml` as they stand there."""
    rows: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(SEEDS.read_text("utf-8"))
    return rows


def lane(session: Session, key: str) -> Lane:
    """The lane of that key; NotFound when there is none."""
    found = session.get(Lane, key)
    if found is None:
        raise NotFound(f"There is no lane {key!r}. Lanes are set up by an admin.")
    return found


def _lane(row: dict[str, Any]) -> Lane:
    return Lane(
        key=row["key"],
        title=row["title"],
        script=row["script"],
        respond_minutes=row["respond"],
        flag_minutes=dict(row["flags"]),
        priority=row["priority"],
        attempts=[dict(attempt) for attempt in row["attempts"]],
        close_reasons=list(row["close_reasons"]),
        template=list(row["note"]),
    )
