"""Brings the database to the newest schema."""

from __future__ import annotations

import argparse

from app.cli import runtime
from app.store.database import Sessions, make_engine, make_sessions, upgrade
from app.store.heads import require_newest
from app.store.keys import Keyring
from app.store.reseal import reseal, sealed_otherwise
from app.store.tables import load_all


def main(argv: list[str]) -> int:
    """`careloop db upgrade`: apply the migrations that are missing; safe to run twice, and at every start.

    `careloop db reseal`: seal everything with the first of ENCRYPTION_KEYS, so that the others can be taken out; 1
    while something is sealed with another one. The README says what comes before and after it.
    """
    parser = argparse.ArgumentParser(prog="careloop db", description=__doc__)
    parser.add_argument("action", choices=["upgrade", "reseal"])
    action = parser.parse_args(argv).action
    settings = runtime.settings()
    if settings.embedded:
        settings.state_dir.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url, Keyring(settings.encryption_keys, settings.index_key))
    try:
        if action == "upgrade":
            upgrade(engine)
            print("The database has the newest schema.")
        else:
            require_newest(engine)
            return _reseal(make_sessions(engine))
    finally:
        engine.dispose()
    return 0


def _reseal(sessions: Sessions) -> int:
    load_all()
    print(f"Sealed again with the current key: {sum(reseal(sessions).values())} rows.")
    others = sum(sealed_otherwise(sessions).values())
    if others:
        print(
            f"{others} rows are sealed with another key, written meanwhile by a process that does not have this one "
            "in front. Take no key out: start every process again with it in front, then run this again."
        )
        return 1
    print("Nothing is sealed with another key.")
    return 0
