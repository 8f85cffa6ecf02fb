"""The pure parts by themselves, on one core: the script engine, and reading a reply."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from app.cli.load.client import percentile
from app.cli.load.figures import Figure
from app.flow.events import Reply, Started
from app.flow.loader import load_file
from app.flow.schema import Script
from app.flow.state import State
from app.flow.step import step
from app.understanding import Expectation, Option, Reading, Urgency, read

REPLIES: Final = (
    ("en", "yes_no", "yes"),
    ("en", "yes_no", "no not yet, I will tomorrow"),
    ("en", "yes_no", "Yes I did but I feel dizzy since last night and my chest hurts"),
    ("en", "symptom_yes_no", "no chest pain, just tired"),
    ("en", "scale_0_10", "about a 7"),
    ("en", "confirm_appointment", "can we move it to next tuesday after 3"),
    ("en", "dob", "March 25th 1950"),
    (
        "en",
        "open_text",
        "I could not get the blue pills because the pharmacy was closed and my son has the car",
    ),
    ("en", "choose_slot", "the second one please"),
    ("en", "none", "STOP"),
    ("es", "yes_no", "sí"),
    ("es", "yes_no", "no, todavía no he podido"),
    ("es", "symptom_yes_no", "me duele mucho el pecho y no puedo respirar"),
    ("es", "open_text", "no entiendo cómo tomar las pastillas, me siento peor que ayer"),
    ("es", "confirm_appointment", "no puedo ir ese día, trabajo"),
)
NOW: Final = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
OPTIONS: Final = tuple(
    Option(str(n), f"Tue {n} Dec", NOW.replace(month=12, day=n, tzinfo=None)) for n in (1, 2, 3)
)


def measure(path: Path, *, seconds: float) -> list[Figure]:
    """Steps a second with the state to JSON and back at each, and the time to read one reply."""
    script = load_file(path)
    rate = max(_steps(script, seconds / 4) for _ in range(4))
    took = _readings(seconds)
    return [
        Figure("flow.step with its state to JSON and back", rate, "steps/s", 5000, "above", note="one core"),
        Figure("read: median", 1000 * percentile(took, 0.5), "ms", 2.0),
        Figure("  p99", 1000 * percentile(took, 0.99), "ms"),
    ]


def _steps(script: Script, seconds: float) -> float:
    """Five-question sessions over and over: a start, then four answers to whatever is asked."""
    facts = {"patient.birth_date": "1960-01-02", "appointment.upcoming": False}
    now, done = NOW, 0
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        state = _through_json(step(script, State(), Started(facts=facts), now).state)
        done += 1
        for _ in range(4):
            answer = _answer(state)
            now += timedelta(seconds=30)
            state = _through_json(step(script, state, Reply(answer, "1", facts=facts), now).state)
            done += 1
    return done / (time.perf_counter() - began)


def _answer(state: State) -> Reading:
    asked = state.question
    value: str | int = "1960-01-02"
    if asked is not None and asked.context != "dob":
        value = asked.options[0][0] if asked.options else "yes"
    return Reading(value, (), Urgency.NONE, False, 1.0, ())


def _through_json(state: State) -> State:
    return State.from_json(json.loads(json.dumps(state.to_json())))


def _readings(seconds: float) -> list[float]:
    took: list[float] = []
    for language, context, words in REPLIES:
        read(words, _expecting(context), language, NOW)  # word lists are loaded at the first one
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        for language, context, words in REPLIES:
            at = time.perf_counter()
            read(words, _expecting(context), language, NOW)
            took.append(time.perf_counter() - at)
    return took


def _expecting(context: str) -> Expectation:
    return Expectation(context, "", OPTIONS if context == "choose_slot" else ())
