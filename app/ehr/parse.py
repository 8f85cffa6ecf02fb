"""Any file in: what it is decides its reader."""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.ehr import csv_in, fhir_in, hl7_in
from app.ehr.csv_dates import Order
from app.ehr.detect import Kind, detect
from app.ehr.records import Parsed, Quarantined


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file is, and what it says row by row."""

    kind: Kind
    encoding: str
    rows: Iterator[Parsed]


def read_file(data: bytes, *, source: str, default_zone: ZoneInfo, order: Order | None = None) -> Reading:
    """A file of any kind as records, quarantined and skipped rows; never raises, also while iterating.

    `source` names the sending system and keeps its numbers apart from others'; times without a zone are in
    `default_zone`; `order` says how to read 3/4/2026 where a CSV file does not tell.
    """
    found = detect(data)
    rows: Iterator[Parsed]
    if found.kind is Kind.CSV:
        rows = csv_in.parse(data, source=source, default_zone=default_zone, order=order)
    elif found.kind in (Kind.FHIR, Kind.NDJSON):
        rows = fhir_in.parse(data, source=source, default_zone=default_zone)
    elif found.kind is Kind.HL7:
        rows = hl7_in.parse(data, source=source, default_zone=default_zone)
    else:
        rows = iter((Quarantined(found.reason, found.text[:2000], "the file"),))
    return Reading(found.kind, found.encoding, rows)
