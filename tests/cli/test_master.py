"""What web processes share: the application's code and the commonest word list, and nothing that is connected."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SHARED = """
import gc, threading
from types import SimpleNamespace
from app.cli import master
from app.understanding import lexicon

master.on_starting(SimpleNamespace(cfg=SimpleNamespace(proc_name="careloop-{kind}")))
print(lexicon.usable.cache_info().currsize, gc.get_freeze_count() > 100_000, gc.isenabled())
print(threading.active_count())
"""


def shared(kind: str, folder: Path) -> list[str]:
    environ = {"PATH": os.environ["PATH"], "STATE_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", SHARED.format(kind=kind)],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_the_word_list_most_callers_need_is_read_before_the_children_are_made(tmp_path: Path) -> None:
    assert shared("web", tmp_path) == ["1", "True", "True", "1"]


def test_live_streams_need_none(tmp_path: Path) -> None:
    assert shared("events", tmp_path) == ["0", "True", "True", "1"]
