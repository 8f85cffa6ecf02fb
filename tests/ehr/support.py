"""What the readers' tests share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from app.ehr.csv_dates import Order
from app.ehr.parse import read_file
from app.ehr.records import Parsed, Quarantined, Skipped

CHICAGO = ZoneInfo("America/Chicago")
FILES = Path(__file__).parent / "files"
SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
T = TypeVar("T")


def read(data: bytes | str, *, zone: ZoneInfo = CHICAGO, order: Order | None = None) -> list[Parsed]:
    """Everything a file says."""
    raw = data.encode() if isinstance(data, str) else data
    return list(read_file(raw, source="clinic", default_zone=zone, order=order).rows)


def only(rows: Iterable[Parsed], kind: type[T]) -> T:
    """The one record of a kind."""
    (found,) = every(rows, kind)
    return found


def every(rows: Iterable[Parsed], kind: type[T]) -> list[T]:
    """The records of a kind, in order."""
    return [row for row in rows if isinstance(row, kind)]


def reasons(rows: Iterable[Parsed]) -> list[str]:
    """Why rows were not taken."""
    return [row.reason for row in rows if isinstance(row, Quarantined | Skipped)]
