"""Limits: from which weight gain, temperature, sugar, pressure, oxygen or pulse somebody acts, for each programme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Lane
from app.console import queue_rows
from app.console.access import bp, me, needs
from app.console.errors import status_of
from app.console.services import now, services
from app.console.trial_page import on_record, trial_page
from app.errors import Conflict, Invalid
from app.security.models import Staff
from app.store import begin
from app.store.database import reading
from app.teaching.limits import BOUNDS, Levels, bands_of, read_levels, set_levels, shipped
from app.teaching.publish import newest, publish, tried

UNREADABLE = "Some limits cannot be used as they are: see below."


@bp.get("/words/limits")
@needs("reader:teach")
def words_limits() -> ResponseReturnValue:
    """The limits of one programme, with those that ship beside them."""
    return _page(request.args.get("script", ""))


@bp.post("/words/limits/try")
@needs("reader:teach")
def words_limits_try() -> ResponseReturnValue:
    """Show what a programme's limits would change, without changing anything."""
    typed = request.form.to_dict()
    script = typed.get("script", "")
    levels, problems = read_levels(typed)
    if problems:
        return _page(script, UNREADABLE, typed, problems, 422)
    return _page(script, typed=typed, trying=levels)


@bp.post("/words/limits")
@needs("reader:teach")
def words_limits_publish() -> ResponseReturnValue:
    """Put a programme's limits in force everywhere."""
    typed, at = request.form.to_dict(), now()
    script, based_on = typed.get("script", ""), typed.get("based_on", "")
    levels, problems = read_levels(typed)
    if problems:
        return _page(script, UNREADABLE, typed, problems, 422)
    try:
        with reading(services().sessions) as session:
            if script not in programmes(session):
                raise Invalid("Choose one of the programmes.")
            _, content = newest(session)
            changed = with_limits(content, script, bands_of(levels))
            outcome = tried(session, content, changed)
        with begin(services().sessions) as session:
            row = publish(
                session,
                changed,
                outcome,
                based_on=int(based_on) if based_on.isdecimal() else 0,
                why=typed.get("why", ""),
                staff=session.get_one(Staff, me().id),
                now=at,
            )
    except (Conflict, Invalid) as refused:
        trying = levels if isinstance(refused, Invalid) else None
        return _page(script, refused.words, typed, {}, status_of(refused), trying)
    services().kit.lessons.look_again()
    flash(f"Published as revision {row.number}. Every process reads with it within a few seconds.")
    return redirect(url_for("console.words_limits", script=script), 303)


def programmes(session: Session) -> dict[str, str]:
    """The scripts that have a lane, with the titles of their lanes."""
    found: dict[str, list[str]] = {}
    for lane in session.scalars(select(Lane).where(Lane.script != "").order_by(Lane.title)):
        found.setdefault(lane.script, []).append(lane.title)
    return {script: ", ".join(titles) for script, titles in found.items()}


def with_limits(content: Mapping[str, Any], script: str, bands: Mapping[str, Any]) -> dict[str, Any]:
    """A revision's content with the limits of one programme; without any they are the shipped ones."""
    others = {name: set_ for name, set_ in (content.get("limits") or {}).items() if name != script}
    return {**content, "limits": {**others, script: dict(bands)} if bands else others}


def _page(
    script: str,
    problem: str = "",
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    status: int = 200,
    trying: Mapping[str, Levels] | None = None,
) -> ResponseReturnValue:
    with reading(services().sessions) as session:
        number, content = newest(session)
        known = programmes(session)
        trial = None
        if trying is not None and script in known:
            changed = with_limits(content, script, bands_of(trying))
            view = queue_rows.view_of(session, me(), now())
            trial = trial_page(session, view, tried(session, content, changed))
    if trial is not None:
        on_record(trial)
    script = script if script in known else next(iter(known), "")
    levels = set_levels((content.get("limits") or {}).get(script) or {})
    values = {
        f"{bound.key}-{name}": f"{value:g}" if (value := getattr(levels[bound.key], name)) is not None else ""
        for bound in BOUNDS
        for name in ("today", "emergency")
    }
    text = render_template(
        "console/limits.html",
        bounds=[(bound, shipped(bound), levels[bound.key] != shipped(bound)) for bound in BOUNDS],
        values={**values, **(typed or {})},
        problems=problems or {},
        problem=problem,
        programmes=known,
        script=script,
        number=number,
        why=(typed or {}).get("why", ""),
        trial=trial,
    )
    return text, status
