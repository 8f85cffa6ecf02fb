"""Writes a backup: the database as it stands, with what is needed to know that it is whole and which keys open it."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from app.cli import archive, dumps, runtime
from app.clock import Clock, SystemClock
from app.settings import Settings
from app.store.heads import newest


def main(argv: list[str]) -> int:
    """Back up to a file."""
    parser = argparse.ArgumentParser(prog="careloop backup", description=__doc__)
    parser.add_argument("file", type=Path, help="where to write it, such as careloop-2026-11-30.backup")
    print(run(parser.parse_args(argv).file, runtime.settings(), SystemClock()))
    return 0


def run(target: Path, settings: Settings, clock: Clock) -> str:
    """Write the backup, read it back and check it; give the words to print."""
    url, now = settings.database_url, clock.now()
    with tempfile.TemporaryDirectory(prefix="careloop-backup-", dir=target.absolute().parent) as folder:
        dump = Path(folder) / "dump"
        dumps.dump(url, dump)
        kind = dumps.kind_of(url)
        manifest = archive.write(target, dump, kind=kind, schema=newest(), settings=settings, now=now)
    megabytes = target.stat().st_size / 1e6
    return (
        f"{target}: {megabytes:.1f} MB, SHA-256 of the database {manifest.sha256}, written and read back.\n"
        f"Keep ENCRYPTION_KEYS ({', '.join(manifest.keys)}) and INDEX_KEY elsewhere: without them it cannot be read."
    )
