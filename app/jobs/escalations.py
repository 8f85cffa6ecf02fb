"""Tells people."""

from __future__ import annotations

from uuid import UUID

from app.jobs import after


def alert(flag_id: str) -> None:
    """Page whoever is on duty for a flag."""
    after.tell([UUID(flag_id)])
