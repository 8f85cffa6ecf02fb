"""`careloop site`: add practice locations, change what is known of them, list them."""

from __future__ import annotations

import argparse
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import trail
from app.cases.clock import DEFAULT_HOURS
from app.cli import runtime
from app.clock import Clock, SystemClock
from app.consent.hours import ALWAYS, DAYS, window
from app.errors import Invalid
from app.patients.models import Site
from app.patients.sites import HOW, About, add_site, change_site
from app.settings import Settings
from app.store import Sessions, begin


def main(argv: list[str]) -> int:
    """Run one of add, change, list."""
    options = parser().parse_args(argv)
    settings = runtime.settings()
    with runtime.database(settings) as sessions:
        print(run(options, settings, sessions, SystemClock()))
    return 0


def run(options: argparse.Namespace, settings: Settings, sessions: Sessions, clock: Clock) -> str:
    """Do what was asked; give the words to print."""
    with begin(sessions) as session:
        if options.act == "list":
            found = session.scalars(select(Site).order_by(Site.key))
            return "\n\n".join(map(_told, found)) or "There is no site yet."
        about = _about(options)
        if options.act == "add":
            numbers = about.numbers or list(filter(None, [settings.twilio_from_number]))
            if not numbers:
                raise Invalid("Give the number texts come from with --number: TWILIO_FROM_NUMBER is not set.")
            site = add_site(session, options.key, replace(about, numbers=numbers))
        else:
            site = change_site(session, options.key, about)
        _noted(session, options.act, site, about, clock)
        session.flush()
        return _told(site)


def parser() -> argparse.ArgumentParser:
    """What can be asked of the command."""
    made = argparse.ArgumentParser(prog="careloop site", description=__doc__)
    acts = made.add_subparsers(dest="act", required=True)
    add = acts.add_parser("add", help="add a site", epilog=f"{HOW}.")
    add.add_argument("key", help="a short word for it, such as north-side")
    add.add_argument("name", help="what patients call it; every first text begins with it")
    _facts(add, required=True)
    change = acts.add_parser("change", help="change what is given, and nothing else", epilog=f"{HOW}.")
    change.add_argument("key")
    change.add_argument("--name")
    _facts(change, required=False)
    acts.add_parser("list", help="all sites")
    return made


def _facts(act: argparse.ArgumentParser, *, required: bool) -> None:
    act.add_argument("--phone", required=required, help="the number patients are told to call")
    act.add_argument("--time-zone", required=required, help="such as America/Chicago")
    act.add_argument(
        "--number", action="append", help="a number of ours that texts and calls come from (default: ours)"
    )
    act.add_argument(
        "--language", action="append", help="a language patients may choose (default: en and es)"
    )
    act.add_argument(
        "--hours", action="append", metavar="HOURS", help="opening hours (default: mon-fri 09:00-17:00)"
    )
    act.add_argument(
        "--texting",
        action="append",
        metavar="HOURS",
        help="when texts and calls may begin (default: 09:00-20:00, sun 12:00-20:00; never outside 08:00-21:00)",
    )
    act.add_argument("--holidays", help="whose holidays are kept, such as US-IL, or none (default: US)")
    act.add_argument("--transfer", help="the number callers are put through to when they ask for a person")


def _about(options: argparse.Namespace) -> About:
    return About(
        name=options.name,
        phone=options.phone,
        time_zone=options.time_zone,
        languages=options.language,
        hours=options.hours,
        texting=options.texting,
        holidays=options.holidays,
        numbers=options.number,
        transfer=options.transfer,
    )


def _told(site: Site) -> str:
    lines = {
        "name": site.name,
        "telephone": site.phone,
        "time zone": site.time_zone,
        "our numbers": ", ".join(site.numbers),
        "languages": ", ".join(site.languages),
        "open": _hours(site.hours or DEFAULT_HOURS),
        "texting": _texting(site),
        "holidays": site.holidays or "none",
        "transfer": site.transfer_number or "none: callers are called back",
    }
    return "\n".join((site.key, *(f"  {name:<12} {value}" for name, value in lines.items())))


def _hours(hours: dict[str, list[list[str]]]) -> str:
    days = {day: " ".join("-".join(span) for span in spans) or "closed" for day, spans in hours.items()}
    return ", ".join(f"{day} {spans}" for day, spans in days.items())


def _texting(site: Site) -> str:
    """The hours that count: those given, within the bounds and the defaults of the others."""
    spans = window(site.window)
    if spans == ALWAYS:
        return "day and night: nobody here is real"
    days = zip(DAYS, spans, strict=True)
    return _hours({day: [[f"{low:%H:%M}", f"{high:%H:%M}"] for low, high in given] for day, given in days})


def _noted(session: Session, act: str, site: Site, about: About, clock: Clock) -> None:
    trail.record(
        session,
        actor_kind=trail.SYSTEM,
        actor="command line",
        action=f"site.{act}",
        subject_kind="site",
        subject_id=str(site.id),
        now=clock.now(),
        detail={"given": [name for name in About.__slots__ if getattr(about, name) is not None]},
    )
