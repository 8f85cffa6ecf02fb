"""What processes have used, read from /proc: no library, and those that ended are counted through their parents."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

TICKS: Final = os.sysconf("SC_CLK_TCK")
_PARENT, _UTIME, _CSTIME = 1, 11, 14


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/<pid>/stat from the state on (proc(5)); None when the process has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def parent(pid: int) -> int:
    """The parent of a process; 0 when it has ended."""
    found = _stat(pid)
    return int(found[_PARENT]) if found else 0


def family(roots: Iterable[int]) -> set[int]:
    """These processes and all their living descendants."""
    above = {int(name): parent(int(name)) for name in os.listdir("/proc") if name.isdigit()}
    found = {pid for pid in roots if pid in above}
    while more := {pid for pid, over in above.items() if over in found} - found:
        found |= more
    return found


def cpu_seconds(roots: Iterable[int]) -> float:
    """Seconds of CPU, user and system, used so far by these processes and their children, ended ones too."""
    stats = (_stat(pid) for pid in family(roots))
    return sum(sum(map(int, found[_UTIME : _CSTIME + 1])) for found in stats if found) / TICKS


def memory_mb(pid: int) -> float:
    """Memory of one process in MB, pages it shares counted by its share (PSS); 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)
