"""`careloop holds`: what is not being sent and why; `careloop holds lift NAME` sends it again from now on."""

from __future__ import annotations

import argparse

from sqlalchemy.orm import Session

from app.audit import trail
from app.channels.holds import in_force, lift
from app.cli import runtime
from app.clock import Clock, SystemClock
from app.errors import NotFound
from app.store import Sessions, begin


def main(argv: list[str]) -> int:
    """List the holds, or lift one."""
    options = parser().parse_args(argv)
    settings = runtime.settings()
    with runtime.database(settings) as sessions:
        print(run(options, sessions, SystemClock()))
    return 0


def parser() -> argparse.ArgumentParser:
    """What can be asked of the command."""
    made = argparse.ArgumentParser(prog="careloop holds", description=__doc__)
    made.set_defaults(name=None)
    acts = made.add_subparsers(dest="act")
    lifted = acts.add_parser("lift", help="send it again, once what was wrong is mended")
    lifted.add_argument("name", help="as it is listed: a carrier, a number of ours, or calls")
    return made


def run(options: argparse.Namespace, sessions: Sessions, clock: Clock) -> str:
    """Do what was asked; give the words to print."""
    with begin(sessions) as session:
        if options.act == "lift":
            return _lift(session, options.name, clock)
        found = in_force(session, clock.now())
        lines = [f"{one.carrier}: held since {one.since:%Y-%m-%d %H:%M} UTC. {one.reason}" for one in found]
        return "\n".join(lines) or "Nothing is held."


def _lift(session: Session, name: str, clock: Clock) -> str:
    if not lift(session, name):
        raise NotFound(f"Nothing is held under {name!r}. `careloop holds` lists what is.")
    trail.record(
        session,
        actor_kind=trail.SYSTEM,
        actor="command line",
        action="holds.lift",
        subject_kind="hold",
        subject_id=name,
        now=clock.now(),
    )
    return f"{name} is no longer held: what waits goes out within a minute."
