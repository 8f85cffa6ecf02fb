"""Import runs, what became of each row, and what a source told last of each thing."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, Json, Row, SealedJson


class ImportRun(Row, Base):
    """One file or request taken in, by the digest of its bytes, with its counts.

    `site_id` is the practice location it was sent for; None in runs from before it was kept.
    """

    __tablename__ = "import_run"
    __table_args__ = (Index("ix_import_run_started_at_id", "started_at", "id"),)

    site_id: Mapped[UUID | None]
    source: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(200))
    format: Mapped[str] = mapped_column(String(16))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    counts: Mapped[dict[str, int]] = mapped_column(Json, default=dict)


class ImportRow(Row, Base):
    """One record of a run: taken, skipped or quarantined, why, and the raw thing itself."""

    __tablename__ = "import_row"
    __table_args__ = (Index("ix_import_row_run_id_place", "run_id", "place"),)

    run_id: Mapped[UUID] = mapped_column(ForeignKey("import_run.id"))
    place: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(12), index=True)
    what: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str | None] = mapped_column(String(300))
    raw: Mapped[Any] = mapped_column(SealedJson("import_row.raw"), nullable=True)


class SourceRecord(Row, Base):
    """The newest a source has told of one thing (patient, visit, appointment, slot), by its blind key.

    `digest` says whether a repeat says anything new, `told_at` (the source's own time) whether it is older;
    `given` is what the next one is compared with.
    """

    __tablename__ = "source_record"

    key: Mapped[str] = mapped_column(String(32), unique=True)
    what: Mapped[str] = mapped_column(String(16))
    digest: Mapped[str] = mapped_column(String(64))
    told_at: Mapped[datetime | None]
    seen_at: Mapped[datetime]
    given: Mapped[Any] = mapped_column(SealedJson("source_record.given"), nullable=True)
