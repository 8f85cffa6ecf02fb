"""`careloop setup`: what a version needs in the database, patients and people aside. Again, it changes nothing.

It is what `release` in the Procfile runs: the newest schema, the lanes that are missing, and the scripts of FLOWS_DIR
that are not what new conversations begin with. A script with an error in it is held back and named.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.audit import trail
from app.cases.lanes import seed_lanes
from app.cases.models import Lane
from app.cli import runtime
from app.clock import SystemClock
from app.conversations.models import ScriptRevision
from app.conversations.scripts import publish_all
from app.flow.checks import check
from app.flow.loader import ScriptError, load_file
from app.flow.schema import Script
from app.i18n.catalogs import Catalogs
from app.patients.models import Site
from app.security.models import Staff
from app.settings import Settings
from app.store import Keyring, begin, make_engine, make_sessions, upgrade


def main(argv: list[str]) -> int:
    """Set up; 0 unless a lane is left without any script: then nobody would be followed up in it."""
    argparse.ArgumentParser(
        prog="careloop setup", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args(argv)
    settings = runtime.settings()
    if settings.embedded:
        settings.state_dir.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url, Keyring(settings.encryption_keys, settings.index_key))
    try:
        upgrade(engine)
        print("The database has the newest schema.")
        with begin(make_sessions(engine)) as session:
            held = put_in(session, settings, SystemClock().now())
            print(*_missing(session), sep="\n", end="")
            without = _without_script(session)
    finally:
        engine.dispose()
    print(
        *(f"Not published: {problem}" for problem in held),
        sep="\n",
        end="\n" if held else "",
        file=sys.stderr,
    )
    if without:
        print(
            f"These lanes have no script, nobody is followed up in them: {', '.join(without)}.",
            file=sys.stderr,
        )
    return 1 if without else 0


def put_in(session: Session, settings: Settings, now: datetime) -> list[str]:
    """Publish the scripts and add the lanes; what is wrong with the scripts that were held back."""
    held: list[str] = []
    names = publish_all(session, _sound(settings, held), now)
    for name in names:
        trail.record(
            session,
            actor_kind=trail.SYSTEM,
            actor="command line",
            action="scripts.publish",
            subject_kind="script",
            subject_id=name,
            now=now,
        )
    lanes = seed_lanes(session)
    print(f"Lanes added: {', '.join(lane.title for lane in lanes) or 'none was missing'}.")
    print(f"Scripts published: {', '.join(names) or 'all were already'}.")
    return held


def _sound(settings: Settings, held: list[str]) -> Iterator[tuple[Script, str]]:
    """The scripts that may be published, each with its source; what is wrong with the others is added to `held`."""
    catalogs = Catalogs.load(settings.locales_dir)
    for path in sorted(settings.flows_dir.glob("*.yaml")):
        try:
            script = load_file(path)
        except ScriptError as wrong:
            held += [f"{path.name}: {problem}" for problem in wrong.problems]
            continue
        errors = [finding for finding in check(script, catalogs) if finding.severity == "error"]
        held += [f"{path.name}: {finding}" for finding in errors]
        if not errors:
            yield script, path.read_text("utf-8")


def _without_script(session: Session) -> list[str]:
    published = exists().where(ScriptRevision.script == Lane.script, ScriptRevision.published_at.is_not(None))
    return list(session.scalars(select(Lane.key).where(Lane.script != "", ~published).order_by(Lane.key)))


def _missing(session: Session) -> Iterator[str]:
    if session.scalar(select(Site.id).limit(1)) is None:
        yield "No site is set up yet: `careloop site add` adds one.\n"
    if session.scalar(select(Staff.id).limit(1)) is None:
        yield "Nobody can sign in yet: `careloop staff add` adds people.\n"
