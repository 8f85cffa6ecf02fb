"""When a paused conversation goes on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.flow import pauses
from app.flow.effects import RaiseFlag, Sleep, Speak
from app.flow.events import NoReply, Woke
from app.flow.facts import SAMPLES
from app.flow.schema import Pause
from app.flow.state import State
from app.flow.step import step
from tests.flow.worlds import NOW, begin, said, script

PROGRAMME = """
rest:
  say: We will ask again on {next_check.date:date}.
  wait: {days: [4, 7, 10]}
  on: {over: done}
  then: ask
ask:
  ask: How are you?
  choices: {better: Better, same: Same, worse: Worse}
  ordered: true
  record: feeling
  on: {silence: rest}
  then: judge
judge:
  decide:
    - when: {trend.feeling: worsening}
      go: flag
    - else: rest
flag:
  flag: {urgency: urgent, because: gets worse}
  then: rest
done:
  close: completed
"""


def days(sleep: object) -> int | None:
    assert isinstance(sleep, Sleep)
    return sleep.day


class TestDays:
    def test_each_day_is_taken_once_and_then_it_is_over(self) -> None:
        given = script(PROGRAMME)
        turn = begin(given)
        taken = []
        while turn.state.status == "sleeping":
            taken.append(days(turn.effects[-1]))
            turn = step(given, turn.state, Woke("rest", facts=SAMPLES), NOW)
            turn = step(given, turn.state, said("2"), NOW)
        assert taken == [4, 7, 10]
        assert turn.state.status == "ended"

    def test_days_gone_by_are_passed_over(self) -> None:
        late = NOW + timedelta(days=7)
        sleep = pauses.rest("rest", Pause(days=[4, 7, 10]), State(), SAMPLES, late)
        assert sleep == Sleep("rest", None, 10)

    def test_who_was_just_talked_to_is_not_asked_again_today(self) -> None:
        today = datetime(2026, 11, 24, 15, tzinfo=UTC)
        assert pauses.rest("rest", Pause(days=[4, 7]), State(), SAMPLES, today) == Sleep("rest", None, 7)

    def test_today_is_the_patients(self) -> None:
        late = datetime(2026, 11, 24, 3, tzinfo=UTC)
        evening = {**SAMPLES, "today": date(2026, 11, 23)}
        assert pauses.rest("rest", Pause(days=[4, 7]), State(), evening, late) == Sleep("rest", None, 4)

    def test_the_patient_is_told_the_day_but_not_after_silence(self) -> None:
        given = script(PROGRAMME)
        turn = begin(given)
        told = [effect for effect in turn.effects if isinstance(effect, Speak)]
        assert dict(told[0].values) == {"next_check.date": "2026-11-24"}
        asked = step(given, turn.state, Woke("rest", facts=SAMPLES), NOW)
        silent = step(given, asked.state, NoReply("ask.1", "person", facts=SAMPLES), NOW)
        assert not [effect for effect in silent.effects if isinstance(effect, Speak)]
        assert silent.state.silent_check_ins == 1

    def test_worse_than_the_time_before_is_seen_across_check_ins(self) -> None:
        given = script(PROGRAMME)
        state = begin(given).state
        raised = []
        for answer in ("1", "2", "2"):
            state = step(given, state, Woke("rest", facts=SAMPLES), NOW).state
            turn = step(given, state, said(answer), NOW)
            state = turn.state
            raised.append([effect.because for effect in turn.effects if isinstance(effect, RaiseFlag)])
        assert raised == [[], ["gets worse"], []]

    def test_each_check_in_may_ask_afresh(self) -> None:
        given = script(PROGRAMME)
        turn = begin(given)
        for _ in range(3):
            turn = step(given, turn.state, Woke("rest", facts=SAMPLES), NOW)
            for _ in range(6):
                turn = step(given, turn.state, said(None, "repeat"), NOW)
            turn = step(given, turn.state, said("2"), NOW)
        assert turn.state.status == "ended"


class TestBeforeTheAppointment:
    def test_rests_until_the_day_before(self) -> None:
        pause = Pause(until="appointment", before="1d")
        assert pauses.rest("a", pause, State(), SAMPLES, NOW) == Sleep("a", 86400, None, "appointment.start")

    def test_is_over_when_that_time_is_past(self) -> None:
        given = script(
            "a:\n  wait: {until: appointment, before: 1d}\n  on: {over: c}\n  then: b\n"
            "b:\n  close: completed\nc:\n  close: unreachable"
        )
        near = {**SAMPLES, "appointment.start": NOW + timedelta(hours=20)}
        assert begin(given, near).path == ("a", "c")

    def test_its_day_is_known(self) -> None:
        sleep = Sleep("a", 86400, None, "appointment.start")
        assert pauses.next_check(sleep, SAMPLES, NOW) == date(2026, 11, 29)


@pytest.mark.parametrize(
    "value", ["2026-11-20", "2026-11-20T09:00:00", date(2026, 11, 20), NOW - timedelta(days=2)]
)
def test_the_first_day_is_a_date_a_time_or_text(value: object) -> None:
    assert pauses.first_day({"discharge.date": value}) == date(2026, 11, 20)


def test_without_a_first_day_no_day_is_passed_over() -> None:
    facts = {"discharge.date": "soon"}
    assert pauses.first_day(facts) is None
    assert pauses.rest("a", Pause(days=[1]), State(), facts, NOW) == Sleep("a", None, 1)
    assert pauses.next_check(Sleep("a", None, 1), facts, NOW) is None


def test_a_wait_is_written_one_way() -> None:
    for wrong in ({"for": "3d", "day": 7}, {}, {"until": "appointment"}, {"before": "1d"}, {"days": [7, 4]}):
        with pytest.raises(ValueError, match=r"write one of|count upwards"):
            Pause.model_validate(wrong)
