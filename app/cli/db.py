"""Brings the database to the newest schema."""

from __future__ import annotations

import argparse

from app.cli import runtime
from app.store.database import make_engine, upgrade
from app.store.keys import Keyring


def main(argv: list[str]) -> int:
    """`careloop db upgrade`: apply the migrations that are missing; safe to run twice, and at every start."""
    parser = argparse.ArgumentParser(prog="careloop db", description=__doc__)
    parser.add_argument("action", choices=["upgrade"])
    parser.parse_args(argv)
    settings = runtime.settings()
    if settings.embedded:
        settings.state_dir.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url, Keyring(settings.encryption_keys, settings.index_key))
    try:
        upgrade(engine)
    finally:
        engine.dispose()
    print("The database has the newest schema.")
    return 0
