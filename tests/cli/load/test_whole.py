"""The load test runs as people run it: everything started, broken, counted, and gone afterwards."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path


def test_a_little_chaos_loses_nothing() -> None:
    before = set(Path(tempfile.gettempdir()).glob("careloop-load-*"))
    command = [sys.executable, "-m", "app", "load-test", "--chaos", "--conversations", "9", "--seconds", "8"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=220)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing was lost, nothing was done twice." in done.stdout
    assert set(Path(tempfile.gettempdir()).glob("careloop-load-*")) <= before
