"""Finds dialogues that together go every way of a script: `python -m tests.flows.explore` writes them as goldens.

At each rest it takes an answer nobody has given yet; where all were given, the one that leads soonest to an answer
not given. So a few dialogues cover every edge.
"""

from __future__ import annotations

import sys
from collections import Counter, deque
from dataclasses import dataclass, replace
from typing import Any

from app.flow.dialogues import Dialogue, act, lines, stage
from app.flow.graph import END, PERSON, Edge, answers, graph
from app.flow.rehearsal import Rehearsal
from app.flow.run import IDENTITY
from tests.flow.worlds import SCRIPTS
from tests.flows import golden

MOST_INPUTS = 45
TIRED_OUT = 4
BIRTH_DATE = {"sms": "03/25/1950", "voice": "03251950"}
OWN_WORDS = {"en": "It began two days ago", "es": "Empezó hace dos días"}
YES_NO = {"en": {"yes": "Yes", "no": "No"}, "es": {"yes": "Sí", "no": "No"}}

HIGH = {"appointment.importance": "high"}
SOON = {"appointment.start": "2026-11-23T10:00:00+00:00"}
VIDEO = {"appointment.video": True}
WORLDS: dict[str, dict[str, tuple[dict[str, Any], str]]] = {
    "appointment-confirmation": {
        "one-visit": ({}, "two"),
        "two-visits": ({"appointment.count": 2}, "two"),
        "video-visit": (VIDEO, "two"),
        "important-visit": (HIGH, "two"),
        "visit-gone": ({"appointment.upcoming": False}, "two"),
        "visit-tomorrow": (SOON, "two"),
        "no-times": ({}, "none"),
    },
    "no-show-recovery": {
        "usual": ({}, "two"),
        "important": (HIGH, "two"),
        "repeated": ({"patient.missed_visits": 3}, "two"),
        "no-times": ({}, "none"),
    },
    "post-discharge": {
        "visit-booked": ({}, "two"),
        "no-visit": ({"appointment.upcoming": False}, "two"),
        "time-gone": ({"appointment.upcoming": False}, "first gone"),
        "no-times": ({"appointment.upcoming": False}, "none"),
    },
}
Way = tuple[str, str, str]


@dataclass(frozen=True)
class Input:
    """Something to do at a rest: the driving line, and the label of the edge it should take."""

    line: dict[str, str]
    label: str


def candidates(playing: Rehearsal) -> list[Input]:
    """What could happen now."""
    state = playing.state
    if state.status == "sleeping":
        return [Input({"time": ""}, "")]
    if state.status == "handed_over":
        return [Input({"coordinator": "(hands back)"}, "handed back")] if state.pending_step else []
    question = state.question
    if state.status != "waiting" or question is None:
        return []
    if question.step == IDENTITY:
        return [Input({"patient": BIRTH_DATE[playing.channel]}, "identity")]
    return [*_answers(playing, question.step, question.context), Input({"patient": "(no reply)"}, "silence")]


def _answers(playing: Rehearsal, step: str, context: str) -> list[Input]:
    node = playing.script.steps[step]
    if context == "choose_slot":
        last = str(len(playing.state.question.options)) if playing.state.question else "1"
        return [Input({"patient": "1"}, "booked"), Input({"patient": last}, "none fit")]
    if node.choices:
        return [Input({"patient": str(n)}, label) for n, label in enumerate(answers(node), start=1)]
    if answers(node):
        return [Input({"patient": YES_NO[playing.language][label]}, label) for label in answers(node)]
    return [Input({"patient": OWN_WORDS[playing.language]}, "any answer")]


def taken(playing: Rehearsal, label: str, since: int) -> set[Way]:
    """The edges walked since that turn; the first one is the answer's."""
    edges = graph(playing.script).edges
    found: set[Way] = set()
    for before, path in playing.walked[since:]:
        for n, (source, target) in enumerate(zip((before, *path), path, strict=False)):
            same = [edge for edge in edges if (edge.source, edge.target) == (source, target)]
            exact = [edge for edge in same if edge.label == label] if n == 0 else []
            found |= {_way(edge) for edge in exact or same}
        last = path[-1] if path else before
        ending = {"ended": END, "handed_over": PERSON}.get(playing.state.status, "")
        found |= {_way(edge) for edge in edges if (edge.source, edge.target) == (last, ending)}
    return found


def _way(edge: Edge) -> Way:
    return edge.source, edge.target, edge.label


def all_ways(script: str) -> set[Way]:
    """Every edge of a script."""
    return {_way(edge) for edge in graph(golden.SCRIPTS[script]).edges}


def distance(script: str, start: str, missing: set[Way]) -> int | None:
    """How many edges from a step to the nearest one that leaves by a way not taken yet."""
    wanted = {source for source, _target, _label in missing}
    drawn = graph(golden.SCRIPTS[script])
    todo, seen = deque([(start, 0)]), {start}
    while todo:
        name, far = todo.popleft()
        if name in wanted:
            return far
        for edge in drawn.leaving(name):
            if edge.target not in seen:
                seen.add(edge.target)
                todo.append((edge.target, far + 1))
    return None


def choose(playing: Rehearsal, missing: set[Way], tired: Counter[Way]) -> Input | None:
    """The next thing to do to see something new, or None when nothing new can be reached.

    Ways that led nowhere new before (a `decide` went the other way) are avoided for a while.
    """
    script = playing.script.script
    resting = playing.state.question.step if playing.state.question else playing.state.step
    best: tuple[int, Input] | None = None
    for candidate in candidates(playing):
        if candidate.label == "identity":
            return candidate
        leaving = graph(playing.script).leaving(resting)
        ways = [edge for edge in leaving if candidate.label in (edge.label, "")]
        for edge in ways:
            far = 0 if _way(edge) in missing else None
            if far is None:
                beyond = distance(script, edge.target, missing)
                far = None if beyond is None else beyond + 1
            if far is None:
                continue
            far += 3 * tired[_way(edge)]
            if best is None or far < best[0]:
                best = (far, candidate)
    return best[1] if best else None


def dialogue(case: Dialogue, missing: set[Way], tired: Counter[Way]) -> tuple[Dialogue, set[Way]]:
    """One dialogue in this case's world that takes ways still missing, and the ways it took."""
    playing = stage(case, golden.SCRIPTS[case.script], golden.CATALOGS)
    playing.start()
    seen = taken(playing, "", 0)
    for _ in range(MOST_INPUTS):
        chosen = choose(playing, missing - seen, tired)
        if chosen is None:
            break
        since = len(playing.walked)
        act(playing, chosen.line)
        while chosen.label == "silence" and playing.state.question and not playing.walked[-1][1]:
            if playing.state.status != "waiting" or len(playing.walked) > since + 4:
                break
            act(playing, chosen.line)
        seen |= taken(playing, chosen.label, since)
    return replace(case, dialogue=lines(playing.lines)), seen


def cases(script: str, language: str, channel: str) -> tuple[dict[str, Dialogue], set[Way]]:
    """Named dialogues that together go every way they can, and the ways nobody could go."""
    missing = all_ways(script)
    found: dict[str, Dialogue] = {}
    for name, (facts, slots) in WORLDS[script].items():
        tired: Counter[Way] = Counter()
        number = 0
        for _ in range(60):
            made, seen = dialogue(Dialogue(script, language, channel, facts, slots), missing, tired)
            if seen & missing:
                number += 1
                missing -= seen
                found[f"{name}-{number}.{language}.{channel}"] = made
            elif max(tired.values(), default=0) > TIRED_OUT:
                break
            else:
                tired.update(seen)
    return found, missing


def main() -> int:
    """Write the goldens of every script, in both languages and on both channels; 1 when a way stays untried."""
    left = 0
    for script in SCRIPTS:
        for old in (golden.HERE / script).glob("*.yaml"):
            old.unlink()
        for language in ("en", "es"):
            for channel in ("sms", "voice"):
                found, missing = cases(script, language, channel)
                for name, case in found.items():
                    golden.save(golden.HERE / script / f"{name}.yaml", case)
                print(f"{script} {language} {channel}: {len(found)} dialogues, untried: {sorted(missing)}")
                left += len(missing)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
