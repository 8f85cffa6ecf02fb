"""Laws of the engine: whatever happens, a step never raises, and then it waits, rests, is with a person or ends."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.flow.events import (
    Booked,
    Connected,
    Event,
    HandedBack,
    NoReply,
    Reply,
    Silence,
    SlotGone,
    SlotsHeld,
    Started,
    Withdrawn,
    Woke,
)
from app.flow.facts import SAMPLES
from app.flow.schema import Script
from app.flow.state import State
from app.flow.step import step
from app.flow.wording import wording
from app.understanding import INTENTS, Reading, Urgency
from tests.flow.worlds import NOW, SCRIPTS, catalogs, shipped

RESTS = {"waiting", "sleeping", "handed_over", "ended"}
LOADED = {name: shipped(name) for name in SCRIPTS}
CATALOGS = catalogs()
ANSWERS = ["yes", "no", "confirm", "reschedule", "cancel", "none_of_these", "1950-03-25", "1949-01-01"]
ANSWERS += [str(n) for n in range(1, 10)]

answers = st.one_of(st.none(), st.sampled_from(ANSWERS), st.integers(0, 10))
readings = st.builds(
    Reading,
    answer=answers,
    intents=st.lists(st.sampled_from(INTENTS), max_size=2).map(tuple),
    urgency=st.sampled_from([Urgency.NONE, Urgency.NONE, Urgency.ROUTINE, Urgency.URGENT, Urgency.EMERGENCY]),
    flag=st.booleans(),
    confidence=st.sampled_from([0.2, 0.9]),
    language=st.sampled_from(["", "es"]),
)
facts = st.fixed_dictionaries(
    {},
    optional={
        "appointment.upcoming": st.booleans(),
        "appointment.importance": st.sampled_from(["high", "routine"]),
        "appointment.video": st.booleans(),
        "appointment.count": st.integers(1, 3),
        "patient.missed_visits": st.integers(0, 4),
        "appointment.start": st.sampled_from([SAMPLES["appointment.start"], NOW, None]),
        "discharge.date": st.sampled_from([NOW, "2026-11-20", "2026-10-01", "nonsense", None]),
        "trigger.date": st.sampled_from([NOW, None]),
    },
).map(lambda some: {**SAMPLES, **some})
slots = st.lists(st.sampled_from(["2026-11-30T08:15", "2026-12-01T15:45"]), max_size=3)


@st.composite
def happenings(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Something that happens: its kind and what it carries; what refers to the state is filled in later."""
    kind = draw(
        st.sampled_from(
            ["reply"] * 6
            + [
                "silence",
                "no_reply",
                "no_reply",
                "woke",
                "connected",
                "held",
                "booked",
                "gone",
                "back",
                "start",
            ]
            + ["withdrawn", "stale"]
        )
    )
    common = {"facts": draw(facts), "channel": draw(st.sampled_from(["sms", "voice"]))}
    if kind == "reply":
        common |= {
            "reading": draw(readings),
            "text": draw(st.text(max_size=20)),
            "crossed": draw(st.booleans()),
        }
    if kind == "held":
        common["slots"] = tuple((f"s{n}", start) for n, start in enumerate(draw(slots)))
    if kind in ("no_reply", "stale"):
        common["action"] = draw(st.sampled_from(["nudge", "call", "person", "give_up"]))
    return kind, common


def event_of(kind: str, carried: dict[str, Any], state: State) -> Event:
    """The event, aimed at the state as it is."""
    question = state.question.id if state.question else "x.1"
    made: dict[str, Any] = {
        "reply": Reply,
        "silence": Silence,
        "connected": Connected,
        "held": SlotsHeld,
        "gone": SlotGone,
        "back": HandedBack,
        "start": Started,
    }
    match kind:
        case "no_reply":
            return NoReply(question, **carried)
        case "stale":
            return NoReply("feeling.99", **carried)
        case "woke":
            return Woke(state.step, **carried)
        case "booked":
            return Booked("s1", **carried)
        case "withdrawn":
            return Withdrawn("deceased", **carried)
    event: Event = made[kind](**carried)
    return event


@pytest.mark.parametrize("name", SCRIPTS)
@settings(max_examples=120)
@given(begun=facts, channel=st.sampled_from(["sms", "voice"]), story=st.lists(happenings(), max_size=14))
def test_every_story_keeps_the_laws(
    name: str, begun: dict[str, Any], channel: str, story: list[tuple[str, dict[str, Any]]]
) -> None:
    script = LOADED[name]
    state = State()
    events = [("start", {"facts": begun, "channel": channel}), *story]
    for kind, carried in events:
        event = event_of(kind, carried, state)
        state = lawful(script, state, event)
        if kind == "withdrawn":
            assert state.status == "ended"


def lawful(script: Script, state: State, event: Event) -> State:
    """The state after one event, with every law checked."""
    before = json.dumps(state.to_json(), sort_keys=True)
    turn = step(script, state, event, NOW)
    assert json.dumps(state.to_json(), sort_keys=True) == before, "the given state is not changed"
    assert turn.state.status in RESTS
    assert len(turn.effects) <= 40
    stored = json.loads(json.dumps(turn.state.to_json()))
    assert State.from_json(stored) == turn.state, "to JSON and back without loss"
    assert step(script, state, event, NOW) == turn, "the same again gives the same"
    if turn.state.status == "ended":
        assert turn.state.question is None
    for effect in turn.effects:
        if type(effect).__name__ == "Speak":
            said = wording(effect, CATALOGS, event.facts, "es", "America/Chicago", event.channel)
            assert "{" not in said.text
            assert said.text.strip()
    return turn.state


@given(data=st.data())
def test_an_ended_conversation_stays_ended(data: st.DataObject) -> None:
    script = LOADED["post-discharge"]
    ended = step(
        script, step(script, State(), Started(facts=SAMPLES), NOW).state, Withdrawn("readmitted"), NOW
    ).state
    kind, carried = data.draw(happenings())
    turn = step(script, ended, event_of(kind, carried, ended), NOW)
    assert turn.state == ended
    assert turn.effects == ()
