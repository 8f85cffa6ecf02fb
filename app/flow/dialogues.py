"""Dialogues: a conversation written down so that it reads like one, and can be played again.

A file names the script, the language, the channel and what is different in the world; its lines are what the bot and
the patient said, what was done, and when time passed. Played again, the patient's lines drive the real engine, so a
changed script shows at once where it would behave differently.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import unified_diff
from io import StringIO
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import LiteralScalarString

from app.errors import CareloopError
from app.flow.facts import SAMPLES
from app.flow.rehearsal import Line, Rehearsal
from app.flow.schema import Script
from app.i18n import Catalogs

BEGUN: Final = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
FREE: Final = (("slot-1", "2026-11-30T08:15"), ("slot-2", "2026-12-01T15:45"))
USUAL: Final[Mapping[str, Any]] = {**SAMPLES, "appointment.count": 1, "appointment.upcoming": True}
DRIVING: Final = frozenset({"patient", "time", "coordinator"})
Lines = list[dict[str, str]]


class DialogueError(CareloopError):
    """A file that holds no dialogue."""


@dataclass
class Dialogue:
    """One dialogue. `slots` is which times are free in its world: two, none, or "first gone" once chosen."""

    script: str
    language: str
    channel: str
    facts: dict[str, Any] = field(default_factory=dict)
    slots: str = "two"
    dialogue: Lines = field(default_factory=list)

    @property
    def drives(self) -> Lines:
        """The lines that make something happen."""
        return [line for line in self.dialogue if DRIVING & line.keys()]


def load(text: str, name: str = "dialogue") -> Dialogue:
    """The dialogue in this YAML text; DialogueError when there is none."""
    try:
        return Dialogue(**YAML(typ="safe", pure=True).load(text))
    except (YAMLError, TypeError) as error:
        raise DialogueError(f"{name} holds no dialogue: {error}") from error


def dump(dialogue: Dialogue) -> str:
    """The dialogue as YAML that reads like one."""
    data: dict[str, Any] = {
        "script": dialogue.script,
        "language": dialogue.language,
        "channel": dialogue.channel,
    }
    data |= {"facts": dialogue.facts} if dialogue.facts else {}
    data |= {"slots": dialogue.slots} if dialogue.slots != "two" else {}
    data["dialogue"] = [{who: _block(text) for who, text in line.items()} for line in dialogue.dialogue]
    yaml = YAML()
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(data, out)
    return out.getvalue()


def _block(text: str) -> str:
    return LiteralScalarString(text) if "\n" in text else text


def stage(dialogue: Dialogue, script: Script, catalogs: Catalogs) -> Rehearsal:
    """A rehearsal of this script in the dialogue's world, not begun yet."""
    facts = {**USUAL, **dialogue.facts}
    start = facts.get("appointment.start")
    if isinstance(start, str):
        facts["appointment.start"] = datetime.fromisoformat(start)
    made = Rehearsal(
        script,
        catalogs,
        facts,
        dialogue.language,
        dialogue.channel,
        now=BEGUN,
        slots=() if dialogue.slots == "none" else FREE,
    )
    made.world.gone = {"slot-1"} if dialogue.slots == "first gone" else set()
    return made


def act(playing: Rehearsal, line: dict[str, str]) -> None:
    """Do what one driving line says: the patient's words or silence, time passing, a coordinator handing back."""
    if "time" in line:
        playing.wake()
    elif "coordinator" in line:
        playing.hand_back()
    elif line["patient"] == "(silence)":
        playing.no_reply()
    elif line["patient"] == "(no reply)":
        playing.no_reply("" if playing.channel == "sms" else "give_up")
    else:
        playing.reply(line["patient"])


def play(dialogue: Dialogue, script: Script, catalogs: Catalogs) -> Rehearsal:
    """The rehearsal after all driving lines of the dialogue."""
    playing = stage(dialogue, script, catalogs)
    playing.start()
    for line in dialogue.drives:
        act(playing, line)
    return playing


def lines(of: list[Line]) -> Lines:
    """A rehearsal's lines as they stand in a file."""
    return [{line.who: line.text} for line in of]


def difference(dialogue: Dialogue, script: Script, catalogs: Catalogs) -> list[str]:
    """Where this script says or does something else than the dialogue: lines of a diff, [] when nothing does."""
    before = _spoken(dialogue.dialogue)
    after = _spoken(lines(play(dialogue, script, catalogs).lines))
    return list(unified_diff(before, after, "before", "after", lineterm="", n=2))


def _spoken(dialogue: Lines) -> list[str]:
    written = [f"{who}: {text}" for line in dialogue for who, text in line.items()]
    return [one for text in written for one in text.split("\n")]
