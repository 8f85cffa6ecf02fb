"""A practice is set up by the commands the README names, and its patients are followed up from then on."""

from __future__ import annotations

import io
import logging
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.cases.models import Case, Lane
from app.cli.main import main
from app.cli.supervise import read_procfile
from app.clock import SystemClock
from app.conversations.scripts import Scripts
from app.flow.loader import load_file
from app.outreach.models import Attempt
from app.outreach.start import start
from app.patients.models import Site
from app.store import Keyring, Sessions, begin, make_engine, make_sessions
from tests.support.surroundings import ENVIRON
from tests.support.world import KIT, ROOT

SITE = ["site", "add", "north", "North Clinic", "--phone", "312-555-0100", "--time-zone", "America/Chicago"]
SCRIPT = "appointment-confirmation"


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "flows", tmp_path / "flows"))


@pytest.fixture
def sessions(
    tmp_path: Path, flows: Path, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Sessions]:
    """An empty place for a database, which the commands work on."""
    handlers, level = logging.root.handlers, logging.root.level
    url = f"sqlite:///{tmp_path}/practice.db"
    given = {"DATABASE_URL": url, "STATE_DIR": str(tmp_path), "FLOWS_DIR": str(flows)}
    for name, value in {**ENVIRON, **given}.items():
        monkeypatch.setenv(name, value)
    engine = make_engine(url, keyring)
    yield make_sessions(engine)
    engine.dispose()
    logging.root.handlers, logging.root.level = handlers, level


def test_from_nothing_to_the_first_conversation(
    sessions: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["setup"]) == 0
    assert "`careloop site add`" in capsys.readouterr().out
    assert main(SITE) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse battery\n"))
    assert main(["staff", "add", "ana@example.org", "Ana Marin", "--role", "coordinator"]) == 0
    file = tmp_path / "discharges.csv"
    left = f"{SystemClock().now() - timedelta(days=1):%Y-%m-%d %H:%M}"
    file.write_text(
        "mrn,first name,last name,date of birth,mobile,language,discharge date,disposition\n"
        f"1001,Martha,Ellison,1948-03-14,312-555-0111,English,{left},Home\n"
    )
    assert main(["import", str(file)]) == 0, capsys.readouterr().out
    with begin(sessions) as session:
        case, attempt = session.scalars(select(Case)).one(), session.scalars(select(Attempt)).one()
        assert (case.lane_key, case.owner_id is not None) == ("discharge", True)
        noon = attempt.due_at.replace(hour=18)  # no quiet hours anywhere near Chicago
        if noon.weekday() > 5:
            noon += timedelta(days=1)
        assert start(session, [attempt.id], kit=KIT, now=noon)[attempt.id].moved


def test_a_release_sets_everything_up() -> None:
    assert read_procfile(ROOT / "Procfile")["release"].argv[-1] == "setup"


def test_running_it_again_changes_nothing(sessions: Sessions, capsys: pytest.CaptureFixture[str]) -> None:
    main(["setup"])
    main([*SITE])
    with begin(sessions) as session:
        session.get_one(Lane, "discharge").respond_minutes = 60
    capsys.readouterr()
    assert main(["setup"]) == 0
    told = capsys.readouterr().out
    assert "none was missing" in told
    assert "all were already" in told
    assert "site add" not in told
    with sessions() as session:
        assert session.get_one(Lane, "discharge").respond_minutes == 60


def test_a_changed_script_is_published_and_an_older_one_put_back(
    sessions: Sessions, flows: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["setup"])
    file = flows / f"{SCRIPT}.yaml"
    old = file.read_text()
    file.write_text(old.replace("expires: 96h", "expires: 90h"))
    for text, hours in ((file.read_text(), "90h"), (old, "96h")):
        file.write_text(text)
        capsys.readouterr()
        assert main(["setup"]) == 0
        assert f"Scripts published: {SCRIPT}." in capsys.readouterr().out
        with sessions() as session:
            assert Scripts().current(session, SCRIPT)[1] == load_file(file)
            assert hours in file.read_text()
    with sessions() as session:
        noted = session.scalars(select(AuditEvent).where(AuditEvent.action == "scripts.publish")).all()
    assert [event.subject_id for event in noted].count(SCRIPT) == 3


def test_a_script_with_an_error_is_held_back(
    sessions: Sessions, flows: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["setup"])
    file = flows / f"{SCRIPT}.yaml"
    file.write_text(file.read_text().replace("go: gone", "go: nowhere"))
    (flows / "no-show-recovery.yaml").write_text("script: [")
    assert main(["setup"]) == 0
    told = capsys.readouterr().err
    assert f"Not published: {SCRIPT}.yaml" in told
    assert "Not published: no-show-recovery.yaml" in told
    with sessions() as session:
        assert Scripts().current(session, SCRIPT)[1] == load_file(ROOT / "flows" / f"{SCRIPT}.yaml")


def test_a_lane_without_any_script_is_a_failure(
    sessions: Sessions, flows: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (flows / f"{SCRIPT}.yaml").unlink()
    assert main(["setup"]) == 1
    assert "nobody is followed up in them: confirmation" in capsys.readouterr().err


def test_a_site_is_added_changed_and_listed(sessions: Sessions, capsys: pytest.CaptureFixture[str]) -> None:
    main(["setup"])
    more = ["--hours", "mon-fri 08:00-12:00 13:00-17:00", "--hours", "wed closed", "--holidays", "US-IL"]
    assert main([*SITE, *more, "--language", "es", "--texting", "sun closed"]) == 0
    assert main(["site", "change", "north", "--transfer", "(312) 555-0199", "--number", "3125550122"]) == 0
    with sessions() as session:
        site = session.scalars(select(Site)).one()
        actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.at)).all()
    assert (site.name, site.phone, site.time_zone) == ("North Clinic", "312-555-0100", "America/Chicago")
    assert site.hours["mon"] == [["08:00", "12:00"], ["13:00", "17:00"]]
    assert (site.hours["wed"], site.window, site.holidays, site.languages) == (
        [],
        {"sun": []},
        "US-IL",
        ["es"],
    )
    assert (site.numbers, site.transfer_number) == (["+13125550122"], "+13125550199")
    assert actions[-2:] == ["site.add", "site.change"]
    capsys.readouterr()
    assert main(["site", "list"]) == 0
    told = capsys.readouterr().out
    assert "wed closed" in told
    assert "sat 09:00-20:00, sun closed" in told


def test_the_number_of_the_settings_is_the_sites(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    main(["setup"])
    assert main(SITE) == 0
    with sessions() as session:
        assert session.scalars(select(Site)).one().numbers == [ENVIRON["TWILIO_FROM_NUMBER"]]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["add", "north", "Again", "--phone", "312-555-0100", "--time-zone", "America/Chicago"], "already"),
        (["add", "So uth", "South", "--phone", "312-555-0100", "--time-zone", "America/Chicago"], "key"),
        (["change", "south", "--phone", "312-555-0100"], "no site"),
        (["change", "north", "--time-zone", "Chicago"], "no time zone"),
        (["change", "north", "--phone", "555"], "no telephone number"),
        (["change", "north", "--number", "call us"], "no telephone number"),
        (["change", "north", "--language", "xx"], "no language"),
        (["change", "north", "--holidays", "US-XX"], "no holidays"),
        (["change", "north", "--name", " "], "as patients know it"),
        (["change", "north", "--hours", "mon"], "no hours"),
        (["change", "north", "--hours", ""], "no hours"),
        (["change", "north", "--hours", "fri-mon 09:00-10:00"], "no days"),
        (["change", "north", "--hours", "mon 9-17"], "no span"),
        (["change", "north", "--hours", "mon 17:00-09:00"], "no span"),
        (["change", "north", "--hours", "mon 09:00-12:00 11:00-17:00"], "overlap"),
    ],
)
def test_what_is_wrong_with_a_site_is_told_in_words(
    sessions: Sessions, capsys: pytest.CaptureFixture[str], given: list[str], words: str
) -> None:
    main(["setup"])
    main(SITE)
    assert main(["site", *given]) == 2
    assert words in capsys.readouterr().err
    with sessions() as session:
        assert session.scalars(select(Site.name)).all() == ["North Clinic"]


def test_the_sandbox_site_can_be_shown(sessions: Sessions, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "upgrade"]) == 0
    assert main(["seed"]) == 0
    capsys.readouterr()
    assert main(["site", "list"]) == 0
    assert "day and night" in capsys.readouterr().out
