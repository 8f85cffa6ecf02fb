"""What is wrong with a script, in words an admin can act on, before any patient meets it."""

from __future__ import annotations

from app.flow.checks.finding import Finding
from app.flow.checks.messages import check_messages
from app.flow.checks.shape import check_shape
from app.flow.checks.words import check_builtin, check_translations, check_words
from app.flow.schema import Script
from app.i18n import Catalogs

__all__ = ["Finding", "check", "check_builtin", "check_translations"]


def check(script: Script, catalogs: Catalogs, languages: tuple[str, ...] = ("en", "es")) -> list[Finding]:
    """Every finding about a script in these languages; it may be published when none is an error."""
    found = [
        *check_shape(script),
        *check_words(script),
        *check_translations(script, catalogs, languages),
        *check_messages(script, catalogs, languages),
    ]
    return list(dict.fromkeys(found))
