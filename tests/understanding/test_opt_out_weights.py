"""Opt-outs in words no list knows are added and seen by a person; none is taken back but in an emergency."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.understanding import Expectation, Urgency, opt_outs, read
from app.understanding.score import read_row
from app.understanding.second import SCALE, load
from tests.understanding.telling import told
from tools.opt_outs import fingerprint

DATA = Path(__file__).parent / "data"
SILENT = load(Path("nowhere"), (-30 * SCALE,))
LOUD = load(Path("nowhere"), (30 * SCALE,))
NEW = "kindly let this phone rest from your robot"
"""Words that no list takes for an opt-out."""


def rows() -> list[dict[str, object]]:
    path = DATA / "en_tuning.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def test_a_person_sees_whatever_it_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [read_row(row) for row in rows()]
    monkeypatch.setattr(opt_outs, "weights", lambda: SILENT)
    for with_weights, lists in zip(both, (read_row(row) for row in rows()), strict=True):
        assert set(with_weights.intents) - set(lists.intents) <= {"opt_out"}
        assert set(with_weights.intents) >= set(lists.intents)
        assert with_weights.flag or with_weights.intents == lists.intents
        assert (with_weights.answer, with_weights.urgency) == (lists.answer, lists.urgency)


def test_what_is_likely_is_an_opt_out_that_a_person_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opt_outs, "weights", lambda: SILENT)
    assert "opt_out" not in told(NEW).intents
    monkeypatch.setattr(opt_outs, "weights", lambda: LOUD)
    assert "opt_out" in told(NEW).intents
    assert told(NEW).flag


@pytest.mark.parametrize(
    ("text", "context", "prompt"),
    [
        ("ok", "none", ""),
        ("yes my son drives me", "yes_no", "Do you have a ride to your appointment? Reply YES or NO."),
        ("my chest is so tight", "none", ""),
        ("can you call me back", "none", ""),
        ("dont stop the reminders", "none", ""),
        ("what floor is it on?", "none", ""),
    ],
)
def test_answers_dangers_wishes_and_questions_end_nothing(
    monkeypatch: pytest.MonkeyPatch, text: str, context: str, prompt: str
) -> None:
    monkeypatch.setattr(opt_outs, "weights", lambda: LOUD)
    assert "opt_out" not in told(text, "en", context, prompt).intents


def test_an_opt_out_that_looks_like_none_stands_and_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    doubting = replace(opt_outs.weights(), base=(-30 * SCALE,))
    monkeypatch.setattr(opt_outs, "weights", lambda: doubting)
    reading = told("please stop texting me")
    assert "opt_out" in reading.intents
    assert reading.flag


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "quit texting and send somebody, my mother is choking and turning purple"),
        ("ru", "отстаньте с опросами, воздуха не хватает, синею"),
    ],
)
def test_in_an_emergency_a_stop_word_ends_nothing(language: str, text: str) -> None:
    reading = read(text, Expectation("open_text", "How are you feeling today?"), language, None)
    assert (reading.urgency, "opt_out" in reading.intents) == (Urgency.EMERGENCY, False)


def test_the_weights_are_of_these_lines() -> None:
    head = opt_outs.PATH.read_text(encoding="utf-8").split("\n", 1)[0]
    assert head.startswith(f"# {fingerprint()};"), "run tools/opt_outs.py"
