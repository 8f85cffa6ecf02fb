"""What applying a record needs, and what becomes of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.conversations.kit import Kit
from app.ehr.models import SourceRecord
from app.ehr.records import Identifier, Record
from app.ehr.vocab import plain
from app.patients.models import Site
from app.store import keyring_of

FIRST_VISIT = "follow-up"
LONGEST_ID = 120


class Outcome(StrEnum):
    """What became of a record."""

    TAKEN = "taken"
    SKIPPED = "skipped"
    QUARANTINED = "quarantined"
    KNOWN = "known"  # it says what we knew already: nothing was changed


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of one record: what it was, the outcome, and why or what was noted, in plain sentences."""

    what: str
    outcome: Outcome
    reason: str = ""
    patient_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """The transaction records are applied in: session, site, words and scripts, and the time.

    `take_tests` also takes what a source marks as a test, for a practice without real patients. `feed` tells a
    source's ways of telling apart (csv, fhir, hl7): each has its own view of how patients are reached.
    """

    session: Session
    site: Site
    kit: Kit
    now: datetime
    take_tests: bool = False
    feed: str = ""
    sites: dict[str, Site] = field(default_factory=dict)

    def site_called(self, name: str) -> Site:
        """The practice location of that name, else this intake's own."""
        if not self.sites:
            self.sites.update({plain(site.name): site for site in self.session.scalars(select(Site))})
        return self.sites.get(plain(name), self.site)


def visit_kind(service: str) -> str:
    """A service as the key that appointments and slots are matched by (`Video visit` -> `video-visit`)."""
    return re.sub(r"\s+", "-", plain(service))[:40] or FIRST_VISIT


def external(number: Identifier) -> dict[str, str]:
    """A number as the store's columns of that length take it."""
    return {"system": number.system[:LONGEST_ID], "external_id": number.value[:LONGEST_ID]}


def source_key(session: Session, what: str, number: Identifier) -> str:
    """The blind key of one thing at one source: it may stand where the number itself must not."""
    return keyring_of(session).blind("source-record", f"{what}|{number.system}|{number.value}")


def _told(record: Record) -> bytes:
    """What a record says of its thing: not when, not by which message, and not where in a file."""
    skipped = {"where", "recorded_at", "notes", "event"}
    return repr([getattr(record, f.name) for f in fields(record) if f.name not in skipped]).encode()


class Memory:
    """What a source told last of one thing, so that a repeated or older message changes nothing."""

    def __init__(self, intake: Intake, what: str, record: Record, number: Identifier) -> None:
        self._intake = intake
        self.key = source_key(intake.session, what, number)
        self._digest = keyring_of(intake.session).mac("source-record", _told(record))
        self._told_at: datetime | None = getattr(record, "recorded_at", None)
        query = select(SourceRecord).where(SourceRecord.key == self.key)
        self._row = intake.session.scalar(query)
        self._what = what

    @property
    def given(self) -> dict[str, Any]:
        """What was kept with it the last time."""
        return dict(self._row.given or {}) if self._row else {}

    def same(self) -> bool:
        """Whether the source said exactly this the last time."""
        return self._row is not None and self._row.digest == self._digest

    def older(self) -> bool:
        """Whether the source has told us something newer since."""
        before = self._row.told_at if self._row else None
        return before is not None and self._told_at is not None and self._told_at < before

    def keep(self, **given: Any) -> None:
        """Remember this as the newest, with what the next one will be compared with."""
        session, now = self._intake.session, self._intake.now
        if self._row is None:
            self._row = SourceRecord(key=self.key, what=self._what, seen_at=now, digest="", given={})
            session.add(self._row)
        self._row.digest, self._row.seen_at, self._row.given = self._digest, now, given
        self._row.told_at = self._told_at or self._row.told_at
        session.flush()


OLDER = "It is older than what the same source has told us since."
SAME = "It says nothing new."
