"""Recorded conversations played again: the same script changes nothing, a draft shows where it parts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from app.conversations.recorded import Recorded, changes, play, recorded
from app.flow.loader import load, load_file
from app.store import begin
from tests.support.world import World

FLOW = Path("flows/no-show-recovery.yaml")


def held(world: World) -> Recorded:
    """A no-show who was nudged and then wrote what got in the way."""
    patient = world.patient()
    visit = world.visit(patient, world.clock.now() - timedelta(days=1), status="noshow")
    world.trigger("no_show", patient, visit_id=visit, ago=timedelta(hours=1))
    world.start_due()
    world.sent()
    world.later(hours=5)
    world.sent()
    world.clock.advance(timedelta(minutes=3))
    world.text("2")
    with begin(world.sessions) as session:
        found, on_calls = recorded(session, "no-show-recovery", 10)
    assert on_calls == 0
    return found[0]


def test_a_conversation_is_kept_as_its_lines(world: World) -> None:
    assert held(world).dialogue.dialogue == [{"nothing": "nudge"}, {"patient": "2"}]


def test_its_own_script_changes_nothing(world: World) -> None:
    one, script = held(world), load_file(FLOW)
    catalogs = world.kit.catalogs
    assert changes(play(one, script, catalogs), play(one, script, catalogs)) == []


def test_a_draft_shows_where_it_parts(world: World) -> None:
    one, catalogs = held(world), world.kit.catalogs
    draft = load(FLOW.read_text("utf-8").replace("transport: transport", "transport: history", 1))
    (change,) = changes(play(one, load_file(FLOW), catalogs), play(one, draft, catalogs))[:1]
    assert (change.after, change.asked) == (2, "reason")
    assert change.before[0] == "transport"
    assert change.draft[0] == "history"
