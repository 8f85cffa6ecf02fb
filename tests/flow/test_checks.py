"""Each check finds what it is for, in words that say what to do, and lets a good script be."""

from __future__ import annotations

import pytest

from app.flow.checks import Finding, check, check_builtin
from app.flow.checks.messages import messages
from app.flow.checks.private import private_words
from app.flow.checks.readability import grade, syllables_en, syllables_es
from app.flow.checks.words import check_translations
from app.flow.schema import Script
from app.i18n import Catalogs
from app.i18n.catalogs import Entry
from tests.flow.worlds import SCRIPTS, catalogs, script, shipped

CATALOGS = catalogs()
HELLO = "{practice.name}: Hello. In an emergency call 911. Reply STOP to end."
GOOD = f"""
hello:
  say: "{HELLO}"
  then: ask
ask:
  ask: Any pain?
  expect: yes_no
  then: done
done:
  say: Thank you.
  close: completed
"""


def found(given: Script, severity: str = "error", languages: tuple[str, ...] = ("en",)) -> list[str]:
    return [f"{f.step}: {f.words}" for f in check(given, CATALOGS, languages) if f.severity == severity]


def only(given: Script, step: str, words: str, severity: str = "error") -> None:
    findings = found(given, severity)
    assert len(findings) == 1, findings
    assert findings[0].startswith(f"{step}: ")
    assert words in findings[0]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_shipped_script_is_without_fault_in_english_and_spanish(name: str) -> None:
    assert check(shipped(name), CATALOGS) == []


def test_the_shared_texts_are_without_fault_in_english_and_spanish() -> None:
    assert check_builtin(CATALOGS, ("en", "es")) == []


def test_a_good_script_has_no_errors() -> None:
    assert found(script(GOOD)) == []


def test_unreachable() -> None:
    only(script(GOOD + "lost:\n  close: completed"), "lost", "no path leads to this step")


class TestCircles:
    def test_without_the_patient(self) -> None:
        given = script(
            GOOD.replace("then: done", "then: b") + "b:\n  say: x\n  then: c\nc:\n  say: y\n  then: b"
        )
        assert any("goes in a circle without the patient: b → c → b" in one for one in found(given))

    def test_offers_that_have_no_times_left(self) -> None:
        given = script(
            GOOD.replace("  then: done", "  then: offer")
            + "offer:\n  offer_slots: {visit: x, within: 9d}\n  on: {booked: done, none_fit: offer}"
        )
        only(given, "offer", "goes in a circle without the patient")

    def test_with_the_patient_are_fine_but_must_have_an_end(self) -> None:
        given = script(GOOD.replace("  then: done", "  on: {'yes': ask, 'no': done}"))
        assert found(given) == []
        endless = script(
            f"hello:\n  say: '{HELLO}'\n  then: ask\nask:\n  ask: Any pain?\n  expect: yes_no\n  then: ask"
        )
        assert any("never comes to an end or to a person" in one for one in found(endless))


class TestDeadEnds:
    @pytest.mark.parametrize(
        ("steps", "words"),
        [
            ("ask:\n  ask: Pain?\n  expect: yes_no\n  on: {'yes': done}", "the answer 'no' leads nowhere"),
            ("ask:\n  ask: Pain?\n  expect: text\n  on: {silence: done}", "the answer leads nowhere"),
            ("ask:\n  say: Hello.", "leads nowhere: add `then:`"),
            ("ask:\n  decide:\n    - when: {appointment.video: true}\n      go: done", "add an `else:`"),
            ("ask:\n  offer_slots: {visit: x, within: 9d}\n  on: {booked: done}", "add `on: {none_fit: …}`"),
            ("ask:\n  wait: {days: [3]}\n  then: done", "for when no day is left"),
        ],
    )
    def test_say_which_answer(self, steps: str, words: str) -> None:
        head = f"hello:\n  say: '{HELLO}'\n  then: ask\n"
        given = script(f"{head}{steps}\ndone:\n  say: Bye.\n  close: completed")
        assert any(one.startswith("ask: ") and words in one for one in found(given)), found(given)


class TestAnswers:
    def test_a_slip_of_the_pen_in_on(self) -> None:
        given = script(GOOD.replace("  then: done\n", "  on: {'yse': done}\n  then: done\n", 1))
        only(given, "ask", "'yse' is no answer here")

    @pytest.mark.parametrize("word", ["Cancel", "Stop it", "End", "Yes", "HELP"])
    def test_reserved_words(self, word: str) -> None:
        given = script(GOOD.replace("expect: yes_no", f"choices: {{a: {word}, b: Later}}"))
        only(given, "ask", "is a reserved word")

    def test_reserved_words_in_the_question(self) -> None:
        only(script(GOOD.replace("Any pain?", "Any pain? Reply YES or NO.")), "ask", "asks to reply YES")

    def test_more_than_nine_keys(self) -> None:
        choices = ", ".join(f"c{n}: Choice {n}" for n in range(10))
        only(script(GOOD.replace("expect: yes_no", f"choices: {{{choices}}}")), "ask", "10 choices")

    def test_a_condition_about_nothing(self) -> None:
        steps = "which:\n  decide:\n    - when: {appointment.vidoe: true}\n      go: done\n    - else: done\n"
        only(
            script(GOOD.replace("then: done", "then: which", 1) + steps),
            "which",
            "'appointment.vidoe' is neither",
        )

    def test_a_trend_of_something_asked(self) -> None:
        steps = "which:\n  decide:\n    - when: {trend.ask: worsening}\n      go: done\n    - else: done\n"
        assert found(script(GOOD.replace("then: done", "then: which", 1) + steps)) == []

    def test_a_barrier_outside_the_list(self) -> None:
        given = script(
            GOOD.replace("expect: yes_no", "choices: {weather: The weather, cost: Cost}\n  record: barrier")
        )
        assert [one for one in found(given, "warning") if "not in the list of barriers" in one]


class TestWords:
    @pytest.mark.parametrize(
        "wrong", ["{patient.naem}", "{patient.birth_date}", "{appointment.start:clock}", "{oops"]
    )
    def test_placeholders_nobody_can_fill(self, wrong: str) -> None:
        given = script(GOOD.replace("Any pain?", f"'Any pain, {wrong}?'"))
        assert any("unknown placeholder" in one for one in found(given))

    def test_private_words_before_identity(self) -> None:
        given = script(GOOD.replace("Hello.", "How is your diabetes?"), identity="date_of_birth")
        only(given, "hello", "'diabetes' may not be said before identity")
        later = script(GOOD.replace("Any pain?", "How is your diabetes?"), identity="date_of_birth")
        assert found(later) == []
        nobody_asked = script(GOOD.replace("Any pain?", "How is your diabetes?"))
        only(nobody_asked, "ask", "'diabetes'")

    def test_private_words_in_a_translation(self) -> None:
        given = script(GOOD, identity="date_of_birth")
        entry = Entry("test/hello", HELLO, HELLO.replace("Hello", "¿Y su diálisis?"), "approved")
        words = [str(one) for one in check_translations(given, CATALOGS.with_entries("es", [entry]), ("es",))]
        assert any("'dialisis' is said before identity" in one for one in words)

    def test_whole_words_only_for_short_ones(self) -> None:
        assert private_words("This aids and assists.", "en") == ["aids"]
        assert private_words("We said plaid, sting.", "en") == []
        assert private_words("the oncologist", "en") == ["oncologist"]
        assert private_words("cancer", "ko") == []


class TestTranslations:
    def check(self, text: str, status: str = "approved") -> list[Finding]:
        given = script("a:\n  say: '{practice.name}: call 911.'\n  close: completed")
        entry = Entry("test/a", "{practice.name}: call 911.", text, status)  # type: ignore[arg-type] # from a table
        return check_translations(given, Catalogs({"en": [], "es": [entry]}), ("es",))

    def test_missing(self) -> None:
        assert "is not translated" in self.check("")[0].words

    def test_not_approved_is_a_warning(self) -> None:
        findings = self.check("{practice.name}: llame al 911.", "draft")
        assert [f.severity for f in findings] == ["warning"]

    def test_lost_placeholder(self) -> None:
        assert "does not have the same placeholders: {practice.name}" in self.check("llame al 911")[0].words

    def test_lost_number(self) -> None:
        assert "lost 911" in self.check("{practice.name}: llame.")[0].words

    def test_a_number_beside_other_scripts_counts(self) -> None:
        assert self.check("{practice.name}请拨打911。") == []

    def test_a_safety_text_must_be_approved(self) -> None:
        given = script(
            "a:\n  say: Call 911.\n  flag: {urgency: emergency, because: danger}\n  close: completed"
        )
        entry = Entry("test/a", "Call 911.", "Llame al 911.", "reviewed")
        findings = check_translations(given, Catalogs({"es": [entry]}), ("es",))
        assert [f.severity for f in findings] == ["error"]


class TestWholeMessages:
    def test_the_first_names_the_practice_the_way_out_and_911(self) -> None:
        words = " ".join(found(script(GOOD.replace(HELLO, "Hello."))))
        assert "does not name the practice" in words
        assert "does not say how to stop" in words
        assert "lacks the line for emergencies" in words

    def test_a_check_in_names_the_practice(self) -> None:
        steps = "rest:\n  wait: {for: 3d}\n  then: again\nagain:\n  ask: How are you?\n  expect: text\n  then: done\n"
        only(
            script(GOOD.replace("then: done", "then: rest", 1) + steps),
            "again",
            "the check-in text does not name",
        )

    def test_parts_are_counted_with_the_choices(self) -> None:
        long = "x" * 330
        given = script(GOOD.replace("expect: yes_no", f"choices: {{a: {long}, b: {long}}}"))
        assert any("SMS parts" in one for one in found(given, "warning"))

    def test_dear_letters_are_named(self) -> None:
        given = script(GOOD.replace("Thank you.", "Your time — " + "x" * 220))
        assert any("because of —" in one for one in found(given, "warning"))

    def test_every_path_is_joined_as_the_engine_joins_it(self) -> None:
        made = messages(shipped("post-discharge"))
        joined = {tuple(text.context.split("/")[1] for text in message.speak.texts) for message in made}
        assert ("hello", "identity") in joined
        assert ("medicine_help", "ride") in joined
        assert ("need_noted", "finish") in joined

    def test_hard_words_are_named(self) -> None:
        hard = "Subsequent to hospitalization, individuals frequently experience considerable deterioration generally."
        given = script(GOOD.replace("Any pain?", hard), identity="date_of_birth")
        assert any("reads at grade" in one for one in found(given, "warning"))


class TestReadability:
    @pytest.mark.parametrize(
        ("word", "count"),
        [("cat", 1), ("table", 2), ("home", 1), ("medicine", 3), ("emergency", 4), ("called", 1)],
    )
    def test_english_syllables(self, word: str, count: int) -> None:
        assert syllables_en(word) == count

    @pytest.mark.parametrize(
        ("word", "count"),
        [("casa", 2), ("día", 2), ("cuidado", 3), ("medicina", 4), ("quiere", 2), ("bien", 1)],
    )
    def test_spanish_syllables(self, word: str, count: int) -> None:
        assert syllables_es(word) == count

    def test_short_sentences_are_easier(self) -> None:
        easy = grade("We can help. Call us.", "en")
        hard = grade("Individuals experiencing complications should immediately communicate with us.", "en")
        assert easy is not None
        assert hard is not None
        assert easy < 3 < 9 < hard

    def test_no_grade_for_other_languages(self) -> None:
        assert grade("안녕하세요", "ko") is None
        assert grade("123", "en") is None
