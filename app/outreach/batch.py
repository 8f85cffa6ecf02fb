"""Everything many attempts are judged by, their cases locked, in a handful of statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.events import hold
from app.cases.models import Case, Lane
from app.conversations.known import Known
from app.outreach.models import Attempt
from app.outreach.together import Reminder, reminders_of
from app.patients.models import Patient, Site
from app.patients.people import contacts_of
from app.scheduling.appointments import visits_of

Table = TypeVar("Table", Patient, Site)
_FRESH = {"populate_existing": True}


@dataclass(frozen=True, slots=True)
class One:
    """An attempt that is still to be made, and whom it is about."""

    attempt: Attempt
    case: Case
    patient: Patient
    site: Site
    known: Known


@dataclass(slots=True)
class Batch:
    """Attempts to judge now, each of another patient; `over` need nothing more."""

    ones: list[One] = field(default_factory=list)
    over: list[UUID] = field(default_factory=list)
    lanes: dict[str, Lane] = field(default_factory=dict)
    reminders: dict[UUID, list[Reminder]] = field(default_factory=dict)
    """The reminders each patient had lately, where this batch is about visits."""


def read(session: Session, ids: Collection[UUID], now: datetime) -> Batch:
    """Lock the cases of these attempts and read what belongs to them.

    Of several, those whose case somebody holds at this moment, and the second one of a patient, are left out: they
    are nowhere in the batch. A single one is waited for.
    """
    # The cases first, like everybody: who withdraws one, or takes it, waits for us or is seen by us.
    cases = {case.id: case for case in _locked(session, ids)}
    query = select(Attempt).where(Attempt.id.in_(ids))
    attempts = session.scalars(query.order_by(Attempt.due_at, Attempt.id), execution_options=_FRESH).all()
    found = [attempt for attempt in attempts if attempt.case_id in cases and attempt.done_at is None]
    pending = {attempt.id for attempt in attempts if attempt.done_at is None}
    first = {cases[attempt.case_id].patient_id: attempt for attempt in reversed(found)}
    batch = Batch(over=[attempt_id for attempt_id in ids if attempt_id not in pending])
    _read_more(session, batch, [(attempt, cases[attempt.case_id]) for attempt in first.values()], now)
    return batch


def _locked(session: Session, ids: Collection[UUID]) -> Sequence[Case]:
    theirs = select(Attempt.case_id).where(Attempt.id.in_(ids))
    query = select(Case).where(Case.id.in_(theirs)).order_by(Case.id)
    query = query.with_for_update(of=Case, skip_locked=len(ids) > 1)
    cases = session.scalars(query, execution_options=_FRESH).all()
    for case in cases:
        hold(session, case)
    return cases


def _read_more(session: Session, batch: Batch, pairs: list[tuple[Attempt, Case]], now: datetime) -> None:
    if not pairs:
        return
    patients = {p.id: p for p in _in(session, Patient, {case.patient_id for _, case in pairs})}
    sites = {s.id: s for s in _in(session, Site, {case.site_id for _, case in pairs})}
    lanes = session.scalars(select(Lane).where(Lane.key.in_({case.lane_key for _, case in pairs})))
    batch.lanes = {lane.key: lane for lane in lanes}
    named = {case.appointment_id for _, case in pairs if case.appointment_id is not None}
    numbers, visits = contacts_of(session, patients), visits_of(session, patients, named, now)
    if named:
        batch.reminders = reminders_of(session, patients, now)
    for attempt, case in pairs:
        patient, site = patients[case.patient_id], sites[case.site_id]
        batch.ones.append(One(attempt, case, patient, site, Known(numbers[patient.id], visits[patient.id])))


def _in(session: Session, kind: type[Table], ids: Collection[UUID]) -> Iterable[Table]:
    return session.scalars(select(kind).where(kind.id.in_(ids)), execution_options=_FRESH).all()
