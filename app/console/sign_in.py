"""Signing in and out."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.audit import trail
from app.console.access import bp, end, home, me, needs, start
from app.console.services import now, services, sign_in_limit
from app.security.sign_in import IDLE, REFUSED, hash_of, prove
from app.security.sign_in import sign_in as check
from app.store import begin
from app.store.database import reading

TOO_MANY = "Too many tries from here. Wait a minute, then try again."
TIMED_OUT = f"You were signed out because nothing happened for {int(IDLE.total_seconds() // 60)} minutes."


@bp.get("/sign-in")
@needs("public")
def sign_in() -> ResponseReturnValue:
    """The form. It ends no session: any page of anybody's may lead here."""
    if current_user.is_authenticated:
        return redirect(home(), 303)
    return _form(note=TIMED_OUT if request.args.get("idle") else "")


@bp.post("/sign-in")
@needs("public")
def sign_in_act() -> ResponseReturnValue:
    """Let the person in, or say the same words whatever was wrong."""
    email = request.form.get("email", "")
    if not sign_in_limit().allows(request.remote_addr or "-"):
        return _form(email=email, problem=TOO_MANY), 429
    at = now()
    with reading(services().sessions) as session:
        known = hash_of(session, email)
    # Slow on purpose: so nothing is locked while it works.
    proof = prove(known, request.form.get("password", ""))
    with begin(services().sessions) as session:
        staff = check(session, email, proof, at)
        trail.record(
            session,
            actor_kind=trail.STAFF,
            actor=str(staff.id) if staff else "unknown",
            action="sign-in" if staff else "sign-in.refused",
            subject_kind="staff",
            subject_id=str(staff.id) if staff else "-",
            now=at,
        )
    if staff is None:
        return _form(email=email, problem=REFUSED), 403
    start(staff)
    return redirect(local(request.form.get("next")) or home(), 303)


@bp.post("/sign-out")
@needs("self")
def sign_out() -> ResponseReturnValue:
    """End this session; a page that was left alone does so by itself, whatever another tab did meanwhile."""
    with begin(services().sessions) as session:
        trail.record(
            session,
            actor_kind=trail.STAFF,
            actor=str(me().id),
            action="sign-out",
            subject_kind="staff",
            subject_id=str(me().id),
            now=now(),
        )
    end()
    return redirect(url_for("console.sign_in", idle=request.form.get("idle") or None), 303)


@bp.post("/still-here")
@needs("self")
def still_here() -> ResponseReturnValue:
    """Say that somebody is at work in a page that sends nothing else, such as while typing."""
    return "", 204


def local(address: str | None) -> str | None:
    """The address if it is a path of this site, else None: a sign-in never leads elsewhere."""
    if not address or not address.startswith("/") or address[1:2] in ("/", "\\") or "\\" in address:
        return None
    return address


def _form(*, email: str = "", problem: str = "", note: str = "") -> str:
    where = local(request.values.get("next"))
    return render_template("console/sign_in.html", email=email, problem=problem, note=note, next=where or "")
