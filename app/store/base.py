"""The declarative base: typed columns, one naming convention for constraints, a UUID key."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import MetaData, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.store.ids import new_id
from app.store.types import UTCDateTime

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: UTCDateTime(), UUID: Uuid()}  # noqa: RUF012 - SQLAlchemy's own protocol


class Row:
    """Mixin: a UUID primary key made by the application, so that a row can be named before it is stored."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-1)
