"""FHIR R4 in: a resource, a Bundle (also nested, also a subscription notification) or NDJSON."""

import json
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

from app.ehr import fhir_visits
from app.ehr.detect import decode
from app.ehr.fhir_json import Entry, Index, Json, as_dict, as_text, raw_of
from app.ehr.fhir_patient import patient
from app.ehr.records import Parsed, Quarantined, Record, RowError, RowSkip, Skipped

Reader = Callable[[Entry, Index, ZoneInfo], Iterator[Record]]
# in the order in which they can be applied: a visit needs its patient, a slot its schedule
READERS: dict[str, Reader] = {
    "Patient": patient,
    "Schedule": fhir_visits.schedule,
    "Slot": fhir_visits.slot,
    "Encounter": fhir_visits.encounter,
    "Appointment": fhir_visits.appointment,
}
_MAX_DEPTH = 5


def _bundle(resource: Json, where: str, depth: int) -> Iterator[Entry | Quarantined]:
    entries = resource.get("entry")
    for number, told in enumerate(entries if isinstance(entries, list) else [], start=1):
        place = f"{where}, entry {number}" if where != "the file" else f"entry {number}"
        entry = as_dict(told)
        inside, request = entry.get("resource"), as_dict(entry.get("request"))
        if not isinstance(inside, dict):
            inside = {"resourceType": as_text(request.get("url")) or "nothing"}
        yield from _entries(
            inside, place, as_text(entry.get("fullUrl")), as_text(request.get("method")), depth
        )


def _entries(value: object, where: str, url: str, method: str, depth: int) -> Iterator[Entry | Quarantined]:
    if not isinstance(value, dict) or not as_text(value.get("resourceType")):
        yield Quarantined(
            "This is JSON but not a FHIR resource: it has no resourceType.", raw_of(value), where
        )
    elif value["resourceType"] == "Bundle" and depth < _MAX_DEPTH:
        yield from _bundle(value, where, depth + 1)
    else:
        yield Entry(where, value, url, method)


def _lines(text: str) -> Iterator[Entry | Quarantined]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            yield Quarantined(
                "This line is not whole JSON: it is cut off or damaged.", line[:20_000], f"line {number}"
            )
            continue
        yield from _entries(value, f"line {number}", "", "", 0)


def _read(text: str) -> Iterator[Entry | Quarantined]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        yield from _lines(text)
        return
    if isinstance(value, list):
        for number, told in enumerate(value, start=1):
            yield from _entries(told, f"resource {number}", "", "", 0)
    else:
        yield from _entries(value, "the file", "", "", 0)


def _what_is_wrong(resource: Json) -> str:
    """What the R4 definition finds wrong with a resource, in one line; imported only when something is."""
    kind = as_text(resource.get("resourceType"))
    try:
        model = getattr(import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)
        model.model_validate(resource)
    except ImportError:
        return ""
    except ValueError as error:
        faults: list[dict[str, Any]] = getattr(error, "errors", list)()
        told = (f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in faults[:3])
        return "; ".join(told)
    return ""


def _quarantine(entry: Entry, reason: str) -> Quarantined:
    wrong = _what_is_wrong(entry.resource)
    return Quarantined(
        f"{reason} (FHIR R4 check: {wrong})" if wrong else reason, raw_of(entry.resource), entry.where
    )


def _one(entry: Entry, index: Index, zone: ZoneInfo) -> Iterator[Parsed]:
    kind, raw = as_text(entry.resource.get("resourceType")), raw_of(entry.resource)
    if entry.method == "DELETE":
        yield Skipped(
            "A deletion: nothing is deleted here. Send the resource as cancelled instead.", raw, entry.where
        )
    elif kind not in READERS:
        yield Skipped(f"{kind} is not used for follow-up.", raw, entry.where)
    else:
        try:
            yield from tuple(READERS[kind](entry, index, zone))
        except RowSkip as skip:
            yield Skipped(str(skip), raw, entry.where)
        except RowError as error:
            yield _quarantine(entry, str(error))


def parse(data: bytes, *, source: str, default_zone: ZoneInfo) -> Iterator[Parsed]:
    """Every resource of a FHIR file as records, or quarantined or skipped with the reason; never raises.

    Patients come first, then schedules, slots, encounters and appointments, whatever their order in the file.
    Times without an offset are wall times in `default_zone`.
    """
    text = decode(data)[0].lstrip("\ufeff")
    index, entries = Index(source), []
    for found in _read(text):
        if isinstance(found, Quarantined):
            yield found
        else:
            index.add(found)
            entries.append(found)
    order = {kind: place for place, kind in enumerate(READERS)}
    entries.sort(key=lambda entry: order.get(as_text(entry.resource.get("resourceType")), len(order)))
    for entry in entries:
        yield from _one(entry, index, default_zone)
