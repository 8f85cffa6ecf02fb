"""The queue's rows: few queries for a page, whatever the number of cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.cases.models import Case, Flag, Lane
from app.console import paging
from app.console.phrases import Piece, ago_words, due_words, marked, when_words
from app.outbox.models import Message
from app.patients.models import Patient, Site
from app.security.models import Staff
from app.understanding.reading import Urgency

NEEDS, MINE, WAITING, OPEN, CLOSED = "needs", "mine", "waiting", "open", "closed"
TABS = {NEEDS: "Needs a person", MINE: "Mine", WAITING: "Waiting", OPEN: "All open", CLOSED: "Closed"}
MOST_COUNTED = 500
Where = list[ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Row:
    """One case as the queue shows it."""

    case: Case
    patient: Patient
    lane: str
    site: str
    flag: Flag | None
    flags: int
    words: list[Piece]
    language: str
    due: str
    overdue: bool
    waiting: str
    owner: str
    holder: str

    @property
    def key(self) -> str:
        """What changes whenever the row's case does."""
        return f"{self.case.id}:{self.case.version}"


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows and where the next page begins, if there is one."""

    rows: list[Row]
    after: str | None


@dataclass(frozen=True, slots=True)
class View:
    """Who looks, when: decides which sites' cases are seen."""

    staff: Staff
    now: datetime
    sites: dict[UUID, Site]


def view_of(session: Session, staff: Staff, now: datetime) -> View:
    """What this person may see: the sites they work at, or all of them when none is named."""
    sites = session.scalars(select(Site))
    return View(
        staff, now, {site.id: site for site in sites if not staff.site_keys or site.key in staff.site_keys}
    )


def page(session: Session, view: View, tab: str, after: str | None = None) -> Page:
    """A page of a tab, in its order."""
    # Narrow rows are sorted first; names and words are fetched for those of this page only.
    ids = list(session.scalars(_ordered(_of_tab(view, tab), tab, after).limit(paging.SIZE + 1)))
    rows = rows_of(session, view, _with_patients(session, ids[: paging.SIZE]))
    return Page(rows, _cursor(tab, rows[-1].case) if len(ids) > paging.SIZE else None)


def counts(session: Session, view: View) -> dict[str, int]:
    """How many cases the other tabs have; counting stops at 500."""
    return {tab: _count(session, _of_tab(view, tab)) for tab in (MINE, WAITING, OPEN)}


def by_urgency(session: Session, view: View) -> dict[int, int]:
    """How many cases need a person, by urgency."""
    query = select(Case.urgency, func.count()).where(*_needing(view)).group_by(Case.urgency)
    return {int(urgency): int(number) for urgency, number in session.execute(query)}


def emergencies(session: Session, view: View) -> int:
    """How many emergencies nobody has claimed."""
    query = select(func.count()).where(
        *_needing(view), Case.urgency >= int(Urgency.EMERGENCY), Case.claimed_by.is_(None)
    )
    return session.scalar(query) or 0


def rows_of(session: Session, view: View, found: Sequence[tuple[Case, Patient]]) -> list[Row]:
    """The rows of these cases: a query for each kind of thing on them, however many they are."""
    flags, languages = _flags(session, [case.id for case, _ in found])
    names = {staff.id: staff.name for staff in session.scalars(select(Staff))} if found else {}
    lanes = {lane.key: lane.title for lane in session.scalars(select(Lane))} if found else {}
    return [
        _row(view, case, patient, flags.get(case.id, []), names, lanes, languages) for case, patient in found
    ]


def _with_patients(session: Session, ids: Sequence[UUID]) -> list[tuple[Case, Patient]]:
    """The cases with their patients, in the order of the ids."""
    query = select(Case, Patient).join(Patient, Patient.id == Case.patient_id).where(Case.id.in_(ids))
    found = {case.id: (case, patient) for case, patient in session.execute(query)} if ids else {}
    return [found[case_id] for case_id in ids if case_id in found]


def _row(
    view: View,
    case: Case,
    patient: Patient,
    flags: list[Flag],
    names: dict[UUID, str],
    lanes: dict[str, str],
    languages: dict[UUID, str],
) -> Row:
    site = view.sites[case.site_id]
    zone, flag = ZoneInfo(site.time_zone), flags[0] if flags else None
    return Row(
        case=case,
        patient=patient,
        lane=lanes.get(case.lane_key, case.lane_key),
        site=site.name if len(view.sites) > 1 else "",
        flag=flag,
        flags=len(flags),
        words=marked(flag.words, flag.evidence) if flag is not None and flag.words else [],
        language=languages.get(flag.message_id, "") if flag is not None and flag.message_id else "",
        due=_due(case, view.now, zone),
        overdue=case.closed_at is None and case.due_at < view.now and (case.needs_person or not case.reached),
        waiting=ago_words(flag.raised_at, view.now) if flag else "",
        owner=names.get(case.owner_id, "Nobody") if case.owner_id else "Nobody",
        holder=names.get(case.claimed_by, "") if case.claimed_by else "",
    )


def _due(case: Case, now: datetime, zone: ZoneInfo) -> str:
    if case.closed_at is not None:
        return f"closed {when_words(case.closed_at, now, zone)}"
    if case.snoozed_until is not None and case.snoozed_until > now:
        return f"waits until {when_words(case.snoozed_until, now, zone)}"
    if not case.needs_person and case.reached:
        return "in touch"
    return due_words(case.due_at, now, zone)


def _flags(session: Session, case_ids: Iterable[UUID]) -> tuple[dict[UUID, list[Flag]], dict[UUID, str]]:
    """Each case's flags (unacknowledged first, then the most urgent, then the newest), and by message the
    language of their words."""
    order = (Flag.acknowledged_at.is_not(None), Flag.urgency.desc(), Flag.raised_at.desc())
    query = select(Flag, Message.language).outerjoin(Message, Message.id == Flag.message_id)
    found: dict[UUID, list[Flag]] = {}
    languages: dict[UUID, str] = {}
    for flag, language in session.execute(query.where(Flag.case_id.in_(list(case_ids))).order_by(*order)):
        found.setdefault(flag.case_id, []).append(flag)
        if flag.message_id and language:
            languages[flag.message_id] = language
    return found, languages


def _needing(view: View) -> Where:
    return [
        Case.site_id.in_(view.sites),
        Case.needs_person == true(),
        Case.closed_at.is_(None),
        or_(Case.snoozed_until.is_(None), Case.snoozed_until <= view.now),
    ]


def _mine(view: View) -> ColumnElement[bool]:
    """What one has claimed, and what one owns that needs a person: each over its own index."""
    claimed = select(Case.id).where(Case.claimed_by == view.staff.id, Case.closed_at.is_(None))
    owned = select(Case.id).where(Case.owner_id == view.staff.id, *_needing(view))
    return Case.id.in_(claimed.union_all(owned))


def _of_tab(view: View, tab: str) -> Where:
    at_sites, still_open = Case.site_id.in_(view.sites), Case.closed_at.is_(None)
    asleep = and_(Case.snoozed_until.is_not(None), Case.snoozed_until > view.now)
    tabs: dict[str, Where] = {
        NEEDS: _needing(view),
        MINE: [at_sites, still_open, _mine(view)],
        WAITING: [at_sites, still_open, or_(Case.needs_person == false(), asleep)],
        OPEN: [at_sites, still_open],
        CLOSED: [at_sites, Case.closed_at.is_not(None)],
    }
    return tabs[tab]


def _ordered(where: Where, tab: str, after: str | None) -> Select[UUID]:
    query = select(Case.id).where(*where)
    if tab in (NEEDS, MINE):
        return _past_urgency(query, after).order_by(Case.urgency.desc(), Case.due_at, Case.id)
    if tab == CLOSED:
        return _past(query, after, Case.closed_at, newest_first=True).order_by(
            Case.closed_at.desc(), Case.id.desc()
        )
    return _past(query, after, Case.due_at).order_by(Case.due_at, Case.id)


def _past_urgency(query: Select[UUID], after: str | None) -> Select[UUID]:
    values = paging.parse(after, int, *paging.MOMENT)
    if values is None:
        return query
    urgency, *last = values
    later = paging.beyond(Case.due_at, Case.id, last, down=False)
    return query.where(or_(Case.urgency < urgency, and_(Case.urgency == urgency, later)))


def _past(
    query: Select[UUID], after: str | None, at: InstrumentedAttribute[Any], *, newest_first: bool = False
) -> Select[UUID]:
    last = paging.parse(after, *paging.MOMENT)
    return query.where(paging.beyond(at, Case.id, last, down=newest_first)) if last else query


def _cursor(tab: str, case: Case) -> str:
    if tab in (NEEDS, MINE):
        return paging.cursor(case.urgency, case.due_at, str(case.id))
    return paging.cursor(case.closed_at if tab == CLOSED else case.due_at, str(case.id))


def _count(session: Session, where: Where) -> int:
    some = select(Case.id).where(*where).limit(MOST_COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0
