"""The Procfile on one machine."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.cli.supervise import ProcfileWrong, main, read_procfile


def test_a_procfile_is_read(tmp_path: Path) -> None:
    procfile = tmp_path / "Procfile"
    procfile.write_text("# all of it\nweb: python -m app serve\n\nworker: careloop worker 'a b'\n")
    programs = read_procfile(procfile)
    assert list(programs) == ["web", "worker"]
    assert programs["web"].argv == [sys.executable, "-m", "app", "serve"]
    assert programs["worker"].argv == ["careloop", "worker", "a b"]


def test_a_wrong_line_is_told(tmp_path: Path) -> None:
    procfile = tmp_path / "Procfile"
    procfile.write_text("web python\n")
    with pytest.raises(ProcfileWrong, match="web python"):
        read_procfile(procfile)


def test_a_release_that_fails_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE_DIR", str(tmp_path))
    procfile = tmp_path / "Procfile"
    procfile.write_text(
        f"release: python -c 'raise SystemExit(7)'\nweb: python -c 'open(\"{tmp_path}/web\", \"w\")'\n"
    )
    assert main(["-f", str(procfile)]) == 7
    assert not (tmp_path / "web").exists()


def test_an_unknown_type_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    procfile = tmp_path / "Procfile"
    procfile.write_text("web: python -m app serve\n")
    with pytest.raises(SystemExit):
        main(["-f", str(procfile), "wbe"])
    assert "the Procfile has no wbe; it has web" in capsys.readouterr().err
