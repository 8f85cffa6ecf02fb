"""`careloop audit verify`: is the audit trail whole?"""

from __future__ import annotations

import argparse

from app.audit import trail
from app.cli import runtime
from app.clock import SystemClock
from app.errors import Invalid
from app.store import begin
from app.store.database import reading

SHOWN = 50


def main(argv: list[str]) -> int:
    """Run `audit verify`; 0 when nothing is wrong, 1 when something is."""
    parser = argparse.ArgumentParser(prog="careloop audit", description=__doc__)
    verify = parser.add_subparsers(dest="act", required=True).add_parser("verify", help="check every row")
    verify.add_argument("--head", help="SEQ:LINK as an earlier run printed it, kept elsewhere")
    options = parser.parse_args(argv)
    known = _head(options.head)
    settings = runtime.settings()
    with runtime.database(settings) as sessions:
        with begin(sessions) as session:
            while trail.seal_batch(session, SystemClock().now()):
                session.flush()
        with reading(sessions) as session:
            seq, chain = trail.head(session)
            problems = trail.verify(session, known=known)
    return _tell(problems, seq, chain)


def _tell(problems: list[trail.Problem], seq: int, chain: str) -> int:
    for problem in problems[:SHOWN]:
        print(problem.words)
    if len(problems) > SHOWN:
        print(f"… and {len(problems) - SHOWN} more.")
    print(f"{seq} rows, {len(problems)} problems. Head: {seq}:{chain}")
    return 1 if problems else 0


def _head(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    number, _, link = text.partition(":")
    if not number.isdigit() or len(link) != 64:
        raise Invalid("A head is SEQ:LINK, as `careloop audit verify` prints it.")
    return int(number), link
