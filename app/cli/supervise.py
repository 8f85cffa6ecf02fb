"""Runs the Procfile's processes on one machine, and starts again what dies."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import sys
from dataclasses import replace
from pathlib import Path

from app.cli.children import Program, Supervisor
from app.cli.servers import redis_program
from app.errors import CareloopError

PROCFILE = Path("Procfile")
OPTIONAL = ("release", "mllp")


class ProcfileWrong(CareloopError):
    """The Procfile cannot be read."""

    code = "procfile"


def main(argv: list[str]) -> int:
    """Release (migrations), then run the chosen process types until a signal says stop."""
    parser = argparse.ArgumentParser(prog="careloop supervise", description=__doc__)
    parser.add_argument("types", nargs="*", metavar="TYPE", help=f"default: all but {' and '.join(OPTIONAL)}")
    parser.add_argument("-f", "--procfile", type=Path, default=PROCFILE)
    options = parser.parse_args(argv)
    programs = read_procfile(options.procfile)
    chosen = options.types or [name for name in programs if name not in OPTIONAL]
    if unknown := [name for name in chosen if name not in programs]:
        parser.error(f"the Procfile has no {', '.join(unknown)}; it has {', '.join(programs)}")
    with Supervisor(lambda line: print(line, file=sys.stderr, flush=True)) as supervisor:
        return _run(supervisor, programs, chosen)


def _run(supervisor: Supervisor, programs: dict[str, Program], chosen: list[str]) -> int:
    extra = _redis_of_our_own(supervisor)
    if release := programs.get("release"):
        status = supervisor.once(replace(release, environ=extra))
        if status:
            return status
    for name in chosen:
        supervisor.add(replace(programs[name], environ=extra))
    supervisor.forever()
    return 0


def _redis_of_our_own(supervisor: Supervisor) -> dict[str, str]:
    """A Redis where none is set (production has to set one); what the others need to find it."""
    if os.environ.get("REDIS_URL") or os.environ.get("CARELOOP_ENV") == "production":
        return {}
    program, url = redis_program(Path(os.environ.get("STATE_DIR") or "var"))
    supervisor.add(program)
    return {"REDIS_URL": url}


def read_procfile(path: Path) -> dict[str, Program]:
    """The process types of a Procfile and what each runs; `python` is this Python."""
    if not path.exists():
        raise ProcfileWrong(f"There is no {path} here: run this in Careloop's folder, or name it with -f.")
    lines = [line.strip() for line in path.read_text().splitlines()]
    return dict(_program(line) for line in lines if line and not line.startswith("#"))


def _program(line: str) -> tuple[str, Program]:
    found = re.fullmatch(r"([A-Za-z0-9_-]+):\s*(.+)", line)
    if not found:
        raise ProcfileWrong(f"This line of the Procfile is not `type: command`: {line}")
    name, command = found.groups()
    argv = shlex.split(command)
    if argv[0] == "python":
        argv[0] = sys.executable
    return name, Program(name, argv)
