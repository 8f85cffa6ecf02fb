"""Two coordinators claim the same case at the same moment: one has it, the other is told who."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier as Meeting
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.cases.flags import raise_flag
from app.cases.models import Case
from app.cases.work import claim
from app.errors import Conflict
from app.security.models import Staff
from app.store.database import Sessions


@pytest.mark.parametrize("attempt", range(5))
def test_one_of_two_wins(
    sessions: Sessions, session: Session, case: Case, ana: Staff, ben: Staff, now: datetime, attempt: int
) -> None:
    meeting = Meeting(2)

    def try_it(staff_id: UUID) -> str:
        with sessions() as mine:
            staff = mine.get_one(Staff, staff_id)
            mine.rollback()
            meeting.wait()
            try:
                claim(mine, case.id, staff, now)
            except Conflict as refused:
                return refused.words
            mine.commit()
            return "mine"

    session.rollback()
    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(try_it, (ana.id, ben.id)))
    session.expire_all()
    assert outcomes[1] == "mine"
    holder = session.get_one(Staff, session.get_one(Case, case.id).claimed_by)
    assert outcomes[0] == f"{holder.name.split()[0]} has this since 09:00."


def test_a_flag_and_a_claim_at_once_both_count(
    sessions: Sessions, session: Session, case: Case, ana: Staff, now: datetime
) -> None:
    meeting = Meeting(2)
    case_id, ana_id = case.id, ana.id
    session.rollback()

    def flag() -> None:
        with sessions() as mine:
            loaded = mine.get_one(Case, case_id)
            mine.rollback()
            meeting.wait()
            raise_flag(mine, loaded, urgency=2, because="fever", source="m1", now=now)
            mine.commit()

    def take() -> None:
        with sessions() as mine:
            staff = mine.get_one(Staff, ana_id)
            mine.rollback()
            meeting.wait()
            claim(mine, case_id, staff, now)
            mine.commit()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(flag), pool.submit(take)]:
            done.result()
    session.expire_all()
    after = session.get_one(Case, case_id)
    assert (after.claimed_by, after.needs_person) == (ana_id, True)
