"""What puts a case in the queue, and how soon it is due."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.flags import arrived, flags_of, raise_flag
from app.cases.models import Case, CaseEvent, Lane
from app.cases.open import open_case
from app.cases.work import claim, close, snooze
from app.patients.models import Patient
from app.security.models import Staff
from app.store import new_id


def test_a_trigger_opens_one_case_with_everything_it_needs(
    session: Session, patient: Patient, ana: Staff, ben: Staff, now: datetime
) -> None:
    trigger = new_id()
    first = open_case(
        session, patient=patient, lane_key="discharge", now=now, occurred_at=now, trigger_id=trigger
    )
    again = open_case(
        session, patient=patient, lane_key="discharge", now=now, occurred_at=now, trigger_id=trigger
    )
    assert first is again
    assert (first.lane_key, first.priority) == ("discharge", "high")
    assert {first.owner_id, first.backup_id} == {ana.id, ben.id}
    assert first.due_at == now + timedelta(days=1, hours=1)  # 480 minutes at seven hours a day


def test_the_clock_starts_at_the_trigger_not_when_we_hear_of_it(
    session: Session, patient: Patient, now: datetime
) -> None:
    case = open_case(
        session, patient=patient, lane_key="discharge", now=now, occurred_at=now - timedelta(days=7)
    )
    assert case.due_at < now


def test_a_patient_keeps_the_same_coordinator(
    session: Session, patient: Patient, ana: Staff, ben: Staff, now: datetime
) -> None:
    cases = [
        open_case(session, patient=patient, lane_key=lane, now=now, occurred_at=now)
        for lane in ("confirmation", "no_show", "message")
    ]
    assert len({case.owner_id for case in cases}) == 1
    assert {cases[0].owner_id, cases[0].backup_id} == {ana.id, ben.id}


def test_a_lanes_own_people_come_first(
    session: Session, patient: Patient, ana: Staff, ben: Staff, nurse: Staff, now: datetime
) -> None:
    session.get_one(Lane, "discharge").owner_id = nurse.id
    case = open_case(session, patient=patient, lane_key="discharge", now=now, occurred_at=now)
    assert case.owner_id == nurse.id
    assert case.backup_id in (ana.id, ben.id)


def test_nobody_is_given_a_case_while_away(
    session: Session, patient: Patient, ana: Staff, ben: Staff, now: datetime
) -> None:
    ana.away_until = now + timedelta(days=1)
    case = open_case(session, patient=patient, lane_key="discharge", now=now, occurred_at=now)
    assert case.owner_id == ben.id


def test_a_flag_puts_the_case_in_the_queue_with_reason_and_words(
    session: Session, case: Case, now: datetime
) -> None:
    flag = raise_flag(
        session,
        case,
        urgency=2,
        because="feels worse",
        source="m1",
        now=now,
        words="much worse",
        evidence=[{"start": 5}],
    )
    session.commit()
    session.expire_all()
    assert flag is not None
    assert (flag.words, flag.evidence) == ("much worse", [{"start": 5}])
    assert (case.needs_person, case.urgency, case.because) == (True, 2, "feels worse")
    assert case.due_at == now + timedelta(minutes=30)


def test_one_source_flags_once(session: Session, case: Case, now: datetime) -> None:
    assert (
        raise_flag(session, case, urgency=1, because="asked for a person", source="m1", now=now) is not None
    )
    assert raise_flag(session, case, urgency=1, because="asked for a person", source="m1", now=now) is None
    assert len(flags_of(session, case.id)) == 1


def test_the_most_urgent_flag_gives_reason_and_due_time(session: Session, case: Case, now: datetime) -> None:
    raise_flag(session, case, urgency=3, because="chest pain", source="m1", now=now)
    raise_flag(session, case, urgency=1, because="wants a call", source="m2", now=now + timedelta(minutes=5))
    assert (case.urgency, case.because, case.due_at) == (3, "chest pain", now)


def test_an_emergency_is_due_at_once_at_any_hour(session: Session, case: Case, now: datetime) -> None:
    night = now + timedelta(hours=12)
    raise_flag(session, case, urgency=3, because="chest pain", source="m1", now=night)
    assert case.due_at == night
    raise_flag(session, case, urgency=2, because="fever", source="m2", now=night)
    assert case.due_at == night


def test_an_urgent_flag_at_night_is_due_when_the_practice_has_been_open_for_its_window(
    session: Session, case: Case, now: datetime
) -> None:
    raise_flag(session, case, urgency=2, because="fever", source="m1", now=now + timedelta(hours=12))
    assert case.due_at == now + timedelta(days=1, minutes=30)


def test_a_flag_opens_a_closed_case_again(session: Session, case: Case, ana: Staff, now: datetime) -> None:
    close(session, case.id, ana, now, "completed", resolution="All questions answered by phone")
    raise_flag(session, case, urgency=1, because="wrote again", source="m9", now=now)
    assert (case.closed_at, case.status, case.needs_person) == (None, "open", True)
    kinds = list(session.scalars(select(CaseEvent.kind).where(CaseEvent.case_id == case.id)))
    assert "reopened" in kinds


def test_a_flag_ends_a_snooze(session: Session, case: Case, ana: Staff, now: datetime) -> None:
    snooze(session, case.id, ana, now, until=now + timedelta(days=3), because="fax from the cardiologist")
    assert case.snoozed_until is not None
    raise_flag(session, case, urgency=1, because="wrote again", source="m9", now=now)
    assert case.snoozed_until is None


def test_messages_nobody_has_read_are_counted(session: Session, case: Case, now: datetime) -> None:
    arrived(session, case, now)
    arrived(session, case, now)
    assert case.unread == 2


def test_a_flag_while_somebody_has_the_case_stays_theirs(
    session: Session, case: Case, ana: Staff, now: datetime
) -> None:
    claim(session, case.id, ana, now)
    raise_flag(session, case, urgency=2, because="fever", source="m1", now=now)
    assert (case.claimed_by, case.needs_person) == (ana.id, True)


@pytest.mark.parametrize("urgency", [1, 2, 3])
def test_sources_are_cut_to_what_fits(session: Session, case: Case, now: datetime, urgency: int) -> None:
    assert raise_flag(session, case, urgency=urgency, because="x", source="s" * 300, now=now) is not None
    session.commit()
