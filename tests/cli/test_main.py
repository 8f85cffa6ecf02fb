"""The command's front: finds, explains, and tells problems in words."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app.cli.main import COMMANDS, main


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    assert all(name in told for name in COMMANDS)


def test_an_unknown_command_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sevre"]) == 2
    assert "no command 'sevre'" in capsys.readouterr().err


def test_a_problem_is_words_and_not_a_stack() -> None:
    environ = {"CARELOOP_ENV": "production", "PATH": ""}
    run = subprocess.run([sys.executable, "-m", "app", "clock"], env=environ, capture_output=True, text=True)
    assert run.returncode == 2
    assert "SECRET_KEY" in run.stderr
    assert "Traceback" not in run.stderr


def test_the_front_imports_no_library() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, app.cli.main; print(*sys.modules)"],
        capture_output=True,
        text=True,
    ).stdout.split()
    assert not {"sqlalchemy", "flask", "redis", "twilio", "structlog"} & set(loaded)
