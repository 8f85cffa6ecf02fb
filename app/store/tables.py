"""Where the tables are: feature packages keep their own, this list lets migrations and tests see them all."""

from __future__ import annotations

from importlib import import_module
from typing import Final

PACKAGES: Final = (
    "security",
    "audit",
    "patients",
    "consent",
    "channels",
    "outbox",
    "cases",
    "scheduling",
    "teaching",
    "conversations",
    "outreach",
    "media",
    "inbound",
    "ehr",
)


def load_all() -> None:
    """Import every package's `models`, so that `Base.metadata` is whole."""
    for package in PACKAGES:
        import_module(f"app.{package}.models")
