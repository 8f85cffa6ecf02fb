"""Translations from PO files: looked up by language, context and source text, each with its approval.

A fuzzy entry is a draft. A translator comment says who answers for the words:
`# status: reviewed by <role>, <date>` or `# status: approved by <role>, <date>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

import polib

from app.errors import CareloopError
from app.i18n.languages import SOURCE

DOMAIN: Final = "careloop"
Status = Literal["missing", "draft", "unreviewed", "reviewed", "approved"]
_STATUS = re.compile(r"^\s*status:\s*(reviewed|approved)\b\s*(?:by\s+(.*))?$", re.MULTILINE)


class CatalogError(CareloopError):
    """A translation file that cannot be read."""


@dataclass(frozen=True, slots=True)
class Translated:
    """Words found for a text: the language they are in, and whether somebody approved them."""

    text: str
    language: str
    approved: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One translation: its context, source words, words, where it stands, and who said so."""

    context: str
    source: str
    text: str
    status: Status
    by: str = ""


def po_path(root: Path, language: str) -> Path:
    """Where a language's PO file lies under the locales folder."""
    return root / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def status_of(entry: polib.POEntry) -> tuple[Status, str]:
    """Where a PO entry stands, and who reviewed or approved it."""
    if not entry.msgstr:
        return "missing", ""
    if entry.fuzzy:
        return "draft", ""
    found = _STATUS.search(entry.tcomment or "")
    if not found:
        return "unreviewed", ""
    return ("approved" if found[1] == "approved" else "reviewed"), (found[2] or "").strip()


def read_po(text: str, name: str = "catalog") -> list[Entry]:
    """The entries of PO text, obsolete ones left out; CatalogError when it is no PO file."""
    try:
        entries = polib.pofile(text)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise CatalogError(f"{name}: cannot be read: {error}") from error
    found = []
    for entry in entries:
        if not entry.obsolete:
            status, by = status_of(entry)
            found.append(Entry(entry.msgctxt or "", entry.msgid, entry.msgstr, status, by))
    return found


class Catalogs:
    """Every language's translations, read once; look-ups only, so threads may share it."""

    def __init__(self, entries: Mapping[str, list[Entry]]) -> None:
        self._by_key: dict[str, dict[tuple[str, str], Entry]] = {
            language: {(e.context, e.source): e for e in found} for language, found in entries.items()
        }
        self.languages = tuple(entries)

    @classmethod
    def load(cls, locales_dir: Path) -> Catalogs:
        """Every `<language>/LC_MESSAGES/careloop.po` under this folder; CatalogError names a file that is
        broken."""
        found: dict[str, list[Entry]] = {}
        for path in sorted(locales_dir.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
            try:
                text = path.read_text("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise CatalogError(f"{path}: cannot be read: {error}") from error
            found[path.parent.parent.name] = read_po(text, str(path))
        return cls(found)

    def with_entries(self, language: str, entries: list[Entry]) -> Catalogs:
        """These catalogs with some entries added or replaced: an edited draft, for checks and rehearsal."""
        merged = {known: list(by_key.values()) for known, by_key in self._by_key.items()}
        merged[language] = [*merged.get(language, []), *entries]
        return Catalogs(merged)

    def entry(self, language: str, context: str, msgid: str) -> Entry | None:
        """The translation of a text, or None where the language has none."""
        return self._by_key.get(language, {}).get((context, msgid))

    def entries(self, language: str) -> Mapping[tuple[str, str], Entry]:
        """A language's entries by (context, source words)."""
        return MappingProxyType(self._by_key.get(language, {}))

    def status(self, language: str, context: str, msgid: str) -> Status:
        """Where the translation of a text stands."""
        entry = self.entry(language, context, msgid)
        return entry.status if entry else "missing"

    def text(self, language: str, context: str, msgid: str, *, safety: bool = False) -> Translated:
        """The words for a text: in the language asked for, else as the script's author wrote them.

        With `safety`, words nobody approved are passed over: the source language's are used instead.
        """
        for candidate in self._candidates(language):
            entry = self.entry(candidate, context, msgid)
            if entry and entry.text and (not safety or entry.status == "approved"):
                return Translated(entry.text, candidate, entry.status == "approved")
        return Translated(msgid, SOURCE, False)

    @staticmethod
    def _candidates(language: str) -> Iterator[str]:
        yield language
        if language != SOURCE:
            yield SOURCE
