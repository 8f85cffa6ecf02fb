"""PURE. May this go out now? Decided at the moment of sending; a no has its reason in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Literal, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from app.consent.hours import Opening, Window, opening, window
from app.consent.zones import zones_of

DAILY, WEEKLY = 1, 3
"""What we start, per person: the health-care exemption's own limits (47 CFR 64.1200(a)(9)(iv))."""
WEEK = 7

UNWELCOME: Final = {
    "deceased": "the patient has died",
    "merged": "the record was merged into another one",
    "minor": "the patient is a minor: a person speaks with the family",
    "inactive": "the patient is no longer followed up here",
}
UNUSABLE: Final = {
    "wrong_person": "the number belongs to somebody else",
    "invalid": "the number is not valid",
    "old": "the number is out of date",
}
OPTED_OUT = "the patient has opted out"
LANDLINE = "the number is a landline and takes no texts"
NO_HOURS = "the site has no hours for writing to patients"
QUIET = "quiet hours where the patient is"
DAILY_CAP = "enough was sent today"
WEEKLY_CAP = "enough was sent this week"


class Who(Protocol):
    """What of a patient matters here."""

    @property
    def status(self) -> str: ...
    @property
    def deceased_at(self) -> datetime | None: ...
    @property
    def merged_into(self) -> UUID | None: ...
    @property
    def time_zone(self) -> str | None: ...


class Where(Protocol):
    """What of a site matters here."""

    @property
    def time_zone(self) -> str: ...
    @property
    def window(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Caps:
    """How many times we may start something, per person and local day, and in seven such days."""

    daily: int = DAILY
    weekly: int = WEEKLY


@dataclass(frozen=True, slots=True)
class Verdict:
    """now (until `until`, if bounded), later (at `at`) or never; `reason` is for people, "" for now."""

    kind: Literal["now", "later", "never"]
    at: datetime | None = None
    reason: str = ""
    until: datetime | None = None


NOW = Verdict("now")
DEFAULT_CAPS = Caps()


def verdict(
    *,
    patient: Who | None,
    site: Where | None,
    channel: str,
    purpose: str,
    now: datetime,
    standing: bool,
    recent: Sequence[datetime] = (),
    number: str = "",
    number_state: str | None = None,
    caps: Caps = DEFAULT_CAPS,
) -> Verdict:
    """May a message of this purpose (safety, reply, staff, notice, outreach) go to this number now?

    `standing` is what the ledger says, `recent` when we started something in the last days, `number_state`
    the contact point's. Nothing holds back safety; a notice answers an opt-out itself; only outreach has
    hours and caps.
    """
    if purpose == "safety":
        return NOW
    reason = _never(patient, channel, purpose, standing, number_state)
    if reason:
        return Verdict("never", reason=reason)
    if purpose != "outreach":
        return NOW
    return _timely(patient, site, now.astimezone(UTC), recent, number, caps)


def _never(patient: Who | None, channel: str, purpose: str, standing: bool, number_state: str | None) -> str:
    if purpose == "notice":
        return ""
    if patient is not None:
        if patient.deceased_at is not None:
            return UNWELCOME["deceased"]
        if patient.merged_into is not None:
            return UNWELCOME["merged"]
        if patient.status in UNWELCOME:
            return UNWELCOME[patient.status]
    if not standing:
        return OPTED_OUT
    if number_state == "landline" and channel != "voice":
        return LANDLINE
    return UNUSABLE.get(number_state or "", "")


def _timely(
    patient: Who | None,
    site: Where | None,
    now: datetime,
    recent: Sequence[datetime],
    number: str,
    caps: Caps,
) -> Verdict:
    hours = window(site.window if site else None)
    own = patient.time_zone if patient else None
    zones = zones_of(own, site.time_zone if site else "", number)
    home = ZoneInfo(next(iter(zones_of(own, site.time_zone if site else "", ""))))
    found = opening(hours, zones, now)
    reason = QUIET
    starts = [moment.astimezone(home).date() for moment in recent]
    while found is not None and (full := _full(starts, found.at.astimezone(home).date(), caps)):
        reason = full
        found = _after(hours, zones, home, found)
    if found is None:
        return Verdict("never", reason=NO_HOURS)
    if found.at > now:
        return Verdict("later", at=found.at, reason=reason)
    return Verdict("now", until=found.until)


def _full(starts: Sequence[date], day: date, caps: Caps) -> str:
    """Why nothing more may be started on a day, "" when it may; what lies after that day does not count."""
    if sum(start == day for start in starts) >= caps.daily:
        return DAILY_CAP
    first = day - timedelta(days=WEEK - 1)
    return WEEKLY_CAP if sum(first <= start <= day for start in starts) >= caps.weekly else ""


def _after(hours: Window, zones: frozenset[str], home: ZoneInfo, found: Opening) -> Opening | None:
    """The next opening that begins on a later local day."""
    tomorrow = found.at.astimezone(home).date() + timedelta(days=1)
    return opening(hours, zones, datetime.combine(tomorrow, datetime.min.time(), home))
