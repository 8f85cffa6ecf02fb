"""People, audit trail, settings and import."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select, text

from app.audit import trail
from app.audit.models import AuditEvent
from app.channels.holds import hold
from app.console import import_runs, key_words, paging
from app.ehr.models import ImportRow, ImportRun
from app.patients.models import Patient
from app.security.models import Staff
from app.services import Services
from app.store import begin, new_id
from tests.console.conftest import Practice
from tests.console.pages import Browser
from tests.support.source import sources

CSV = b"""MRN,First name,Last name,Date of birth,Mobile phone,Language,Discharge date,Disposition
Z900,Nadia,Invented,1961-02-03,(312) 555-0177,English,2026-11-01 14:00,Home
Z901,Noel,,1961-02-03,none,English,2026-11-01 14:00,Home
"""


def test_adding_a_person_who_then_signs_in(
    somebody: Callable[[str], Browser], browser: Browser, services: Services
) -> None:
    ada = somebody("ada")
    ada.get("/staff")
    ada.send("/staff", name="New Person", email="not an address", sites="hill", status=422)
    assert re.search(r'value="hill" checked', ada.page.html)
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
    assert "Ana Marin opened a case" in page.words
    assert "Delgado" not in page.html
    older = next(link for link, words in page.links.items() if words == "Older rows")
    assert "Ana Marin opened a case" in auditor.get(older).words
    auditor.get("/audit")
    assert "The trail is whole: 60 chained rows" in auditor.send("/audit/verify").words
    with begin(services.sessions) as session:
        session.execute(text("DELETE FROM audit_event WHERE seq = 7"))
    auditor.get("/audit")
    assert "Row 7 was" in auditor.send("/audit/verify").words


def test_who_opened_the_case_of_a_patient_can_be_answered(
    somebody: Callable[[str], Browser], ana: Browser, practice: Practice
) -> None:
    for name in ("rosa", "james"):
        ana.get(f"/cases/{practice.cases[name]}")
    ana.get("/account")
    auditor = somebody("aud")
    for number in (practice.cases["rosa"], practice.patients["rosa"], f"x/cases/{practice.cases['rosa']}"):
        words = auditor.get(f"/audit?about={number}").words
        assert words.count("Ana Marin opened a case") == 1
        assert f"patient: {practice.patients['rosa']}" in words
        assert str(practice.patients["james"]) not in words
    assert "opened a case" not in auditor.get(f"/audit?about={new_id()}").words
    page = auditor.get("/audit?about=Delgado")
    assert "That is not the number" in page.words
    assert "opened a case" not in page.words


def test_every_act_has_its_words() -> None:
    """The trail is read by people: what is written there is found in the code, and told in words."""
    acts = {
        found
        for source in sources("app")
        for found in re.findall(r'action="([a-z._-]+\.[a-z._-]+)"', source.text)
        if not source.name.startswith(("app/sandbox", "app/cli"))
    }
    assert {act for act in acts if act not in key_words.WORDS["act"]} == set()
    assert key_words.in_words("something.new_here", "act") == "something new here"


def test_settings_are_shown(somebody: Callable[[str], Browser]) -> None:
    words = somebody("ada").get("/settings").words
    for part in (
        "Lakeside Clinic",
        "open now",
        "Discharge follow-up",
        "emergency at once",
        "after 24h: calls",
    ):
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


def test_what_was_brought_in_can_be_looked_at_again(
    somebody: Callable[[str], Browser], services: Services, practice: Practice
) -> None:
    boss = somebody("max")
    assert "Nothing has been brought in yet" in boss.get("/import/runs").words
    boss.get("/import")
    wrong = CSV.replace(b"Noel,,1961-02-03", b"Noel,Invented,1961-22-03")
    page = boss.send("/import", site="lake", file=(io.BytesIO(wrong), "people.csv"))
    run = next(link for link, words in page.links.items() if words == "Every row, to look at again later")
    page = boss.get("/import/runs")
    assert page.links[run] == "people.csv"
    assert "1 quarantined" in page.words
    page = boss.get(f"{run}?outcome=quarantined")
    assert "1961-22-03" in page.words
    assert "encounter" not in page.words
    boss.get(f"/import/runs/{new_id()}", status=404)
    with begin(services.sessions) as session:
        session.get_one(Staff, practice.staff["max"]).site_keys = ["hill"]
        looks = session.scalars(select(AuditEvent).where(AuditEvent.action == "import.view")).all()
        assert [look.subject_id for look in looks] == [run.rsplit("/", 1)[1]]
    assert "Nothing has been brought in yet" in boss.get("/import/runs").words
    boss.get(run, status=404)


def test_a_long_import_and_many_are_read_page_by_page(
    somebody: Callable[[str], Browser], services: Services, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_runs, "ROWS", 2)
    monkeypatch.setattr(paging, "SIZE", 2)
    with begin(services.sessions) as session:
        for number in range(5):
            run = ImportRun(
                source="mllp", name=f"message {number}", format="hl7", digest="", started_at=now, counts={}
            )
            session.add(run)
        session.flush()
        session.add_all(
            ImportRow(run_id=run.id, place=place, outcome="taken", what="patient", reason=f"line {place}")
            for place in range(1, 6)
        )
        last = run.id
    boss = somebody("max")
    for address, older, word in (
        ("/import/runs", "Older imports", "message"),
        (f"/import/runs/{last}", "More rows", "line"),
    ):
        seen, page = [], boss.get(address)
        while True:
            seen += re.findall(rf"{word} \d", page.words.replace("message 4, hl7 from", ""))
            following = [link for link, words in page.links.items() if words == older]
            if not following:
                break
            page = boss.get(following[0])
        assert len(set(seen)) == 5


def test_a_test_patient_is_taken_here_as_through_the_api(
    somebody: Callable[[str], Browser], services: Services
) -> None:
    boss = somebody("max")
    boss.get("/import")
    body = CSV.replace(b"Nadia,Invented", b"Nadia,Zztest")
    assert (
        "marked as a test" not in boss.send("/import", site="lake", file=(io.BytesIO(body), "test.csv")).words
    )


def test_a_file_that_is_too_large(somebody: Callable[[str], Browser]) -> None:
    boss = somebody("max")
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="big.csv"\r\n\r\n' + b"x" * 11 * 2**20
    )
    answer = boss.client.post("/import", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert "That file is too large" in answer.text


def test_nothing_typed_is_lost_where_it_is_refused(ana: Browser, practice: Practice) -> None:
    ana.get("/account")
    page = ana.send("/account/reach", phone="nonsense", away="2026-12-24T12:00", status=422)
    assert page.form("/account/reach").fields["phone"] == "nonsense"
    assert page.form("/account/reach").fields["away"] == "2026-12-24T12:00"
    case = f"/cases/{practice.cases['james']}"
    ana.get(case)
    page = ana.send(f"{case}/reclassify", lane="no_show", because="x", status=422)
    assert page.form(f"{case}/reclassify").fields["because"] == "x"
    assert 'value="no_show" selected' in page.html
    ana.send(f"{case}/claim")
    ana.send(f"{case}/close", reason="completed", resolution="He is well.")
    page = ana.send(f"{case}/reopen", because="x", status=422)
    assert page.form(f"{case}/reopen").fields["because"] == "x"


def test_what_is_not_being_sent_stands_on_every_page(
    somebody: Callable[[str], Browser], ana: Browser, services: Services, now: datetime
) -> None:
    assert "No text leaves" not in ana.get("/").words
    with begin(services.sessions) as session:
        hold(session, "+13125550100", code="21606", reason="It cannot be used.", now=now)
    for page in (ana.get("/"), somebody("ada").get("/settings")):
        assert "No text leaves from +13125550100. It cannot be used." in page.words
