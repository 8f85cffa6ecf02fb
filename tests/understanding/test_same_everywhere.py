"""Two processes read a reply alike: nothing hangs on the order in which a set of words happens to lie."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READ = """
import json, sys
from pathlib import Path
from app.understanding import lexicon
from app.understanding.normal import tokenize
from app.understanding.score import read_row
language, path = sys.argv[1:]
typos = lexicon.load(language).typos
rows = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
words = sorted({token.text for row in rows for token in tokenize(row["text"])})
print([typos.corrections((word,)) for word in words])
print([read_row(row).to_json() for row in rows[:150]])
"""


@pytest.mark.parametrize("language", ["en", "es"])
def test_slips_are_mended_alike_in_every_process(language: str) -> None:
    path = ROOT / "tests/understanding/data" / f"{language}_learnt.jsonl"
    seen = {
        subprocess.run(
            [sys.executable, "-c", READ, language, str(path)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1
    assert len(seen.pop()) > 10_000
