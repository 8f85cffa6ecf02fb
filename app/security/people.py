"""Adding people and changing what they may do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

import phonenumbers
from sqlalchemy.orm import Session

from app.errors import Conflict, Invalid
from app.security.models import Staff
from app.security.passwords import check_new, hash_password
from app.security.permissions import ROLES
from app.security.sign_in import by_email, end_sessions

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*")


def add_staff(
    session: Session,
    *,
    email: str,
    name: str,
    password: str,
    roles: Sequence[str],
    now: datetime,
    site_keys: Sequence[str] = (),
) -> Staff:
    """A new person who can sign in. Invalid says what is wrong; Conflict when the address has an account
    already.
    """
    email, name = email.strip().lower(), " ".join(name.split())
    if not _EMAIL.fullmatch(email) or len(email) > 254:
        raise Invalid("Give an e-mail address, such as ana@example.org.")
    if not name or len(name) > 120:
        raise Invalid("Give the person’s name.")
    check_new(password, email=email, name=name)
    if by_email(session, email) is not None:
        raise Conflict("Somebody with that e-mail address has an account already.")
    staff = Staff(
        email=email,
        name=name,
        password_hash=hash_password(password),
        roles=known_roles(roles),
        site_keys=list(site_keys),
        created_at=now,
        active=True,
        session_epoch=0,
        failed_sign_ins=0,
    )
    session.add(staff)
    session.flush()
    return staff


def change_roles(staff: Staff, roles: Sequence[str]) -> None:
    """Give the person these roles instead; what they may do changes at their next request."""
    staff.roles = known_roles(roles)


def deactivate(staff: Staff) -> None:
    """End the person's access at once; what they did stays under their name."""
    staff.active = False
    end_sessions(staff)


def activate(staff: Staff) -> None:
    """Let the person sign in again."""
    staff.active, staff.failed_sign_ins, staff.locked_until = True, 0, None


def set_password(staff: Staff, password: str) -> None:
    """Give the person another password and end their sessions; Invalid when it is too weak."""
    check_new(password, email=staff.email, name=staff.name)
    staff.password_hash = hash_password(password)
    staff.failed_sign_ins, staff.locked_until = 0, None
    end_sessions(staff)


def set_phone(staff: Staff, words: str) -> None:
    """Where emergencies page this person, as E.164; nothing means nowhere. Invalid when it is no number."""
    if not words.strip():
        staff.phone = None
        return
    try:
        number = phonenumbers.parse(words, "US")
    except phonenumbers.NumberParseException as error:
        raise Invalid("That is not a telephone number.") from error
    if not phonenumbers.is_possible_number(number):
        raise Invalid("That is not a telephone number.")
    staff.phone = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def set_away(staff: Staff, until: datetime | None, now: datetime) -> None:
    """Until then the backup acts for this person's cases; None, or a time that is past: they are back."""
    staff.away_until = until if until is not None and until > now else None


def known_roles(roles: Sequence[str]) -> list[str]:
    """The roles, each once, in the order of `ROLES`; Invalid when there is none or one is unknown."""
    unknown = sorted(set(roles) - set(ROLES))
    if unknown or not roles:
        raise Invalid(f"Choose at least one role, of: {', '.join(ROLES)}.")
    return [role for role in ROLES if role in roles]
