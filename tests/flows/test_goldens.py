"""Golden dialogues: what each script says and does, on every way through it, in both languages and on both channels."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from app.flow.dialogues import act, lines, load, play, stage
from tests.flow.worlds import SCRIPTS
from tests.flows import golden
from tests.flows.explore import all_ways, candidates, taken

FILES = sorted(golden.HERE.glob("*/*.yaml"))
NAMES = [f"{path.parent.name}/{path.stem}" for path in FILES]


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_the_dialogue_is_as_it_was(path: Path, request: pytest.FixtureRequest) -> None:
    case = load(path.read_text("utf-8"), path.name)
    assert path.parent.name in (case.script, "by-hand")
    now = lines(play(case, golden.SCRIPTS[case.script], golden.CATALOGS).lines)
    if request.config.getoption("--update-goldens", default=False) and now != case.dialogue:
        case.dialogue = now
        golden.save(path, case)
    assert now == case.dialogue, "if this is meant: pytest tests/flows --update-goldens"


@pytest.mark.parametrize(
    ("script", "language", "channel"), list(product(SCRIPTS, ("en", "es"), ("sms", "voice")))
)
def test_every_way_through_a_script_is_gone_once(script: str, language: str, channel: str) -> None:
    missing = all_ways(script)
    for path in sorted((golden.HERE / script).glob(f"*.{language}.{channel}.yaml")):
        case = load(path.read_text("utf-8"), path.name)
        playing = stage(case, golden.SCRIPTS[script], golden.CATALOGS)
        playing.start()
        missing -= taken(playing, "", 0)
        for line in case.drives:
            foreseen = candidates(playing)
            label = next((one.label for one in foreseen if one.line == line or "time" in line), "")
            since = len(playing.walked)
            act(playing, line)
            missing -= taken(playing, "silence" if line.get("patient") == "(no reply)" else label, since)
    assert not missing, "run: python -m tests.flows.explore"
