"""Brings patients' files here, and has the carrier forget them."""

from __future__ import annotations

from uuid import UUID

from app.jobs.desk import desk, files
from app.media.fetch import fetch as fetch_one
from app.media.remove import remove as remove_one


def fetch(media_id: str) -> None:
    """Fetch a file, and delete it at the carrier once it is here."""
    services = desk()
    one, remove = UUID(media_id), services.settings.media_delete_at_carrier
    if fetch_one(services.sessions, one, files=files(), clock=services.clock, remove=remove) and remove:
        forget(media_id)


def forget(media_id: str) -> None:
    """Delete a file at the carrier."""
    services = desk()
    remove_one(services.sessions, UUID(media_id), files=files(), clock=services.clock)
