"""CSV in: patients, appointments, discharges or free slots, from any practice system or spreadsheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.ehr.csv_dates import Order
from app.ehr.csv_header import Row, Table, read_table
from app.ehr.csv_patient import patient_of, row_identifier
from app.ehr.csv_times import SheetTimes
from app.ehr.detect import decode
from app.ehr.keys import hidden_key
from app.ehr.records import (
    AppointmentRecord,
    BookingStatus,
    EncounterRecord,
    Identifier,
    Parsed,
    PatientRecord,
    Quarantined,
    Record,
    RowError,
    Skipped,
    SlotRecord,
    SlotStatus,
    VisitClass,
    VisitStatus,
    same_content,
)
from app.ehr.vocab import (
    booking_status,
    disposition,
    is_video,
    plain,
    slot_status,
    still_a_patient,
    visit_class,
    visit_status,
)


class Sheet(StrEnum):
    """What a table lists."""

    PATIENTS = "patients"
    APPOINTMENTS = "appointments"
    DISCHARGES = "discharges"
    SLOTS = "slots"


@dataclass(frozen=True, slots=True)
class _File:
    """What the reading of a row needs to know of its file."""

    sheet: Sheet
    source: str
    times: SheetTimes


def sheet_of(fields: frozenset[str]) -> Sheet:
    """What a table lists, by its columns; RowError when they are not enough for anything."""
    patient = bool(fields & {"patient_id", "full_name", "last_name"})
    if patient and fields & {"discharge", "disposition", "admit"}:
        return Sheet.DISCHARGES
    if patient and fields & {"date", "start"}:
        return Sheet.APPOINTMENTS
    if patient:
        return Sheet.PATIENTS
    if fields & {"date", "start"} and fields & {"provider", "location", "slot_id"}:
        return Sheet.SLOTS
    raise RowError(
        "The columns are not enough: a list of patients needs a patient number or name; appointments also a "
        "date and time; discharges a discharge date; free slots a date, a time and a provider or location."
    )


def _video(row: Row) -> bool:
    mode = plain(row.get("mode"))
    return mode in ("y", "yes", "true", "1", "x") or is_video(mode, row.get("service"), row.get("location"))


def _booking_status(word: str) -> BookingStatus:
    status = booking_status(word) if word else BookingStatus.BOOKED
    if status is None:
        raise RowError(
            f"The status {word!r} is not known. Known are Scheduled, Confirmed, Cancelled, No show, Arrived, "
            "Completed and the like."
        )
    return status


def _appointment(row: Row, file: _File, patient: PatientRecord) -> AppointmentRecord:
    start, status = file.times.start(row), _booking_status(row.get("status"))
    system = f"{file.source}/appointment"
    number = row_identifier(row, "appointment_id", system)
    key = hidden_key(patient.identifiers[0].value, start.isoformat(), row.get("provider"))
    note = "There is no appointment number: a changed time will count as a new appointment."
    return AppointmentRecord(
        source=file.source,
        where=row.where,
        identifiers=(number or Identifier(system, key),),
        patient=patient.identifiers,
        start=start,
        status=status,
        minutes=file.times.minutes(row, start),
        zone=file.times.zone(row).key,
        practitioner=row.get("provider"),
        location=row.get("location"),
        service=row.get("service"),
        video=_video(row),
        cancel_reason=row.get("cancel_reason"),
        instruction=row.get("instruction"),
        test=patient.test,
        notes=() if number else (note,),
    )


def _visit_status(row: Row, *, left: bool) -> VisitStatus:
    word = row.get("status")
    status = visit_status(word) if word else None
    if word and status is None:
        raise RowError(f"The status {word!r} is not known. Known are Admitted, Discharged and Cancelled.")
    if still_a_patient(row.get("disposition")):
        return VisitStatus.ACTIVE
    return status or (VisitStatus.FINISHED if left else VisitStatus.ACTIVE)


def _encounter(row: Row, file: _File, patient: PatientRecord) -> EncounterRecord:
    start, end = file.times.day_or_time(row, "admit"), file.times.day_or_time(row, "discharge")
    told = end or start
    if told is None:
        raise RowError("There is neither an admission date nor a discharge date.")
    if start and end and end < start:
        raise RowError("The discharge is before the admission.")
    kind, went = row.get("visit_class"), row.get("disposition")
    number = row_identifier(row, "visit_number", f"{file.source}/visit", "VN")
    key = hidden_key(patient.identifiers[0].value, told.isoformat())
    return EncounterRecord(
        source=file.source,
        where=row.where,
        identifiers=(number or Identifier(f"{file.source}/visit", key),),
        patient=patient.identifiers,
        visit_class=visit_class(kind) if kind else VisitClass.INPATIENT,
        status=_visit_status(row, left=end is not None),
        start=start,
        end=end,
        disposition=disposition(went),
        disposition_raw=went,
        facility=row.get("location"),
        practitioner=row.get("provider"),
        service=row.get("service"),
        visit_number=number.value if number else "",
        test=patient.test,
    )


def _slot(row: Row, file: _File) -> SlotRecord:
    start, word = file.times.start(row), row.get("status")
    status = slot_status(word) if word else SlotStatus.FREE
    if status is None:
        raise RowError(f"The status {word!r} is not known. Known are Free, Busy, Blocked and Held.")
    minutes = file.times.minutes(row, start)
    if minutes is None:
        raise RowError("The slot has neither a length nor an end time.")
    system = f"{file.source}/slot"
    key = hidden_key(start.isoformat(), row.get("provider"), row.get("location"))
    return SlotRecord(
        source=file.source,
        where=row.where,
        identifiers=(row_identifier(row, "slot_id", system) or Identifier(system, key),),
        start=start,
        minutes=minutes,
        status=status,
        zone=file.times.zone(row).key,
        practitioner=row.get("provider"),
        location=row.get("location"),
        service=row.get("service"),
        video=_video(row),
    )


def _records(row: Row, file: _File) -> tuple[Record, ...]:
    if row.too_long:
        raise RowError("The row has more cells than there are headings: a comma in a text without quotes?")
    if file.sheet is Sheet.SLOTS:
        return (_slot(row, file),)
    patient = patient_of(row, file.source, file.times.orders)
    if file.sheet is Sheet.APPOINTMENTS:
        return (patient, _appointment(row, file, patient))
    if file.sheet is Sheet.DISCHARGES:
        return (patient, _encounter(row, file, patient))
    return (patient,)


def _rows(table: Table, file: _File) -> Iterator[Parsed]:
    seen: dict[tuple[object, ...], str] = {}
    for row in table.rows:
        raw = ",".join(row.raw)
        try:
            records = _records(row, file)
        except RowError as error:
            yield Quarantined(str(error), raw, row.where)
            continue
        first = seen.setdefault(tuple(same_content(record) for record in records), row.where)
        if first == row.where:
            yield from records
        else:
            yield Skipped(f"It says the same as {first} (one line per diagnosis or charge?).", raw, row.where)


def parse(
    data: bytes, *, source: str, default_zone: ZoneInfo, order: Order | None = None
) -> Iterator[Parsed]:
    """Every row of a CSV file as records, or quarantined or skipped with the reason; never raises.

    Times without a zone are wall times in `default_zone`; `order` overrides what the file's dates tell.
    """
    text = decode(data)[0].lstrip("\ufeff")
    try:
        table = read_table(text)
        sheet = sheet_of(table.fields)
    except RowError as error:
        yield Quarantined(str(error), text[:2000], "the file")
        return
    if not table.rows:
        yield Skipped("The file has headings and no rows.", text[:2000], "the file")
    yield from _rows(table, _File(sheet, source, SheetTimes(table, default_zone, order)))
