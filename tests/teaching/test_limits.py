"""A programme's own limits: an emergency's may be tightened, never loosened or taken away; they are read with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conversations.kit import Kit
from app.conversations.scripts import Scripts
from app.errors import Invalid
from app.security.models import Staff
from app.store import begin
from app.teaching.lessons import LOOK_AGAIN, lesson_of
from app.teaching.limits import (
    BOUNDS,
    BY_KEY,
    Levels,
    bands_of,
    level_faults,
    limit_faults,
    read_levels,
    set_levels,
    shipped,
)
from app.teaching.publish import publish
from app.teaching.trial import Trial
from app.understanding import Expectation, Urgency, read
from app.understanding.rules import rules
from app.understanding.schema import Thresholds
from tests.support.world import World

WEIGHT = BY_KEY["weight_gain_lb_day-high"]
SUGAR = BY_KEY["glucose-low"]
USUAL = {
    f"{bound.key}-{name}": f"{value:g}"
    for bound in BOUNDS
    for name in ("today", "emergency")
    if (value := getattr(shipped(bound), name)) is not None
}


def test_every_limit_that_ships_can_be_set_and_may_stay_as_it_is() -> None:
    quantities = {bound.quantity for bound in BOUNDS}
    assert quantities == set(rules().thresholds.bands)
    levels, problems = read_levels(USUAL)
    assert problems == {}
    assert bands_of(levels) == {}
    assert set_levels({}) == levels


def test_only_what_differs_is_kept_and_it_is_read_with() -> None:
    levels, problems = read_levels(
        {**USUAL, "weight_gain_lb_day-high-today": "2", "weight_gain_lb_day-high-emergency": "6,5"}
    )
    assert problems == {}
    bands = bands_of(levels)
    assert bands == {
        "weight_gain_lb_day": [
            {"at_least": 2.0, "urgency": "urgent"},
            {"at_least": 6.5, "urgency": "emergency"},
        ]
    }
    assert set_levels(bands) == levels
    assert limit_faults({"post-discharge": bands}) == []
    lesson = lesson_of(1, {"limits": {"post-discharge": bands}})
    asked, words = Expectation("open_text", "How are you?"), "I gained {} pounds since yesterday"
    for pounds, urgency in ((1, Urgency.NONE), (2, Urgency.URGENT), (7, Urgency.EMERGENCY)):
        found = read(words.format(pounds), asked, "en", None, thresholds=lesson.thresholds("post-discharge"))
        assert found.urgency is urgency, pounds
    assert lesson.thresholds("no-show-recovery") is None


def test_what_is_routine_stays_so() -> None:
    levels, _ = read_levels({**USUAL, "glucose-high-today": "280"})
    assert {"at_least": 250.0, "urgency": "routine"} in bands_of(levels)["glucose"]


@pytest.mark.parametrize(
    ("bound", "today", "emergency", "field", "told"),
    [
        (SUGAR, 69.9, None, "emergency", "cannot be taken away. Write 53.9 or more"),
        (SUGAR, 69.9, 45, "emergency", "only be tighter than what ships: 53.9 or more"),
        (SUGAR, 60, 65, "emergency", "must lie beyond “today”"),
        (SUGAR, None, 53.9, "today", "cannot be left out"),
        (SUGAR, 5, 53.9, "today", "between 20 and 120"),
        (WEIGHT, 9, None, "today", "too late: at most as loose as 5"),
        (WEIGHT, 3, 3, "emergency", "must lie beyond"),
    ],
)
def test_what_is_not_safe_is_told_with_what_to_do(
    bound: object, today: float | None, emergency: float | None, field: str, told: str
) -> None:
    assert told in level_faults(bound, today, emergency)[field]  # type: ignore[arg-type]  # a Bound of the table


@given(
    st.sampled_from(BOUNDS),
    st.floats(0, 1200, allow_nan=False) | st.none(),
    st.floats(0, 1200, allow_nan=False) | st.none(),
    st.floats(0, 1200, allow_nan=False),
)
def test_no_accepted_limit_ever_lets_a_shipped_emergency_pass(
    bound: object, today: float | None, emergency: float | None, value: float
) -> None:
    if level_faults(bound, today, emergency) or today is None:  # type: ignore[arg-type]  # a Bound of the table
        return
    levels = {**set_levels({}), bound.key: Levels(today, emergency)}  # type: ignore[attr-defined]  # as above
    own = Thresholds.model_validate({"bands": bands_of(levels)})

    def emergencies(bands: Thresholds) -> bool:
        return any(
            band.urgency == "emergency"
            and (
                (band.at_least is not None and value >= band.at_least)
                or (band.at_most is not None and value <= band.at_most)
            )
            for band in bands.bands.get(bound.quantity, ())  # type: ignore[attr-defined]  # as above
        )

    merged = Thresholds(bands={**rules().thresholds.bands, **own.bands})
    assert emergencies(merged) or not emergencies(rules().thresholds)


def test_a_conversation_is_read_with_its_programmes_limits(world: World) -> None:
    world.kit = Kit(Scripts(), world.kit.catalogs)
    case_id, ada = world.trigger("discharge", world.patient()), world.staff("Ada").id
    world.start_due()
    levels, _ = read_levels({**USUAL, "weight_gain_lb_day-high-today": "1.5"})
    with begin(world.sessions) as session:
        staff, content = session.get_one(Staff, ada), {"limits": {"post-discharge": bands_of(levels)}}
        publish(
            session, content, Trial(), based_on=0, why="heart failure", staff=staff, now=world.clock.now()
        )
    world.clock.advance(LOOK_AGAIN)
    world.text("I gained 2 pounds since yesterday")
    worst = max(world.flags(case_id), key=lambda flag: flag.urgency)
    assert worst.urgency == 2
    assert "measure.weight_gain_lb_day>=1.5" in str(worst.evidence)


def test_a_loose_limit_is_not_published_by_any_way(world: World) -> None:
    ada = world.staff("Ada").id
    loose = {
        "limits": {
            "post-discharge": {
                "pulse": [{"at_most": 44, "urgency": "urgent"}, {"at_least": 120, "urgency": "urgent"}]
            }
        }
    }
    with begin(world.sessions) as session:
        staff, now = session.get_one(Staff, ada), world.clock.now()
        with pytest.raises(Invalid, match="cannot be taken away"):
            publish(session, loose, Trial(), based_on=0, why="a mistake", staff=staff, now=now)


def test_limits_nobody_can_read_leave_what_ships() -> None:
    lesson = lesson_of(1, {"limits": {"post-discharge": {"glucose": [{"at_moost": 1, "urgency": "soon"}]}}})
    limits = lesson.thresholds("post-discharge")
    low = read("my sugar is 40", Expectation("open_text", "How are you?"), "en", None, thresholds=limits)
    assert low.urgency is Urgency.EMERGENCY
