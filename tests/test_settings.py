"""Settings: typed, whole, and every problem told at once without telling a secret."""

from __future__ import annotations

import base64
import string
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settings import Settings, SettingsError, setting_names

KEY = base64.b64encode(b"k" * 32).decode()
OTHER = base64.b64encode(b"o" * 32).decode()

PRODUCTION = {
    "CARELOOP_ENV": "production",
    "DATABASE_URL": "postgresql://careloop:hunter2@db/careloop",
    "REDIS_URL": "redis://:hunter2@queue:6379/0",
    "SECRET_KEY": "s3cret-" * 5,
    "ENCRYPTION_KEYS": f"k1:{KEY}",
    "INDEX_KEY": OTHER,
    "PUBLIC_URL": "https://careloop.example/",
    "TWILIO_ACCOUNT_SID": "AC" + "a" * 32,
    "TWILIO_AUTH_TOKEN": "hunter2",
    "TWILIO_FROM_NUMBER": "+13125550100",
}


def problems(environ: Mapping[str, str]) -> str:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(environ)
    return caught.value.words


def test_nothing_set_is_a_development_machine() -> None:
    settings = Settings.from_env({})
    assert (settings.careloop_env, settings.port, settings.public_url) == (
        "development",
        8000,
        "http://localhost:8000",
    )
    assert settings.embedded


def test_production_with_all_it_needs() -> None:
    settings = Settings.from_env(PRODUCTION)
    assert settings.production
    assert settings.public_url == "https://careloop.example"
    assert not settings.embedded


@pytest.mark.parametrize("name", [n for n in PRODUCTION if n != "CARELOOP_ENV"])
def test_production_names_what_is_missing(name: str) -> None:
    assert name in problems({**PRODUCTION, name: ""})


@pytest.mark.parametrize("name", ["PUBLIC_URL", "TWILIO_API_ORIGIN"])
def test_production_refuses_what_is_not_https(name: str) -> None:
    assert f"{name} must begin with https://" in problems({**PRODUCTION, name: "http://localhost:8001"})


def test_all_problems_are_told_at_once() -> None:
    words = problems({"PORT": "http", "LOG_LEVEL": "loud", "TWILIO_FROM_NUMBER": "555-0100"})
    assert all(name in words for name in ("PORT", "LOG_LEVEL", "TWILIO_FROM_NUMBER"))


def test_known_secrets_stay_on_this_machine() -> None:
    words = problems({"PUBLIC_URL": "https://careloop.example"})
    assert all(name in words for name in ("SECRET_KEY", "ENCRYPTION_KEYS", "INDEX_KEY"))


def test_keys_rotate_with_the_current_one_first() -> None:
    settings = Settings.from_env({"ENCRYPTION_KEYS": f"new:{OTHER}, old:{KEY}"})
    assert settings.encryption_keys == (("new", b"o" * 32), ("old", b"k" * 32))


def test_tokens_rotate_with_the_current_one_first() -> None:
    environ = {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "new, old"}
    settings = Settings.from_env(environ)
    assert (settings.twilio_auth_token, settings.twilio_auth_tokens) == ("new", ("new", "old"))


@pytest.mark.parametrize(
    "value", [KEY, f"k1:{KEY[:-8]}", "k1:not base64", f"a b:{KEY}", f"k1:{KEY},k1:{OTHER}"]
)
def test_a_wrong_key_is_refused_and_not_repeated(value: str) -> None:
    words = problems({"ENCRYPTION_KEYS": value})
    assert "ENCRYPTION_KEYS" in words
    assert KEY[:20] not in words


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"STATE_DIR": "~nobody-of-that-name/var"}, "STATE_DIR must be a folder"),
        ({"TWILIO_API_KEY": "SK" + "1" * 32}, "belong together"),
        ({"TWILIO_ACCOUNT_SID": "AC" + "0" * 32}, "TWILIO_AUTH_TOKEN is missing"),
        ({"PATIENT_DAILY_CAP": "5", "PATIENT_WEEKLY_CAP": "2"}, "PATIENT_WEEKLY_CAP is below"),
    ],
)
def test_settings_that_do_not_go_together(environ: dict[str, str], words: str) -> None:
    assert words in problems(environ)


def test_no_secret_is_shown() -> None:
    settings = Settings.from_env({**PRODUCTION, "DATABASE_URL": "postgresql://careloop:hunter2@db/careloop"})
    for shown in (repr(settings), str(settings.redacted())):
        assert not any(secret in shown for secret in ("hunter2", "s3cret", KEY, "kkkk"))
        assert "careloop.example" in shown


@given(st.dictionaries(st.sampled_from(setting_names()), st.text(string.printable, max_size=40)))
def test_any_environment_gives_settings_or_words(environ: dict[str, str]) -> None:
    try:
        told = str(Settings.from_env(environ).port)
    except SettingsError as problem:
        told = problem.words
    assert told


def test_a_host_that_lets_others_in_needs_secrets_of_its_own() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({"HOST": "0.0.0.0"})
    assert any("SECRET_KEY" in problem and "HOST" in problem for problem in refused.value.problems)


def test_a_password_in_the_query_is_not_shown() -> None:
    shown = Settings.from_env({"DATABASE_URL": "postgresql://h/db?password=mine&x=1"}).redacted()
    assert "mine" not in str(shown["database_url"])
