"""Runs every check, one after the other, says how long each took, and fails if any of them failed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

LINT = [
    ("formatting", ["ruff", "format", "--check", "--quiet", "."]),
    ("lint", ["ruff", "check", "--quiet", "."]),
    ("types", ["mypy"]),
    ("import contract", ["lint-imports"]),
]
# One more than there are processors: tests wait for browsers, databases and processes of their own.
BESIDE = str(len(os.sched_getaffinity(0)) + 1)
TESTS = [("tests", ["pytest", "-q", "-n", BESIDE, "--dist", "worksteal", "--durations", "10"])]
STEPS = {"lint": LINT, "test": LINT + TESTS}


def main(arguments: list[str]) -> int:
    failed = []
    for name, command in STEPS[arguments[0]]:
        print(f"\n=== {name}: {' '.join(command)}", flush=True)
        began = time.monotonic()
        status = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT).returncode
        print(
            f"=== {name}: {'passed' if status == 0 else 'FAILED'} in {time.monotonic() - began:.1f} s",
            flush=True,
        )
        if status:
            failed.append(name)
    print(f"\n{'FAILED: ' + ', '.join(failed) if failed else 'Everything passed.'}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
