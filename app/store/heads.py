"""The newest migration there is, without Alembic, which takes most of a second and 20 MB to import."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

_REVISION: Final = re.compile(r'^revision\b.*= "(\w+)"', re.M)
_BEFORE: Final = re.compile(r'^down_revision\b.*= "(\w+)"', re.M)


@cache
def newest() -> str:
    """The revision that no other names as the one before it."""
    sources = [path.read_text() for path in (Path(__file__).parent / "migrations" / "versions").glob("*.py")]
    made = {name for source in sources for name in _REVISION.findall(source)}
    before = {name for source in sources for name in _BEFORE.findall(source)}
    newest: str = max(made - before)
    return newest
