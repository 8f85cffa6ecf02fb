"""What a sandbox is told at its start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from app.sandbox.people import PRACTICE_NUMBER

ACCOUNT_SID = "AC" + "5a" * 16
AUTH_TOKEN = "sandbox-token"
SERVICE_SID = "MG" + "5a" * 16


@dataclass(frozen=True, slots=True)
class Line:
    """A number of the practice at the carrier, and its webhooks; URLs may carry Twilio's #fragments."""

    number: str
    sms_url: str = ""
    sms_fallback_url: str = ""
    voice_url: str = ""
    voice_fallback_url: str = ""
    status_callback: str = ""
    service: str = ""
    sms: bool = True
    voice: bool = True


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds of sandbox time between the states of a message and of a call."""

    sent: float = 0.0
    delivered: float = 0.0
    ringing: float = 0.0
    answer: float = 0.0


LIFELIKE = Pace(sent=0.3, delivered=0.7, ringing=0.5, answer=0.8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """One carrier account: who may use it, its numbers, and the application's address.

    `public_url` is the origin in the URLs that are signed, `app_origin` where they are really reached.
    """

    account_sid: str = ACCOUNT_SID
    auth_token: str = AUTH_TOKEN
    api_keys: Mapping[str, str] = field(default_factory=dict)
    app_origin: str = "http://127.0.0.1:8000"
    public_url: str = ""
    app_api_key: str = ""
    lines: tuple[Line, ...] = ()
    services: tuple[str, ...] = (SERVICE_SID,)
    pace: Pace = Pace()
    snapshot: Path | None = None
    seed: int = 1

    @property
    def origin(self) -> str:
        """The application's origin as the outer world writes it."""
        return self.public_url or self.app_origin

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """The account a process environment describes, by the names the application itself uses."""
        app_origin = environ.get("APP_ORIGIN", "").rstrip("/") or "http://127.0.0.1:8000"
        public_url = environ.get("PUBLIC_URL", "").rstrip("/") or app_origin
        service = environ.get("TWILIO_MESSAGING_SERVICE_SID") or SERVICE_SID
        key, secret = environ.get("TWILIO_API_KEY"), environ.get("TWILIO_API_SECRET")
        state = environ.get("STATE_DIR")
        return cls(
            account_sid=environ.get("TWILIO_ACCOUNT_SID") or ACCOUNT_SID,
            auth_token=(environ.get("TWILIO_AUTH_TOKEN") or AUTH_TOKEN).split(",")[0].strip(),
            api_keys={key: secret} if key and secret else {},
            app_origin=app_origin,
            public_url=public_url,
            app_api_key=environ.get("SANDBOX_API_KEY", ""),
            lines=_lines(environ, public_url, service),
            services=(service,),
            pace=LIFELIKE if environ.get("SANDBOX_PACE") != "instant" else Pace(),
            snapshot=Path(state) / "sandbox.json" if state else None,
        )


# As the README asks of the real carrier: try again when nothing answers, and after an error of ours.
PERSISTENT = "#rp=ct,5xx&rc=3"


def practice_line(number: str, origin: str, service: str, policy: str = "") -> Line:
    """A line whose webhooks are the application's own; `policy` is how often a text's is tried (§1.7)."""
    webhooks = f"{origin}/webhooks/twilio"
    return Line(
        number=number,
        sms_url=f"{webhooks}/message{policy}",
        voice_url=f"{webhooks}/voice",
        status_callback=f"{webhooks}/voice-status",
        service=service,
    )


def _lines(environ: Mapping[str, str], origin: str, service: str) -> tuple[Line, ...]:
    named = [environ.get("TWILIO_FROM_NUMBER"), environ.get("TWILIO_VOICE_NUMBER")]
    numbers = list(dict.fromkeys(n for n in named if n)) or [PRACTICE_NUMBER]
    return tuple(practice_line(number, origin, service, PERSISTENT) for number in numbers)
