"""`careloop import`: take patients, visits and slots from CSV, FHIR R4 and HL7 v2 files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from app.cli import runtime
from app.ehr.csv_dates import Order
from app.ehr.demo import NAMES, demo_file
from app.ehr.intake import Outcome
from app.ehr.report import as_text
from app.ehr.run import Sender, take_in
from app.errors import Invalid
from app.patients.models import Site
from app.services import make_services
from app.settings import Settings
from app.store import Sessions
from app.store.database import reading
from app.store.heads import require_newest

EPILOG = (
    "What a file is, is read from its content. Each record is taken, known already, skipped or quarantined, with "
    "the reason; the same file again changes nothing. Status 1 means that something was quarantined."
)
SOURCE = "api"


def main(argv: list[str]) -> int:
    """Run `import`; 0 when nothing was quarantined, 1 when something was."""
    options = _parser().parse_args(argv)
    settings = runtime.settings()
    services = make_services(settings, kind="import")
    require_newest(services.engine)
    now = services.clock.now()
    try:
        reports = take_in(
            services.sessions,
            services.kit,
            _sender(options, services.sessions),
            _files(options, settings, now),
            now=now,
            dry_run=options.dry_run,
        )
    finally:
        services.engine.dispose()
    for report in reports:
        print(as_text(report, everything=options.everything))
    if options.dry_run:
        print("This was a dry run: nothing was stored.")
    return 1 if any(report.counts[Outcome.QUARANTINED] for report in reports) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="careloop import", description=__doc__, epilog=EPILOG)
    parser.add_argument("files", nargs="*", metavar="FILE", help="a file, or - for the standard input")
    parser.add_argument(
        "--source",
        default=SOURCE,
        help="the system the numbers in the files belong to (default: %(default)s)",
    )
    parser.add_argument("--site", help="key of the practice location; needed where there are several")
    parser.add_argument(
        "--dates",
        choices=["month-first", "day-first"],
        help="how to read 3/4/2026 in CSV files that do not tell",
    )
    parser.add_argument("--dry-run", action="store_true", help="report what would happen and store nothing")
    parser.add_argument(
        "--everything", action="store_true", help="a line for each record, also for like ones"
    )
    parser.add_argument("--take-tests", action="store_true", help="also take what is marked as a test")
    parser.add_argument("--demo", action="store_true", help="the invented files that ship, moved to today")
    return parser


def _sender(options: argparse.Namespace, sessions: Sessions) -> Sender:
    order = Order(options.dates.replace("-", " ")) if options.dates else None
    return Sender(
        source=options.source,
        site_id=site_of(sessions, options.site),
        actor="command line",
        order=order,
        take_tests=options.take_tests,
    )


def site_of(sessions: Sessions, key: str | None) -> UUID:
    """The practice location of that key, or the only one there is; Invalid says which there are."""
    with reading(sessions) as session:
        sites = {site.key: site.id for site in session.scalars(select(Site).order_by(Site.key))}
    if key is None and len(sites) == 1:
        return next(iter(sites.values()))
    if key in sites:
        return sites[key]
    known = ", ".join(sites) or "none is set up yet"
    words = f"There is no site {key!r}" if key else "Say with --site which practice location it is for"
    raise Invalid(f"{words}. Known: {known}.")


def _files(options: argparse.Namespace, settings: Settings, now: datetime) -> Sequence[tuple[str, bytes]]:
    if options.demo:
        if settings.production:
            raise Invalid("The invented files are not for production.")
        return [(name, demo_file(name, now.date())) for name in NAMES]
    if not options.files:
        raise Invalid("Name at least one file (or --demo). careloop import --help says more.")
    return [_read(name) for name in options.files]


def _read(name: str) -> tuple[str, bytes]:
    if name == "-":
        return "standard input", sys.stdin.buffer.read()
    try:
        return Path(name).name, Path(name).read_bytes()
    except OSError as error:
        raise Invalid(f"{name} cannot be read: {error.strerror}.") from error
