"""From what the engine wants said to the words of one message."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.flow import builtin
from app.flow.effects import Speak, Text
from app.flow.events import SlotsHeld
from app.flow.facts import SAMPLES
from app.flow.step import step
from app.flow.wording import Worded, expectation, shared, wording
from app.i18n import Catalogs
from app.i18n.catalogs import Entry
from app.understanding import Option
from tests.flow.worlds import NOW, begin, catalogs, script, shipped

ZONE = "America/Chicago"
CATALOGS = catalogs()


def words(speak: object, language: str = "en", channel: str = "sms", using: Catalogs = CATALOGS) -> Worded:
    assert isinstance(speak, Speak)
    return wording(speak, using, SAMPLES, language, ZONE, channel)


class TestATextMessage:
    def test_numbers_its_choices(self) -> None:
        worded = words(begin(shipped("no-show-recovery")).effects[0])
        lines = worded.text.split("\n")
        assert lines[0].startswith("Riverside Clinic: Hello Elena, we missed you on Mon Nov 30")
        assert lines[2] == "1 The day or time"
        assert lines[-1] == "Reply 1 to 8."
        assert worded.options[0] == Option("1", "The day or time", value="work_schedule")
        assert "The day or time" not in worded.prompt
        assert (worded.language, worded.approved) == ("en", True)

    def test_in_spanish(self) -> None:
        worded = words(begin(shipped("no-show-recovery")).effects[0], "es")
        assert worded.text.split("\n")[-1] == "Responda del 1 al 8."
        assert worded.options[0] == Option("1", "La fecha o la hora", value="work_schedule")
        assert worded.language == "es"

    def test_yes_and_no(self) -> None:
        given = script("a:\n  ask: Any pain?\n  expect: yes_no\n  then: b\nb:\n  close: completed")
        assert words(begin(given).effects[0]).text == "Any pain?\n1 Yes\n2 No\nReply 1 or 2."

    def test_times_are_written_for_the_patient_and_read_by_their_local_start(self) -> None:
        given = script("a:\n  offer_slots: {visit: x, within: 9d}\n  then: b\nb:\n  close: completed")
        held = SlotsHeld((("s1", "2026-11-30T08:15"), ("s2", "2026-12-01T15:45")), facts=SAMPLES)
        offered = step(given, begin(given).state, held, NOW).effects[0]
        worded = words(offered)
        assert "1 Mon Nov 30, 8:15 AM\n2 Tue Dec 1, 3:45 PM\n3 None of these" in worded.text
        start = datetime(2026, 11, 30, 8, 15)  # noqa: DTZ001  a slot's start is local wall time, by contract
        assert worded.options[0] == Option("1", "Mon Nov 30, 8:15 AM", start=start, value="s1")
        assert worded.options[2].none
        assert "1 lun 30 nov, 8:15 a.m." in words(offered, "es").text

    def test_languages_are_offered_by_their_own_names(self) -> None:
        given = script("a:\n  ask: Which language?\n  expect: language\n  then: b\nb:\n  close: completed")
        facts = {**SAMPLES, "practice.languages": ["es", "en", "ht"]}
        speak = begin(given).effects[0]
        assert isinstance(speak, Speak)
        worded = wording(speak, CATALOGS, facts, "en", ZONE, "sms")
        assert [(option.label, option.lang) for option in worded.options] == [
            ("English", "en"),
            ("Español", "es"),
            ("Kreyòl", "ht"),
        ]


class TestACall:
    def test_reads_its_choices_as_keys_and_tells_the_way_out_once(self) -> None:
        speak = begin(shipped("no-show-recovery"), channel="voice").effects[0]
        worded = words(speak, channel="voice")
        assert "\n" not in worded.text
        assert "The day or time: press 1." in worded.text
        assert worded.text.count("press star") == 1
        assert "stop these calls" in worded.text

    def test_asks_for_own_words(self) -> None:
        given = script("a:\n  ask: What hurts?\n  expect: text\n  then: b\nb:\n  close: completed")
        speak = begin(given).effects[0]
        assert words(speak, channel="voice").text == "What hurts? You can speak now."


class TestFallingBack:
    def test_a_whole_message_is_in_one_language(self) -> None:
        worded = words(begin(shipped("no-show-recovery")).effects[0], "vi")
        assert worded.language == "en"
        assert worded.text.endswith("Reply 1 to 8.")

    def test_a_draft_is_used_where_no_safety_is_at_stake(self) -> None:
        worded = shared("opted_out", CATALOGS, SAMPLES, "ko", ZONE)
        assert (worded.language, worded.approved) == ("ko", False)

    @pytest.mark.parametrize("key", builtin.SAFETY_KEYS)
    def test_a_safety_text_goes_out_in_approved_words_only(self, key: str) -> None:
        assert shared(key, CATALOGS, SAMPLES, "es", ZONE).language == "es"
        draft = shared(key, CATALOGS, SAMPLES, "ko", ZONE)
        assert (draft.language, draft.approved) == ("en", True)

    def test_an_emergency_step_of_a_script_does_too(self) -> None:
        speak = Speak((Text("x/a", "Call 911."),), "a", safety=True)
        drafted = CATALOGS.with_entries("es", [Entry("x/a", "Call 911.", "Llame al 911.", "draft")])
        assert words(speak, "es", using=drafted).text == "Call 911."
        approved = CATALOGS.with_entries("es", [Entry("x/a", "Call 911.", "Llame al 911.", "approved")])
        assert words(speak, "es", using=approved).text == "Llame al 911."

    def test_without_any_catalog_the_authors_words_go_out(self) -> None:
        worded = shared("safety_911", Catalogs({}), SAMPLES, "es", ZONE)
        assert worded.text.startswith("This sounds like an emergency.")
        assert not worded.approved


def test_what_the_engine_knows_goes_before_facts() -> None:
    speak = Speak(
        (Text("x/a", "On {next_check.date:date}."),), "a", values=(("next_check.date", "2026-12-01"),)
    )
    assert words(speak).text == "On Tue Dec 1."


def test_the_expectation_holds_the_question_and_its_options() -> None:
    worded = words(begin(shipped("appointment-confirmation")).effects[0])
    expected = expectation("confirm_appointment", worded)
    assert expected.prompt == worded.prompt
    assert [option.value for option in expected.options] == ["confirm", "reschedule", "cancel"]
