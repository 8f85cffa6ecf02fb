"""Commands on a database without tables say what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli.main import main
from tests.support.surroundings import ENVIRON

COMMANDS = [
    ["import", "--demo"],
    ["audit", "verify"],
    ["db", "reseal"],
    ["api-key", "list"],
    ["seed"],
    ["site", "list"],
    ["mllp"],
    ["staff", "add", "ana@example.org", "Ana Marin", "--role", "coordinator"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_the_missing_schema_is_told_in_words(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    for name, value in {**ENVIRON, "DATABASE_URL": url, "STATE_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    assert main(command) == 2
    assert "Run `careloop db upgrade` first" in capsys.readouterr().err
