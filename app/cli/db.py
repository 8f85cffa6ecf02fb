"""Brings the database to the newest schema."""

from __future__ import annotations

import argparse

from app.cli import runtime
from app.store.database import make_engine, make_sessions, upgrade
from app.store.keys import Keyring
from app.store.reseal import reseal
from app.store.tables import load_all


def main(argv: list[str]) -> int:
    """`careloop db upgrade`: apply the migrations that are missing; safe to run twice, and at every start.

    `careloop db reseal`: seal everything with the first of ENCRYPTION_KEYS, so that the others can be taken out.
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
            load_all()
            changed = {table: count for table, count in reseal(make_sessions(engine)).items() if count}
            print(f"Sealed again with the current key: {sum(changed.values())} rows.")
    finally:
        engine.dispose()
    return 0
