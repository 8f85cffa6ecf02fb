"""Keys for programs: shown once, kept as a digest."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.security.models import ApiKey

PREFIX: Final = "clk_"
SCOPES: Final[dict[str, str]] = {
    "triggers:write": "send triggers",
    "patients:write": "send patients",
    "appointments:write": "send appointments",
    "slots:write": "send free times",
    "ehr:write": "send FHIR, HL7 and CSV, whatever is in them",
    "cases:read": "read cases",
    "conversations:read": "read conversations",
}
"""What a key may be allowed to do."""


def create(session: Session, *, name: str, scopes: Sequence[str], now: datetime) -> tuple[ApiKey, str]:
    """A new key and its token, which is never to be seen again; Invalid when a scope is unknown or none is
    given.
    """
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise Invalid(f"Choose at least one scope, of: {', '.join(SCOPES)}.")
    # 256 random bits: nothing to guess, so a plain digest is enough, and it can be found by an index.
    token = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey(name=name.strip() or "unnamed", digest=digest(token), scopes=list(scopes), created_at=now)
    session.add(key)
    session.flush()
    return key, token


def authenticate(session: Session, token: str, now: datetime) -> ApiKey | None:
    """The key of a token, or None when there is none or it was revoked by `now`."""
    if not token.startswith(PREFIX):
        return None
    key = session.scalar(select(ApiKey).where(ApiKey.digest == digest(token)))
    if key is None or (key.revoked_at is not None and key.revoked_at <= now):
        return None
    return key


def may(key: ApiKey, scope: str) -> bool:
    """Whether the key has the scope; an unknown scope is a KeyError."""
    if scope not in SCOPES:
        raise KeyError(f"there is no scope {scope!r}")
    return scope in key.scopes


def revoke(key: ApiKey, now: datetime) -> None:
    """The key stops working from now on."""
    key.revoked_at = key.revoked_at or now


def digest(token: str) -> str:
    """What is kept of a token: 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()
