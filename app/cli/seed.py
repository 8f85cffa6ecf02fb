"""Sets up the sandbox practice: a site, its people, lanes, scripts and free times. Running it again changes nothing."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.lanes import seed_lanes
from app.cases.models import Lane
from app.cli import runtime
from app.clock import SystemClock
from app.conversations.scripts import publish_files
from app.errors import Invalid
from app.patients.models import Site
from app.scheduling.models import Slot
from app.security.api_keys import SCOPES, digest
from app.security.models import ApiKey, Staff
from app.security.people import add_staff
from app.services import keyring
from app.settings import Settings
from app.store import begin, make_engine, make_sessions
from app.store.heads import require_newest

PASSWORD: Final = "sandbox river 42"
PEOPLE: Final = (
    ("coordinator@riverside.example", "Ana Whitfield", "coordinator", "+13125550181"),
    ("backup@riverside.example", "Ben Castellano", "coordinator", "+13125550182"),
    ("nurse@riverside.example", "Noor Haddad", "nurse", "+13125550183"),
    ("admin@riverside.example", "Ada Lindgren", "admin", None),
    ("manager@riverside.example", "Mia Okonkwo", "manager", "+13125550184"),
    ("auditor@riverside.example", "Art Vandermeer", "auditor", None),
)
HOURS: Final = {day: [["08:00", "12:00"], ["13:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
VISITS: Final = ("follow-up", "primary-care", "specialist")
SLOT_TIMES: Final = (time(9, 0), time(11, 30), time(15, 15))
DAYS_AHEAD: Final = 21


def main(argv: list[str]) -> int:
    """Seed the sandbox practice and print its logins; refused where real patients are."""
    settings = runtime.settings()
    if settings.production:
        raise Invalid(
            "The sandbox practice is not for production: use `careloop setup`, `site add` and `staff add`."
        )
    now = SystemClock().now()
    engine = make_engine(settings.database_url, keyring(settings))
    require_newest(engine)
    with begin(make_sessions(engine)) as session:
        seed(session, settings, now)
    print("Sign in at the console with one of these, password: " + PASSWORD)
    for email, _, role, _ in PEOPLE:
        print(f"  {email:32} {role}")
    return 0


def seed(session: Session, settings: Settings, now: datetime) -> Site:
    """Everything the sandbox practice needs, added where it is missing."""
    site = _site(session, settings)
    staff = _staff(session, now)
    seed_lanes(session)
    for lane in session.scalars(select(Lane).where(Lane.owner_id.is_(None))):
        lane.owner_id, lane.backup_id = staff[0].id, staff[1].id
    publish_files(session, settings.flows_dir, now)
    _slots(session, site, now)
    _key(session, settings, now)
    return site


def _site(session: Session, settings: Settings) -> Site:
    site = session.scalars(select(Site).where(Site.key == "riverside")).one_or_none()
    if site is None:
        number = settings.twilio_from_number or "+13125550100"
        site = Site(
            key="riverside",
            name="Riverside Clinic",
            phone="312-555-0100",
            time_zone="America/Chicago",
            languages=["en", "es"],
            hours=HOURS,
            # A sandbox answers at any hour; a real practice keeps the default window of 9:00 to 20:00.
            window={"sandbox": True},
            holidays="US",
            numbers=[number],
            transfer_number="+13125550199",
            settings={"start_after": {"discharge": "0m", "no_show": "0m"}},
        )
        session.add(site)
        session.flush()
    return site


def _staff(session: Session, now: datetime) -> list[Staff]:
    found = {person.email: person for person in session.scalars(select(Staff))}
    people = []
    for email, name, role, phone in PEOPLE:
        person = found.get(email)
        if person is None:
            person = add_staff(session, email=email, name=name, password=PASSWORD, roles=(role,), now=now)
            person.phone = phone
        people.append(person)
    return people


def _slots(session: Session, site: Site, now: datetime) -> None:
    zone = ZoneInfo(site.time_zone)
    known = set(session.scalars(select(Slot.external_id).where(Slot.system == "sandbox")))
    today = now.astimezone(zone).date()
    for ahead in range(1, DAYS_AHEAD + 1):
        day = today + timedelta(days=ahead)
        if day.weekday() > 4:
            continue
        for visit in VISITS:
            for at in SLOT_TIMES:
                name = f"{visit}-{day.isoformat()}-{at:%H%M}"
                if name not in known:
                    start = datetime.combine(day, at, tzinfo=zone)
                    session.add(_slot(site, visit, name, start, now))


def _slot(site: Site, visit: str, name: str, start: datetime, now: datetime) -> Slot:
    return Slot(
        site_id=site.id,
        system="sandbox",
        external_id=name,
        visit=visit,
        start_at=start,
        practitioner="Dr. Patel",
        location="Riverside Clinic, 2nd floor",
        updated_at=now,
    )


def _key(session: Session, settings: Settings, now: datetime) -> None:
    """The key with which the patients' phones page starts its stories."""
    token = settings.sandbox_api_key
    if token and session.scalar(select(ApiKey.id).where(ApiKey.digest == digest(token))) is None:
        session.add(ApiKey(name="sandbox phones", digest=digest(token), scopes=list(SCOPES), created_at=now))
