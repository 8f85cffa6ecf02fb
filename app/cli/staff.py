"""`careloop staff add`: give somebody an account."""

from __future__ import annotations

import argparse
import getpass
import secrets
import sys

from app.audit import trail
from app.cli import runtime
from app.clock import SystemClock
from app.security.people import add_staff
from app.security.permissions import ROLES
from app.store import begin


def main(argv: list[str]) -> int:
    """Run `staff add`; 0 when the person can sign in now."""
    options = _parser().parse_args(argv)
    settings = runtime.settings()
    with runtime.database(settings) as sessions:
        password, shown = _password(options)
        now = SystemClock().now()
        with begin(sessions) as session:
            staff = add_staff(
                session,
                email=options.email,
                name=options.name,
                password=password,
                roles=options.role,
                site_keys=options.site or (),
                now=now,
            )
            trail.record(
                session,
                actor_kind=trail.SYSTEM,
                actor="command line",
                action="staff.add",
                subject_kind="staff",
                subject_id=str(staff.id),
                now=now,
                detail={"roles": staff.roles},
            )
    print(f"{staff.name} ({', '.join(staff.roles)}) can sign in as {staff.email}.")
    if shown:
        print(f"Password: {password}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="careloop staff", description=__doc__)
    add = parser.add_subparsers(dest="act", required=True).add_parser("add", help="add a person")
    add.add_argument("email")
    add.add_argument("name")
    add.add_argument("--role", action="append", required=True, choices=list(ROLES), help="may be given again")
    add.add_argument("--site", action="append", help="key of a site; without it, all sites")
    add.add_argument("--generate", action="store_true", help="make up a password and print it once")
    return parser


def _password(options: argparse.Namespace) -> tuple[str, bool]:
    """The password, and whether it was made up: asked for at a terminal, read as one line otherwise."""
    if options.generate:
        return secrets.token_urlsafe(15), True
    if sys.stdin.isatty():
        return getpass.getpass("Password: "), False
    return sys.stdin.readline().rstrip("\n"), False
