"""Child processes that never outlive us: each in its own group, started again when it dies."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

TICK = 0.1
FIRST_WAIT, LONGEST_WAIT = 0.2, 10.0
STEADY_AFTER = 30.0
PATIENCE = 12.0
HOPELESS = 5
"""Deaths at the start after which it is no use to wait any longer."""
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Program:
    """What to run: its name for people, its command, additions to the environment, where its output goes."""

    name: str
    argv: Sequence[str]
    environ: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None


def die_with_parent(sign: int = signal.SIGTERM) -> None:
    """Have Linux send this process a signal when its parent ends, whatever ended it."""
    with suppress(AttributeError):  # no prctl: not Linux
        _libc.prctl(_PR_SET_PDEATHSIG, int(sign), 0, 0, 0)


def start(program: Program) -> subprocess.Popen[bytes]:
    """Start a program in a process group of its own, bound to this process's life."""
    out = program.log.open("ab") if program.log else None
    try:
        return subprocess.Popen(
            program.argv,
            env={**os.environ, **program.environ},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT if out else None,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
    finally:
        if out:
            out.close()


def stop(processes: Sequence[subprocess.Popen[bytes]], patience: float = PATIENCE) -> None:
    """Ask process groups to end, all at once; what is still there after `patience` seconds is killed."""
    for process in processes:
        signal_group(process, signal.SIGTERM)
    deadline = time.monotonic() + patience
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
    for process in processes:
        # Also where the leader has ended: a grandchild may have been left behind in its group.
        signal_group(process, signal.SIGKILL)
        process.wait()


def signal_group(process: subprocess.Popen[bytes], sign: signal.Signals) -> None:
    """Send a signal to a process and everything it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, sign)


class Child:
    """One program kept alive: when it ends it is started again, later each time it ends early."""

    def __init__(self, program: Program, say: Callable[[str], None]) -> None:
        self.program = program
        self._say = say
        self._wait = FIRST_WAIT
        self._due: float | None = None
        self.deaths = 0
        self._begin()

    def _begin(self) -> None:
        self.process = start(self.program)
        self._started = time.monotonic()
        self._due = None

    def tend(self) -> None:
        """Look whether it is there still, and start it again when it is time."""
        now = time.monotonic()
        if self._due is None and self.process.poll() is not None:
            self._mourn(now)
        elif self._due is not None and now >= self._due:
            self._begin()

    def _mourn(self, now: float) -> None:
        # Its own children (a killed gunicorn's workers) must not keep the port from its successor.
        signal_group(self.process, signal.SIGKILL)
        self._wait = FIRST_WAIT if now - self._started > STEADY_AFTER else min(self._wait * 2, LONGEST_WAIT)
        self._due = now + self._wait
        self.deaths += 1
        why = last_lines(self.program.log, 1)[-160:] if self.program.log else ""
        self._say(f"{self.program.name} {ending(self.process.returncode)}: starting it again. {why}".rstrip())


def ending(status: int | None) -> str:
    """How a process ended, in words."""
    if status is not None and status < 0:
        return f"was ended by {signal.Signals(-status).name}"
    return f"ended with status {status}"


def last_lines(log: Path, count: int = 15) -> str:
    """The end of a log, for somebody who wonders what went wrong."""
    if not log.exists():
        return "(it wrote nothing)"
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])


class Supervisor:
    """Keeps programs running until it is told to stop by a signal."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._children: list[Child] = []
        self.stopping = False
        # One that was started in the background does not listen from the beginning.
        self._make_listened = _make_listens()

    def __enter__(self) -> Supervisor:
        self._before = {sign: signal.signal(sign, self._asked_to_stop) for sign in STOP_SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        # Our own handlers stay until all are gone: a second Ctrl-C must not leave anybody behind.
        self._stop_all()
        for sign, handler in self._before.items():
            signal.signal(sign, handler)

    def add(self, program: Program) -> Child:
        """Start a program and keep it running."""
        child = Child(program, self._say)
        self._children.append(child)
        return child

    def once(self, program: Program) -> int:
        """Run a program to its end, tending the others meanwhile; give its exit status."""
        process = start(program)
        while process.poll() is None:
            self.tend()
            if self.stopping:
                stop([process], patience=3.0)
            time.sleep(TICK / 5)
        return process.returncode

    def tend(self) -> None:
        """Look after all programs once."""
        for child in self._children:
            if not self.stopping:
                child.tend()
        if self._make_listened and not _make_listens():
            self.stopping = True

    def until(self, ready: Callable[[], bool], seconds: float) -> bool:
        """Tend the programs until something is true; False when it is not in time, or a program keeps dying."""
        deadline = time.monotonic() + seconds
        while not (self.stopping or self._hopeless() or time.monotonic() > deadline):
            if ready():
                return True
            self.tend()
            time.sleep(TICK)
        return False

    def _hopeless(self) -> bool:
        return any(child.deaths >= HOPELESS for child in self._children)

    def forever(self) -> None:
        """Tend the programs until a signal asks us to stop."""
        while not self.stopping:
            self.tend()
            time.sleep(TICK)

    def _asked_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _stop_all(self) -> None:
        # What was started first is used by the others (Redis, the sandbox), so it goes last.
        last, others = self._children[:1], self._children[1:]
        stop([child.process for child in reversed(others)])
        stop([child.process for child in last])


def _make_listens() -> bool:
    """Whether a `make` that runs us would notice an interrupt.

    An interrupt for make alone, not for the whole terminal, never reaches us: its handler puts the default
    action back and waits until we end by ourselves. When it listened and no longer does, we are to stop.
    """
    parent = Path(f"/proc/{os.getppid()}")
    try:
        if "MAKELEVEL" not in os.environ or (parent / "comm").read_text().strip() not in ("make", "gmake"):
            return False
        status = (parent / "status").read_text()
    except OSError:
        return False
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) & (1 << (signal.SIGINT - 1)))
