"""Scripts as graphs and pictures."""

from __future__ import annotations

import re

import pytest

from app.flow.graph import DRAWINGS, END, PERSON, Edge, answers, condition, graph, short
from tests.flow.worlds import SCRIPTS, script, shipped

STEPS = """
start:
  decide:
    - when: {pain: ">= 8", appointment.video: true}
      go: bad
    - else: ask
ask:
  ask: Better?
  expect: yes_no
  on: {"yes": rest, "no": bad}
rest:
  wait: {days: [4, 7]}
  on: {over: done}
  then: ask
bad:
  handoff: {urgency: urgent, because: "says \\"no\\""}
  then: ask
done:
  close: completed
"""


def test_every_way_is_an_edge() -> None:
    drawn = graph(script(STEPS))
    assert drawn.leaving("start") == [
        Edge("start", "bad", "pain >= 8 and appointment.video is true", free=True),
        Edge("start", "ask", "else", free=True),
    ]
    assert drawn.leaving("ask") == [
        Edge("ask", "rest", "yes"),
        Edge("ask", "bad", "no"),
        Edge("ask", PERSON, "silence"),
    ]
    assert drawn.leaving("rest") == [
        Edge("rest", "ask", "on day 4, 7"),
        Edge("rest", "done", "no time left", free=True),
    ]
    assert {edge.target for edge in drawn.leaving("bad")} == {PERSON, "ask"}
    assert drawn.leaving("done") == [Edge("done", END, "completed", free=True)]
    assert drawn.reachable("done") == {"done", END}


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_graph_holds_every_target_of_a_shipped_script(name: str) -> None:
    given = shipped(name)
    drawn = graph(given)
    for step_name, step in given.steps.items():
        ways = {edge.target for edge in drawn.leaving(step_name)}
        assert set(step.targets) <= ways
        assert ways
        assert {edge.label for edge in drawn.leaving(step_name)} >= set(answers(step))


@pytest.mark.parametrize("drawing", DRAWINGS)
@pytest.mark.parametrize("name", SCRIPTS)
def test_every_step_is_in_every_picture(name: str, drawing: str) -> None:
    picture = DRAWINGS[drawing](graph(shipped(name)))
    for step in shipped(name).steps:
        assert re.search(rf"\b(?:s_)?{step}\b", picture)


def test_pictures_survive_quotes() -> None:
    drawn = graph(script(STEPS))
    assert '\\"no\\"' in DRAWINGS["dot"](drawn)
    assert "says 'no'" in DRAWINGS["mermaid"](drawn)


def test_words_are_cut_at_a_space() -> None:
    assert short("one two three", 9) == "one two …"
    assert short("one two", 9) == "one two"


def test_conditions_read_aloud() -> None:
    assert condition({"feeling": ["same", "worse"]}) == "feeling is same or worse"
    assert condition(None) == "else"
