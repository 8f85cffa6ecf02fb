"""Translations: where they stand, and what is used when one is missing."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from app.i18n import LANGUAGES, Catalogs
from app.i18n import po as po_files
from app.i18n.catalogs import CatalogError, Entry, po_path, read_po

PO = """
msgid ""
msgstr "Language: es\\n"

# status: approved by head nurse, 2026-11-22
msgctxt "s/a"
msgid "Hello"
msgstr "Hola"

# kept short
# status: reviewed by Ana P., 2026-11-20
msgctxt "s/b"
msgid "Bye"
msgstr "Adiós"

#, fuzzy
msgctxt "s/c"
msgid "Pain"
msgstr "Dolor"

msgctxt "s/d"
msgid "More"
msgstr "Más"

msgctxt "s/e"
msgid "Less"
msgstr ""

#~ msgctxt "s/f"
#~ msgid "Old"
#~ msgstr "Viejo"
"""


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    path = po_path(tmp_path, "es")
    path.parent.mkdir(parents=True)
    path.write_text(PO, "utf-8")
    return tmp_path


def test_where_each_stands(locales: Path) -> None:
    catalogs = Catalogs.load(locales)
    stands = {context: catalogs.status("es", context, source) for context, source in catalogs.entries("es")}
    assert stands == {
        "s/a": "approved",
        "s/b": "reviewed",
        "s/c": "draft",
        "s/d": "unreviewed",
        "s/e": "missing",
    }
    entry = catalogs.entry("es", "s/a", "Hello")
    assert entry is not None
    assert entry.by == "head nurse, 2026-11-22"


def test_what_is_missing_is_said_in_the_authors_words(locales: Path) -> None:
    catalogs = Catalogs.load(locales)
    assert catalogs.text("es", "s/e", "Less").text == "Less"
    assert catalogs.text("es", "s/e", "Less").language == "en"
    assert catalogs.text("xx", "s/a", "Hello").language == "en"
    assert catalogs.text("es", "other/a", "Hello").language == "en"


def test_words_that_changed_are_another_text(locales: Path) -> None:
    assert Catalogs.load(locales).text("es", "s/a", "Hello!").language == "en"


def test_safety_takes_approved_words_only(locales: Path) -> None:
    catalogs = Catalogs.load(locales)
    assert catalogs.text("es", "s/a", "Hello", safety=True).text == "Hola"
    for context, source in (("s/b", "Bye"), ("s/c", "Pain"), ("s/d", "More")):
        assert catalogs.text("es", context, source).language == "es"
        assert catalogs.text("es", context, source, safety=True).language == "en"


def test_the_source_language_has_its_own_wording() -> None:
    catalogs = Catalogs({"en": [Entry("s/a", "Hello", "Hello there", "approved")], "es": []})
    found = catalogs.text("es", "s/a", "Hello", safety=True)
    assert (found.text, found.language, found.approved) == ("Hello there", "en", True)


def test_an_edited_entry_replaces_the_old_one(locales: Path) -> None:
    catalogs = Catalogs.load(locales)
    edited = catalogs.with_entries("es", [Entry("s/a", "Hello", "Buenas", "draft")])
    assert edited.text("es", "s/a", "Hello").text == "Buenas"
    assert catalogs.text("es", "s/a", "Hello").text == "Hola"


def test_a_broken_file_is_told() -> None:
    with pytest.raises(CatalogError, match=r"careloop\.po"):
        read_po("nonsense\n", "careloop.po")


def test_a_file_in_another_encoding_is_told(locales: Path) -> None:
    po_path(locales, "es").write_bytes(b'msgid "a"\nmsgstr "\xe1"\n')
    with pytest.raises(CatalogError, match="cannot be read"):
        Catalogs.load(locales)


def test_no_folder_means_no_translations(tmp_path: Path) -> None:
    assert Catalogs.load(tmp_path / "none").languages == ()


class TestKeepingFilesInStep:
    def template(self, *texts: tuple[str, str]) -> polib.POFile:
        return po_files.template(
            po_files.Message(context, source, "flows/s.yaml") for context, source in texts
        )

    def test_new_texts_come_in_and_unused_ones_go(self, locales: Path) -> None:
        path = po_path(locales, "es")
        assert po_files.merge(path, "es", self.template(("s/a", "Hello"), ("s/new", "New")))
        entries = {entry.context: entry for entry in read_po(path.read_text("utf-8"))}
        assert set(entries) == {"s/a", "s/new"}
        assert entries["s/a"].status == "approved"
        assert entries["s/new"].status == "missing"

    def test_changed_words_keep_the_old_translation_as_a_draft(self, locales: Path) -> None:
        path = po_path(locales, "es")
        po_files.merge(path, "es", self.template(("s/a", "Hello, friend")))
        (entry,) = read_po(path.read_text("utf-8"))
        assert (entry.text, entry.status) == ("Hola", "draft")

    def test_nothing_new_changes_nothing(self, locales: Path) -> None:
        path, template = po_path(locales, "es"), self.template(("s/a", "Hello"))
        po_files.merge(path, "es", template)
        before = path.read_bytes()
        assert not po_files.merge(path, "es", template)
        assert path.read_bytes() == before

    def test_the_source_language_begins_with_its_own_words(self, tmp_path: Path) -> None:
        path = po_path(tmp_path, "en")
        po_files.merge(path, "en", self.template(("s/a", "Hello")))
        (entry,) = read_po(path.read_text("utf-8"))
        assert (entry.text, entry.status) == ("Hello", "unreviewed")

    def test_one_scripts_entries(self, locales: Path) -> None:
        kept = read_po(po_files.only_of(PO, "s"))
        assert {entry.context for entry in kept} == {"s/a", "s/b", "s/c", "s/d", "s/e"}
        assert read_po(po_files.only_of(PO, "other")) == []


def test_every_language_has_its_file() -> None:
    shipped = Catalogs.load(Path(__file__).resolve().parents[2] / "locales")
    assert set(shipped.languages) == set(LANGUAGES)
    assert len(shipped.entries("en")) == len(shipped.entries("es"))
