"""Appointments and the free times that can be offered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, Row, Sealed


class Appointment(Row, Base):
    """A visit as the scheduling system knows it. `status` are FHIR's: booked, cancelled, noshow, arrived …

    `answer` is what the patient told us (FHIR AppointmentResponse): accepted, declined, tentative; only the
    scheduler's owner changes `status`, except for what is booked here into a held slot.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        UniqueConstraint("system", "external_id"),
        Index("ix_appointment_patient_id_start_at", "patient_id", "start_at"),
        Index("ix_appointment_status_start_at", "status", "start_at"),
    )

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    system: Mapped[str] = mapped_column(String(120))
    external_id: Mapped[str] = mapped_column(String(120))
    status: Mapped[str] = mapped_column(String(24), default="booked")
    answer: Mapped[str | None] = mapped_column(String(12))
    answered_at: Mapped[datetime | None]
    start_at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(default=30)
    visit: Mapped[str] = mapped_column(String(40), default="follow-up")
    practitioner: Mapped[str | None] = mapped_column(Sealed("appointment.practitioner"))
    location: Mapped[str | None] = mapped_column(Sealed("appointment.location"))
    service: Mapped[str | None] = mapped_column(Sealed("appointment.service"))
    importance: Mapped[str] = mapped_column(String(12), default="routine")
    video: Mapped[bool] = mapped_column(default=False)
    slot_id: Mapped[UUID | None]
    updated_at: Mapped[datetime]


class Slot(Row, Base):
    """A time that can be booked. FHIR `status`: free, busy, busy-unavailable, busy-tentative …

    Held for one conversation (`held_for`) until `held_until`; `booked_for` is the patient,
    set by one conditional update, and never while it is set.
    """

    __tablename__ = "slot"
    __table_args__ = (
        UniqueConstraint("system", "external_id"),
        Index("ix_slot_site_id_visit_start_at", "site_id", "visit", "start_at"),
        Index("ix_slot_held_for", "held_for"),
    )

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    system: Mapped[str] = mapped_column(String(120))
    external_id: Mapped[str] = mapped_column(String(120))
    status: Mapped[str] = mapped_column(String(20), default="free")
    visit: Mapped[str] = mapped_column(String(40), default="follow-up")
    start_at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(default=30)
    practitioner: Mapped[str | None] = mapped_column(Sealed("slot.practitioner"))
    location: Mapped[str | None] = mapped_column(Sealed("slot.location"))
    held_for: Mapped[UUID | None]
    held_until: Mapped[datetime | None]
    booked_for: Mapped[UUID | None]
    updated_at: Mapped[datetime]
