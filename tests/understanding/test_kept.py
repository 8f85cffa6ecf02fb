"""Word lists that were compiled once are read again as they were, and only while nothing has changed."""

import json
from pathlib import Path

import pytest

from app.understanding import kept, lexicon, warm
from app.understanding.lexicon import LANGUAGES, LOCALES
from app.understanding.normal import tokenize
from app.understanding.packing import pack, unpack

LISTS = """schema: 1
language: ht
name: Kreyòl
signs:
  chest_pain: (doulè|fè mal) .. (lestomak|kè) ; lestomak* _ sere
  fever: ^ (gen |yon |ti )*lafyèv $
"""


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    (tmp_path / "ht").mkdir()
    (tmp_path / "ht/replies.yaml").write_text(LISTS, encoding="utf-8")
    return tmp_path


def kept_files(locales: Path) -> list[Path]:
    return sorted((locales / "ht/__pycache__").glob("replies.*"))


def signs(locales: Path, text: str) -> list[str]:
    lexicon.load.cache_clear()
    known = lexicon.load("ht", locales)
    assert known is not None
    return [hit.name for hit in known.scan(tokenize(text)).of("signs")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_the_same_after_packing(language: str) -> None:
    file = lexicon.read_file(LOCALES / language / "replies.yaml")
    assert file is not None
    compiled = lexicon.compile_file(file)
    packed = json.loads(json.dumps(pack([compiled.terms, compiled.main])))
    terms, main = unpack(iter(packed))
    assert json.loads(json.dumps(pack([terms, main]))) == packed
    first = compiled.lexicon(language)
    again = lexicon.Compiled(compiled.words, terms, main).lexicon(language)
    for row in (LOCALES / language / "examples.jsonl").read_text(encoding="utf-8").splitlines()[:40]:
        tokens = tokenize(json.loads(row)["text"])
        assert again.scan(tokens) == first.scan(tokens)


def test_a_second_process_reads_what_the_first_kept(locales: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = signs(locales, "mwen gen doulè nan lestomak")
    assert told == ["chest_pain"]
    assert len(kept_files(locales)) == 1
    monkeypatch.setattr(lexicon, "read_file", lambda path: pytest.fail(f"{path} was read again"))
    assert signs(locales, "mwen gen doulè nan lestomak") == told
    assert signs(locales, "lestomak mwen sere") == told
    assert signs(locales, "gen yon ti lafyèv") == ["fever"]


def test_a_changed_list_is_compiled_anew_and_the_old_one_dropped(locales: Path) -> None:
    assert signs(locales, "m ap tranble") == []
    before = kept_files(locales)
    lists = LISTS + "  chills: tranble\n"
    (locales / "ht/replies.yaml").write_text(lists, encoding="utf-8")
    assert signs(locales, "m ap tranble") == ["chills"]
    assert len(kept_files(locales)) == 1
    assert kept_files(locales) != before


@pytest.mark.parametrize("torn", [b"", b"\n", b"half of", b"0" * 64 + b"\n[1]"])
def test_what_is_not_whole_is_compiled_anew(locales: Path, torn: bytes) -> None:
    signs(locales, "lafyèv")
    kept_files(locales)[0].write_bytes(torn)
    assert signs(locales, "lafyèv") == ["fever"]
    assert kept.recall(kept_files(locales)[0]) is not None


def test_cut_short_it_is_compiled_anew(locales: Path) -> None:
    signs(locales, "lafyèv")
    file = kept_files(locales)[0]
    file.write_bytes(file.read_bytes()[:-9])
    assert signs(locales, "lafyèv") == ["fever"]


def test_where_nothing_can_be_written_it_works_without(locales: Path) -> None:
    (locales / "ht/__pycache__").write_text("a file where the folder would be", encoding="utf-8")
    assert signs(locales, "lafyèv") == ["fever"]


def test_a_faulty_list_is_never_kept(locales: Path) -> None:
    (locales / "ht/replies.yaml").write_text(LISTS + "  fever_not: (\n", encoding="utf-8")
    lexicon.load.cache_clear()
    with pytest.raises(lexicon.LexiconError):
        lexicon.load("ht", locales)
    assert kept_files(locales) == []


def test_a_process_does_not_start_with_a_fault_in_the_commonest_lists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "en").mkdir()
    faulty = LISTS.replace("language: ht", "language: en") + "  fever: twice\n"
    (tmp_path / "en/replies.yaml").write_text(faulty, encoding="utf-8")
    monkeypatch.setattr(warm, "load", lambda code: lexicon.load(code, tmp_path))
    with pytest.raises(lexicon.LexiconError, match="fever"):
        warm.warm()
    with pytest.raises(lexicon.LexiconError, match="fever"):
        warm.warm_first()
