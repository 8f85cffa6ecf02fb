"""The opaque reference that goes out with every message and comes back with each receipt."""

from __future__ import annotations

from uuid import UUID


def ref_of(text: str | None) -> UUID | None:
    """The reference in a callback's query, or None when there is none or it is not one of ours."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
