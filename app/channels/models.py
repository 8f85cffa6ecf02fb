"""Carriers' own state that must outlive a process."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, Row


class CarrierHold(Row, Base):
    """Sending is stopped until a person looks, or `until`: credentials wrong, account suspended, a number refused.

    `carrier` is what is stopped: a carrier as a whole, or one line of it (see `holds.line`).
    """

    __tablename__ = "carrier_hold"

    carrier: Mapped[str] = mapped_column(String(16), unique=True)
    code: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(200))
    until: Mapped[datetime]
    since: Mapped[datetime]
