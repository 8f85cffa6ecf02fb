"""The word lists: every file is valid, its examples are read so, and a fault is told with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli.read import main
from app.understanding import Expectation, read
from app.understanding.errors import LexiconError
from app.understanding.lexicon import LANGUAGES, LOCALES, compile_file, load, read_file
from app.understanding.measures import SIGN_OF
from app.understanding.rules import rules
from app.understanding.schema import SECTIONS, Band, RepliesFile, Thresholds, json_schema

HEAD = "schema: 1\nlanguage: en\nname: English\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_valid_word_lists(language: str) -> None:
    lexicon = load(language)
    assert lexicon is not None
    assert lexicon.language == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sign_has_a_rule_and_every_example_is_read_so(language: str) -> None:
    file = read_file(LOCALES / language / "replies.yaml")
    assert file is not None
    for name in file.signs:
        assert name == "alarm" or name.endswith(("_not", "_attr")) or name in rules().signs, name
    for example in file.examples:
        reading = read(example.text, Expectation(example.context, example.prompt), language, None)
        assert reading.answer == example.answer, example.text
        assert set(example.intents) <= set(reading.intents), example.text
        assert example.urgency in (None, reading.urgency.label), example.text


def test_rules_speak_only_of_signs_that_exist() -> None:
    made = {"severe_word", "symptoms_with_low_sugar", "symptoms_with_high_sugar", *SIGN_OF.values()}
    for together in rules().together:
        assert {*together.all, *together.any} <= {*rules().signs, *made}, together.name
    for topic in rules().topics.values():
        assert {*topic.signs, topic.sign} <= {*rules().signs, *made, "*"}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("intents: {opt_out: 'stop (now'}", "intents.opt_out"),
        ("signs: {fever: UNKNOWN_TERM now}", "UNKNOWN_TERM"),
        ("sings: {fever: hot}", "sings"),
        ("terms: {AA: BB, BB: AA}", "refers to itself"),
        ("[", "replies.yaml"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, text: str, word: str) -> None:
    path = tmp_path / "replies.yaml"
    path.write_text(text if text == "[" else HEAD + text, encoding="utf-8")
    with pytest.raises(LexiconError, match=word):
        compile_file(read_file(path))  # type: ignore[arg-type]  # a file with a head is never empty


def test_the_schema_is_published_and_names_every_section() -> None:
    properties = json_schema()["properties"]
    assert set(SECTIONS) <= set(properties)
    assert RepliesFile.model_validate({"schema": 1, "language": "en", "name": "English"}).signs == {}


def test_a_practice_may_set_its_own_bounds() -> None:
    asked = Expectation("open_text", "How are you today?")
    text = "I gained 2 pounds since yesterday"
    assert read(text, asked, "en", None).urgency.label == "none"
    strict = Thresholds(bands={"weight_gain_lb_day": (Band(urgency="urgent", at_least=1.9),)})
    assert read(text, asked, "en", None, thresholds=strict).urgency.label == "urgent"


def test_the_command_reads_lines_explains_and_scores(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    row = {"id": "a", "lang": "en", "context": "yes_no", "prompt": "Do you have a ride?", "text": "yep"}
    path = tmp_path / "replies.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert main([str(path)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["id"], told["answer"], told["urgency"], told["flag"]) == ("a", "yes", "none", False)
    assert main(["--explain", "i cant breathe"]) == 0
    assert "emergency" in capsys.readouterr().out
    labelled = {**row, "expect": {"answer": "yes", "urgency": "none"}, "must_flag": False, "flag_ok": False}
    path.write_text(json.dumps(labelled) + "\n", encoding="utf-8")
    assert main(["--score", str(path), "--verbose"]) == 0
    assert "100.00 %" in capsys.readouterr().out
    path.write_text("no json\n", encoding="utf-8")
    assert main([str(path)]) == 2
    assert "line 1" in capsys.readouterr().err


def test_locales_are_found_beside_the_package() -> None:
    assert (LOCALES / "en" / "replies.yaml").is_file()


def test_a_line_break_of_another_kind_inside_a_reply_is_no_end_of_the_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text(
        json.dumps({"id": "1", "text": "yes\u2028ok"}, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    assert main([str(rows)]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "1"


def test_a_time_that_is_none_is_told_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id": "1", "text": "yes", "now": "noon"}\n', encoding="utf-8")
    assert main([str(rows)]) == 2
    assert "line 1: now is no ISO 8601 time" in capsys.readouterr().err
