"""What the engine's tests share: small scripts, readings and facts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from app.flow.events import Event, Facts, Reply, Started
from app.flow.facts import SAMPLES
from app.flow.loader import load, load_file
from app.flow.schema import Script
from app.flow.state import State
from app.flow.step import Turn, step
from app.i18n import Catalogs
from app.understanding import Reading, Urgency

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
SCRIPTS = ("appointment-confirmation", "no-show-recovery", "post-discharge")


def shipped(name: str) -> Script:
    """One of the scripts that ship."""
    return load_file(ROOT / "flows" / f"{name}.yaml")


def catalogs() -> Catalogs:
    """The translations that ship."""
    return Catalogs.load(ROOT / "locales")


def script(steps: str, **top: str) -> Script:
    """A script with these steps, written as YAML."""
    head = {"script": "test", "title": "Test", "lane": "test", "purpose": "testing", **top}
    lines = "\n".join(f"{key}: {value}" for key, value in head.items())
    body = "\n".join("  " + line for line in steps.strip("\n").split("\n"))
    return load(f"{lines}\nsteps:\n{body}\n")


def reading(
    answer: str | int | None = None,
    *intents: str,
    urgency: Urgency = Urgency.NONE,
    flag: bool = False,
    confidence: float = 0.9,
    language: str = "",
) -> Reading:
    """What a reply was understood to mean."""
    return Reading(answer, intents, urgency, flag, confidence, language=language)


def said(answer: str | int | None = None, *intents: str, text: str = "x", **more: object) -> Reply:
    """The patient answered this."""
    return Reply(reading(answer, *intents), text, facts=SAMPLES, **more)  # type: ignore[arg-type] # test shorthand


def begin(of: Script, facts: Facts = SAMPLES, channel: str = "sms") -> Turn:
    """The first turn of a conversation."""
    return step(of, State(), Started(facts=facts, channel=channel), NOW)


def play(of: Script, *events: Event) -> Turn:
    """The last turn after a start and these events."""
    turn = begin(of)
    for event in events:
        turn = step(of, turn.state, event, NOW)
    return turn
