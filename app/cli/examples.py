"""``careloop read --examples``: this practice's kept examples as labelled JSON lines. They hold patients' words."""

from __future__ import annotations

import json
import sys

from app.audit import trail
from app.cli import runtime
from app.clock import SystemClock
from app.store import begin
from app.teaching.examples import kept_examples

CONFIRMATION = "patients' words"
ASKS = (
    "What follows are words patients wrote and said. Keep them where only people who may see them can.\n"
    f"Type {CONFIRMATION} to go on: "
)


def export(*, confirmed: bool) -> int:
    """Print every kept example, once somebody has confirmed it; 2 when nobody has. The export is on the trail."""
    if not confirmed and not _asked():
        print("careloop read: nothing was exported.", file=sys.stderr)
        return 2
    settings = runtime.settings()
    with runtime.database(settings) as sessions, begin(sessions) as session:
        rows = kept_examples(session)
        trail.record(
            session,
            actor_kind=trail.SYSTEM,
            actor="command line",
            action="examples.export",
            subject_kind="correction",
            subject_id="-",
            now=SystemClock().now(),
            detail={"count": len(rows)},
        )
    for row in rows:
        print(json.dumps(row, ensure_ascii=False))
    return 0


def _asked() -> bool:
    # Asked beside the output: that goes into a file.
    print(ASKS, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip() == CONFIRMATION
