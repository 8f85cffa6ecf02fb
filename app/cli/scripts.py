"""`careloop scripts`: check, draw, rehearse, replay and export scripts, and their JSON Schema for editors."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TextIO

from app.audit import trail
from app.cli import runtime
from app.clock import SystemClock
from app.conversations.recorded import Change, Recorded, changes, play, recorded
from app.conversations.scripts import Scripts
from app.errors import CareloopError
from app.flow.checks import check, check_builtin
from app.flow.dialogues import difference
from app.flow.dialogues import load as load_dialogue
from app.flow.facts import SAMPLES
from app.flow.graph import DRAWINGS, graph
from app.flow.loader import ScriptError, load_file
from app.flow.rehearsal import Line, Rehearsal
from app.flow.schema import Script, json_schema
from app.i18n import LANGUAGES, Catalogs
from app.i18n.catalogs import po_path
from app.i18n.po import only_of
from app.store import begin
from app.teaching.lessons import Lessons
from app.understanding.additions import from_yaml

ROOT: Final = Path(__file__).resolve().parents[2]
FLOWS: Final = ROOT / "flows"
LOCALES: Final = ROOT / "locales"
CHECKED: Final = ("en", "es")
REHEARSED_AT: Final = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
FREE: Final = (("slot-1", "2026-11-30T08:15"), ("slot-2", "2026-12-01T15:45"), ("slot-3", "2026-12-03T11:00"))
SIGNS: Final = {"bot": "🟦", "patient": "🟩", "effect": "   ·", "time": "🕓", "coordinator": "🟧"}


def load_scripts(flows: Path) -> list[Script]:
    """Every script in this folder, by name; ScriptError for one that cannot be used."""
    return [load_file(path) for path in sorted(flows.glob("*.yaml"))]


def load_named(flows: Path, name: str) -> Script:
    """The script of this name; CareloopError says which there are."""
    path = flows / f"{name}.yaml"
    if not path.is_file():
        there = ", ".join(sorted(one.stem for one in flows.glob("*.yaml")))
        raise CareloopError(f"There is no script {name!r}. There are: {there}.")
    return load_file(path)


def run_check(flows: Path, locales: Path, names: list[str], languages: tuple[str, ...]) -> int:
    """Print what is wrong with each script; 1 when something would keep it from patients."""
    catalogs = Catalogs.load(locales)
    paths = [flows / f"{name}.yaml" for name in names] or sorted(flows.glob("*.yaml"))
    errors = 0
    for path in paths:
        try:
            script = load_file(path)
        except ScriptError as wrong:
            errors += len(wrong.problems)
            print(*(f"{path.name}: error: {problem}" for problem in wrong.problems), sep="\n")
            continue
        found = check(script, catalogs, languages)
        errors += sum(finding.severity == "error" for finding in found)
        print(*(f"{path.name}: {finding}" for finding in found), sep="\n", end="\n" if found else "")
        print(f"{path.name}: {len(script.steps)} steps, {len(found)} findings")
    shared = check_builtin(catalogs, languages)
    print(*(f"shared texts: {finding}" for finding in shared), sep="\n", end="\n" if shared else "")
    return 1 if errors or any(finding.severity == "error" for finding in shared) else 0


def run_rehearsal(rehearsal: Rehearsal, replies: Iterable[str], out: TextIO) -> int:
    """Talk with a script: a line is a reply, an empty line is no reply; `:wake`, `:back`, `:quit`."""
    _show(rehearsal.start(), out)
    for line in replies:
        said = line.rstrip("\n")
        if said == ":quit":
            break
        if said == ":wake":
            _show(rehearsal.wake(), out)
        elif said == ":back":
            _show(rehearsal.hand_back(), out)
        else:
            _show(rehearsal.reply(said) if said.strip() else rehearsal.no_reply(), out)
        if rehearsal.state.status == "ended":
            break
    print(f"({rehearsal.state.status.replace('_', ' ')})", file=out)
    return 0


def _show(lines: list[Line], out: TextIO) -> None:
    for line in lines:
        parts = f"  [{line.parts} SMS]" if line.parts else ""
        print(f"{SIGNS.get(line.who, line.who)} {line.text}{parts}", file=out)


def run_export(flows: Path, locales: Path, name: str, target: Path) -> int:
    """Write the script and its translations, as they stand, into a folder another practice can take over."""
    load_named(flows, name)
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(flows / f"{name}.yaml", target / f"{name}.yaml")
    for language in LANGUAGES:
        source = po_path(locales, language)
        if source.is_file():
            (target / f"{name}.{language}.po").write_text(only_of(source.read_text("utf-8"), name), "utf-8")
    print(f"{name}: written to {target}")
    return 0


def run_replay(draft: Path, dialogues: list[Path], locales: Path) -> int:
    """Play dialogues with a draft and show where it says or does something else; 1 when it does anywhere."""
    script, catalogs = load_file(draft), Catalogs.load(locales)
    changed = 0
    for path in dialogues:
        kept = load_dialogue(path.read_text("utf-8"), path.name)
        found = difference(kept, script, catalogs) if kept.script == script.script else []
        changed += bool(found)
        if found:
            print(f"== {path}", *found[2:], sep="\n")
    print(f"{len(dialogues)} dialogues, {changed} would go differently")
    return 1 if changed else 0


def run_recorded(draft: Path, locales: Path, most: int, *, words: bool) -> int:
    """Play the newest recorded conversations with a draft and show where it goes another way; 1 when it does.

    What patients wrote is shown only with `words`; that somebody looked is written into the audit trail.
    """
    script, catalogs, settings = load_file(draft), Catalogs.load(locales), runtime.settings()
    frozen, changed = Scripts(), 0
    with runtime.database(settings) as sessions, begin(sessions) as session:
        found, on_calls = recorded(session, script.script, most)
        lesson = Lessons().current(session, SystemClock().now())
        for one in found:
            was = play(one, frozen.get(session, one.revision), catalogs, lesson)
            now = play(one, script, catalogs, lesson)
            told = changes(was, now)
            changed += bool(told)
            if told:
                print(f"== conversation {one.id}", *_told(told[0], one, words=words), sep="\n")
        trail.record(
            session,
            actor_kind=trail.SYSTEM,
            actor="command line",
            action="scripts.replay",
            subject_kind="script",
            subject_id=script.script,
            now=SystemClock().now(),
            detail={"conversations": len(found), "words": words},
        )
    left = f" ({on_calls} held by telephone were left out)" if on_calls else ""
    print(f"{len(found)} recorded conversations{left}, {changed} would go differently")
    return 1 if changed else 0


def _told(change: Change, one: Recorded, *, words: bool) -> Iterator[str]:
    if words and 0 < change.after <= len(one.dialogue.dialogue):
        yield f"   patient: {one.dialogue.dialogue[change.after - 1].get('patient', '(no reply)')}"
    yield f"   asked {change.asked or 'nothing yet'}, event {change.after}"
    yield f"   before:    {' → '.join(change.before) or '(stays)'}"
    yield f"   the draft: {' → '.join(change.draft) or '(stays)'}"


def parser() -> argparse.ArgumentParser:
    """The options of `careloop scripts`."""
    made = argparse.ArgumentParser(prog="careloop scripts", description=__doc__)
    made.add_argument("--flows", type=Path, default=FLOWS, help="the folder with the scripts")
    made.add_argument("--locales", type=Path, default=LOCALES, help="the folder with the translations")
    commands = made.add_subparsers(dest="command", required=True)
    checked = commands.add_parser("check", help="say what is wrong, and how to mend it")
    checked.add_argument("names", nargs="*")
    checked.add_argument("--lang", action="append", choices=LANGUAGES, help="languages to check (en, es)")
    drawn = commands.add_parser("graph", help="draw a script as text")
    drawn.add_argument("name")
    drawn.add_argument("--as", dest="drawing", choices=sorted(DRAWINGS), default="outline")
    rehearsed = commands.add_parser("rehearse", help="talk with a script on a simulated phone")
    rehearsed.add_argument("name")
    rehearsed.add_argument("--lang", choices=LANGUAGES, default="en")
    rehearsed.add_argument("--channel", choices=("sms", "voice"), default="sms")
    rehearsed.add_argument("--words", type=Path, help="more phrases, as for careloop read --words")
    replayed = commands.add_parser("replay", help="play dialogues with a draft, and show what would change")
    replayed.add_argument("draft", type=Path, help="the draft's YAML file")
    replayed.add_argument("dialogues", type=Path, nargs="*", help="dialogue files, like those in tests/flows")
    replayed.add_argument(
        "--recorded", type=int, metavar="N", help="play the newest N conversations of this installation"
    )
    replayed.add_argument("--words", action="store_true", help="with --recorded: show what patients wrote")
    exported = commands.add_parser("export", help="write a script and its translations into a folder")
    exported.add_argument("name")
    exported.add_argument("--to", type=Path, required=True)
    commands.add_parser("schema", help="print the JSON Schema of a script file")
    return made


def main(argv: list[str] | None = None) -> int:
    """Run `careloop scripts`; the exit status."""
    options = parser().parse_args(argv)
    match options.command:
        case "check":
            languages = tuple(options.lang or CHECKED)
            return run_check(options.flows, options.locales, options.names, languages)
        case "graph":
            print(DRAWINGS[options.drawing](graph(load_named(options.flows, options.name))), end="")
        case "rehearse":
            script, catalogs = load_named(options.flows, options.name), Catalogs.load(options.locales)
            made = Rehearsal(
                script, catalogs, SAMPLES, options.lang, options.channel, now=REHEARSED_AT, slots=FREE
            )
            made.additions = from_yaml(options.words) if options.words else None
            return run_rehearsal(made, sys.stdin, sys.stdout)
        case "replay":
            if options.recorded:
                return run_recorded(options.draft, options.locales, options.recorded, words=options.words)
            return run_replay(options.draft, options.dialogues, options.locales)
        case "export":
            return run_export(options.flows, options.locales, options.name, options.to)
        case _:
            print(json.dumps(json_schema(), indent=2, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
