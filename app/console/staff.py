"""People: who may sign in and what they may do."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import trail
from app.console.access import bp, me, needs
from app.console.errors import status_of
from app.console.services import now, services
from app.errors import Conflict, Invalid, NotFound
from app.patients.models import Site
from app.security import people
from app.security.models import Staff
from app.security.permissions import ROLE_WORDS
from app.store import begin
from app.store.database import reading

Change = Callable[[Session, Staff, datetime], str]


@bp.get("/staff")
@needs("staff:manage")
def staff() -> ResponseReturnValue:
    """Everybody with an account, and the form to add somebody."""
    return _page()


@bp.post("/staff")
@needs("staff:manage")
def staff_add() -> ResponseReturnValue:
    """Add a person; the password is shown once, to be handed over and changed."""
    typed, password, at = request.form, secrets.token_urlsafe(12), now()
    roles, sites = request.form.getlist("roles"), request.form.getlist("sites")
    try:
        with begin(services().sessions) as session:
            added = people.add_staff(
                session,
                email=typed.get("email", ""),
                name=typed.get("name", ""),
                password=password,
                roles=roles,
                site_keys=sites,
                now=at,
            )
            people.set_phone(added, typed.get("phone", ""))
            _audit(session, "staff.add", added, at, {"roles": added.roles})
    except (Conflict, Invalid) as refused:
        return _page(
            refused.words,
            {name: typed.get(name, "") for name in ("email", "name", "phone")},
            roles,
            status_of(refused),
            sites,
        )
    flash(f"{added.name} can sign in now. Password, shown only this once: {password}")
    return redirect(url_for("console.staff"), 303)


@bp.post("/staff/<uuid:staff_id>/roles")
@needs("staff:manage")
def staff_roles(staff_id: UUID) -> ResponseReturnValue:
    """Give a person other roles."""
    roles = request.form.getlist("roles")

    def do(session: Session, person: Staff, at: datetime) -> str:
        if person.id == me().id and "admin" not in roles:
            raise Invalid("You cannot take the admin role from yourself: ask another admin.")
        people.change_roles(person, roles)
        _audit(session, "staff.roles", person, at, {"roles": person.roles})
        return f"{person.name} has other roles now."

    return _change(staff_id, do)


@bp.post("/staff/<uuid:staff_id>/active")
@needs("staff:manage")
def staff_active(staff_id: UUID) -> ResponseReturnValue:
    """End a person's access at once, or give it back."""
    on = request.form.get("active") == "yes"

    def do(session: Session, person: Staff, at: datetime) -> str:
        if person.id == me().id:
            raise Invalid("You cannot end your own access: ask another admin.")
        (people.activate if on else people.deactivate)(person)
        _audit(session, "staff.activate" if on else "staff.deactivate", person, at, {})
        return f"{person.name} can sign in again." if on else f"{person.name} has no access any more."

    return _change(staff_id, do)


@bp.post("/staff/<uuid:staff_id>/password")
@needs("staff:manage")
def staff_password(staff_id: UUID) -> ResponseReturnValue:
    """Give a person a new password, shown once."""

    def do(session: Session, person: Staff, at: datetime) -> str:
        password = secrets.token_urlsafe(12)
        people.set_password(person, password)
        _audit(session, "staff.password", person, at, {})
        return f"New password of {person.name}, shown only this once: {password}"

    return _change(staff_id, do)


def _change(staff_id: UUID, do: Change) -> ResponseReturnValue:
    at = now()
    try:
        with begin(services().sessions) as session:
            person = session.get(Staff, staff_id, with_for_update=True)
            if person is None:
                raise NotFound("There is no such person.")
            words = do(session, person, at)
    except Invalid as refused:
        return _page(refused.words, status=status_of(refused))
    flash(words)
    return redirect(url_for("console.staff"), 303)


def _audit(session: Session, action: str, person: Staff, at: datetime, detail: dict[str, object]) -> None:
    trail.record(
        session,
        actor_kind=trail.STAFF,
        actor=str(me().id),
        action=action,
        subject_kind="staff",
        subject_id=str(person.id),
        now=at,
        detail=detail,
    )


def _page(
    problem: str = "",
    typed: dict[str, str] | None = None,
    roles: list[str] | None = None,
    status: int = 200,
    at_sites: Sequence[str] = (),
) -> ResponseReturnValue:
    with reading(services().sessions) as session:
        everybody = list(session.scalars(select(Staff).order_by(Staff.active.desc(), Staff.name)))
        sites = list(session.scalars(select(Site).order_by(Site.name)))
    text = render_template(
        "console/staff.html",
        everybody=everybody,
        sites=sites,
        ROLES=ROLE_WORDS,
        problem=problem,
        typed=typed or {},
        typed_roles=roles or [],
        typed_sites=at_sites,
    )
    return text, status
