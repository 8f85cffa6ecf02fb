"""Supervision with real processes: what dies is started again, what is stopped is gone."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

from app.cli.children import Child, Program, start, stop
from tests.support.waiting import until

PARENT = """
import subprocess, sys, time
deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
child = subprocess.Popen([sys.executable, "-c", deaf])
print(child.pid, flush=True)
time.sleep(60)
"""
SUPERVISED = """
import sys
from pathlib import Path
from app.cli.children import Program, Supervisor
with Supervisor(print) as supervisor:
    for name in sys.argv[1:]:
        script = f"import os, pathlib, time; pathlib.Path({name!r}).write_text(str(os.getpid()))"
        script += "; time.sleep(60)"
        supervisor.add(Program(name, [sys.executable, "-c", script]))
    supervisor.forever()
"""


def python(script: str, *, log: Path | None = None) -> Program:
    return Program("a program", [sys.executable, "-c", script], log=log)


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def written(path: Path) -> int:
    return int(path.read_text() or 0) if path.exists() else 0


def test_what_dies_is_started_again_and_it_is_said() -> None:
    said: list[str] = []
    child = Child(python("import time; time.sleep(60)"), said.append)
    first = child.process.pid
    child.process.kill()
    child.process.wait()
    until(lambda: (child.tend(), child.process.pid != first)[1])
    stop([child.process])
    assert said == ["a program was ended by SIGKILL: starting it again."]


def test_what_dies_early_each_time_is_waited_for_longer() -> None:
    said: list[str] = []
    child = Child(python("raise SystemExit(3)"), said.append)
    began = time.monotonic()
    until(lambda: (child.tend(), len(said) == 3)[1])
    stop([child.process])
    assert time.monotonic() - began > 0.4 + 0.8
    assert said[0] == "a program ended with status 3: starting it again."


def test_stopping_leaves_no_grandchild(tmp_path: Path) -> None:
    process = start(python(PARENT, log=tmp_path / "log"))
    until(lambda: written(tmp_path / "log"))
    grandchild = written(tmp_path / "log")
    stop([process], patience=0.5)
    until(lambda: not running(grandchild))


def supervised(tmp_path: Path) -> tuple[subprocess.Popen[str], list[int]]:
    names = [tmp_path / "one", tmp_path / "two"]
    command = [sys.executable, "-c", SUPERVISED, *map(str, names)]
    supervisor = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    until(lambda: all(written(name) for name in names))
    return supervisor, [written(name) for name in names]


def test_a_signal_stops_all(tmp_path: Path) -> None:
    supervisor, children = supervised(tmp_path)
    with supervisor:
        supervisor.send_signal(signal.SIGINT)
        assert supervisor.wait(20) == 0
    until(lambda: not any(map(running, children)))


def test_children_do_not_outlive_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    supervisor, children = supervised(tmp_path)
    with supervisor:
        supervisor.kill()
    until(lambda: not any(map(running, children)))
