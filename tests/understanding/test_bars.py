"""What reading must reach on labelled replies.

``*_tuning`` replies were tuned on, ``*_learnt`` ones (by others) taught the second opinion too. ``*_checked`` and
``*_measured`` were each written and measured before anyone looked at a miss; they now guard against going back.
``*_unseen`` replies, by others who never saw the lists, are only counted.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.understanding.score import Score, read_row, score

DATA = Path(__file__).parent / "data"
SPLITS = [path for kind in ("tuning", "checked", "measured") for path in sorted(DATA.glob(f"*_{kind}.jsonl"))]
ANSWERS = {"en": 0.93, "es": 0.93}
OTHERS = 0.85
FLOORS = {
    "answer": 0.95,
    "emergency_recall": 0.99,
    "urgent_recall": 0.98,
    "flag_recall": 0.975,
    "recall.opt_out": 0.97,
    "precision.opt_out": 0.985,
}
CEILINGS = {
    "answer_wrong": 0.017,
    "over_flag": 0.065,
    "hard_negative_emergency": 0.02,
    "emergency_unseen": 0.0,
}
"""What was reached, a little less, and not to be lost again."""


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


@pytest.mark.parametrize("path", SPLITS, ids=lambda path: path.stem)
def test_answers_are_found_in_every_language(path: Path) -> None:
    found = rows(path.name)
    result = score(found, [read_row(row) for row in found])
    rate = result.rate("answer")
    assert rate is not None
    assert rate >= ANSWERS.get(path.stem.split("_")[0], OTHERS), result.misses["answer"]


@pytest.fixture(scope="module")
def unseen() -> Score:
    return scored("*_unseen.jsonl")


@pytest.mark.parametrize(("measure", "floor"), sorted(FLOORS.items()))
def test_strangers_replies_are_read_no_worse_than_they_were(
    unseen: Score, measure: str, floor: float
) -> None:
    rate = unseen.rate(measure)
    assert rate is not None
    assert rate >= floor


@pytest.mark.parametrize(("measure", "ceiling"), sorted(CEILINGS.items()))
def test_strangers_replies_are_misread_no_more_than_they_were(
    unseen: Score, measure: str, ceiling: float
) -> None:
    rate = unseen.rate(measure)
    assert rate is not None
    assert rate <= ceiling
