"""The shape of scripts, and the words of what is wrong with one."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.flow.loader import ScriptError, load, load_file
from app.flow.schema import json_schema, seconds
from tests.flow.worlds import ROOT, SCRIPTS, script, shipped


def problems(steps: str, **top: str) -> list[str]:
    with pytest.raises(ScriptError) as wrong:
        script(steps, **top)
    return wrong.value.problems


def test_the_published_schema_is_this_one() -> None:
    published = json.loads((ROOT / "flows" / "schema.json").read_text("utf-8"))
    assert published == json_schema(), "run: careloop scripts schema > flows/schema.json"


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_shipped_script_is_named_like_its_file(name: str) -> None:
    assert shipped(name).script == name


def test_every_fault_is_told_at_once_with_its_place() -> None:
    found = problems(
        "a:\n  ask: How?\n  then: b\nb:\n  say: Hello.\n  colour: red\n  then: c\nc:\n  close: completed"
    )
    assert len(found) == 2
    assert found[0].startswith("steps.a: an ask needs either")
    assert found[1].startswith("steps.b.colour: ")


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ("a:\n  say: Hi.\n  then: nowhere", "no such step: a → nowhere"),
        ("a:\n  ask: x\n  say: y\n  expect: text", "a step does one thing"),
        ("a:\n  then: a", "an empty step"),
        ("a:\n  say: Hi.\n  expect: text", "belong to an ask"),
        ("a:\n  decide:\n    - when: {x: 1}", "write either `when: {...}` with `go: step`"),
        ("a:\n  wait: {for: soon}", "is not a duration"),
        ("a:\n  offer_slots: {visit: x, within: 1d, count: 9}", "less than or equal to 8"),
    ],
)
def test_says_what_is_wrong(steps: str, words: str) -> None:
    assert words in "; ".join(problems(steps))


def test_yes_and_no_are_words_here_and_not_truths() -> None:
    given = script("a:\n  ask: x\n  expect: yes_no\n  on: {yes: b, no: b}\nb:\n  close: completed")
    assert set(given.steps["a"].on) == {"yes", "no"}


@pytest.mark.parametrize("text", ["", "- a\n- b", "just words"])
def test_a_file_that_is_no_script(text: str) -> None:
    with pytest.raises(ScriptError, match="the file holds no script"):
        load(text)


def test_broken_yaml_is_told_with_its_line() -> None:
    with pytest.raises(ScriptError, match="line 2"):
        load("script: x\n  bad: [", "x.yaml")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="cannot be read"):
        load_file(tmp_path / "none.yaml")


@given(st.text(max_size=200))
def test_any_text_loads_or_is_refused_in_words(text: str) -> None:
    with suppress(ScriptError):
        load(text)


@pytest.mark.parametrize(("text", "wanted"), [("30m", 1800), ("72h", 259200), ("14d", 1209600), (60, 60)])
def test_durations(text: object, wanted: int) -> None:
    assert seconds(text) == wanted


def test_a_list_of_one_act_may_be_written_as_a_word() -> None:
    given = script("a:\n  do: confirm_appointment\n  close: confirmed")
    assert given.steps["a"].do == ["confirm_appointment"]
