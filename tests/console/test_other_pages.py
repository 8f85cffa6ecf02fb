"""People, audit trail, settings and import."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, text

from app.audit import trail
from app.audit.models import AuditEvent
from app.patients.models import Patient
from app.security.models import Staff
from app.services import Services
from app.store import begin, new_id
from tests.console.conftest import Practice
from tests.console.pages import Browser

CSV = b"""MRN,First name,Last name,Date of birth,Mobile phone,Language,Discharge date,Disposition
Z900,Nadia,Invented,1961-02-03,(312) 555-0177,English,2026-11-01 14:00,Home
Z901,Noel,,1961-02-03,none,English,2026-11-01 14:00,Home
"""


def test_adding_a_person_who_then_signs_in(
    somebody: Callable[[str], Browser], browser: Browser, services: Services
) -> None:
    ada = somebody("ada")
    ada.get("/staff")
    ada.send("/staff", name="New Person", email="not an address", status=422)
    assert 'value="New Person"' in ada.page.html
    page = ada.send("/staff", name="New Person", email="new@example.org", roles="coordinator")
    password = re.search(r"only this once: (\S+)", page.words)
    assert password is not None
    assert browser.sign_in("new@example.org", password[1]).h1 == ["Queue"]
    assert (
        "has an account already"
        in ada.send("/staff", name="X", email="NEW@example.org", roles="nurse", status=409).words
    )


def test_roles_access_and_passwords(
    somebody: Callable[[str], Browser], ana: Browser, practice: Practice, services: Services
) -> None:
    ada, one = somebody("ada"), practice.staff["ana"]
    ada.get("/staff")
    ada.post(f"/staff/{one}/roles", roles="auditor")
    ana.get("/", status=403)
    assert "Choose at least one role" in ada.post(f"/staff/{one}/roles", status=422).words
    ada.post(f"/staff/{one}/active", active="")
    assert ana.get("/account").h1 == ["Sign in"]
    ada.post(f"/staff/{one}/active", active="yes")
    assert "only this once" in ada.post(f"/staff/{one}/password").words
    ada.post(f"/staff/{new_id()}/password", status=404)
    with services.sessions() as session:
        actions = list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))
    assert [action for action in actions if action.startswith("staff.")] == [
        "staff.roles",
        "staff.deactivate",
        "staff.activate",
        "staff.password",
    ]


def test_nobody_locks_themselves_out(
    somebody: Callable[[str], Browser], practice: Practice, services: Services
) -> None:
    ada, own = somebody("ada"), practice.staff["ada"]
    ada.get("/staff")
    assert "ask another admin" in ada.post(f"/staff/{own}/active", active="", status=422).words
    assert "ask another admin" in ada.post(f"/staff/{own}/roles", roles="auditor", status=422).words
    with services.sessions() as session:
        assert session.get_one(Staff, own).roles == ["admin"]


def test_the_trail_is_read_and_verified(
    somebody: Callable[[str], Browser], ana: Browser, services: Services, practice: Practice, now: datetime
) -> None:
    for _ in range(60):
        ana.get(f"/cases/{practice.cases['rosa']}")
    with begin(services.sessions) as session:
        trail.seal_batch(session, now)
    auditor = somebody("aud")
    page = auditor.get("/audit")
    assert "Ana Marin case.view" in page.words
    assert "Delgado" not in page.html
    older = next(link for link, words in page.links.items() if words == "Older rows")
    assert "Ana Marin case.view" in auditor.get(older).words
    auditor.get("/audit")
    assert "The trail is whole: 60 chained rows" in auditor.send("/audit/verify").words
    with begin(services.sessions) as session:
        session.execute(text("DELETE FROM audit_event WHERE seq = 7"))
    auditor.get("/audit")
    assert "Row 7 was" in auditor.send("/audit/verify").words


def test_settings_are_shown(somebody: Callable[[str], Browser]) -> None:
    words = somebody("ada").get("/settings").words
    for part in ("Lakeside Clinic", "open now", "Discharge follow-up", "emergency at once", "24h: call"):
        assert part in words


def test_importing_a_file(somebody: Callable[[str], Browser], services: Services) -> None:
    boss = somebody("max")
    boss.get("/import")
    assert "Choose a file" in boss.send("/import", site="lake", status=422).words
    boss.get("/import")
    page = boss.send("/import", site="lake", dry="yes", file=(io.BytesIO(CSV), "people.csv"))
    assert "What would become of “people.csv”" in page.words
    with services.sessions() as session:
        assert len(list(session.scalars(select(Patient)))) == 4
    boss.get("/import")
    page = boss.send("/import", site="lake", file=(io.BytesIO(CSV), "people.csv"))
    assert "What became of “people.csv”" in page.words
    assert "quarantined" in page.words
    with services.sessions() as session:
        assert len(list(session.scalars(select(Patient)))) > 4
        assert (
            session.scalars(select(AuditEvent).where(AuditEvent.action == "import.run")).one().actor_kind
            == "staff"
        )


def test_a_file_that_is_too_large(somebody: Callable[[str], Browser]) -> None:
    boss = somebody("max")
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="big.csv"\r\n\r\n' + b"x" * 11 * 2**20
    )
    answer = boss.client.post("/import", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert "That file is too large" in answer.text
