"""The audit trail: who saw, searched, sent, changed or exported what.

Each row is sealed on its own at once; a moment later the clock's `seal_batch` gives rows their place and
chains them: `chain(n) = mac(chain(n-1), n, seal(n))`. `verify` then finds a row that was changed, taken out,
moved or put in. Rows not chained yet (seconds old) show changes, not removals. Somebody who holds the index
key can forge all of it: keep the head (`head`, printed by `careloop audit verify`) elsewhere, and verify
against it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent, AuditHead
from app.store.ids import new_id
from app.store.keys import Keyring, keyring_of

STAFF, PROGRAM, SYSTEM, PATIENT = "staff", "program", "system", "patient"
GENESIS = "0" * 64
BATCH = 2000
_LOCK = 0x6361_7265
"""Number of the PostgreSQL advisory lock that makes sealing one at a time."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the trail: `kind` is changed, missing, moved, added, or cut; `place` a seq or row
    id.
    """

    kind: str
    place: str
    words: str


def record(
    session: Session,
    *,
    actor_kind: str,
    actor: str,
    action: str,
    subject_kind: str,
    subject_id: str,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> AuditEvent:
    """Write one row in the caller's transaction. `detail` holds ids, counts and names of fields, never
    values.
    """
    event = AuditEvent(
        id=new_id(),
        at=now,
        actor_kind=actor_kind,
        actor=str(actor)[:64],
        action=action[:48],
        subject_kind=subject_kind[:24],
        subject_id=str(subject_id)[:64],
        detail=detail or {},
    )
    event.seal = _seal(keyring_of(session), event)
    session.add(event)
    return event


def recorded(
    session: Session, *, actor: str, action: str, subject_kind: str, subject_id: str, since: datetime
) -> bool:
    """Whether this actor did this to this since that moment."""
    query = select(AuditEvent.id).where(
        AuditEvent.subject_kind == subject_kind,
        AuditEvent.subject_id == subject_id,
        AuditEvent.action == action,
        AuditEvent.actor == actor,
        AuditEvent.at > since,
    )
    return session.scalar(query.limit(1)) is not None


def seal_batch(session: Session, now: datetime, limit: int = BATCH) -> int:
    """Chain the rows that are not chained yet, oldest first; how many. One at a time, whoever else calls
    it.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
    unchained = select(AuditEvent).where(AuditEvent.seq.is_(None)).order_by(AuditEvent.at, AuditEvent.id)
    rows = list(session.scalars(unchained.limit(limit)))
    if not rows:
        return 0
    keyring, end = keyring_of(session), session.get(AuditHead, 1, populate_existing=True)
    seq, chain = (end.seq, end.chain) if end else (0, GENESIS)
    for row in rows:
        seq += 1
        chain = _link(keyring, chain, seq, row.seal)
        row.seq, row.chain = seq, chain
    _set_head(session, keyring, seq, chain, now)
    return len(rows)


def head(session: Session) -> tuple[int, str]:
    """The last place in the chain and its link, to be kept elsewhere: (0, zeros) before the first."""
    end = session.get(AuditHead, 1)
    return (end.seq, end.chain) if end else (0, GENESIS)


def verify(session: Session, *, known: tuple[int, str] | None = None) -> list[Problem]:
    """Everything that is wrong with the trail; empty when it is whole. `known` is a head kept elsewhere earlier.

    Rows may be written and chained while it works: it needs no lock, and a session for reading is enough.
    """
    keyring = keyring_of(session)
    problems, links = [], {0: GENESIS}
    # The chain may grow while it is walked: its end lies between the head of before and the head of after.
    before = _end(session)
    wanted = {seq for seq in (known[0] if known else 0, before.seq if before else 0) if seq}
    last_seq, last_chain = 0, GENESIS
    for row in _chained(session):
        problems += _row_problems(keyring, row, last_seq, last_chain)
        last_seq, last_chain = int(row.seq or 0), row.chain or ""
        if last_seq in wanted:
            links[last_seq] = last_chain
    problems += _unchained_problems(session, keyring)
    problems += _end_problems(keyring, before, _end(session), last_seq, links)
    if known is not None and links.get(known[0]) != known[1]:
        problems.append(
            Problem("cut", str(known[0]), "The trail does not contain the head that was kept elsewhere.")
        )
    return problems


def _row_problems(keyring: Keyring, row: AuditEvent, last_seq: int, last_chain: str) -> list[Problem]:
    problems, seq, place = [], int(row.seq or 0), str(row.seq)
    if row.seal != _seal(keyring, row):
        problems.append(Problem("changed", place, f"Row {place} was changed after it was written."))
    if seq != last_seq + 1:
        one = seq == last_seq + 2
        gone = f"Row {seq - 1} was" if one else f"Rows {last_seq + 1} to {seq - 1} were"
        problems.append(Problem("missing", str(last_seq + 1), f"{gone} taken out."))
    elif row.chain != _link(keyring, last_chain, seq, row.seal):
        problems.append(Problem("moved", place, f"Row {place} does not follow from the row before it."))
    return problems


def _unchained_problems(session: Session, keyring: Keyring) -> list[Problem]:
    waiting = select(AuditEvent).where(AuditEvent.seq.is_(None)).execution_options(yield_per=BATCH)
    return [
        Problem("changed", str(row.id), f"A row of {row.at:%Y-%m-%d %H:%M} was changed after it was written.")
        for row in session.scalars(waiting)
        if row.seal != _seal(keyring, row)
    ]


def _end(session: Session) -> Any:
    """The recorded end as it is now, None when there is none."""
    return session.execute(
        select(AuditHead.seq, AuditHead.chain, AuditHead.seal).where(AuditHead.id == 1)
    ).one_or_none()


def _end_problems(
    keyring: Keyring, before: Any, after: Any, seq: int, links: dict[int, str]
) -> list[Problem]:
    """What is wrong between the recorded ends of before and after the walk and where it ended, at `seq`."""
    if after is None:
        return (
            [Problem("cut", "head", "The end of the chain is not recorded any more.")]
            if seq or before
            else []
        )
    for end in (before, after):
        if end is not None and end.seal != keyring.mac("audit-head", f"{end.seq}:{end.chain}".encode()):
            return [Problem("changed", "head", "The recorded end of the chain was changed.")]
    if before is not None and before.seq > seq:
        return [Problem("cut", str(seq + 1), f"The last {before.seq - seq} rows were cut off.")]
    if seq > after.seq:
        return [
            Problem("added", str(after.seq + 1), f"{seq - after.seq} rows were added after the recorded end.")
        ]
    if before is None or links.get(before.seq) == before.chain:
        return []
    return [Problem("moved", str(before.seq), "The chain ends in another link than recorded.")]


def _chained(session: Session) -> Iterator[AuditEvent]:
    query = select(AuditEvent).where(AuditEvent.seq.is_not(None)).order_by(AuditEvent.seq)
    yield from session.scalars(query.execution_options(yield_per=BATCH))


def _seal(keyring: Keyring, row: AuditEvent) -> str:
    # PostgreSQL's JSONB does not keep the order of keys, so they are sorted here.
    told = [
        str(row.id),
        row.at.isoformat(timespec="microseconds"),
        *(row.actor_kind, row.actor, row.action, row.subject_kind, row.subject_id),
        row.detail,
    ]
    return keyring.mac("audit-row", json.dumps(told, sort_keys=True, separators=(",", ":")).encode())


def _link(keyring: Keyring, before: str, seq: int, seal: str) -> str:
    return keyring.mac("audit-chain", f"{before}:{seq}:{seal}".encode())


def _set_head(session: Session, keyring: Keyring, seq: int, chain: str, now: datetime) -> None:
    seal = keyring.mac("audit-head", f"{seq}:{chain}".encode())
    session.merge(AuditHead(id=1, seq=seq, chain=chain, at=now, seal=seal))
