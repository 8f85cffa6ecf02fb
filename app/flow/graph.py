"""A script as nodes and edges, and as pictures in text: DOT, Mermaid, and an outline to read aloud."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from app.flow.schema import Pause, Script, Step

END = "(end)"
PERSON = "(person)"


@dataclass(frozen=True, slots=True)
class Node:
    """One step: its kind and its words in short."""

    name: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A way from one step to the next, to the end or to a person.

    `label` says when it is taken ("worse", "silence", a condition). A `free` way needs neither the patient
    nor time, so a circle of free ways would never stop.
    """

    source: str
    target: str
    label: str = ""
    free: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """Every step, and every way between them, in the order written."""

    first: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def leaving(self, name: str) -> list[Edge]:
        """The ways out of a step."""
        return [edge for edge in self.edges if edge.source == name]

    def reachable(self, start: str) -> set[str]:
        """Everything that can be come to from here, this step included."""
        ways: dict[str, list[str]] = {}
        for edge in self.edges:
            ways.setdefault(edge.source, []).append(edge.target)
        found, todo = {start}, [start]
        while todo:
            fresh = [target for target in ways.get(todo.pop(), []) if target not in found]
            found.update(fresh)
            todo += fresh
        return found


def graph(script: Script) -> Graph:
    """The graph of a script."""
    nodes = tuple(Node(name, step.kind, _words(step)) for name, step in script.steps.items())
    edges = tuple(edge for name, step in script.steps.items() for edge in ways(name, step))
    return Graph(script.first, nodes, edges)


def ways(name: str, step: Step) -> Iterator[Edge]:
    """The ways out of one step; a way that is not written leads to where the engine would go."""
    match step.kind:
        case "ask":
            yield from _answers(name, step)
        case "offer_slots":
            yield from _slots(name, step)
        case "decide":
            for branch in step.decide or ():
                yield Edge(name, branch.target, condition(branch.when), free=True)
        case "wait":
            yield Edge(name, step.then or END, _waiting(step.wait))
            if "over" in step.on:
                yield Edge(name, step.on["over"], "no time left", free=True)
        case "handoff":
            yield Edge(name, PERSON, step.handoff.because if step.handoff else "")
            if step.then:
                yield Edge(name, step.then, "handed back")
        case _:
            yield Edge(name, END if step.close else step.then or END, step.close or "", free=True)


def answers(step: Step) -> tuple[str, ...]:
    """The answers a question foresees by name; () for one that takes any words or numbers."""
    if step.choices:
        return tuple(step.choices)
    return ("yes", "no") if step.expect in ("yes_no", "symptom_yes_no") else ()


def _answers(name: str, step: Step) -> Iterator[Edge]:
    foreseen = answers(step)
    for answer in foreseen:
        yield Edge(name, step.on.get(answer) or step.on.get("else") or step.then or END, answer)
    others = [key for key in step.on if key not in (*foreseen, "silence", "else")]
    for key in others:
        yield Edge(name, step.on[key], key)
    if not foreseen:
        yield Edge(name, step.on.get("else") or step.then or END, "any answer" if not others else "else")
    yield Edge(name, step.on.get("silence", PERSON), "silence")


def _slots(name: str, step: Step) -> Iterator[Edge]:
    otherwise = step.on.get("else") or step.then or PERSON
    none_fit = step.on.get("none_fit", otherwise)
    yield Edge(name, step.on.get("booked", otherwise), "booked")
    yield Edge(name, none_fit, "none fit")
    yield Edge(name, step.on.get("none_available", none_fit), "none free", free=True)
    yield Edge(name, step.on.get("silence", PERSON), "silence")


def condition(when: dict[str, Any] | None) -> str:
    """A `when` in words: `pain >= 8 and feeling is same or worse`."""
    if when is None:
        return "else"
    return " and ".join(f"{name} {_wanted(wanted)}" for name, wanted in when.items())


def _wanted(wanted: Any) -> str:
    if isinstance(wanted, list):
        return "is " + " or ".join(str(one) for one in wanted)
    if isinstance(wanted, str) and wanted[:1] in "<>!":
        return wanted
    return f"is {str(wanted).lower() if isinstance(wanted, bool) else wanted}"


def _waiting(pause: Pause | None) -> str:
    if pause is None:
        return ""
    if pause.days:
        return "on day " + ", ".join(str(day) for day in pause.days)
    if pause.day is not None:
        return f"on day {pause.day}"
    if pause.until:
        return f"{_span(pause.before or 0)} before the {pause.until}"
    return f"after {_span(pause.span or 0)}"


def _span(seconds: int) -> str:
    return f"{seconds // 86400} d" if seconds % 86400 == 0 else f"{seconds // 3600} h"


def _words(step: Step) -> str:
    if step.offer_slots:
        return f"offers times: {step.offer_slots.visit}"
    if step.handoff:
        return f"to a person ({step.handoff.urgency}): {step.handoff.because}"
    said = step.ask or step.say or ""
    noted = step.flag.because if step.flag and not said else ""
    return " ".join((said or noted or step.close or step.kind).split())


def short(words: str, length: int = 60) -> str:
    """Words cut to a length, at a space."""
    return words if len(words) <= length else words[:length].rsplit(" ", 1)[0] + " …"


def dot(drawn: Graph) -> str:
    """The graph in the DOT language."""
    shapes = {"ask": "box", "decide": "diamond", "handoff": "octagon", "close": "doublecircle", "wait": "cds"}
    lines = ["digraph script {", "  rankdir=TB;", '  node [shape=plaintext, fontname="sans-serif"];']
    for node in drawn.nodes:
        label = _quoted(f"{node.name}\n{short(node.words)}")
        lines.append(f"  {_quoted(node.name)} [shape={shapes.get(node.kind, 'note')}, label={label}];")
    lines += [
        f"  {_quoted(edge.source)} -> {_quoted(edge.target)} [label={_quoted(edge.label)}];"
        for edge in drawn.edges
    ]
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


_FORMS: dict[str, tuple[str, str]] = {
    "ask": ("[", "]"),
    "decide": ("{", "}"),
    "handoff": ("[[", "]]"),
    "close": ("((", "))"),
    "wait": ("([", "])"),
}


def mermaid(drawn: Graph) -> str:
    """The graph in Mermaid's language."""
    lines = ["flowchart TD"]
    for node in drawn.nodes:
        opening, closing = _FORMS.get(node.kind, ("(", ")"))
        label = _plain(f"{node.name}: {short(node.words)}")
        lines.append(f'  {_id(node.name)}{opening}"{label}"{closing}')
    for edge in drawn.edges:
        label = f'|"{_plain(edge.label)}"|' if edge.label else ""
        lines.append(f"  {_id(edge.source)} -->{label} {_id(edge.target)}")
    return "\n".join(lines) + "\n"


def _id(name: str) -> str:
    return {END: "END_", PERSON: "PERSON_"}.get(name, f"s_{name}")


def _plain(text: str) -> str:
    return (
        text.replace('"', "'").replace("<", "&lt;").replace(">", "&gt;").replace("{", "(").replace("}", ")")
    )


def outline(drawn: Graph) -> str:
    """The script as an outline: each step, its words, and where each answer leads."""
    blocks = []
    for node in drawn.nodes:
        block = [f"{node.name} ({node.kind})", f"  {node.words}"]
        block += [f"  {edge.label or 'then'} → {edge.target}" for edge in drawn.leaving(node.name)]
        blocks.append("\n".join(block))
    return "\n\n".join(blocks) + "\n"


Drawing = Literal["outline", "dot", "mermaid"]
DRAWINGS = {"outline": outline, "dot": dot, "mermaid": mermaid}
