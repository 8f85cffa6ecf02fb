"""A practice with lanes, scripts and words, that files can be taken in for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.cases.lanes import seed_lanes
from app.conversations.kit import Kit
from app.conversations.scripts import Scripts
from app.ehr.report import Report
from app.ehr.run import Sender, take_in
from app.i18n.catalogs import Catalogs
from app.patients.models import Site
from app.store import Sessions
from app.store.database import begin

ROOT = Path(__file__).parents[2]
TakeIn = Callable[..., Report]


@pytest.fixture
def site(sessions: Sessions) -> Site:
    with begin(sessions) as session:
        seed_lanes(session)
        site = Site(key="north", name="Northside Clinic", phone="+13125550100", time_zone="America/Chicago")
        site.hours = {day: [["08:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
        session.add(site)
    return site


@pytest.fixture(scope="session")
def kit() -> Kit:
    return Kit(Scripts(), Catalogs.load(ROOT / "locales"))


@pytest.fixture
def take(sessions: Sessions, store: Session, site: Site, kit: Kit, now: datetime) -> TakeIn:
    """`take(data)` takes one file in at the test's time and gives its report."""

    def run(
        data: bytes | str, *, at: datetime | None = None, dry_run: bool = False, source: str = "clinic"
    ) -> Report:
        raw = data.encode() if isinstance(data, str) else data
        store.rollback()  # what the test has read must not be in the way, nor remembered
        sender = Sender(source=source, site_id=site.id)
        (report,) = take_in(sessions, kit, sender, [("file", raw)], now=at or now, dry_run=dry_run)
        return report

    return run


@pytest.fixture
def store(session: Session) -> Session:
    """The database as it is; every `take` forgets what was read before."""
    return session
