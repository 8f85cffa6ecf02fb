"""An unlikely yes or no is taken back, never given; its weights are of the replies that are there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.understanding import Expectation, Urgency, read, unlikely
from app.understanding.answer import Answer
from app.understanding.message import build
from app.understanding.normal import tokenize
from app.understanding.score import read_row
from app.understanding.second import SCALE, load
from tools.unlikely import CONTEXTS, accepted, fingerprint

DATA = Path(__file__).parent / "data"
SILENT = load(Path("nowhere"), (30 * SCALE, 30 * SCALE))
RIDE = Expectation("yes_no", "Do you have a ride to your appointment on Thu Dec 3? Reply YES or NO.")


def rows() -> list[dict[str, object]]:
    found = []
    for path in (DATA / "en_tuning.jsonl", DATA / "es_tuning.jsonl"):
        found += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [row for row in found if row["context"] in CONTEXTS]


def test_it_only_takes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [read_row(row) for row in rows()]
    monkeypatch.setattr(unlikely, "weights", lambda: SILENT)
    alone = [read_row(row) for row in rows()]
    changed = [(told, lists) for told, lists in zip(both, alone, strict=True) if told.answer != lists.answer]
    assert changed
    assert all(told.answer is None for told, _ in changed)
    assert len(changed) < len(both) / 30
    # None of them was the one right answer: each was wrong, or no answer is as right.
    for row, told, lists in zip(rows(), both, alone, strict=True):
        assert told.answer == lists.answer or accepted(row) != {str(lists.answer)}
    assert all(told.urgency >= lists.urgency for told, lists in zip(both, alone, strict=True))
    assert all(told.flag or not lists.flag for told, lists in zip(both, alone, strict=True))


@pytest.mark.parametrize("text", ["yes squeezing when i walk", "kinda tight when i climb"])
def test_an_answer_taken_back_lowers_no_urgency(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    asked = Expectation("symptom_yes_no", "Are you having any chest pain or pressure? Reply YES or NO.")
    lists = read(text, asked, "en", None)
    assert lists.answer == "yes"
    assert lists.urgency >= Urgency.URGENT
    monkeypatch.setattr(unlikely, "weights", lambda: load(Path("nowhere"), (-30 * SCALE, -30 * SCALE)))
    told = read(text, asked, "en", None)
    assert (told.answer, told.flag) == (None, True)
    assert told.urgency >= lists.urgency


def message(text: str) -> tuple[str, ...]:
    """The effects noted when a plain yes is doubted."""
    read_as = build(text, RIDE, "en", None, tokenize(text), "")
    assert unlikely.unlikely(read_as, ("ride",), Answer("yes", 0.8))
    return tuple(mark.effect for mark in read_as.evidence)


def test_the_words_that_speak_against_an_answer_are_shown() -> None:
    assert set(message("no car and nobody to drive me there")) == {"doubt:yes"}


@pytest.mark.parametrize("text", ["yes", "no", "nope not yet", "yes my son", "Yes", "no ride"])
def test_plain_answers_stand(text: str) -> None:
    assert read(text, RIDE, "en", None).answer == ("yes" if text.lower().startswith("yes") else "no")


def test_without_weights_the_lists_stand_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unlikely, "weights", lambda: SILENT)
    assert read("no car and nobody to drive me", RIDE, "en", None).answer == "no"


def test_the_weights_are_of_these_replies() -> None:
    head = unlikely.PATH.read_text(encoding="utf-8").split("\n", 1)[0]
    assert head.startswith(f"# {fingerprint()};"), "run tools/unlikely.py"
