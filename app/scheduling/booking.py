"""The appointment behind a booked time: one for each holder, so that choosing again moves it."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.scheduling.models import Appointment, Slot

SYSTEM: Final = "careloop"
"""The `system` of appointments that were booked here."""


def booked_by(session: Session, holder: UUID) -> Appointment | None:
    """The appointment this holder booked here, if any."""
    return session.scalar(
        select(Appointment).where(Appointment.system == SYSTEM, Appointment.external_id == str(holder))
    )


def already(session: Session, slot_id: UUID, holder: UUID, patient_id: UUID) -> Appointment | None:
    """The appointment behind a time that this holder has booked for this patient before, if so it was."""
    theirs = (Slot.id == slot_id, Slot.held_for == holder, Slot.booked_for == patient_id)
    # By patient first: that is the index there is.
    of_slot = (Appointment.patient_id == patient_id, Appointment.slot_id == slot_id)
    return session.scalar(select(Appointment).where(*of_slot, select(Slot.id).where(*theirs).exists()))


def put_down(
    session: Session, slot: Slot, holder: UUID, patient_id: UUID, instead_of: UUID | None, now: datetime
) -> tuple[Appointment, UUID | None]:
    """Write the appointment for a slot that was just booked; give it with the slot it leaves, if it moved."""
    replaced = session.get(Appointment, instead_of) if instead_of else None
    ours = replaced if replaced is not None and replaced.system == SYSTEM else booked_by(session, holder)
    appointment = ours or _new(slot, holder, patient_id, replaced, now)
    session.add(appointment)
    if replaced is not None and replaced is not appointment:
        replaced.answer, replaced.answered_at = "declined", now
    left = appointment.slot_id
    _move(appointment, slot, now)
    session.flush()
    return appointment, left


def _new(
    slot: Slot, holder: UUID, patient_id: UUID, replaced: Appointment | None, now: datetime
) -> Appointment:
    return Appointment(
        site_id=slot.site_id,
        patient_id=patient_id,
        system=SYSTEM,
        external_id=str(holder),
        importance=replaced.importance if replaced else "routine",
        service=replaced.service if replaced else None,
        slot_id=None,
        updated_at=now,
    )


def _move(appointment: Appointment, slot: Slot, now: datetime) -> None:
    appointment.site_id, appointment.slot_id, appointment.visit = slot.site_id, slot.id, slot.visit
    appointment.start_at, appointment.minutes = slot.start_at, slot.minutes
    appointment.practitioner, appointment.location = slot.practitioner, slot.location
    appointment.status, appointment.answer = "booked", "accepted"
    appointment.answered_at = appointment.updated_at = now
