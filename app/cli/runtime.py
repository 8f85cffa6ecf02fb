"""What every command that touches the database or the queues begins with: settings and logs."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app import logs
from app.settings import Settings
from app.store import Keyring, Sessions, make_engine, make_sessions
from app.store.heads import require_newest

LOCAL = "local.env"


def settings() -> Settings:
    """This process's settings; outside production, keys that are not set are those `careloop demo` made."""
    if os.environ.get("CARELOOP_ENV", "development") != "production":
        for name, value in local(Path(os.environ.get("STATE_DIR") or "var")).items():
            os.environ.setdefault(name, value)
    found = Settings.from_env(os.environ)
    logs.configure(found.log_level)
    return found


@contextmanager
def database(settings: Settings) -> Iterator[Sessions]:
    """Sessions on this database, let go of afterwards; refused in words when its schema is not the newest."""
    engine = make_engine(settings.database_url, Keyring(settings.encryption_keys, settings.index_key))
    try:
        require_newest(engine)
        yield make_sessions(engine)
    finally:
        engine.dispose()


def local(state: Path) -> Mapping[str, str]:
    """The keys of this working copy, if it has any."""
    path = state / LOCAL
    if not path.exists():
        return {}
    lines = path.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def make_local(state: Path) -> Mapping[str, str]:
    """The keys of this working copy; made up at the first start, and only readable by this user."""
    state.mkdir(parents=True, exist_ok=True)
    known = dict(local(state))
    missing = {name: value for name, value in _fresh().items() if name not in known}
    if missing:
        _write(state / LOCAL, {**known, **missing})
    return {**known, **missing}


def _write(path: Path, values: Mapping[str, str]) -> None:
    lines = ["# Made up for this working copy. Data in this folder cannot be read without these keys."]
    lines += [f"{name}={value}" for name, value in values.items()]
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write("\n".join(lines) + "\n")
    draft.replace(path)


def _fresh() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(32),
        "ENCRYPTION_KEYS": f"k1:{_random_key()}",
        "INDEX_KEY": _random_key(),
        "TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}",
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "SANDBOX_API_KEY": f"clk_{secrets.token_urlsafe(24)}",
    }


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
