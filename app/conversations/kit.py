"""What moving a conversation needs besides the database: the scripts, the words, and what the reader was taught."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.conversations.scripts import Scripts
from app.i18n.catalogs import Catalogs
from app.teaching.lessons import Lessons


@dataclass(frozen=True, slots=True)
class Kit:
    """Scripts and catalogs, loaded once per process; lessons, looked for again every few seconds."""

    scripts: Scripts
    catalogs: Catalogs
    lessons: Lessons = field(default_factory=Lessons)
