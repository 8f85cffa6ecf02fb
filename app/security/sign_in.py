"""Signing in: slow to guess, the same words whatever was wrong, and an end to every session at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.security.models import Staff
from app.security.passwords import hash_password, outdated, verify

TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
IDLE = timedelta(minutes=15)
"""How long a signed-in console may lie idle (45 CFR 164.312(a)(2)(iii), automatic logoff)."""
REFUSED = (
    "That e-mail address and password do not go together, or there were too many tries. "
    "Check both, or wait fifteen minutes, or ask an admin."
)
"""The one answer to every sign-in that fails: it does not tell who has an account."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A password that was tried: against which hash, whether it is the one, and a newer hash of it if that is due."""

    against: str | None
    right: bool
    newer: str | None = None


def hash_of(session: Session, email: str) -> str | None:
    """What a password for this address is to be tried against; None when nobody has it."""
    staff = by_email(session, email)
    return staff.password_hash if staff is not None else None


def prove(password_hash: str | None, password: str) -> Proof:
    """Try a password. Takes a tenth of a second, also for nobody: outside of any transaction."""
    right = verify(password_hash, password)
    due = right and password_hash is not None and outdated(password_hash)
    return Proof(password_hash, right, hash_password(password) if due else None)


def sign_in(session: Session, email: str, proof: Proof, now: datetime) -> Staff | None:
    """The person, or None. Five wrong passwords lock the account for fifteen minutes, even for the right one.

    The tries are counted in the session: commit it whatever the outcome. A proof against a password that has been
    changed meanwhile proves nothing.
    """
    staff = by_email(session, email, lock=True)
    if staff is None or not staff.active or staff.password_hash != proof.against:
        return None
    if staff.locked_until is not None and staff.locked_until > now:
        return None
    if not proof.right:
        _failed(staff, now)
        return None
    staff.password_hash = proof.newer or staff.password_hash
    staff.failed_sign_ins, staff.locked_until, staff.last_seen_at = 0, None, now
    return staff


def by_email(session: Session, email: str, *, lock: bool = False) -> Staff | None:
    """Whoever has this e-mail address, in any case of letters."""
    query = select(Staff).where(func.lower(Staff.email) == email.strip().lower())
    return session.scalar(query.with_for_update() if lock else query)


def end_sessions(staff: Staff) -> None:
    """End every session of this person, on all machines, at their next request."""
    staff.session_epoch += 1


def _failed(staff: Staff, now: datetime) -> None:
    staff.failed_sign_ins += 1
    if staff.failed_sign_ins >= TRIES:
        staff.failed_sign_ins, staff.locked_until = 0, now + LOCKED_FOR
