"""The second opinion raises alarms and never takes one back; its weights are of the lines that are there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.understanding import Expectation, Urgency, read, second
from app.understanding.score import read_row
from app.understanding.windows import LONGEST
from tools.second_opinion import fingerprint

DATA = Path(__file__).parent / "data"
SILENT = second.weights(Path("nowhere"))


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The word lists without a second opinion."""
    monkeypatch.setattr(second, "weights", lambda: SILENT)


def rows() -> list[dict[str, object]]:
    found = []
    for path in sorted(DATA.glob("*_tuning.jsonl")):
        found += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return found


def test_it_only_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [read_row(row) for row in rows()]
    monkeypatch.setattr(second, "weights", lambda: SILENT)
    for lists, told in zip((read_row(row) for row in rows()), both, strict=True):
        assert told.urgency >= lists.urgency
        assert told.flag or not lists.flag
        assert (told.answer, told.intents) == (lists.answer, lists.intents)


def test_it_shows_the_words_that_weighed() -> None:
    told = read(
        "it is like somebody parked a truck on me and i am clammy", Expectation("open_text"), "en", None
    )
    assert told.flag
    assert {item.rule for item in told.evidence} & {"second opinion"} or told.urgency >= Urgency.URGENT


def test_without_weights_the_lists_stand_alone(alone: None) -> None:
    assert read("i cant breathe", Expectation("open_text"), "en", None).urgency is Urgency.EMERGENCY


def test_a_missing_file_is_no_opinion(tmp_path: Path) -> None:
    assert second.weights(tmp_path / "none.tsv").of("w:chest") is None


def test_the_weights_are_of_these_lines() -> None:
    head = second.PATH.read_text(encoding="utf-8").split("\n", 1)[0]
    assert head.startswith(f"# {fingerprint()};"), "run tools/second_opinion.py"


def test_what_stands_at_the_end_of_a_very_long_reply_is_read() -> None:
    text = (
        "we had a nice walk and a nice dinner " * (LONGEST // 4) + ". now i cant breathe and my chest hurts"
    )
    told = read(text, Expectation("yes_no", "Did you pick up your medicines?"), "en", None)
    assert told.urgency is Urgency.EMERGENCY
    assert told.flag
    assert all(text[item.start : item.end] == item.text for item in told.evidence)
