"""How the system is set up, to read: sites, lanes, and where it runs."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.cases.clock import DAYS, is_open
from app.cases.models import Lane
from app.console.access import bp, needs
from app.console.services import now, services
from app.patients.models import Site
from app.security.models import Staff
from app.store.database import reading

DAY_WORDS = dict(zip(DAYS, ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True))


@bp.get("/settings")
@needs("settings:read")
def settings() -> ResponseReturnValue:
    """Sites with their hours and numbers, lanes with their owners and windows."""
    with reading(services().sessions) as session:
        sites = list(session.scalars(select(Site).order_by(Site.name)))
        lanes = list(session.scalars(select(Lane).order_by(Lane.title)))
        names = {staff.id: staff.name for staff in session.scalars(select(Staff))}
    return render_template(
        "console/settings.html",
        sites=[(site, is_open(site, now())) for site in sites],
        lanes=lanes,
        names=names,
        days=DAY_WORDS,
        environment=services().settings.careloop_env,
    )
