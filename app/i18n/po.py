"""Keeping PO files in step with the texts: the template, new entries, words that are no longer used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polib

from app.i18n.catalogs import DOMAIN, po_path
from app.i18n.languages import SOURCE


@dataclass(frozen=True, slots=True)
class Message:
    """One text to translate: context, source words, where it stands, and a hint for the translator."""

    context: str
    source: str
    place: str
    hint: str = ""


def template(messages: Iterable[Message]) -> polib.POFile:
    """The PO template with these messages, in this order."""
    made = polib.POFile(wrapwidth=100)
    made.metadata = _metadata("")
    for message in messages:
        made.append(_entry(message))
    return made


def _metadata(language: str) -> dict[str, str]:
    return {
        "Project-Id-Version": "careloop",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }


def _entry(message: Message) -> polib.POEntry:
    return polib.POEntry(
        msgctxt=message.context,
        msgid=message.source,
        comment=message.hint,
        occurrences=[(message.place, "")],
    )


def merge(path: Path, language: str, wanted: polib.POFile) -> bool:
    """Bring a language's file up to date with the template; whether it changed.

    New texts come in untranslated. Where only the words of a text changed, its old translation is kept as a
    draft. In the source language a text translates to itself, but who approves it is still to be said.
    """
    before = path.read_text("utf-8") if path.exists() else ""
    old = polib.pofile(before, wrapwidth=100) if before else polib.POFile(wrapwidth=100)
    made = polib.POFile(wrapwidth=100)
    made.header = old.header
    made.metadata = _metadata(language)
    same = {(e.msgctxt, e.msgid): e for e in old if not e.obsolete}
    by_context = {e.msgctxt: e for e in old if not e.obsolete}
    for entry in wanted:
        made.append(
            _merged(entry, same.get((entry.msgctxt, entry.msgid)), by_context.get(entry.msgctxt), language)
        )
    after = str(made) + "\n"
    if after == before:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(after, "utf-8")
    return True


def _merged(
    wanted: polib.POEntry, same: polib.POEntry | None, moved: polib.POEntry | None, language: str
) -> polib.POEntry:
    made = polib.POEntry(
        msgctxt=wanted.msgctxt, msgid=wanted.msgid, comment=wanted.comment, occurrences=wanted.occurrences
    )
    if same is not None:
        made.msgstr, made.tcomment, made.flags = same.msgstr, same.tcomment, list(same.flags)
    elif language == SOURCE:
        made.msgstr = wanted.msgid
    elif moved is not None and moved.msgstr:
        made.msgstr, made.flags = moved.msgstr, ["fuzzy"]
    return made


def write_template(root: Path, wanted: polib.POFile) -> bool:
    """Write `careloop.pot` under the locales folder; whether it changed."""
    path = root / f"{DOMAIN}.pot"
    after = str(wanted) + "\n"
    if path.exists() and path.read_text("utf-8") == after:
        return False
    root.mkdir(parents=True, exist_ok=True)
    path.write_text(after, "utf-8")
    return True


def files(root: Path, languages: Iterable[str]) -> list[tuple[str, Path]]:
    """(language, PO file) for each language, whether the file is there or not."""
    return [(language, po_path(root, language)) for language in languages]


def only_of(text: str, script: str) -> str:
    """The PO text with the entries of one script only."""
    whole = polib.pofile(text, wrapwidth=100)
    made = polib.POFile(wrapwidth=100)
    made.metadata = whole.metadata
    made.extend(entry for entry in whole if (entry.msgctxt or "").startswith(f"{script}/"))
    return str(made) + "\n"
