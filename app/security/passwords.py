"""Passwords: argon2id, and a rule about length rather than about signs (NIST SP 800-63B, 5.1.1)."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import Invalid

SHORTEST, LONGEST = 12, 200
_COMMON = frozenset(
    {"password1234", "passwordpassword", "123456789012", "1234567890123", "qwertyuiop12", "qwertyuiopas"}
    | {"letmeinletmein", "administrator", "changemechangeme", "welcomewelcome", "careloopcareloop"}
)
# RFC 9106's second recommended choice (64 MiB, 3 passes), which is also the library's own.
_HASHER = PasswordHasher()


@cache
def _nobody() -> str:
    """A hash to check against where there is no account, so that both answers take the same time."""
    return _HASHER.hash("nobody has this password")


def hash_password(password: str) -> str:
    """An argon2id hash with its own salt."""
    return _HASHER.hash(password)


def verify(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one; as slow for somebody who does not exist (None) as for somebody who
    does.
    """
    if len(password) > LONGEST:
        return False
    try:
        _HASHER.verify(password_hash or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def check_new(password: str, *, email: str = "", name: str = "") -> None:
    """Invalid, in words, when a new password is too short, too well known, or the person's own name."""
    low = password.casefold()
    if len(password) < SHORTEST:
        raise Invalid(f"Use {SHORTEST} characters or more: a few words you can remember are best.")
    if len(password) > LONGEST:
        raise Invalid(f"Use {LONGEST} characters or fewer.")
    own = {email.casefold(), email.split("@")[0].casefold(), name.casefold()}
    if (
        low in _COMMON
        or len(set(low)) < 5
        or any(len(part) > 3 and low.replace(part, "") == "" for part in own)
    ):
        raise Invalid("That password is too easy to guess: choose another one.")
