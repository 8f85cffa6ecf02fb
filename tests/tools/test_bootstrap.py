"""Preparing a working copy: what is tried, and what is told when it cannot be done."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from tools import bootstrap


def program(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_a_python_tells_its_version() -> None:
    assert bootstrap.version_of(sys.executable) == sys.version_info[:2]


@pytest.mark.parametrize("script", ["exit 127", "echo no version is set", "echo 3.12"])
def test_a_shim_without_a_python_behind_it_is_passed_over(tmp_path: Path, script: str) -> None:
    assert bootstrap.version_of(str(program(tmp_path / "python3.12", script))) == (0, 0)


def test_a_program_that_is_not_there_is_passed_over(tmp_path: Path) -> None:
    assert bootstrap.version_of(str(tmp_path / "python3")) == (0, 0)


def test_a_pip_that_fails_shows_its_last_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pip = program(tmp_path / "pip", "echo Collecting one; echo ERROR: no network; exit 1")
    assert bootstrap.watched([str(pip)]) == 1
    assert "ERROR: no network" in capsys.readouterr().err


def test_without_root_and_outside_ci_no_package_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not bootstrap.apt("chromium")


def test_no_redis_anywhere_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("REDIS_URL", raising=False)
    with pytest.raises(SystemExit, match="apt-get install redis-server"):
        bootstrap.need_redis(venv=tmp_path)


def test_the_mark_changes_with_the_lock(tmp_path: Path) -> None:
    assert bootstrap.mark(Path(sys.executable), "run") != bootstrap.mark(Path(sys.executable), "dev")
