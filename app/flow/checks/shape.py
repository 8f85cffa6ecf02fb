"""Where a script leads: every answer somewhere, every path to an end or a person, no circle without the
patient."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.flow.checks.finding import Finding, error, warning
from app.flow.conditions import is_comparison
from app.flow.facts import SAMPLES
from app.flow.graph import END, PERSON, Graph, answers, graph
from app.flow.schema import BARRIERS, Script, Step

MAX_KEYS = 9
_OUTCOMES = {
    "offer_slots": {"booked", "none_fit", "none_available", "silence", "else"},
    "wait": {"over"},
}


def check_shape(script: Script) -> list[Finding]:
    """Every finding about where the steps lead."""
    drawn = graph(script)
    found = [*unreachable(script, drawn), *circles(drawn), *endless(script, drawn)]
    rules: tuple[Callable[[Script, str, Step], Iterator[Finding]], ...] = (
        dead_ends,
        strange_answers,
        too_many_keys,
        strange_conditions,
        strange_barriers,
    )
    for name, step in script.steps.items():
        for rule in rules:
            found += rule(script, name, step)
    return found


def unreachable(script: Script, drawn: Graph) -> list[Finding]:
    """Steps no path comes to."""
    found = drawn.reachable(script.first)
    return [
        error(name, "no path leads to this step: link it or delete it")
        for name in script.steps
        if name not in found
    ]


def circles(drawn: Graph) -> list[Finding]:
    """Circles that would turn without the patient or time: one finding for each."""
    free: dict[str, list[str]] = {}
    for edge in drawn.edges:
        if edge.free:
            free.setdefault(edge.source, []).append(edge.target)
    found: dict[frozenset[str], Finding] = {}
    for node in drawn.nodes:
        path = _circle(node.name, free)
        if path and frozenset(path) not in found:
            words = " → ".join([*path, path[0]])
            found[frozenset(path)] = error(
                path[0], f"goes in a circle without the patient: {words}; put a question or a wait in it"
            )
    return list(found.values())


def _circle(start: str, ways: dict[str, list[str]]) -> list[str]:
    todo: list[list[str]] = [[start]]
    seen = {start}
    while todo:
        path = todo.pop()
        for target in ways.get(path[-1], []):
            if target == start:
                return path
            if target not in seen:
                seen.add(target)
                todo.append([*path, target])
    return []


def endless(script: Script, drawn: Graph) -> list[Finding]:
    """Steps from which neither an end nor a person can ever be reached, silence left aside."""
    steady = tuple(edge for edge in drawn.edges if edge.label != "silence")
    spoken = Graph(drawn.first, drawn.nodes, steady)
    return [
        error(name, "never comes to an end or to a person: give it a way to a `close` or a `handoff`")
        for name in script.steps
        if not spoken.reachable(name) & {END, PERSON}
    ]


def dead_ends(script: Script, name: str, step: Step) -> Iterator[Finding]:
    """Steps, or answers to them, after which the conversation would stop without a word."""
    if step.kind == "decide":
        if not any(branch.when is None for branch in step.decide or ()):
            yield error(name, "add an `else:`, for when no line holds")
        return
    if step.kind == "ask":
        for answer in answers(step):
            if not (step.on.get(answer) or step.on.get("else") or step.then):
                yield error(name, f"the answer {answer!r} leads nowhere: add it to `on:`, or add `then:`")
        if not answers(step) and not (step.on.get("else") or step.then):
            yield error(name, "the answer leads nowhere: add `then:`")
    elif step.kind == "offer_slots":
        for outcome in ("booked", "none_fit"):
            if not (step.on.get(outcome) or step.on.get("else") or step.then):
                yield error(name, f"add `on: {{{outcome}: …}}`")
    elif step.kind in ("say", "wait") and not (step.then or step.close):
        yield error(name, "leads nowhere: add `then:`, or `close:` if the conversation ends here")
    if step.kind == "wait" and step.wait and step.wait.days and "over" not in step.on:
        yield error(name, "add `on: {over: …}`, for when no day is left")


def strange_answers(script: Script, name: str, step: Step) -> Iterator[Finding]:
    """Lines of `on:` or `flags:` for an answer nobody can give."""
    allowed = _OUTCOMES.get(step.kind) or {*answers(step), "silence", "else"}
    numbers = step.expect in ("scale_0_10", "number", "language")
    for key in (*step.on, *(step.flags if step.kind == "ask" else ())):
        if key not in allowed and not (numbers or is_comparison(key)):
            yield error(name, f"{key!r} is no answer here: write one of {', '.join(sorted(allowed))}")


def too_many_keys(script: Script, name: str, step: Step) -> Iterator[Finding]:
    """More choices than a telephone has keys."""
    if step.choices and len(step.choices) > MAX_KEYS:
        yield error(
            name, f"{len(step.choices)} choices, but a telephone has keys for {MAX_KEYS}: ask in two steps"
        )


def strange_conditions(script: Script, name: str, step: Step) -> Iterator[Finding]:
    """Conditions about something that is neither an answer of this script nor a known fact."""
    recorded = {one.record or other for other, one in script.steps.items() if one.kind == "ask"}
    for branch in step.decide or ():
        for wanted in branch.when or {}:
            subject = wanted.removeprefix("trend.")
            known = subject in recorded if wanted.startswith("trend.") else _known(wanted, recorded)
            if not known:
                yield error(
                    name, f"{wanted!r} is neither an answer of this script nor a fact: check the spelling"
                )


def _known(name: str, recorded: set[str]) -> bool:
    return name in recorded or name in SAMPLES or name == "silent_check_ins"


def strange_barriers(script: Script, name: str, step: Step) -> Iterator[Finding]:
    """Barriers outside the closed list, which reports could not count."""
    named = [step.barrier] if step.barrier else []
    if step.record == "barrier":
        named += list(step.choices or {})
    for barrier in named:
        if barrier not in BARRIERS:
            yield warning(name, f"{barrier!r} is not in the list of barriers: {', '.join(BARRIERS)}")
