"""Sites, patients, and how they are reached."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, Json, Row, Sealed, SealedJson


class Site(Row, Base):
    """A practice location. `hours` maps mon..sun to [["09:00","12:00"],["13:00","17:00"]]; `window` the texting hours.

    `holidays` names a calendar of the holidays library ("US-IL"). `numbers` are the E.164 numbers patients see.
    """

    __tablename__ = "site"

    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(24))
    time_zone: Mapped[str] = mapped_column(String(40))
    languages: Mapped[list[str]] = mapped_column(Json, default=lambda: ["en", "es"])
    hours: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    window: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    holidays: Mapped[str] = mapped_column(String(16), default="US")
    numbers: Mapped[list[str]] = mapped_column(Json, default=list)
    transfer_number: Mapped[str | None] = mapped_column(String(24))
    settings: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class Patient(Row, Base):
    """A person we follow up. `status` is why we may not write: deceased, merged, minor, inactive, or "active"."""

    __tablename__ = "patient"
    __table_args__ = (Index("ix_patient_site_id_name_index", "site_id", "name_index"),)

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    given_name: Mapped[str] = mapped_column(Sealed("patient.given_name"))
    family_name: Mapped[str] = mapped_column(Sealed("patient.family_name"))
    name_index: Mapped[str] = mapped_column(String(32))
    birth_date: Mapped[str | None] = mapped_column(Sealed("patient.birth_date"))
    sex: Mapped[str | None] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(8), default="en")
    interpreter: Mapped[bool] = mapped_column(default=False)
    channel: Mapped[str] = mapped_column(String(8), default="sms")
    time_zone: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(12), default="active")
    deceased_at: Mapped[datetime | None]
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id"))
    risks: Mapped[list[str]] = mapped_column(Json, default=list)
    missed_visits: Mapped[int] = mapped_column(default=0)
    contacts: Mapped[Any] = mapped_column(SealedJson("patient.contacts"), nullable=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class PatientIdentifier(Row, Base):
    """A record number of a patient in one system; `value_index` is blind, so look-ups need no plain number."""

    __tablename__ = "patient_identifier"
    __table_args__ = (UniqueConstraint("system", "value_index"),)

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    system: Mapped[str] = mapped_column(String(120))
    value: Mapped[str] = mapped_column(Sealed("patient_identifier.value"))
    value_index: Mapped[str] = mapped_column(String(32))


class ContactPoint(Row, Base):
    """A telephone number (E.164) or e-mail address of a patient. Lower `rank` is preferred.

    `state`: ok, invalid, wrong_person, landline (calls only) or old; `value_index` finds patients by number.
    """

    __tablename__ = "contact_point"
    __table_args__ = (UniqueConstraint("patient_id", "value_index"),)

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    system: Mapped[str] = mapped_column(String(8), default="phone")
    use: Mapped[str] = mapped_column(String(12), default="mobile")
    rank: Mapped[int] = mapped_column(default=1)
    value: Mapped[str] = mapped_column(Sealed("contact_point.value"))
    value_index: Mapped[str] = mapped_column(String(32), index=True)
    state: Mapped[str] = mapped_column(String(16), default="ok")
    state_reason: Mapped[str | None] = mapped_column(String(120))
    updated_at: Mapped[datetime]
