"""Slots and whose they are into the store: what can be offered to patients."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ehr.intake import SAME, Applied, Intake, Memory, Outcome, external, source_key, visit_kind
from app.ehr.models import SourceRecord
from app.ehr.records import Identifier, ScheduleRecord, SlotRecord, SlotStatus
from app.scheduling.models import Slot

SLOT, SCHEDULE = "slot", "schedule"


def take_schedule(intake: Intake, record: ScheduleRecord) -> Applied:
    """Whose time its slots are: remembered, because slots may come in a file of their own."""
    memory = Memory(intake, SCHEDULE, record, record.identifiers[0])
    if memory.same():
        return Applied(SCHEDULE, Outcome.KNOWN, SAME)
    memory.keep(practitioner=record.practitioner, location=record.location, service=record.service)
    return Applied(SCHEDULE, Outcome.TAKEN, "Its slots will carry this provider and place.")


def _of_schedule(session: Session, numbers: tuple[Identifier, ...]) -> dict[str, str]:
    for number in numbers:
        key = source_key(session, SCHEDULE, number)
        row = session.scalar(select(SourceRecord).where(SourceRecord.key == key))
        if row is not None:
            return dict(row.given or {})
    return {}


def put_slot(intake: Intake, record: SlotRecord) -> Slot:
    """The slot as the source knows it now; what is booked here stays booked until the source shows it."""
    session, number = intake.session, external(record.identifiers[0])
    slot = session.scalar(
        select(Slot).where(Slot.system == number["system"], Slot.external_id == number["external_id"])
    )
    slot = slot or Slot(**number)
    whose = _of_schedule(session, record.schedule)
    location = record.location or whose.get("location", "")
    slot.site_id = intake.site_called(location).id
    if slot.booked_for is None or record.status is not SlotStatus.FREE:
        slot.status = record.status.value
    slot.start_at, slot.minutes = record.start, record.minutes
    slot.visit = visit_kind(record.service or whose.get("service", ""))
    slot.practitioner = record.practitioner or whose.get("practitioner") or None
    slot.location, slot.updated_at = location or None, intake.now
    session.add(slot)
    session.flush()
    return slot


def take_slot(intake: Intake, record: SlotRecord) -> Applied:
    """A time that can be offered, or not any more; a past one is left alone."""
    memory = Memory(intake, SLOT, record, record.identifiers[0])
    if memory.same():
        return Applied(SLOT, Outcome.KNOWN, SAME)
    if record.start <= intake.now:
        return Applied(SLOT, Outcome.SKIPPED, "The slot is past.")
    put_slot(intake, record)
    memory.keep()
    free = record.status is SlotStatus.FREE
    return Applied(SLOT, Outcome.TAKEN, "It can be offered." if free else "It cannot be offered.")
