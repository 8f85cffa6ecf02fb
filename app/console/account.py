"""One's own account: changing the password."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit import trail
from app.console.access import bp, me, needs, start
from app.console.services import now, services
from app.errors import Invalid
from app.security import people
from app.security.models import Staff
from app.security.passwords import SHORTEST, verify
from app.store import begin


@bp.get("/account")
@needs("self")
def account() -> ResponseReturnValue:
    """Who one is, and the form."""
    return render_template("console/account.html", problem="", shortest=SHORTEST)


@bp.post("/account")
@needs("self")
def account_password() -> ResponseReturnValue:
    """Change one's own password; every other session of this person ends."""
    at = now()
    try:
        if not verify(me().password_hash, request.form.get("old", "")):
            raise Invalid("That is not your present password.")
        with begin(services().sessions) as session:
            staff = session.get_one(Staff, me().id, with_for_update=True)
            people.set_password(staff, request.form.get("new", ""))
            trail.record(
                session,
                actor_kind=trail.STAFF,
                actor=str(staff.id),
                action="password.change",
                subject_kind="staff",
                subject_id=str(staff.id),
                now=at,
            )
    except Invalid as refused:
        return render_template("console/account.html", problem=refused.words, shortest=SHORTEST), 422
    start(staff)
    flash("Your password is changed. Everywhere else you are signed out.")
    return redirect(url_for("console.account"), 303)
