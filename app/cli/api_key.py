"""Keys for programs that use the API: make one, list them, revoke one."""

from __future__ import annotations

import argparse
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import trail
from app.cli import runtime
from app.clock import Clock, SystemClock
from app.errors import NotFound
from app.security import api_keys
from app.security.models import ApiKey
from app.store import Sessions, begin


def main(argv: list[str]) -> int:
    """Run one of add, list, revoke."""
    options = parser().parse_args(argv)
    settings = runtime.settings()
    with runtime.database(settings) as sessions:
        print(run(options, sessions, SystemClock()))
    return 0


def run(options: argparse.Namespace, sessions: Sessions, clock: Clock) -> str:
    """Do what was asked; give the words to print."""
    with begin(sessions) as session:
        if options.act == "add":
            return _add(session, options, clock)
        if options.act == "revoke":
            return _revoke(session, options, clock)
        return _list(session)


def parser() -> argparse.ArgumentParser:
    """What can be asked of the command."""
    parser = argparse.ArgumentParser(prog="careloop api-key", description=__doc__)
    acts = parser.add_subparsers(dest="act", required=True)
    add = acts.add_parser("add", help="make a key; its token is shown once")
    add.add_argument("name", help="who or what will use it")
    scopes = sorted(api_keys.SCOPES)
    add.add_argument("--scope", action="append", required=True, choices=scopes, dest="scopes")
    acts.add_parser("list", help="all keys")
    revoke = acts.add_parser("revoke", help="end a key")
    revoke.add_argument("id", type=UUID)
    return parser


def _add(session: Session, options: argparse.Namespace, clock: Clock) -> str:
    key, token = api_keys.create(session, name=options.name, scopes=options.scopes, now=clock.now())
    _noted(session, "api-key.add", key, clock)
    return f"{token}\n\nKeep it: it is not shown again. Id {key.id}, may {', '.join(key.scopes)}."


def _revoke(session: Session, options: argparse.Namespace, clock: Clock) -> str:
    key = session.get(ApiKey, options.id)
    if key is None:
        raise NotFound("There is no such key.")
    api_keys.revoke(key, clock.now())
    _noted(session, "api-key.revoke", key, clock)
    return f"{key.name} is revoked."


def _list(session: Session) -> str:
    keys = session.scalars(select(ApiKey).order_by(ApiKey.created_at))
    return "\n".join(_line(key) for key in keys) or "There is no key yet."


def _line(key: ApiKey) -> str:
    state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else ", ".join(key.scopes)
    return f"{key.id}  {key.created_at:%Y-%m-%d}  {key.name}: {state}"


def _noted(session: Session, action: str, key: ApiKey, clock: Clock) -> None:
    trail.record(
        session,
        actor_kind=trail.SYSTEM,
        actor="command line",
        action=action,
        subject_kind="api_key",
        subject_id=str(key.id),
        now=clock.now(),
    )
