"""One's own account: changing the password."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit import trail
from app.console import queue_rows
from app.console.access import bp, me, needs, start
from app.console.case_forms import moment
from app.console.services import now, services
from app.console.template_words import local_input
from app.errors import Invalid
from app.security import people
from app.security.models import Staff
from app.security.passwords import SHORTEST, verify
from app.store import begin
from app.store.database import reading


@bp.get("/account")
@needs("self")
def account() -> ResponseReturnValue:
    """Who one is, and the forms."""
    return _page()


@bp.post("/account/reach")
@needs("self")
def account_reach() -> ResponseReturnValue:
    """Where one is paged, and until when one is away: the backup acts for one's cases meanwhile."""
    zone, typed = _zone(), request.form

    def do(staff: Staff, at: datetime) -> None:
        people.set_phone(staff, typed.get("phone", ""))
        people.set_away(staff, moment(typed.get("away"), zone), at)

    refused = _change("account.reach", do)
    if refused:
        return _page(problem=refused, typed=typed), 422
    flash("Saved.")
    return redirect(url_for("console.account"), 303)


@bp.post("/account")
@needs("self")
def account_password() -> ResponseReturnValue:
    """Change one's own password; every other session of this person ends."""

    def do(staff: Staff, at: datetime) -> None:
        if not verify(staff.password_hash, request.form.get("old", "")):
            raise Invalid("That is not your present password.")
        people.set_password(staff, request.form.get("new", ""))

    refused = _change("password.change", do)
    if refused:
        return _page(wrong=refused), 422
    with reading(services().sessions) as session:
        start(session.get_one(Staff, me().id))
    flash("Your password is changed. Everywhere else you are signed out.")
    return redirect(url_for("console.account"), 303)


def _change(action: str, do: Callable[[Staff, datetime], None]) -> str:
    """Change one's own account, with a row in the trail; why not, in words, if it was refused."""
    at = now()
    try:
        with begin(services().sessions) as session:
            staff = session.get_one(Staff, me().id, with_for_update=True)
            do(staff, at)
            trail.record(
                session,
                actor_kind=trail.STAFF,
                actor=str(staff.id),
                action=action,
                subject_kind="staff",
                subject_id=str(staff.id),
                now=at,
            )
    except Invalid as refused:
        return refused.words
    return ""


def _zone() -> str:
    """The time zone of the first site this person works at: their own clock."""
    with reading(services().sessions) as session:
        sites = queue_rows.view_of(session, me(), now()).sites.values()
    return min((site.time_zone for site in sites), default="America/New_York")


def _page(*, problem: str = "", wrong: str = "", typed: Mapping[str, str] | None = None) -> str:
    zone, away = _zone(), me().away_until
    gone = away is not None and away > now()
    kept = {"phone": me().phone or "", "away": local_input(away, zone) if away is not None and gone else ""}
    return render_template(
        "console/account.html",
        problem=problem,
        wrong=wrong,
        shortest=SHORTEST,
        **(kept if typed is None else {name: typed.get(name, "") for name in kept}),
    )
