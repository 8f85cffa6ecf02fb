"""HL7 v2 stays (PV1) and appointments (SCH, TQ1, AIS, AIL, AIP)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from app.ehr.hl7_message import Message, Segment
from app.ehr.hl7_patient import cx_identifiers, told_time
from app.ehr.keys import hidden_key
from app.ehr.records import (
    AppointmentRecord,
    BookingStatus,
    EncounterRecord,
    Identifier,
    PatientRecord,
    RowError,
    VisitStatus,
)
from app.ehr.times import hl7_has_time, hl7_time, minutes_between
from app.ehr.vocab import booking_status, disposition, is_video, still_a_patient, visit_class

_STATUS = {
    "A01": VisitStatus.ACTIVE,
    "A04": VisitStatus.ACTIVE,
    "A03": VisitStatus.FINISHED,
    "A08": VisitStatus.FINISHED,  # only with a discharge time; without one it says nothing of the stay
    "A11": VisitStatus.CANCELLED,
    "A13": VisitStatus.REOPENED,
}
_BOOKING_BY_EVENT = {
    "S15": BookingStatus.CANCELLED,
    "S16": BookingStatus.CANCELLED,
    "S17": BookingStatus.ERROR,
    "S26": BookingStatus.NOSHOW,
}
_UNIT_MINUTES = {
    "min": 1.0,
    "m": 1.0,
    "minutes": 1.0,
    "minute": 1.0,
    "h": 60.0,
    "hr": 60.0,
    "s": 1 / 60,
    "sec": 1 / 60,
}


def _staff(segment: Segment | None, field: int) -> str:
    if segment is None:
        return ""
    family, given, prefix = segment.get(field, 2), segment.get(field, 3), segment.get(field, 6)
    return " ".join(part for part in (prefix, given, family) if part)


def _place(segment: Segment | None, field: int) -> str:
    """A PL as people call it: the facility, else building, else point of care."""
    if segment is None:
        return ""
    tries = (segment.get(field, component) for component in (4, 7, 1, 9))
    return next((name for name in tries if name), "")


def _discharge(message: Message, visit: Segment, zone: ZoneInfo) -> tuple[datetime | None, tuple[str, ...]]:
    text = visit.get(45)
    if text:
        return hl7_time(text, zone), ()
    if message.event != "A03":
        return None, ()
    for text in (message.value("EVN", 6), message.value("EVN", 2), message.header.get(7)):
        found = told_time(text, zone)
        if found:
            return found, ("The discharge time (PV1-45) is missing; the time of the event was used.",)
    raise RowError("The discharge has no time: PV1-45, EVN-2 and MSH-7 are empty.")


def encounter(
    message: Message, patient: PatientRecord, source: str, zone: ZoneInfo
) -> EncounterRecord | None:
    """The stay an ADT message is about, or None when it says nothing of one."""
    visit = message.first("PV1")
    if visit is None:
        if message.event in ("A08", "A01", "A04"):
            return None
        raise RowError("The message has no visit (PV1), so it is not clear which stay it means.")
    end, notes = _discharge(message, visit, zone)
    if message.event == "A08" and end is None:
        return None
    status = _STATUS[message.event]
    if status is VisitStatus.FINISHED and still_a_patient(visit.get(36)):
        status = VisitStatus.ACTIVE
    start = told_time(visit.get(44), zone)
    numbers = cx_identifiers(visit, 19, source, "visit") or _account(message, source)
    key = hidden_key(patient.identifiers[0].value, start.isoformat() if start else "")
    return EncounterRecord(
        source=source,
        where=message.raw.where,
        identifiers=numbers or (Identifier(f"{source}/visit", key),),
        patient=patient.identifiers,
        visit_class=visit_class(visit.get(2), visit.get(2, 2)),
        status=status,
        start=start,
        end=end if status is VisitStatus.FINISHED else None,
        disposition=disposition(visit.get(36), visit.get(36, 2)),
        disposition_raw=visit.get(36, 2) or visit.get(36),
        facility=visit.get(3, 4) or visit.get(39) or message.header.get(4),
        practitioner=_staff(visit, 7),
        service=visit.get(10),
        visit_number=visit.get(19),
        event=message.event,
        test=patient.test,
        recorded_at=told_time(message.value("EVN", 2), zone) or patient.recorded_at,
        notes=notes,
    )


def _account(message: Message, source: str) -> tuple[Identifier, ...]:
    pid = message.first("PID")
    return cx_identifiers(pid, 18, source, "account") if pid else ()


def _minutes(message: Message, start: datetime, end: datetime | None) -> int | None:
    if end:
        return minutes_between(start, end)
    service, booking = message.first("AIS"), message.first("SCH")
    for segment, amount, unit in ((service, 7, 8), (booking, 9, 10)):
        text = segment.get(amount) if segment else ""
        if segment and text.replace(".", "", 1).isdigit():
            size = _UNIT_MINUTES.get(segment.get(unit).lower() or "min")
            found = round(float(text) * size) if size else 0
            if 0 < found <= 24 * 60:
                return found
    return None


def _times(message: Message, zone: ZoneInfo) -> tuple[datetime, int | None]:
    old = message.header.get(12).split(".")[:2] < ["2", "5"]
    timing = (message.value("TQ1", 7), message.value("TQ1", 8))
    booking = (message.value("SCH", 11, 4), message.value("SCH", 11, 5))
    resources = [(message.value(name, field), "") for name, field in (("AIS", 4), ("AIP", 6), ("AIL", 6))]
    order = [booking, timing, *resources] if old else [timing, *resources, booking]
    text, ends = next((pair for pair in order if pair[0]), ("", ""))
    if not text:
        raise RowError("The appointment has no start: TQ1-7, SCH-11 and AIS-4 are empty.")
    if not hl7_has_time(text):
        raise RowError(f"The appointment's start {text!r} has no time of day.")
    start = hl7_time(text, zone)
    return start, _minutes(message, start, told_time(ends, zone))


def _numbers(schedule: Segment, source: str) -> tuple[Identifier, ...]:
    found = []
    for field, fallback in ((2, "filler-appointment"), (1, "placer-appointment")):
        if schedule.get(field):
            found.append(Identifier(_ei_system(schedule, field, source, fallback), schedule.get(field)))
    if not found:
        raise RowError(
            "The appointment has no number (SCH-1 and SCH-2 are empty), so it cannot be updated later."
        )
    return tuple(found)


def _ei_system(schedule: Segment, field: int, source: str, fallback: str) -> str:
    universal, namespace = schedule.get(field, 3), schedule.get(field, 2)
    if universal and universal.replace(".", "").isdigit():
        return f"urn:oid:{universal}"
    return f"{source}/{namespace or fallback}"


def _status(message: Message, schedule: Segment) -> BookingStatus:
    if message.event in _BOOKING_BY_EVENT:
        return _BOOKING_BY_EVENT[message.event]
    told = schedule.get(25) or schedule.get(25, 2)
    return (booking_status(told) if told else None) or BookingStatus.BOOKED


def appointment(message: Message, patient: PatientRecord, source: str, zone: ZoneInfo) -> AppointmentRecord:
    """The appointment of a SIU message; the event decides its status where it says one, else SCH-25."""
    schedule = message.first("SCH")
    if schedule is None:
        raise RowError("The message has no appointment (SCH).")
    start, minutes = _times(message, zone)
    status = _status(message, schedule)
    service, place, person = message.first("AIS"), message.first("AIL"), message.first("AIP")
    told = [service.get(3, 2) if service else "", schedule.get(8, 2), schedule.get(8), schedule.get(7, 2)]
    cancelled = status in (BookingStatus.CANCELLED, BookingStatus.ERROR)
    return AppointmentRecord(
        source=source,
        where=message.raw.where,
        identifiers=_numbers(schedule, source),
        patient=patient.identifiers,
        start=start,
        status=status,
        minutes=minutes,
        zone=zone.key,
        practitioner=_staff(person, 3) or _staff(message.first("PV1"), 7),
        location=_place(place, 3) or message.value("PV1", 3, 4),
        service=next((word for word in told if word), ""),
        video=is_video(*told, _place(place, 3)),
        cancel_reason=schedule.get(6, 2) if cancelled else "",
        event=message.event,
        test=patient.test,
        recorded_at=patient.recorded_at,
    )
