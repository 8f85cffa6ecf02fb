"""Locks what pyproject.toml asks for: versions and hashes, for every Python we support, and no addresses."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / "var" / "lock"
OPTIONS = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--quiet"]
SAYS = ["--custom-compile-command", "make lock", "--no-emit-find-links"]
FILES = {
    "requirements.lock": ["pyproject.toml"],
    "requirements-dev.lock": ["pyproject.toml", "--group", "dev", "--constraints", "requirements.lock"],
}


def main(arguments: list[str]) -> int:
    """Keep the versions that are locked and still fit; with `--upgrade`, take the newest of all."""
    uv = shutil.which("uv") or bring_uv()
    for name, sources in FILES.items():
        command = [uv, "pip", "compile", *OPTIONS, *SAYS, *arguments, *sources, "--output-file", name]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        if "://" in (ROOT / name).read_text():
            print(f"{name} holds an address: it must not name where packages come from", file=sys.stderr)
            return 1
        print(f"wrote {name}")
    return 0


def bring_uv() -> str:
    venv.create(TOOL, with_pip=True)
    subprocess.run([str(TOOL / "bin" / "pip"), "install", "--quiet", "uv"], check=True)
    return str(TOOL / "bin" / "uv")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
