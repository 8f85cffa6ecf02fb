"""What the engine does at each kind of step and event."""

from __future__ import annotations

from dataclasses import replace

from app.flow.effects import (
    ActOn,
    Await,
    BookSlot,
    Close,
    Effect,
    HandOver,
    HangUp,
    HoldSlots,
    OpenBarrier,
    PlaceCall,
    RaiseFlag,
    Record,
    ReleaseSlots,
    Sleep,
    Speak,
    SwitchLanguage,
)
from app.flow.events import (
    Booked,
    Connected,
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
from app.flow.state import State
from app.flow.step import Turn, step
from app.understanding import Urgency
from tests.flow.worlds import NOW, begin, play, reading, said, script

QUESTION = """
ask_pain:
  ask: Any pain?
  expect: yes_no
  on: {"yes": person, "no": done}
person:
  handoff: {urgency: urgent, because: has pain}
  then: done
done:
  say: Thank you.
  close: completed
"""

SLOTS = """
offer:
  offer_slots: {visit: same, within: 14d}
  on: {booked: done, none_fit: person}
person:
  handoff: {urgency: routine, because: no time fits}
done:
  say: "Your time: {slot.start:datetime}."
  close: completed
"""


def kinds(turn: Turn) -> list[str]:
    return [type(effect).__name__ for effect in turn.effects]


def first(turn: Turn, kind: type[Effect]) -> Effect:
    return next(effect for effect in turn.effects if isinstance(effect, kind))


def spoken(turn: Turn) -> list[str]:
    return [text.context for effect in turn.effects if isinstance(effect, Speak) for text in effect.texts]


class TestAQuestion:
    def test_waits_and_arms_the_next_attempt(self) -> None:
        turn = begin(script(QUESTION))
        assert turn.state.status == "waiting"
        assert kinds(turn) == ["Speak", "Await"]
        assert turn.path == ("ask_pain",)

    def test_an_answer_is_kept_and_leads_on(self) -> None:
        turn = play(script(QUESTION), said("no"))
        assert first(turn, Record) == Record("ask_pain", "no", "ask_pain")
        assert turn.state.status == "ended"
        assert first(turn, Close) == Close("completed")

    def test_a_handoff_is_silent_until_handed_back(self) -> None:
        given = script(QUESTION)
        turn = play(given, said("yes"))
        assert turn.state.status == "handed_over"
        assert first(turn, HandOver) == HandOver("urgent", "has pain", "person")
        quiet = step(given, turn.state, said("no"), NOW)
        assert quiet.effects == ()
        back = step(given, turn.state, HandedBack(facts=SAMPLES), NOW)
        assert spoken(back) == ["test/done"]

    def test_what_is_not_understood_is_asked_once_more_and_then_goes_to_a_person(self) -> None:
        given = script(QUESTION)
        once = play(given, said(None))
        assert spoken(once) == ["builtin/unclear", "test/ask_pain"]
        assert once.state.status == "waiting"
        twice = step(given, once.state, said(None), NOW)
        assert twice.state.status == "handed_over"
        assert spoken(twice) == ["builtin/unclear_to_person"]

    def test_an_unsure_reading_is_no_answer(self) -> None:
        unsure = Reply(reading("yes", confidence=0.3), "ye", facts=SAMPLES)
        assert spoken(play(script(QUESTION), unsure))[0] == "builtin/unclear"

    def test_own_words_are_an_answer_however_little_is_understood(self) -> None:
        given = script("a:\n  ask: What hurts?\n  expect: text\n  then: b\nb:\n  close: completed")
        mumbled = Reply(reading(None, confidence=0.0), "mm knee", facts=SAMPLES)
        assert first(play(given, mumbled), Record) == Record("a", "mm knee", "a")

    def test_a_barrier_named_in_other_words_is_the_one_offered(self) -> None:
        given = script(
            "a:\n  ask: What is in the way?\n  choices: {cost: The cost, transport: Getting there, other: Other}\n"
            "  record: barrier\n  then: b\nb:\n  close: completed"
        )
        assert first(play(given, said(None, "cost_barrier")), OpenBarrier) == OpenBarrier("cost")
        assert first(play(given, said(None, "insurance_barrier")), OpenBarrier) == OpenBarrier("cost")
        both = play(given, said(None, "cost_barrier", "transport_barrier"))
        assert both.state.status == "waiting"

    def test_thanks_are_let_be(self) -> None:
        turn = play(script(QUESTION), said(None, "thanks"))
        assert turn.effects == ()
        assert turn.state.status == "waiting"

    def test_a_question_back_reaches_a_person_and_the_question_stays_open(self) -> None:
        turn = play(script(QUESTION), said(None, "question"))
        assert kinds(turn) == ["RaiseFlag", "Speak"]
        assert turn.state.question is not None

    def test_a_picture_reaches_a_person(self) -> None:
        turn = play(script(QUESTION), said(None, has_media=True))
        assert isinstance(turn.effects[0], RaiseFlag)

    def test_who_asks_for_a_person_gets_one_and_the_answer_is_kept(self) -> None:
        turn = play(script(QUESTION), said("no", "wants_human"))
        assert first(turn, Record) == Record("ask_pain", "no", "ask_pain")
        assert first(turn, HandOver) == HandOver("routine", "asks for a person", "ask_pain")

    def test_an_emergency_hands_over_without_another_word(self) -> None:
        danger = Reply(reading("no", urgency=Urgency.EMERGENCY), facts=SAMPLES)
        turn = play(script(QUESTION), danger)
        assert kinds(turn) == ["HandOver"]
        assert first(turn, HandOver) == HandOver("emergency", "possible emergency", "ask_pain")

    def test_a_reply_that_crossed_the_question_is_not_its_answer(self) -> None:
        turn = play(script(QUESTION), said(None, "question", crossed=True))
        assert kinds(turn) == ["RaiseFlag"]
        assert turn.state.status == "waiting"

    def test_an_answer_that_crossed_the_question_is_asked_for_again(self) -> None:
        turn = play(script(QUESTION), said("no", crossed=True))
        assert isinstance(turn.effects[0], RaiseFlag)
        assert spoken(turn) == ["test/ask_pain"]
        assert turn.state.status == "waiting"

    def test_another_language_is_switched_to_and_the_question_put_again(self) -> None:
        speaks = {**SAMPLES, "practice.languages": ["en", "es"]}
        wish = Reply(reading(None, "language_switch", language="es"), facts=speaks)
        turn = play(script(QUESTION), wish)
        assert first(turn, SwitchLanguage) == SwitchLanguage("es")
        assert spoken(turn) == ["builtin/language_switched", "test/ask_pain"]

    def test_a_language_the_practice_has_no_texts_in_is_for_an_interpreter(self) -> None:
        speaks = {**SAMPLES, "practice.languages": ["en", "es"]}
        wish = Reply(reading(None, "language_switch", language="fr"), facts=speaks)
        turn = play(script(QUESTION), wish)
        assert "interpreter" in first(turn, RaiseFlag).because
        assert (turn.state.status, spoken(turn)) == ("handed_over", ["builtin/to_person"])

    def test_repeat_puts_the_question_again(self) -> None:
        assert spoken(play(script(QUESTION), said(None, "repeat"))) == ["test/ask_pain"]

    def test_a_second_start_changes_nothing(self) -> None:
        given = script(QUESTION)
        turn = begin(given)
        assert step(given, turn.state, Started(facts=SAMPLES), NOW).effects == ()


class TestSilence:
    def test_nudges_calls_and_then_a_person(self) -> None:
        given = script(QUESTION)
        turn = begin(given)
        asked = turn.state.question
        assert asked is not None
        nudged = step(given, turn.state, NoReply(asked.id, "nudge", facts=SAMPLES), NOW)
        assert spoken(nudged) == ["builtin/nudge", "test/ask_pain"]
        assert first(nudged, Await) == Await(asked.id, 1)
        called = step(given, nudged.state, NoReply(asked.id, "call", facts=SAMPLES), NOW)
        assert first(called, PlaceCall) == PlaceCall(asked.id)
        over = step(given, called.state, NoReply(asked.id, "person", facts=SAMPLES), NOW)
        assert first(over, HandOver) == HandOver("routine", "no reply after every try", "ask_pain")

    def test_a_late_timer_of_an_answered_question_changes_nothing(self) -> None:
        given = script(QUESTION)
        assert step(given, begin(given).state, NoReply("ask_pain.99", "nudge"), NOW).effects == ()

    def test_the_scripts_own_way_and_its_flag(self) -> None:
        given = script(
            """
a:
  ask: How are you?
  expect: text
  flags: {silence: {urgency: urgent, because: silent after surgery day}}
  on: {silence: b}
  then: b
b:
  close: completed
"""
        )
        turn = begin(given)
        over = step(given, turn.state, NoReply("a.1", "person", facts=SAMPLES), NOW)
        assert first(over, RaiseFlag) == RaiseFlag("urgent", "silent after surgery day", "a")
        assert over.state.status == "ended"

    def test_silence_is_a_finding_unless_the_script_says_that_it_is_quiet(self) -> None:
        steps = (
            "a:\n  ask: Coming?\n  expect: yes_no\n  {}on: {{silence: b}}\n  then: b\nb:\n  close: completed"
        )
        loud, quiet = script(steps.format("")), script(steps.format("quiet: true\n  "))
        heard = step(loud, begin(loud).state, NoReply("a.1", "person"), NOW)
        assert first(heard, RaiseFlag) == RaiseFlag("routine", "no reply after every try", "a")
        assert "RaiseFlag" not in kinds(step(quiet, begin(quiet).state, NoReply("a.1", "person"), NOW))

    def test_an_answer_ends_the_count_of_silent_check_ins(self) -> None:
        state = replace(begin(script(QUESTION)).state, silent_check_ins=2)
        assert step(script(QUESTION), state, said("no"), NOW).state.silent_check_ins == 0


class TestHeldTimes:
    def held(self) -> SlotsHeld:
        return SlotsHeld((("s1", "2026-11-30T08:15"), ("s2", "2026-12-01T15:45")), facts=SAMPLES)

    def test_times_are_held_before_they_are_offered(self) -> None:
        turn = begin(script(SLOTS))
        assert turn.effects == (HoldSlots("same", 14 * 86400, 3, "offer"),)
        offered = step(script(SLOTS), turn.state, self.held(), NOW)
        speak = first(offered, Speak)
        assert isinstance(speak, Speak)
        assert [choice.value for choice in speak.choices] == ["s1", "s2", "none_of_these"]

    def test_a_chosen_time_is_booked_and_said_back(self) -> None:
        given = script(SLOTS)
        chosen = play(given, self.held(), said("2"))
        assert chosen.effects == (BookSlot("s2", "offer"),)
        booked = step(given, chosen.state, Booked("s2", facts=SAMPLES), NOW)
        assert first(booked, ReleaseSlots) == ReleaseSlots()
        speak = first(booked, Speak)
        assert isinstance(speak, Speak)
        assert dict(speak.values) == {"slot.start": "2026-12-01T15:45"}

    def test_none_fits(self) -> None:
        turn = play(script(SLOTS), self.held(), said("none_of_these"))
        assert kinds(turn) == ["ReleaseSlots", "HandOver"]

    def test_nothing_free_is_none_fits(self) -> None:
        turn = play(script(SLOTS), SlotsHeld((), facts=SAMPLES))
        assert first(turn, HandOver) == HandOver("routine", "no time fits", "person")

    def test_a_time_that_is_gone_is_offered_afresh_three_times_at_most(self) -> None:
        given = script(SLOTS)
        state = begin(given).state
        for tries in range(3):
            state = step(given, state, self.held(), NOW).state
            state = step(given, state, said("1"), NOW).state
            turn = step(given, state, SlotGone(facts=SAMPLES), NOW)
            state = turn.state
            assert ("HoldSlots" in kinds(turn)) is (tries < 2)
        assert state.status == "handed_over"


class TestIdentity:
    def test_is_asked_before_anything_private(self) -> None:
        given = script(QUESTION, identity="date_of_birth")
        assert spoken(begin(given)) == ["builtin/identity"]
        assert spoken(play(given, said("1950-03-25"))) == ["test/ask_pain"]

    def test_three_misses_go_to_a_person(self) -> None:
        given = script(QUESTION, identity="date_of_birth")
        wrong = said("1949-01-01")
        assert spoken(play(given, wrong, wrong)) == ["builtin/identity_again"]
        turn = play(given, wrong, wrong, wrong)
        assert turn.state.status == "handed_over"
        assert spoken(turn) == ["builtin/identity_failed"]

    def test_an_unknown_birth_date_never_matches(self) -> None:
        given = script(QUESTION, identity="date_of_birth")
        turn = begin(given)
        nobody = Reply(reading("1950-03-25"), facts={})
        assert not step(given, turn.state, nobody, NOW).state.verified

    def test_a_question_back_is_no_wrong_date(self) -> None:
        turn = play(script(QUESTION, identity="date_of_birth"), said(None, "question"))
        assert spoken(turn) == ["builtin/to_person", "builtin/identity"]

    def test_a_call_asks_again_because_another_person_may_hold_the_phone(self) -> None:
        given = script(QUESTION, identity="date_of_birth")
        asked = play(given, said("1950-03-25")).state
        call = step(given, asked, Connected(facts=SAMPLES, channel="voice"), NOW)
        assert spoken(call) == ["builtin/voice_greeting", "builtin/identity@voice"]
        known = Reply(reading("1950-03-25"), facts=SAMPLES, channel="voice")
        assert spoken(step(given, call.state, known, NOW)) == ["test/ask_pain"]


class TestACall:
    def test_begins_with_who_calls_and_ends_with_goodbye(self) -> None:
        given = script(QUESTION)
        turn = step(given, State(), Connected(facts=SAMPLES, channel="voice"), NOW)
        assert spoken(turn) == ["builtin/voice_greeting", "test/ask_pain"]
        answer = Reply(reading("no"), facts=SAMPLES, channel="voice")
        over = step(given, turn.state, answer, NOW)
        assert spoken(over) == ["test/done", "builtin/voice_goodbye"]
        assert "HangUp" in kinds(over)

    def test_three_silences_end_it(self) -> None:
        given = script(QUESTION)
        state = step(given, State(), Connected(facts=SAMPLES, channel="voice"), NOW).state
        for _ in range(2):
            state = step(given, state, Silence(facts=SAMPLES, channel="voice"), NOW).state
        last = step(given, state, Silence(facts=SAMPLES, channel="voice"), NOW)
        assert first(last, HangUp) == HangUp()
        assert last.state.status == "waiting"

    def test_with_nothing_open_goes_to_a_person(self) -> None:
        given = script("a:\n  wait: {for: 1d}\n  then: b\nb:\n  close: completed")
        turn = step(given, begin(given).state, Connected(facts=SAMPLES, channel="voice"), NOW)
        assert turn.state.status == "handed_over"

    def test_a_rest_ends_the_call(self) -> None:
        given = script(
            "a:\n  say: Bye for now.\n  then: b\nb:\n  wait: {for: 1d}\n  then: c\nc:\n  close: completed"
        )
        turn = begin(given, channel="voice")
        assert kinds(turn) == ["Speak", "Sleep", "Speak", "HangUp"]


class TestNotes:
    def test_a_step_may_only_note_something(self) -> None:
        given = script(
            """
a:
  do: confirm_appointment
  barrier: transport
  flag: {urgency: routine, because: needs a ride}
  close: completed
"""
        )
        turn = begin(given)
        assert turn.effects[:3] == (
            ActOn("confirm_appointment"),
            OpenBarrier("transport"),
            RaiseFlag("routine", "needs a ride", "a"),
        )
        assert turn.state.status == "ended"

    def test_an_emergency_step_is_spoken_in_approved_words_only(self) -> None:
        given = script(
            "a:\n  say: Call 911 now.\n  flag: {urgency: emergency, because: chest pain}\n  close: completed"
        )
        speak = first(begin(given), Speak)
        assert isinstance(speak, Speak)
        assert speak.safety

    def test_words_between_check_ins_reach_a_person(self) -> None:
        given = script("a:\n  wait: {for: 1d}\n  then: b\nb:\n  close: completed")
        turn = play(given, said(None, text="my foot hurts"))
        assert kinds(turn) == ["RaiseFlag", "Speak"]
        assert play(given, said(None, "thanks")).effects == ()
        assert turn.state.status == "sleeping"
        assert step(given, turn.state, Woke("a", facts=SAMPLES), NOW).state.status == "ended"

    def test_a_withdrawn_reason_ends_it_in_silence(self) -> None:
        turn = play(script(QUESTION), Withdrawn("readmitted"))
        assert turn.effects == (ReleaseSlots(), Close("readmitted"))

    def test_a_circle_without_the_patient_goes_to_a_person(self) -> None:
        given = script("a:\n  say: Hello.\n  then: b\nb:\n  say: Again.\n  then: a")
        turn = begin(given)
        assert turn.state.status == "handed_over"
        assert first(turn, HandOver) == HandOver("routine", "the script went in circles", "b")

    def test_asking_the_same_too_often_goes_to_a_person(self) -> None:
        given = script(
            'a:\n  ask: Sure?\n  expect: yes_no\n  on: {"yes": a, "no": b}\nb:\n  close: completed'
        )
        turn = play(given, *[said("yes")] * 12)
        assert turn.state.status == "handed_over"


def test_sleeps_until_a_day_or_before_a_fact() -> None:
    given = script("a:\n  wait: {until: appointment, before: 1d}\n  then: b\nb:\n  close: completed")
    assert begin(given).effects == (Sleep("a", 86400, None, "appointment.start"),)
