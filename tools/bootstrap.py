"""Prepares a working copy: a virtual environment with the locked packages, and programs they cannot bring.

Runs on any Python 3 without anything installed, finds one that is new enough, and does nothing, in a blink,
where everything is in place. `bootstrap.py run` is what the demo needs, `bootstrap.py dev` what tests need.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = {"run": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}
OLDEST = (3, 11)
# A Redis server comes as a package for these; for newer ones it has to be on the machine.
WITH_REDIS = ("python3.12", "python3.11")
OTHERS = ("python3.13", "python3.14", "python3")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
UV_SECONDS = 300


def main(arguments: list[str]) -> int:
    kind = arguments[0] if arguments else "run"
    if kind not in LOCKS:
        print(f"usage: bootstrap.py {'|'.join(LOCKS)}", file=sys.stderr)
        return 2
    python = environment()
    install(python, kind)
    launcher(python)
    need_redis()
    if kind == "dev":
        need_chromium()
    return 0


def environment() -> Path:
    """The virtual environment's Python; the environment is made where there is none that works."""
    python = VENV / "bin" / "python"
    if version_of(str(python)) >= OLDEST:
        return python
    base = newest_enough()
    say(f"Making a virtual environment in .venv with {base}")
    shutil.rmtree(VENV, ignore_errors=True)
    made = run([base, "-m", "venv", str(VENV)], quiet=True) == 0
    if not made:
        # Debian keeps the part that puts pip into it in another package; pip can also be lent from outside.
        shutil.rmtree(VENV, ignore_errors=True)
        made = run([base, "-m", "venv", "--without-pip", str(VENV)], quiet=True) == 0
    if not made or version_of(str(python)) < OLDEST:
        stop("No virtual environment could be made. On Debian: apt-get install python3-venv")
    (VENV / ".base").write_text(base)
    return python


def newest_enough() -> str:
    """A Python of 3.11 or newer, preferably one for which a Redis comes along if the machine has none."""
    asked = sys.executable
    first = [] if shutil.which("redis-server") or os.environ.get("REDIS_URL") else list(WITH_REDIS)
    if platform.system() != "Linux" or platform.machine() != "x86_64" or sys.version_info[:2] < (3, 13):
        first = []
    for name in [*first, asked, *WITH_REDIS, *OTHERS]:
        found = shutil.which(name)
        if found and version_of(found) >= OLDEST:
            return found
    stop("Careloop needs Python 3.11 or newer. On Debian 12 and later: apt-get install python3 python3-venv")


def version_of(python: str) -> tuple[int, int]:
    """Its version, or (0, 0) where it does not run (a shim may exist without what it stands for)."""
    if not os.path.exists(python):
        return (0, 0)
    try:
        told = subprocess.run(
            [python, "-c", "import sys; print(*sys.version_info[:2])"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=30,
            check=True,
        )
        major, minor = told.stdout.split()
        return (int(major), int(minor))
    except (OSError, ValueError, subprocess.SubprocessError):
        return (0, 0)


def install(python: Path, kind: str) -> None:
    """The locked packages, unless exactly these are there already."""
    if any(
        stamp(known).is_file() and stamp(known).read_text() == mark(python, known) for known in (kind, "dev")
    ):
        return
    lock = LOCKS[kind]
    packages = sum(
        1 for line in lock.read_text().splitlines() if "==" in line and not line.startswith((" ", "#"))
    )
    say(f"Installing {packages} packages from {lock.name} (once; a minute or two)")
    began = time.monotonic()
    if not (with_uv(python, lock) or with_pip(python, lock)):
        stop("The packages could not be installed: the last lines above say why (is the network there?).")
    stamp(kind).write_text(mark(python, kind))
    say(f"Installed in {time.monotonic() - began:.0f} s")


def with_uv(python: Path, lock: Path) -> bool:
    """uv where it is there and works: it takes seconds. It ignores pip's configuration, so it may fail."""
    uv = shutil.which("uv")
    if uv is None:
        return False
    command = [uv, "pip", "install", "--quiet", "--python", str(python), "--require-hashes", "--no-deps"]
    try:
        return run([*command, "-r", str(lock)], quiet=True, seconds=UV_SECONDS) == 0
    except subprocess.TimeoutExpired:
        return False


def with_pip(python: Path, lock: Path) -> bool:
    """pip: the environment's own, else that of the Python it was made with."""
    pip = [str(python), "-m", "pip"]
    if run([*pip, "--version"], quiet=True) != 0:
        base = (VENV / ".base").read_text() if (VENV / ".base").exists() else sys.executable
        pip = [base, "-m", "pip", "--python", str(python)]
    command = [*pip, "install", "--require-hashes", "--no-deps", "--disable-pip-version-check"]
    return watched([*command, "--progress-bar", "off", "--no-input", "-r", str(lock)]) == 0


def watched(command: list[str]) -> int:
    """Run pip, showing what it is at instead of all it says; what it said last is shown if it fails."""
    environ = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore"}
    last: list[str] = []
    count = 0
    out = subprocess.PIPE
    with subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environ, text=True) as process:
        for line in process.stdout or ():
            last = [*last[-14:], line.rstrip()]
            if line.startswith(("Collecting ", "Processing ", "Installing ")):
                count += 1
                if count % 25 == 0 or line.startswith("Installing "):
                    say(f"  {line.split('==')[0].strip()[:60]} ({count})")
    if process.returncode != 0:
        print("\n".join(last), file=sys.stderr)
    return process.returncode


def stamp(kind: str) -> Path:
    return VENV / f".installed-{kind}"


def mark(python: Path, kind: str) -> str:
    """What the environment is made of: it changes with the lock and with the Python below."""
    lock = hashlib.sha256(LOCKS[kind].read_bytes()).hexdigest()
    return f"{lock} {os.path.realpath(python)}\n"


def launcher(python: Path) -> None:
    """The `careloop` command in the environment, for this working copy, from whatever folder it is called."""
    command = VENV / "bin" / "careloop"
    words = f"#!{python}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n"
    words += "from app.cli.main import main\nsys.exit(main())\n"
    if not command.exists() or command.read_text() != words:
        command.write_text(words)
        command.chmod(0o755)


def need_redis(venv: Path = VENV) -> None:
    """A Redis server: a running one, the machine's, or the one that came with the packages; else Debian's."""
    if (
        os.environ.get("REDIS_URL")
        or shutil.which("redis-server")
        or (venv / "bin" / "redis-server").exists()
    ):
        return
    if not apt("redis-server"):
        stop("Careloop needs a Redis. On Debian: apt-get install redis-server. Or set REDIS_URL.")


def need_chromium() -> None:
    """A browser for the console's tests. Without it those tests fail, they are not left out."""
    if any(shutil.which(name) for name in CHROMIUM):
        return
    if not apt("chromium", "fonts-dejavu-core"):
        say("The browser tests will fail: they need chromium. On Debian, as root: apt-get install chromium")


def apt(*packages: str) -> bool:
    """Install Debian packages where we may: as root, or in CI by a sudo that asks nothing."""
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (as_root and not os.environ.get("CI")):
        return False
    say(f"Installing {' '.join(packages)} with apt-get (once)")
    command = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    install_them = [*command, "install", "-y", "--no-install-recommends", *packages]
    return run(install_them, quiet=True) == 0 or (run([*command, "update"]) == 0 and run(install_them) == 0)


def run(command: list[str], quiet: bool = False, seconds: float | None = None) -> int:
    out = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.run(
            command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, timeout=seconds
        ).returncode
    except FileNotFoundError:
        return 127


def say(words: str) -> None:
    print(words, flush=True)


def stop(words: str):
    sys.exit(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
