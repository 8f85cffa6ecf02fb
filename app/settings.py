"""Every setting, from the environment, checked once at start.

A process that starts with a wrong setting would fail later, in front of a patient; so all
problems are found at once and told in one message, by the setting's name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

from app.environ import Reader
from app.errors import CareloopError

HERE = Path(__file__).resolve().parent
ENVIRONMENTS = ("development", "demo", "test", "production")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
TWILIO_ORIGIN = "https://api.twilio.com"
TWILIO_STORAGE = (".twiliocdn.com",)

# Known to everybody who has the source, so good only where nobody else can reach the machine.
KNOWN_SECRET = "careloop-development-only"
KNOWN_KEY = bytes(range(32))

_SECRET = {
    "secret_key",
    "encryption_keys",
    "index_key",
    "twilio_auth_tokens",
    "twilio_api_secret",
    "metrics_token",
    "sandbox_api_key",
}
_HAS_PASSWORD = {"database_url", "redis_url"}


class SettingsError(CareloopError):
    """The environment cannot be used; `problems` has one sentence for each setting that is wrong."""

    code = "settings"

    def __init__(self, problems: list[str]) -> None:
        super().__init__(
            "Careloop cannot start with these settings:\n" + "\n".join(f"  - {p}" for p in problems)
        )
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Settings:
    """What a process needs to know of its surroundings; each variable is its field's name in capitals."""

    careloop_env: str
    database_url: str
    redis_url: str
    state_dir: Path
    flows_dir: Path
    locales_dir: Path
    log_level: str

    public_url: str
    host: str
    port: int
    events_port: int | None
    mllp_port: int
    trusted_proxies: int

    secret_key: str
    encryption_keys: tuple[tuple[str, bytes], ...]
    index_key: bytes
    metrics_token: str | None

    twilio_account_sid: str | None
    twilio_auth_tokens: tuple[str, ...]
    twilio_api_key: str | None
    twilio_api_secret: str | None
    twilio_messaging_service_sid: str | None
    twilio_from_number: str | None
    twilio_voice_number: str | None
    twilio_whatsapp_number: str | None
    twilio_api_origin: str
    twilio_media_hosts: tuple[str, ...]
    media_max_mb: int
    media_delete_at_carrier: bool

    twilio_segments_per_second: int
    patient_daily_cap: int
    patient_weekly_cap: int

    web_concurrency: int | None
    web_threads: int | None
    worker_concurrency: int

    sandbox_api_key: str | None

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """The settings of an environment; SettingsError names everything that is wrong with it."""
        read = Reader(environ)
        settings = cls(**_places(read), **_secrets(read), **_carriers(read), **_limits(read))
        problems = [*read.problems, *_together(settings, read)]
        if problems:
            raise SettingsError(problems)
        return settings

    @property
    def production(self) -> bool:
        """Whether real patients are at the other end."""
        return self.careloop_env == "production"

    @property
    def twilio_auth_token(self) -> str | None:
        """The token that signs now; the others are only accepted while rotating."""
        return self.twilio_auth_tokens[0] if self.twilio_auth_tokens else None

    @property
    def embedded(self) -> bool:
        """Whether the database is SQLite: then one web process serves everything."""
        return self.database_url.startswith("sqlite")

    def __repr__(self) -> str:
        return f"Settings({self.redacted()})"

    def redacted(self) -> dict[str, object]:
        """All settings for a log line or a screen, with secrets and passwords taken out."""
        return {field.name: _redact(field.name, getattr(self, field.name)) for field in fields(self)}


def setting_names() -> tuple[str, ...]:
    """The environment variables that Settings reads."""
    renamed = {"twilio_auth_tokens": "TWILIO_AUTH_TOKEN"}
    return tuple(renamed.get(field.name, field.name.upper()) for field in fields(Settings))


def _places(read: Reader) -> dict[str, Any]:
    state = read.path("STATE_DIR", Path("var")).absolute()
    port = read.number("PORT", 8000, least=1, most=65_535)
    return {
        "careloop_env": read.choice("CARELOOP_ENV", ENVIRONMENTS, "development"),
        "database_url": read.url("DATABASE_URL", ("sqlite", "postgresql"), f"sqlite:///{state}/careloop.db"),
        "redis_url": read.url("REDIS_URL", ("redis", "rediss", "unix"), f"unix://{state}/redis.sock"),
        "state_dir": state,
        "flows_dir": read.path("FLOWS_DIR", HERE.parent / "flows"),
        "locales_dir": read.path("LOCALES_DIR", HERE.parent / "locales"),
        "log_level": read.choice("LOG_LEVEL", LOG_LEVELS, "INFO"),
        "public_url": read.url("PUBLIC_URL", ("http", "https"), f"http://localhost:{port}").rstrip("/"),
        "host": read.text("HOST", "127.0.0.1"),
        "port": port,
        "events_port": read.optional_number("EVENTS_PORT", least=1, most=65_535),
        "mllp_port": read.number("MLLP_PORT", 2575, least=1, most=65_535),
        "trusted_proxies": read.number("TRUSTED_PROXIES", 0, least=0, most=5),
    }


def _secrets(read: Reader) -> dict[str, Any]:
    return {
        "secret_key": read.text("SECRET_KEY", KNOWN_SECRET),
        "encryption_keys": read.keys("ENCRYPTION_KEYS", (("dev", KNOWN_KEY),)),
        "index_key": read.key("INDEX_KEY", KNOWN_KEY),
        "metrics_token": read.text("METRICS_TOKEN"),
        "sandbox_api_key": read.text("SANDBOX_API_KEY"),
    }


def _carriers(read: Reader) -> dict[str, Any]:
    return {
        "twilio_account_sid": read.matching(
            "TWILIO_ACCOUNT_SID", r"AC[0-9a-f]{32}", "AC and 32 hexadecimal digits"
        ),
        "twilio_auth_tokens": read.several("TWILIO_AUTH_TOKEN"),
        "twilio_api_key": read.matching("TWILIO_API_KEY", r"SK[0-9a-f]{32}", "SK and 32 hexadecimal digits"),
        "twilio_api_secret": read.text("TWILIO_API_SECRET"),
        "twilio_messaging_service_sid": read.matching(
            "TWILIO_MESSAGING_SERVICE_SID", r"MG[0-9a-f]{32}", "MG and 32 hexadecimal digits"
        ),
        "twilio_from_number": read.phone("TWILIO_FROM_NUMBER"),
        "twilio_voice_number": read.phone("TWILIO_VOICE_NUMBER"),
        "twilio_whatsapp_number": read.phone("TWILIO_WHATSAPP_NUMBER"),
        "twilio_media_hosts": read.hosts("TWILIO_MEDIA_HOSTS", TWILIO_STORAGE),
        "media_max_mb": read.number("MEDIA_MAX_MB", 16, least=1, most=50),
        "media_delete_at_carrier": read.choice("MEDIA_DELETE_AT_CARRIER", ("yes", "no"), "yes") == "yes",
        "twilio_api_origin": read.url("TWILIO_API_ORIGIN", ("http", "https"), TWILIO_ORIGIN).rstrip("/"),
    }


def _limits(read: Reader) -> dict[str, Any]:
    return {
        "twilio_segments_per_second": read.number("TWILIO_SEGMENTS_PER_SECOND", 1, least=1, most=10_000),
        "patient_daily_cap": read.number("PATIENT_DAILY_CAP", 1, least=1, most=50),
        "patient_weekly_cap": read.number("PATIENT_WEEKLY_CAP", 3, least=1, most=200),
        "web_concurrency": read.optional_number("WEB_CONCURRENCY", least=1, most=64),
        "web_threads": read.optional_number("WEB_THREADS", least=1, most=512),
        "worker_concurrency": read.number("WORKER_CONCURRENCY", 1, least=1, most=64),
    }


def _together(settings: Settings, read: Reader) -> list[str]:
    """What is wrong with settings that are right one by one."""
    problems = _carrier_problems(settings)
    if settings.production:
        problems += _production_problems(settings, read)
    elif not _loopback(settings.public_url):
        problems += _known_secrets(settings, "as soon as PUBLIC_URL is not this machine")
    elif not _loopback(f"http://{settings.host}"):
        problems += _known_secrets(settings, "as soon as HOST lets other machines in")
    return problems


def _carrier_problems(settings: Settings) -> list[str]:
    problems = []
    if (settings.twilio_api_key is None) != (settings.twilio_api_secret is None):
        problems.append("TWILIO_API_KEY and TWILIO_API_SECRET belong together: set both or neither.")
    if settings.twilio_account_sid and not settings.twilio_auth_tokens:
        problems.append(
            "TWILIO_AUTH_TOKEN is missing: webhooks are checked with it (also when an API key sends)."
        )
    if settings.patient_weekly_cap < settings.patient_daily_cap:
        problems.append("PATIENT_WEEKLY_CAP is below PATIENT_DAILY_CAP.")
    return problems


def _production_problems(settings: Settings, read: Reader) -> list[str]:
    problems = _known_secrets(settings, "in production")
    problems += [
        f"{name} must begin with https:// in production."
        for name, url in (
            ("PUBLIC_URL", settings.public_url),
            ("TWILIO_API_ORIGIN", settings.twilio_api_origin),
        )
        if not url.startswith("https://")
    ]
    needed = ("DATABASE_URL", "REDIS_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")
    problems += [f"{name} must be set in production." for name in needed if not read.text(name)]
    if not (settings.twilio_messaging_service_sid or settings.twilio_from_number):
        problems.append("TWILIO_MESSAGING_SERVICE_SID or TWILIO_FROM_NUMBER must be set in production.")
    return problems


def _known_secrets(settings: Settings, when: str) -> list[str]:
    problems = []
    if settings.secret_key == KNOWN_SECRET or len(settings.secret_key) < 16:
        problems.append(f"SECRET_KEY must be your own, of 16 characters or more, {when}.")
    if any(key == KNOWN_KEY for _, key in settings.encryption_keys):
        problems.append(
            f"ENCRYPTION_KEYS must be your own {when}: id:base64 of 32 random bytes, the current one first."
        )
    if settings.index_key == KNOWN_KEY:
        problems.append(f"INDEX_KEY must be your own {when}: base64 of 32 random bytes.")
    return problems


def _loopback(url: str) -> bool:
    return bool(re.match(r"http://(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(/|$)", url))


def _redact(name: str, value: object) -> object:
    if name in _SECRET:
        return "set" if value else None
    if name in _HAS_PASSWORD and isinstance(value, str):
        return re.sub(r"(?<=password=)[^&]*", "…", re.sub(r"(?<=://)([^@/]*)@", "…@", value))
    return str(value) if isinstance(value, Path) else value
