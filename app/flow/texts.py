"""Every text a patient may get, with its gettext context: what translators translate and checks look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.flow import builtin
from app.flow.effects import Text
from app.flow.schema import Script, Step


@dataclass(frozen=True, slots=True)
class Source:
    """A text, the script and step it stands in ("" for shared ones), and what kind of words it is."""

    text: Text
    script: str
    step: str
    kind: str


def of_step(script: Script, name: str, node: Step) -> Iterator[Source]:
    """The texts of one step: what it says or asks, its shorter form, its spoken form, and its choices."""
    base = f"{script.script}/{name}"
    written = {
        "say": (base, node.say),
        "ask": (base, node.ask),
        "again": (f"{base}.again", node.again),
        "voice": (f"{base}@voice", node.voice),
    }
    for kind, (context, words) in written.items():
        if words:
            yield Source(Text(context, words), script.script, name, kind)
    for choice, label in (node.choices or {}).items():
        yield Source(Text(f"{base}:{choice}", label), script.script, name, "choice")


def of_script(script: Script) -> list[Source]:
    """The texts of a script, in the order they are written."""
    return [source for name, node in script.steps.items() for source in of_step(script, name, node)]


def shared() -> list[Source]:
    """The texts every script shares."""
    return [Source(Text(f"builtin/{key}", words), "", "", "builtin") for key, words in builtin.TEXTS.items()]


def is_safety(script: Script, source: Source) -> bool:
    """Whether only approved words may stand here: an emergency step of the script."""
    node = script.steps[source.step]
    rules = [node.flag, node.handoff]
    return any(rule is not None and rule.urgency == "emergency" for rule in rules)
