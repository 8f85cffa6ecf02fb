"""A trial for one pair of eyes: measured on every example, shown with patients' words of their own sites only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import trail
from app.console.access import me
from app.console.queue_rows import View
from app.console.services import now, services
from app.console.trial_words import Told, told
from app.store import begin
from app.teaching.examples import correction_id
from app.teaching.models import Correction
from app.teaching.trial import Trial

SHOWN = 40


@dataclass(frozen=True, slots=True)
class TrialPage:
    """What a page shows of a trial: changes in words, how many more there are, how many are of other sites."""

    outcome: Trial
    changes: list[Told]
    more: int
    elsewhere: int
    corrections: Mapping[UUID, UUID]
    """The patients' replies that are shown, each with its case."""


def trial_page(session: Session, view: View, outcome: Trial) -> TrialPage:
    """The trial as this person may see it."""
    cases = _cases(session, view, outcome)
    seen = [change for change in outcome.changes if not change.own or correction_id(change.row) in cases]
    shown = seen[:SHOWN]
    ids = [correction_id(change.row) for change in shown if change.own]
    return TrialPage(
        outcome,
        [told(change) for change in shown],
        len(seen) - len(shown),
        len(outcome.changes) - len(seen),
        {one: cases[one] for one in ids if one is not None},
    )


def on_record(page: TrialPage) -> None:
    """A trial may show patients' words: whose, and who saw them, is in the trail."""
    found = page.corrections
    with begin(services().sessions) as session:
        trail.record(
            session,
            actor_kind=trail.STAFF,
            actor=str(me().id),
            action="words.try",
            subject_kind="word_revision",
            subject_id="-",
            now=now(),
            detail={
                "changes": len(page.outcome.changes),
                "corrections": sorted(str(one) for one in found),
                "cases": sorted({str(case) for case in found.values()}),
            },
        )


def _cases(session: Session, view: View, outcome: Trial) -> dict[UUID, UUID]:
    """The cases of the changed examples of this person's sites."""
    ids = [one for change in outcome.changes if (one := correction_id(change.row))]
    query = select(Correction.id, Correction.case_id).where(
        Correction.id.in_(ids), Correction.site_id.in_(view.sites)
    )
    return dict(session.execute(query).all())
