"""Keys a working copy makes for itself."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from app.cli import runtime
from app.settings import Settings


def test_keys_are_made_once_and_only_for_this_user(tmp_path: Path) -> None:
    made = runtime.make_local(tmp_path)
    assert runtime.make_local(tmp_path) == made == runtime.local(tmp_path)
    assert stat.S_IMODE((tmp_path / runtime.LOCAL).stat().st_mode) == 0o600


def test_keys_that_were_made_are_good_enough_to_be_reached_by_others(tmp_path: Path) -> None:
    settings = Settings.from_env({**runtime.make_local(tmp_path), "PUBLIC_URL": "https://careloop.example"})
    assert settings.twilio_auth_token


def test_a_key_that_is_missing_is_added_and_the_others_stay(tmp_path: Path) -> None:
    made = dict(runtime.make_local(tmp_path))
    lines = [f"{name}={value}" for name, value in made.items() if name != "SANDBOX_API_KEY"]
    (tmp_path / runtime.LOCAL).write_text("\n".join(lines))
    again = dict(runtime.make_local(tmp_path))
    assert again.pop("SANDBOX_API_KEY") != made.pop("SANDBOX_API_KEY")
    assert again == made


def test_production_never_takes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime.make_local(tmp_path)
    monkeypatch.setenv("STATE_DIR", str(tmp_path))
    monkeypatch.setenv("CARELOOP_ENV", "production")
    with pytest.raises(Exception, match="SECRET_KEY"):
        runtime.settings()
