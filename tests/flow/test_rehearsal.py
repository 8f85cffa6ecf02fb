"""Rehearsals: a script on a simulated phone, as an admin or a coordinator in training meets it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cli import locales as locales_command
from app.cli import scripts as scripts_command
from app.errors import CareloopError
from app.flow.dialogues import Dialogue, DialogueError, dump, load
from app.flow.facts import SAMPLES
from app.flow.rehearsal import Rehearsal
from app.i18n.catalogs import read_po
from tests.flow.worlds import NOW, ROOT, SCRIPTS, catalogs, script, shipped

SLOTS = (("s1", "2026-11-30T08:15"), ("s2", "2026-12-01T15:45"))
CATALOGS = catalogs()


def rehearse(name: str, language: str = "en", channel: str = "sms") -> Rehearsal:
    return Rehearsal(shipped(name), CATALOGS, SAMPLES, language, channel, now=NOW, slots=SLOTS)


def told(lines: object) -> str:
    assert isinstance(lines, list)
    return "\n".join(f"{line.who}: {line.text}" for line in lines)


class TestOnAPhone:
    def test_a_reply_moves_the_script_on(self) -> None:
        rehearsal = rehearse("no-show-recovery")
        first = rehearsal.start()
        assert first[0].who == "bot"
        assert first[0].parts == 3
        assert "effect: open barrier work_schedule" in told(rehearsal.reply("1"))
        assert "bot: You are booked: Tue Dec 1, 3:45 PM." in told(rehearsal.reply("2"))
        assert rehearsal.state.status == "ended"

    def test_an_emergency_gets_the_fixed_words_first_and_then_a_person(self) -> None:
        rehearsal = rehearse("no-show-recovery")
        rehearsal.start()
        said = told(rehearsal.reply("I have chest pain and cannot breathe"))
        assert "bot: This sounds like an emergency. Call 911 now" in said
        assert 'effect: hand over emergency "possible emergency"' in said

    def test_no_reply_is_nudged_and_then_followed_to_its_end(self) -> None:
        rehearsal = rehearse("no-show-recovery")
        rehearsal.start()
        assert "just checking in" in told(rehearsal.no_reply())
        assert "hand over routine" in told(rehearsal.no_reply())
        assert rehearsal.no_reply("give_up") == []

    def test_time_passes_when_told_to(self) -> None:
        rehearsal = rehearse("appointment-confirmation")
        rehearsal.start()
        rehearsal.no_reply("give_up")
        assert rehearsal.state.status == "sleeping"
        assert told(rehearsal.wake()).startswith("time: Sun Nov 29")
        assert rehearsal.wake() == []

    def test_a_coordinator_hands_back(self) -> None:
        given = script(
            "a:\n  handoff: {urgency: routine, because: to a person}\n  then: b\n"
            "b:\n  ask: Better?\n  expect: yes_no\n  then: c\nc:\n  close: completed"
        )
        rehearsal = Rehearsal(given, CATALOGS, SAMPLES, now=NOW)
        rehearsal.start()
        assert "Better?" in told(rehearsal.hand_back())

    def test_a_time_that_is_gone_is_offered_afresh(self) -> None:
        rehearsal = rehearse("no-show-recovery")
        rehearsal.world.gone = {"s1"}
        rehearsal.start()
        rehearsal.reply("1")
        assert "Sorry, that time was just taken." in told(rehearsal.reply("1"))


class TestOnACall:
    def test_silence_is_asked_again(self) -> None:
        rehearsal = rehearse("no-show-recovery", "es", "voice")
        assert rehearsal.start()[0].text.startswith("Hola, le llamamos de Riverside Clinic.")
        assert "Disculpe, no le oí." in told(rehearsal.no_reply())


class TestTheCommands:
    def run(self, *arguments: str) -> int:
        return scripts_command.main(list(arguments))

    def test_check_of_what_ships(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.run("check") == 0
        assert capsys.readouterr().out.count(" steps, 0 findings") == 3

    def test_check_tells_what_to_mend(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        head = "script: bad\ntitle: Bad\nlane: test\npurpose: testing\nsteps:\n"
        (tmp_path / "bad.yaml").write_text(
            head + "  a:\n    say: Hello {patient.nmae}.\n    close: completed\n"
        )
        (tmp_path / "worse.yaml").write_text(head + "  a:\n    say: Hello.\n    then: nowhere\n")
        assert self.run("--flows", str(tmp_path), "check") == 1
        out = capsys.readouterr().out
        assert "bad.yaml: error: a: unknown placeholder {patient.nmae}" in out
        assert "worse.yaml: error: script: no such step: a → nowhere" in out

    @pytest.mark.parametrize("drawing", ["outline", "dot", "mermaid"])
    def test_graph(self, drawing: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.run("graph", "no-show-recovery", "--as", drawing) == 0
        assert "reason" in capsys.readouterr().out

    def test_a_script_that_is_not_there(self) -> None:
        with pytest.raises(CareloopError, match="There are: appointment-confirmation"):
            self.run("graph", "nope")

    def test_rehearse(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("3\n:quit\n"))
        assert self.run("rehearse", "no-show-recovery") == 0
        out = capsys.readouterr().out
        assert "[3 SMS]" in out
        assert "(handed over)" in out

    def test_rehearse_until_it_ends(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("\n\n:wake\n1\n1\nnot read any more\n"))
        assert self.run("rehearse", "appointment-confirmation") == 0
        assert "(ended)" in capsys.readouterr().out

    def test_export(self, tmp_path: Path) -> None:
        assert self.run("export", "no-show-recovery", "--to", str(tmp_path)) == 0
        shipped_text = (ROOT / "flows" / "no-show-recovery.yaml").read_text("utf-8")
        assert (tmp_path / "no-show-recovery.yaml").read_text("utf-8") == shipped_text
        entries = read_po((tmp_path / "no-show-recovery.es.po").read_text("utf-8"))
        assert {entry.context.split("/")[0] for entry in entries} == {"no-show-recovery"}

    def test_schema(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.run("schema") == 0
        assert capsys.readouterr().out == (ROOT / "flows" / "schema.json").read_text("utf-8")

    def test_translations_are_in_step_with_the_scripts(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for path in (ROOT / "locales").glob("**/careloop.po*"):
            copy = tmp_path / path.relative_to(ROOT / "locales")
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
        assert locales_command.main(["extract", "--locales", str(tmp_path)]) == 0
        assert "changed: nothing" in capsys.readouterr().out, "run: careloop locales extract"

    def test_translations_are_complete_in_english_and_spanish(self) -> None:
        assert locales_command.main(["check"]) == 0

    def test_a_language_without_the_scripts_is_told(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert locales_command.main(["check", "--lang", "ko"]) == 1
        assert "한국어: safety_911 is not approved (draft): a safety text must be" in capsys.readouterr().out


class TestReplay:
    def test_a_draft_shows_where_it_would_go_differently(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        kept = sorted((ROOT / "tests" / "flows" / "no-show-recovery").glob("*.en.sms.yaml"))
        shipped_path = ROOT / "flows" / "no-show-recovery.yaml"
        assert scripts_command.main(["replay", str(shipped_path), *map(str, kept)]) == 0
        draft = tmp_path / "no-show-recovery.yaml"
        changed = shipped_path.read_text("utf-8").replace(
            "because: worried about the visit", "because: afraid"
        )
        draft.write_text(changed, "utf-8")
        capsys.readouterr()
        assert scripts_command.main(["replay", str(draft), *map(str, kept)]) == 1
        out = capsys.readouterr().out
        assert '-effect: flag routine "worried about the visit"' in out
        assert '+effect: flag routine "afraid"' in out
        assert "would go differently" in out

    @pytest.mark.parametrize("text", ["just words", "script: x", "- a", "a: ["])
    def test_a_file_without_a_dialogue_is_told(self, text: str) -> None:
        with pytest.raises(DialogueError, match="holds no dialogue"):
            load(text)

    def test_to_a_file_and_back(self) -> None:
        dialogue = Dialogue("s", "es", "sms", {"a": 1}, "none", [{"bot": "Uno\n1 Sí"}, {"patient": "1"}])
        assert load(dump(dialogue)) == dialogue
        assert dialogue.drives == [{"patient": "1"}]


replies = st.one_of(
    st.text(max_size=40), st.sampled_from(["1", "2", "3", "yes", "no", "sí", "03/25/1950", "help", "?"])
)


@pytest.mark.parametrize("name", SCRIPTS)
@settings(max_examples=25)
@given(said=st.lists(replies, max_size=6), language=st.sampled_from(["en", "es", "ko"]), voice=st.booleans())
def test_whatever_is_said_the_conversation_rests_somewhere(
    name: str, said: list[str], language: str, voice: bool
) -> None:
    rehearsal = rehearse(name, language, "voice" if voice else "sms")
    rehearsal.start()
    for text in said:
        rehearsal.reply(text)
        assert rehearsal.state.status in {"waiting", "sleeping", "handed_over", "ended"}
    assert not any("{" in line.text for line in rehearsal.lines if line.who == "bot")
