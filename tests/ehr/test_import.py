"""`careloop import`, as an operator runs it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.audit.models import AuditEvent
from app.cases.models import Case
from app.cli.import_ import main
from app.ehr.demo import demo_file
from app.ehr.models import ImportRun
from app.errors import Invalid
from app.patients.models import Patient, Site
from app.store import Sessions
from tests.support.surroundings import ENVIRON

Run = Callable[..., tuple[int, str]]


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue("sqlite_url")
    return url


@pytest.fixture
def run(
    database_url: str,
    site: Site,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Run]:
    """`run(*arguments)` gives the status and what was printed."""
    surroundings = {**ENVIRON, "DATABASE_URL": database_url, "REDIS_URL": "redis://127.0.0.1:9"}
    for name, value in {**surroundings, "STATE_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)

    def call(*arguments: str) -> tuple[int, str]:
        status = main(list(arguments))
        return status, capsys.readouterr().out

    handlers = logging.getLogger().handlers[:]
    yield call
    logging.getLogger().handlers[:] = handlers  # the command logs to what the test has captured


def write(folder: Path, name: str, data: bytes) -> str:
    path = folder / name
    path.write_bytes(data)
    return str(path)


def test_several_files_at_once_with_a_report_for_each(run: Run, tmp_path: Path, sessions: Sessions) -> None:
    status, told = run("--demo")
    assert status == 1, "something was quarantined"
    heads = re.findall(r"^(\S+) \((\w+)\): (\d+) taken", told, re.M)
    assert [(name, kind) for name, kind, _ in heads] == [
        ("hospital-discharges.hl7", "hl7"), ("clinic-appointments.csv", "csv"), ("clinic-bundle.json", "fhir"),
    ]  # fmt: skip
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(ImportRun)) == 3
        actions = session.scalars(select(AuditEvent.action).where(AuditEvent.subject_kind == "import_run"))
        assert list(actions) == ["import.run"] * 3
        before = session.scalar(select(func.count()).select_from(Case))
    status, told = run("--demo")
    assert "opened" not in told
    assert "Brought up to date" not in told
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == before


def test_a_dry_run_stores_nothing(run: Run, tmp_path: Path, sessions: Sessions) -> None:
    path = write(tmp_path, "x.txt", demo_file("clinic-appointments.csv"))
    status, told = run("--dry-run", path)
    assert (status, "nothing was stored" in told) == (1, True)
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(Patient)) == 0


def test_a_file_without_faults_ends_with_zero_and_dates_can_be_settled(run: Run, tmp_path: Path) -> None:
    path = write(
        tmp_path, "a.csv", b"MRN,Name,DOB,Appt Date,Appt Time\n1,Ana Gil,1960-01-02,03/04/2027,9:00 AM\n"
    )
    assert run(path)[0] == 1
    status, told = run("--dates", "day-first", path)
    assert (status, "Confirmation of the visit opened." in told) == (0, True)


def test_what_an_operator_gets_wrong_is_said_in_words(run: Run, tmp_path: Path) -> None:
    for arguments, words in (
        ([], "at least one file"),
        (["--site", "south", "--demo"], "no site 'south'. Known: north."),
        ([str(tmp_path / "missing.csv")], "cannot be read: No such file"),
    ):
        with pytest.raises(Invalid, match=re.escape(words)):
            run(*arguments)
