"""Files and messages taken in: parsed, applied row by row, reported, and the report kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, islice
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from app.audit import trail
from app.conversations.kit import Kit
from app.ehr.csv_dates import Order
from app.ehr.detect import Kind
from app.ehr.intake import Intake, Outcome
from app.ehr.load import apply
from app.ehr.load_patient import UnknownPatient
from app.ehr.models import ImportRow, ImportRun
from app.ehr.parse import Reading, read_file
from app.ehr.records import Parsed, Quarantined, Record, RowError, RowSkip, Skipped
from app.ehr.report import Line, Report, counts_of
from app.errors import CareloopError
from app.patients.models import Site
from app.store import Sessions
from app.store.database import begin, reading

BATCH = 25
"""Rows of one transaction: few enough that nobody waits long for a lock."""
LONGEST_REASON, LONGEST_RAW = 300, 20_000
OURS = "Something on our side failed with this row. It is kept; tell your support, and import it again."
_log = structlog.get_logger("careloop.import")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, and to which practice location.

    `source` keeps their numbers apart from others'; `actor` is for the audit trail; `order` reads 3/4/2026
    where a CSV file does not tell; `take_tests` also takes what is marked as a test.
    """

    source: str
    site_id: UUID
    actor: str = "import"
    actor_kind: str = trail.SYSTEM
    order: Order | None = None
    take_tests: bool = False


@dataclass(slots=True)
class _Row:
    """Everything one row or message said, applied together or not at all."""

    where: str
    parsed: list[Parsed]
    lines: list[Line] = field(default_factory=list)
    waits: bool = False


@dataclass(slots=True)
class _File:
    """One file on its way in."""

    name: str
    reading: Reading
    digest: str
    rows: list[_Row]
    run_id: UUID | None = None

    @property
    def feed(self) -> str:
        return "fhir" if self.reading.kind is Kind.NDJSON else self.reading.kind.value


def take_in(
    sessions: Sessions,
    kit: Kit,
    sender: Sender,
    files: Sequence[tuple[str, bytes]],
    *,
    now: datetime,
    dry_run: bool = False,
) -> list[Report]:
    """Take (name, bytes) in and report on each file; the same file again changes nothing.

    Rows whose patient comes only later, or in a later file, are tried again at the end. Everything is stored
    when this returns (so an HL7 sender may be told AA). A dry run stores nothing and reports the same.
    """
    return _Importer(sessions, kit, sender, now, dry_run).take(files)


class _Importer:
    def __init__(self, sessions: Sessions, kit: Kit, sender: Sender, now: datetime, dry_run: bool) -> None:
        self._sessions, self._kit, self._sender, self._now = sessions, kit, sender, now
        self._dry_run, self._dry = dry_run, None if not dry_run else sessions()

    def take(self, files: Sequence[tuple[str, bytes]]) -> list[Report]:
        try:
            with reading(self._sessions) as session:
                zone = ZoneInfo(session.get_one(Site, self._sender.site_id).time_zone)
            taken = [self._file(name, data, zone) for name, data in files]
            for file in taken:
                self._apply(file.feed, (row for row in file.rows if row.waits))
            for file in taken:
                self._keep(file)
        finally:
            if self._dry is not None:
                self._dry.rollback()
                self._dry.close()
        return [
            Report(file.name, file.reading.kind.value, tuple(_lines(file)), file.run_id) for file in taken
        ]

    def _file(self, name: str, data: bytes, zone: ZoneInfo) -> _File:
        found = read_file(data, source=self._sender.source, default_zone=zone, order=self._sender.order)
        rows = [_Row(where, list(parsed)) for where, parsed in groupby(found.rows, key=lambda row: row.where)]
        file = _File(name, found, hashlib.sha256(data).hexdigest(), rows)
        self._apply(file.feed, rows)
        return file

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        if self._dry is not None:
            yield self._dry
        else:
            with begin(self._sessions) as session:
                yield session

    def _apply(self, feed: str, rows: Iterable[_Row]) -> None:
        waiting = iter(rows)
        while batch := list(islice(waiting, BATCH)):
            with self._transaction() as session:
                site = session.get_one(Site, self._sender.site_id)
                intake = Intake(session, site, self._kit, self._now, self._sender.take_tests, feed)
                for row in batch:
                    _apply_row(intake, row)

    def _keep(self, file: _File) -> None:
        if self._dry_run:
            return
        with self._transaction() as session:
            run = ImportRun(
                site_id=self._sender.site_id,
                source=self._sender.source[:120],
                name=file.name[-200:],
                format=file.reading.kind.value,
                digest=file.digest,
                started_at=self._now,
                finished_at=self._now,
                counts=counts_of(_lines(file)),
            )
            session.add(run)
            session.flush()
            file.run_id = run.id
            session.add_all(_kept(run.id, place, line) for place, line in enumerate(_lines(file), start=1))
            self._audit(session, run)

    def _audit(self, session: Session, run: ImportRun) -> None:
        trail.record(
            session,
            actor_kind=self._sender.actor_kind,
            actor=self._sender.actor,
            action="import.run",
            subject_kind="import_run",
            subject_id=str(run.id),
            now=self._now,
            detail={"format": run.format, **run.counts},
        )


def _lines(file: _File) -> list[Line]:
    return [line for row in file.rows for line in row.lines]


def _kept(run_id: UUID, place: int, line: Line) -> ImportRow:
    reason = f"{line.where}: {line.reason}" if line.reason else line.where
    return ImportRow(
        run_id=run_id,
        place=place,
        outcome=line.outcome.value,
        what=line.what,
        reason=reason[:LONGEST_REASON],
        raw=line.raw[:LONGEST_RAW] if line.raw else None,
    )


def _apply_row(intake: Intake, row: _Row) -> None:
    """Fill in a row's lines; what it had begun is undone when one of its records is quarantined."""
    row.waits, row.lines = False, []
    records = [entry for entry in row.parsed if not isinstance(entry, Quarantined | Skipped)]
    for entry in row.parsed:
        if isinstance(entry, Quarantined):
            row.lines.append(Line(row.where, "row", Outcome.QUARANTINED, entry.reason, raw=entry.raw))
        elif isinstance(entry, Skipped):
            row.lines.append(Line(row.where, "row", Outcome.SKIPPED, entry.reason))
    try:
        row.lines += _in_savepoint(intake, row.where, records)
    except RowError as error:
        row.waits = isinstance(error, UnknownPatient)
        row.lines.append(_quarantine(row.where, records, str(error)))
    except (IntegrityError, DataError) as error:
        row.lines.append(_quarantine(row.where, records, OURS))
        _log.warning("import_row_refused", problem=type(error).__name__)
    except (CareloopError, SQLAlchemyError):
        raise  # a practice without lanes, a database that is away: no row's fault
    except Exception as error:  # one row must never cost the others
        row.lines.append(_quarantine(row.where, records, OURS))
        _log.error("import_row_failed", problem=type(error).__name__)


def _in_savepoint(intake: Intake, where: str, records: list[Record]) -> list[Line]:
    try:
        with intake.session.begin_nested():
            return _applied(intake, where, records)
    except IntegrityError:
        # Somebody else stored the same at the same moment: now it is known.
        with intake.session.begin_nested():
            return _applied(intake, where, records)


def _applied(intake: Intake, where: str, records: list[Record]) -> list[Line]:
    lines = []
    for record in records:
        try:
            done = apply(intake, record)
        except RowSkip as skip:
            what = type(record).__name__.removesuffix("Record").lower()
            lines.append(Line(where, what, Outcome.SKIPPED, str(skip)))
        else:
            lines.append(Line(where, done.what, done.outcome, done.reason, done.patient_id))
    return lines


def _quarantine(where: str, records: list[Record], reason: str) -> Line:
    what = type(records[-1]).__name__.removesuffix("Record").lower() if records else "row"
    return Line(where, what, Outcome.QUARANTINED, reason, raw="\n".join(map(repr, records)))
