"""What moving a conversation needs besides the database: the scripts and the words."""

from __future__ import annotations

from dataclasses import dataclass

from app.conversations.scripts import Scripts
from app.i18n.catalogs import Catalogs


@dataclass(frozen=True, slots=True)
class Kit:
    """Scripts and catalogs, loaded once per process."""

    scripts: Scripts
    catalogs: Catalogs
