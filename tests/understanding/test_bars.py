"""What reading must reach on labelled replies.

``*_tuning`` replies were tuned on. ``*_checked`` and ``*_measured`` were each written and measured before anyone
looked at a miss (README.md beside the package has those first figures); they now guard against going back.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from app.understanding.score import Score, read_row, score

DATA = Path(__file__).parent / "data"
LANGUAGES = sorted({path.stem.split("_")[0] for path in DATA.glob("*.jsonl")})
ANSWERS = {"en": 0.93, "es": 0.93}
OTHERS = 0.85


def rows(pattern: str) -> list[dict[str, object]]:
    found = []
    for path in sorted(DATA.glob(pattern)):
        found += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return found


def scored(pattern: str) -> Score:
    found = rows(pattern)
    return score(found, [read_row(row) for row in found])


@pytest.fixture(scope="module", params=["tuning", "checked", "measured"])
def result(request: pytest.FixtureRequest) -> Score:
    return scored(f"*_{request.param}.jsonl")


def test_no_emergency_goes_unseen(result: Score) -> None:
    assert result.rate("emergency_unseen") == 0, result.misses["emergency_unseen"]


@pytest.mark.parametrize(
    ("measure", "bar"),
    [
        ("emergency_recall", 0.98),
        ("urgent_recall", 0.95),
        ("flag_recall", 0.96),
        ("recall.opt_out", 0.98),
        ("precision.opt_out", 0.98),
    ],
)
def test_recall_reaches_its_bar(result: Score, measure: str, bar: float) -> None:
    rate = result.rate(measure)
    assert rate is not None
    assert rate >= bar, result.misses[measure]


@pytest.mark.parametrize(
    ("measure", "bar"), [("hard_negative_emergency", 0.03), ("over_flag", 0.12), ("answer_wrong", 0.02)]
)
def test_false_alarms_stay_under_their_bar(result: Score, measure: str, bar: float) -> None:
    rate = result.rate(measure)
    assert rate is not None
    assert rate <= bar, result.misses[measure]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("split", ["tuning", "checked", "measured"])
def test_answers_are_found_in_every_language(language: str, split: str) -> None:
    found = rows(f"{language}_{split}.jsonl")
    result = score(found, [read_row(row) for row in found])
    rate = result.rate("answer") if found else 1.0
    assert rate is not None
    assert rate >= ANSWERS.get(language, OTHERS), result.misses["answer"]


def test_a_reply_is_read_in_time() -> None:
    found = rows("*_tuning.jsonl")
    for row in found[:50]:
        read_row(row)
    taken = []
    for row in found:
        began = time.perf_counter()
        read_row(row)
        taken.append(time.perf_counter() - began)
    taken.sort()
    assert taken[len(taken) // 2] <= 0.004, "twice the budget of 2 ms, for a shared machine"
