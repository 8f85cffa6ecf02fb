"""What nobody acts on climbs; what was promised and not done comes back."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from rq.timeouts import JobTimeoutException
from sqlalchemy.orm import Session

from app.cases.climb import Climb, climbing
from app.cases.documents import make_promise
from app.cases.flags import flags_of, raise_flag
from app.cases.models import Case
from app.cases.work import acknowledge, close
from app.security.models import Staff
from app.store.database import Sessions


def rungs(sessions: Sessions, at: datetime) -> list[tuple[str, int]]:
    """The rung and the number of people of each climb at a moment."""
    return [(climb.rung, len(climb.staff_ids)) for climb in climbing(sessions, at)]


def test_an_emergency_climbs_every_two_minutes_until_somebody_acknowledges(
    sessions: Sessions, session: Session, case: Case, ana: Staff, nurse: Staff, manager: Staff, now: datetime
) -> None:
    night = now + timedelta(hours=12)
    raise_flag(session, case, urgency=3, because="chest pain", source="m1", now=night)
    session.commit()
    seen = []
    for minute in range(9):
        seen += rungs(sessions, night + timedelta(minutes=minute))
    assert seen == [("owner and backup", 2), ("nurses", 1), ("managers", 1), ("managers", 1), ("managers", 1)]
    session.expire_all()
    acknowledge(session, case.id, ana, night)
    session.commit()
    assert rungs(sessions, night + timedelta(hours=1)) == []


def test_an_urgent_flag_climbs_in_business_time(
    sessions: Sessions, session: Session, case: Case, now: datetime
) -> None:
    evening = now + timedelta(hours=7, minutes=55)  # five minutes before closing
    raise_flag(session, case, urgency=2, because="fever", source="m1", now=evening)
    session.commit()
    assert rungs(sessions, evening) == [("owner", 1)]
    assert rungs(sessions, evening + timedelta(hours=10)) == []
    morning = now + timedelta(days=1, minutes=10)
    assert rungs(sessions, morning) == [("backup", 1)]


def test_flags_of_one_burst_are_one_alert(
    sessions: Sessions, session: Session, case: Case, nurse: Staff, now: datetime
) -> None:
    for source in ("m1", "m1:script", "m2"):
        raise_flag(session, case, urgency=3, because="chest pain", source=source, now=now)
    session.commit()
    assert rungs(sessions, now) == [("owner and backup", 2)]
    raise_flag(session, case, urgency=3, because="fainted", source="m3", now=now + timedelta(minutes=1))
    session.commit()
    assert rungs(sessions, now + timedelta(minutes=1)) == []
    assert rungs(sessions, now + timedelta(minutes=2)) == [("nurses", 1)]


def test_a_worse_flag_is_told_at_once(
    sessions: Sessions, session: Session, case: Case, now: datetime
) -> None:
    raise_flag(session, case, urgency=2, because="fever", source="m1", now=now)
    session.commit()
    assert rungs(sessions, now) == [("owner", 1)]
    raise_flag(session, case, urgency=3, because="confused now", source="m2", now=now + timedelta(seconds=20))
    session.commit()
    assert rungs(sessions, now + timedelta(seconds=20)) == [("owner and backup", 2)]


def test_empty_rungs_are_passed_over(
    sessions: Sessions, session: Session, case: Case, ana: Staff, ben: Staff, manager: Staff, now: datetime
) -> None:
    ana.away_until = ben.away_until = now + timedelta(days=1)
    raise_flag(session, case, urgency=3, because="chest pain", source="m1", now=now)
    session.commit()
    assert rungs(sessions, now) == [("managers", 1)]


def test_routine_flags_do_not_climb(sessions: Sessions, session: Session, case: Case, now: datetime) -> None:
    raise_flag(session, case, urgency=1, because="wants a call", source="m1", now=now)
    session.commit()
    assert rungs(sessions, now + timedelta(days=2)) == []


def test_a_promise_past_its_date_asks_for_a_person_once(
    sessions: Sessions, session: Session, case: Case, ana: Staff, now: datetime
) -> None:
    make_promise(
        session, case, who="the other office", what="fax the report", due_at=now + timedelta(days=1), now=now
    )
    session.commit()
    climbing(sessions, now + timedelta(hours=1))
    session.expire_all()
    assert not case.needs_person
    session.rollback()
    for hour in range(30, 33):
        climbing(sessions, now + timedelta(hours=hour))
    session.expire_all()
    assert case.because == "promised by the other office, not done in time"
    assert len(flags_of(session, case.id)) == 1


def test_a_closed_cases_promise_is_left_alone(
    sessions: Sessions, session: Session, case: Case, ana: Staff, now: datetime
) -> None:
    make_promise(session, case, who="the other office", what="fax the report", due_at=now, now=now)
    close(session, case.id, ana, now, "declined", resolution="She has another doctor now")
    session.commit()
    climbing(sessions, now + timedelta(days=1))
    session.expire_all()
    assert case.closed_at is not None


def test_one_that_cannot_be_told_keeps_nobody_else_from_climbing(
    sessions: Sessions, session: Session, case: Case, now: datetime
) -> None:
    first = raise_flag(session, case, urgency=2, because="fever", source="m1", now=now)
    raise_flag(session, case, urgency=3, because="chest pain", source="m2", now=now)
    session.commit()
    assert first is not None

    def tell(_: Session, found: Climb) -> list[UUID]:
        if found.flag_id == first.id:
            raise ZeroDivisionError
        return []

    assert [climb.urgency for climb in climbing(sessions, now, tell)] == [3]


def test_when_the_jobs_time_is_up_it_ends(
    sessions: Sessions, session: Session, case: Case, now: datetime
) -> None:
    """Its alarm rings but once: swallowed, the rest would go on for ever."""
    raise_flag(session, case, urgency=2, because="fever", source="m1", now=now)
    session.commit()

    def tell(_: Session, found: Climb) -> list[UUID]:
        raise JobTimeoutException

    with pytest.raises(JobTimeoutException):
        climbing(sessions, now, tell)
