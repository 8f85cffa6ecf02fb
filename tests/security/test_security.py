"""Passwords, sign-in, people, permissions and keys for programs."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from app.errors import Conflict, Invalid
from app.security import api_keys, passwords, people, sign_in
from app.security.models import Staff
from app.security.permissions import PERMISSIONS, ROLE_WORDS, ROLES, allowed

GOOD = "correct horse battery"


def add(session: Session, now: datetime, **changed: object) -> Staff:
    """Ana, or somebody a little different."""
    fields: dict[str, object] = {
        "email": "Ana@Example.org",
        "name": "Ana  Marin",
        "password": GOOD,
        "roles": ["coordinator"],
        "now": now,
    }
    staff = people.add_staff(session, **{**fields, **changed})  # type: ignore[arg-type]  # changed by name
    session.commit()
    return staff


def enter(session: Session, email: str, password: str, now: datetime) -> Staff | None:
    """Sign in as the console does."""
    return sign_in.sign_in(session, email, sign_in.prove(sign_in.hash_of(session, email), password), now)


def test_a_password_that_was_changed_meanwhile_lets_nobody_in(session: Session, now: datetime) -> None:
    staff = add(session, now)
    proof = sign_in.prove(sign_in.hash_of(session, staff.email), GOOD)
    people.set_password(staff, "another good password")
    assert sign_in.sign_in(session, staff.email, proof, now) is None


def test_signing_in(session: Session, now: datetime) -> None:
    staff = add(session, now)
    assert (staff.email, staff.name) == ("ana@example.org", "Ana Marin")
    assert enter(session, " ANA@example.ORG ", GOOD, now) is staff
    assert staff.last_seen_at == now
    assert enter(session, "ana@example.org", "wrong", now) is None
    assert enter(session, "nobody@example.org", GOOD, now) is None


def test_the_account_locks_and_opens_again(session: Session, now: datetime) -> None:
    staff = add(session, now)
    for _ in range(sign_in.TRIES):
        assert enter(session, staff.email, "wrong", now) is None
    assert enter(session, staff.email, GOOD, now + timedelta(minutes=14)) is None
    assert enter(session, staff.email, GOOD, now + timedelta(minutes=15)) is staff


def test_a_right_password_forgets_the_wrong_ones(session: Session, now: datetime) -> None:
    staff = add(session, now)
    for _ in range(3):
        for _ in range(sign_in.TRIES - 1):
            enter(session, staff.email, "wrong", now)
        assert enter(session, staff.email, GOOD, now) is staff


def test_who_has_no_access_does_not_sign_in(session: Session, now: datetime) -> None:
    staff = add(session, now)
    people.deactivate(staff)
    assert enter(session, staff.email, GOOD, now) is None
    assert staff.session_epoch == 1
    people.activate(staff)
    assert enter(session, staff.email, GOOD, now) is staff


def test_a_weaker_hash_is_made_anew(session: Session, now: datetime) -> None:
    staff = add(session, now)
    staff.password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
    assert passwords.outdated(staff.password_hash)
    assert enter(session, staff.email, GOOD, now) is staff
    assert not passwords.outdated(staff.password_hash)


def test_passwords_are_kept_as_argon2id() -> None:
    hashed = passwords.hash_password(GOOD)
    assert hashed.startswith("$argon2id$")
    assert GOOD not in hashed
    assert passwords.verify(hashed, GOOD)
    assert not passwords.verify("not a hash", GOOD)
    assert not passwords.verify(None, GOOD)
    assert not passwords.verify(hashed, "x" * 5000)


@pytest.mark.parametrize(
    "password", ["short", "password1234", "aaaaaaaaaaaaaa", "ana@example.org", "x" * 201, ""]
)
def test_weak_passwords_are_refused_in_words(password: str) -> None:
    with pytest.raises(Invalid):
        passwords.check_new(password, email="ana@example.org", name="Ana Marin")


def test_a_new_password_ends_all_sessions(session: Session, now: datetime) -> None:
    staff = add(session, now)
    people.set_password(staff, "another good password")
    assert staff.session_epoch == 1
    assert enter(session, staff.email, "another good password", now) is staff


@pytest.mark.parametrize(
    "changed",
    [{"email": "nothing"}, {"name": " "}, {"password": "short"}, {"roles": []}, {"roles": ["boss"]}],
)
def test_people_are_added_only_whole(session: Session, now: datetime, changed: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        add(session, now, **changed)


def test_an_address_has_one_account(session: Session, now: datetime) -> None:
    add(session, now)
    with pytest.raises(Conflict):
        add(session, now, email="ANA@example.org")


def test_roles_are_made_of_known_permissions() -> None:
    assert all(permissions <= set(PERMISSIONS) for permissions in ROLES.values())
    assert set(ROLE_WORDS) == set(ROLES)
    assert {permission for role in ROLES.values() for permission in role} == set(PERMISSIONS)
    assert all(allowed([role], "self") for role in ROLES)


def test_what_roles_may() -> None:
    assert allowed(["coordinator"], "case:work")
    assert not allowed(["coordinator"], "case:override")
    assert not allowed(["admin"], "case:read")
    assert not allowed(["auditor"], "queue:read")
    assert allowed(["auditor", "nurse"], "case:read")
    assert not allowed(["unknown"], "self")
    with pytest.raises(KeyError):
        allowed(["admin"], "everything")


def test_a_programs_key(session: Session, now: datetime) -> None:
    key, token = api_keys.create(session, name="hospital", scopes=["triggers:write"], now=now)
    session.commit()
    assert token not in (key.digest, key.name)
    found = api_keys.authenticate(session, token, now)
    assert found is key
    assert api_keys.may(key, "triggers:write")
    assert not api_keys.may(key, "cases:read")
    assert api_keys.authenticate(session, token + "x", now) is None
    assert api_keys.authenticate(session, "Bearer", now) is None
    api_keys.revoke(key, now + timedelta(hours=1))
    assert api_keys.authenticate(session, token, now) is key
    assert api_keys.authenticate(session, token, now + timedelta(hours=1)) is None


def test_a_key_has_known_scopes(session: Session, now: datetime) -> None:
    for scopes in ([], ["everything"]):
        with pytest.raises(Invalid):
            api_keys.create(session, name="x", scopes=scopes, now=now)
    key, _ = api_keys.create(session, name=" ", scopes=["cases:read"], now=now)
    assert key.name == "unnamed"
    with pytest.raises(KeyError):
        api_keys.may(key, "everything")
