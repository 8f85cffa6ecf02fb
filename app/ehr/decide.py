"""PURE. What follows from a stay or an appointment: a follow-up, its end, or neither, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.ehr.records import (
    AppointmentRecord,
    BookingStatus,
    Disposition,
    EncounterRecord,
    VisitClass,
    VisitStatus,
)

LATE = timedelta(days=30)
"""The discharge programme runs this long; what happened before needs no first contact any more."""
AHEAD = timedelta(hours=24)
"""Clocks differ; more than this in the future is a wrong year."""
_ELSEWHERE = {
    Disposition.SNF: "The patient went to a nursing facility, which follows up.",
    Disposition.REHAB: "The patient went to a rehabilitation facility, which follows up.",
    Disposition.HOSPICE: "The patient went into hospice care, which follows up.",
    Disposition.OTHER: "The patient went to another facility, not home.",
}
_HOSPITAL = (VisitClass.INPATIENT, VisitClass.OBSERVATION, VisitClass.EMERGENCY)


class Then(StrEnum):
    """What follows."""

    FOLLOW_UP = "follow up"
    STOP = "stop"
    DIED = "died"
    NOTHING = "nothing"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows, and the reason in a plain sentence (for STOP the words the case closes with)."""

    then: Then
    reason: str = ""


def of_stay(record: EncounterRecord, now: datetime) -> Decision:
    """What follows from a stay: only a discharge home from hospital or emergency opens a follow-up.

    Field guide 5.1 and 5.3: nursing, rehabilitation and hospice go elsewhere, the dead nowhere; a discharge
    taken back (A13), an admission taken back (A11) or an error ends what it had opened.
    """
    taken_back = {
        VisitStatus.REOPENED: "the discharge was cancelled",
        VisitStatus.CANCELLED: "the admission was cancelled",
        VisitStatus.ERROR: "the stay was entered in error",
        VisitStatus.ACTIVE: "the stay goes on",
        VisitStatus.PLANNED: "the stay has not begun",
    }
    if record.status in taken_back:
        return Decision(Then.STOP, taken_back[record.status])
    if record.end is not None and record.end > now + AHEAD:
        return Decision(Then.WRONG, "The discharge lies in the future. Check the year.")
    if record.disposition is Disposition.EXPIRED:
        return Decision(Then.DIED, "The patient died during the stay: everything is stopped.")
    return _of_discharge(record, now)


def _of_discharge(record: EncounterRecord, now: datetime) -> Decision:
    if record.visit_class not in _HOSPITAL:
        return Decision(
            Then.NOTHING, "It is no hospital or emergency stay, so no discharge follow-up begins."
        )
    if record.end is None:
        return Decision(Then.NOTHING, "The stay has no end, so it is not counted as a discharge.")
    if record.disposition in _ELSEWHERE:
        return Decision(Then.STOP, _ELSEWHERE[record.disposition])
    if record.end < now - LATE:
        return Decision(
            Then.NOTHING, "The discharge was more than 30 days ago: too late for a first contact."
        )
    return Decision(Then.FOLLOW_UP)


def of_booking(record: AppointmentRecord, now: datetime) -> Decision:
    """What follows from an appointment as it stands: a confirmation, recovery of a missed one, or the end."""
    if record.status is BookingStatus.NOSHOW:
        if record.start > now + AHEAD:
            return Decision(Then.WRONG, "It is marked as missed but lies in the future. Check the date.")
        late = record.start < now - LATE
        return (
            Decision(Then.NOTHING, "It was missed more than 30 days ago.")
            if late
            else Decision(Then.FOLLOW_UP)
        )
    stops = {
        BookingStatus.CANCELLED: "the visit was cancelled",
        BookingStatus.ERROR: "the visit was entered in error",
        BookingStatus.ARRIVED: "the patient has arrived",
        BookingStatus.FULFILLED: "the visit has taken place",
    }
    if record.status in stops:
        return Decision(Then.STOP, stops[record.status])
    if record.status is not BookingStatus.BOOKED:
        return Decision(
            Then.NOTHING, f"The visit is {record.status.value}, not booked: nothing to confirm yet."
        )
    if record.start <= now:
        return Decision(Then.NOTHING, "The visit is past: nothing to confirm.")
    return Decision(Then.FOLLOW_UP)
