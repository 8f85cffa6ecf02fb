"""The audit trail: whatever is done to its rows is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.audit import trail
from app.audit.models import AuditEvent, AuditHead
from app.store.database import Sessions, begin, reading

Damage = Callable[[Session], object]


def write(session: Session, now: datetime, number: int = 10) -> None:
    """Rows as they come, one a second."""
    for place in range(number):
        trail.record(
            session,
            actor_kind=trail.STAFF,
            actor=f"staff-{place % 3}",
            action="case.view",
            subject_kind="case",
            subject_id=f"case-{place}",
            now=now + timedelta(seconds=place),
            detail={"patient": "p", "fields": ["b", "a"], "count": place},
        )
    session.commit()


@pytest.fixture
def chained(session: Session, now: datetime) -> Session:
    """Ten chained rows."""
    write(session, now)
    assert trail.seal_batch(session, now) == 10
    session.commit()
    return session


def kinds(session: Session) -> set[str]:
    """What is wrong."""
    session.expire_all()
    return {problem.kind for problem in trail.verify(session)}


def test_an_untouched_trail_is_whole(chained: Session, now: datetime) -> None:
    assert trail.verify(chained) == []
    write(chained, now + timedelta(minutes=1))
    assert trail.verify(chained) == []
    trail.seal_batch(chained, now, limit=3)
    assert trail.verify(chained) == []
    while trail.seal_batch(chained, now, limit=3):
        chained.flush()
    assert trail.head(chained)[0] == 20
    assert trail.verify(chained) == []


def test_an_empty_trail_is_whole(session: Session, now: datetime) -> None:
    assert trail.seal_batch(session, now) == 0
    assert trail.head(session) == (0, trail.GENESIS)
    assert trail.verify(session) == []


@pytest.mark.parametrize(
    "values",
    [
        {"actor": "somebody else"},
        {"action": "case.close"},
        {"subject_id": "case-99"},
        {"detail": {"patient": "p", "fields": [], "count": 4}},
        {"at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"seal": "0" * 64},
        {"actor_kind": "system"},
        {"subject_kind": "patient"},
    ],
)  # fmt: skip
def test_a_changed_row_is_found(chained: Session, values: dict[str, object]) -> None:
    chained.execute(update(AuditEvent).where(AuditEvent.seq == 5).values(**values))
    problems = trail.verify(chained)
    assert "changed" in {problem.kind for problem in problems}
    assert {problem.place for problem in problems} <= {"5", "6"}


def _swap(session: Session) -> None:
    for old, new in ((3, 99), (4, 3), (99, 4)):
        session.execute(update(AuditEvent).where(AuditEvent.seq == old).values(seq=new))


def _copy(session: Session) -> None:
    row = session.scalars(select(AuditEvent).where(AuditEvent.seq == 10)).one()
    columns = {c.key: getattr(row, c.key) for c in AuditEvent.__table__.columns}
    session.execute(insert(AuditEvent).values({**columns, "id": trail.new_id(), "seq": 11}))


def _renumber(session: Session) -> None:
    session.execute(delete(AuditEvent).where(AuditEvent.seq == 5))
    for seq in range(6, 11):
        session.execute(update(AuditEvent).where(AuditEvent.seq == seq).values(seq=seq - 1))


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (lambda s: s.execute(delete(AuditEvent).where(AuditEvent.seq == 1)), "missing"),
        (lambda s: s.execute(delete(AuditEvent).where(AuditEvent.seq == 5)), "missing"),
        (lambda s: s.execute(delete(AuditEvent).where(AuditEvent.seq.between(4, 7))), "missing"),
        (lambda s: s.execute(delete(AuditEvent).where(AuditEvent.seq == 10)), "cut"),
        (lambda s: s.execute(delete(AuditEvent)), "cut"),
        (lambda s: s.execute(delete(AuditHead)), "cut"),
        (lambda s: s.execute(update(AuditHead).values(seq=9)), "changed"),
        (lambda s: s.execute(update(AuditEvent).where(AuditEvent.seq == 5).values(chain="0" * 64)), "moved"),
        (_swap, "moved"),
        (_copy, "added"),
        (_renumber, "moved"),
    ],
)
def test_a_removed_moved_or_added_row_is_found(chained: Session, damage: Damage, found: str) -> None:
    damage(chained)
    assert found in kinds(chained)


def test_a_change_is_found_before_the_row_is_chained(session: Session, now: datetime) -> None:
    write(session, now)
    session.execute(update(AuditEvent).values(actor="somebody else"))
    assert kinds(session) == {"changed"}


def test_a_head_kept_elsewhere_finds_a_chain_made_anew(chained: Session, now: datetime) -> None:
    known = trail.head(chained)
    chained.execute(delete(AuditEvent).where(AuditEvent.seq == 10))
    chained.execute(delete(AuditHead))
    chained.execute(update(AuditEvent).values(seq=None, chain=None))
    chained.expire_all()
    trail.seal_batch(chained, now)
    chained.commit()
    assert trail.verify(chained) == []
    assert {problem.kind for problem in trail.verify(chained, known=known)} == {"cut"}


def test_a_head_kept_elsewhere_is_found_again(chained: Session, now: datetime) -> None:
    known = trail.head(chained)
    write(chained, now + timedelta(hours=1))
    trail.seal_batch(chained, now)
    assert trail.verify(chained, known=known) == []
    assert trail.verify(chained, known=(0, trail.GENESIS)) == []


def test_two_sealers_at_once_chain_each_row_once(sessions: Sessions, session: Session, now: datetime) -> None:
    write(session, now, 40)

    def seal(_: int) -> int:
        with begin(sessions) as mine:
            return trail.seal_batch(mine, now, limit=10)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(seal, range(4))) == 40
    session.expire_all()
    assert session.scalar(select(func.count(func.distinct(AuditEvent.seq)))) == 40
    assert trail.verify(session) == []


def test_rows_chained_while_it_is_verified_are_no_fault(
    sessions: Sessions, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Housekeeping chains new rows every few seconds, and a long trail takes minutes."""
    with sessions() as session:
        write(session, now)
        trail.seal_batch(session, now)
        session.commit()
    walked = trail._chained

    def chained_meanwhile(session: Session) -> Iterator[AuditEvent]:
        yield from walked(session)
        with sessions() as other:
            write(other, now + timedelta(minutes=1))
            assert trail.seal_batch(other, now) == 10
            other.commit()

    monkeypatch.setattr(trail, "_chained", chained_meanwhile)
    with reading(sessions) as session:
        assert trail.verify(session) == []
    monkeypatch.undo()
    with reading(sessions) as session:
        assert trail.verify(session) == []
        assert trail.head(session)[0] == 20


def test_the_first_rows_may_be_chained_while_it_is_verified(
    sessions: Sessions, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = trail._end

    def chained_after(session: Session) -> object:
        found = end(session)
        monkeypatch.undo()
        with sessions() as other:
            write(other, now)
            trail.seal_batch(other, now)
            other.commit()
        return found

    monkeypatch.setattr(trail, "_end", chained_after)
    with reading(sessions) as session:
        assert trail.verify(session) == []
