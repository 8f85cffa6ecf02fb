"""FHIR R4 Encounter, Appointment, Schedule and Slot as records."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from app.ehr.fhir_json import (
    Entry,
    Index,
    Json,
    as_dict,
    as_dicts,
    as_text,
    codes,
    first_words,
    resource_identifiers,
    words,
)
from app.ehr.fhir_patient import recorded_at
from app.ehr.records import (
    AppointmentRecord,
    BookingStatus,
    Disposition,
    EncounterRecord,
    Identifier,
    Record,
    RowError,
    RowSkip,
    ScheduleRecord,
    SlotRecord,
    VisitStatus,
)
from app.ehr.times import fhir_has_time, fhir_time, minutes_between
from app.ehr.vocab import booking_status, disposition, is_video, slot_status, visit_class, visit_status

_UNDATED = (BookingStatus.PROPOSED, BookingStatus.PENDING, BookingStatus.WAITLIST, BookingStatus.CANCELLED)


def _kind(reference: Json, index: Index, holder: Json) -> str:
    target = as_text(reference.get("reference"))
    found = as_text(index.resolve(reference, holder).get("resourceType"))
    return found or as_text(reference.get("type")) or target.split("?")[0].rstrip("/").split("/")[-2:][0]


def _numbers(entry: Entry, source: str, kind: str) -> tuple[Identifier, ...]:
    numbers = resource_identifiers(entry.resource, source, kind)
    if not numbers:
        raise RowError(
            f"The {kind.lower()} has neither an id nor an identifier, so it cannot be updated later."
        )
    return numbers


def _whose(reference: object, entry: Entry, index: Index) -> tuple[Identifier, ...]:
    numbers = index.identifiers(as_dict(reference), entry.resource, "Patient")
    if not numbers:
        raise RowError("It does not say which patient it is about.")
    return numbers


def _time(value: object, zone: ZoneInfo) -> datetime | None:
    text = as_text(value)
    return fhir_time(text, zone) if text else None


def _disposition(resource: Json) -> tuple[Disposition, str]:
    stay = as_dict(resource.get("hospitalization")) or as_dict(resource.get("admission"))  # R5's name for it
    told = stay.get("dischargeDisposition")
    spoken = words(told)
    tries = [disposition(code) for code in codes(told)]
    tries += [disposition("", word) for word in spoken]
    unsure = (Disposition.OTHER, Disposition.UNKNOWN)
    best = next((found for found in tries if found not in unsure), tries[0] if tries else Disposition.UNKNOWN)
    return best, next(iter([*spoken, *codes(told)]), "")


def _facility(entry: Entry, index: Index) -> str:
    resource = entry.resource
    places = [as_dict(told.get("location")) for told in as_dicts(resource.get("location"))]
    tries = (index.name(told, resource) for told in (resource.get("serviceProvider"), *places))
    return next((name for name in tries if name), "")


def _practitioner(resource: Json, index: Index) -> str:
    for told in as_dicts(resource.get("participant")):
        name = index.name(told.get("individual") or told.get("actor"), resource)
        if name:
            return name
    return ""


def encounter(entry: Entry, index: Index, zone: ZoneInfo) -> Iterator[Record]:
    """An Encounter; RowError without a patient or with a status nobody knows."""
    resource = entry.resource
    status = visit_status(as_text(resource.get("status")))
    if status is None:
        raise RowError(f"The encounter status {as_text(resource.get('status'))!r} is not known.")
    period, kind = as_dict(resource.get("period")), resource.get("class")
    start, end = _time(period.get("start"), zone), _time(period.get("end"), zone)
    if start and end and end < start:
        raise RowError("The encounter ends before it starts.")
    went, went_raw = _disposition(resource)
    numbers = _numbers(entry, index.source, "Encounter")
    notes: tuple[str, ...] = ()
    if status is VisitStatus.FINISHED and end is None:
        notes = ("The encounter is finished but has no end, so it is not counted as a discharge.",)
    yield EncounterRecord(
        source=index.source,
        where=entry.where,
        identifiers=numbers,
        patient=_whose(resource.get("subject"), entry, index),
        visit_class=visit_class(next(iter(codes(kind)), ""), first_words(kind)),
        status=status,
        start=start,
        end=end,
        disposition=went,
        disposition_raw=went_raw,
        facility=_facility(entry, index),
        practitioner=_practitioner(resource, index),
        service=first_words(resource.get("serviceType")) or first_words(resource.get("type")),
        visit_number=next((number.value for number in numbers if number.kind == "VN"), ""),
        test="HTEST" in codes(as_dict(resource.get("meta")).get("tag")),
        recorded_at=recorded_at(resource, zone),
        notes=notes,
    )


def _participants(entry: Entry, index: Index) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for told in as_dicts(entry.resource.get("participant")):
        actor = as_dict(told.get("actor"))
        kind = _kind(actor, index, entry.resource)
        if kind and (as_text(told.get("status")) != "declined" or kind == "Patient"):
            found.setdefault(kind, actor)
    return found


def _when(resource: Json, status: BookingStatus, zone: ZoneInfo) -> tuple[datetime, int | None, str]:
    text = as_text(resource.get("start"))
    if not text:
        if status in _UNDATED:
            raise RowSkip(f"The appointment is {status.value} and has no date and time yet.")
        raise RowError(f"The appointment is {status.value} but has no date and time.")
    if not fhir_has_time(text):
        raise RowError(f"The appointment's start {text!r} has no time of day.")
    start, minutes = fhir_time(text, zone), resource.get("minutesDuration")
    end = _time(resource.get("end"), zone)
    long = minutes if isinstance(minutes, int) and 0 < minutes <= 24 * 60 else None
    note = "" if datetime.fromisoformat(text).tzinfo else "The start has no time zone; the site's was used."
    return start, long or (minutes_between(start, end) if end else None), note


def appointment(entry: Entry, index: Index, zone: ZoneInfo) -> Iterator[Record]:
    """An Appointment; RowSkip when it has no patient or no date yet, RowError when it should have."""
    resource = entry.resource
    word = as_text(resource.get("status"))
    status = booking_status(word)
    if status is None:
        raise RowError(f"The appointment status {word!r} is not known.")
    actors = _participants(entry, index)
    if "Patient" not in actors:
        raise RowSkip("No patient takes part in this appointment.")
    start, minutes, note = _when(resource, status, zone)
    service = first_words(resource.get("appointmentType")) or first_words(resource.get("serviceType"))
    spoken = [*words(resource.get("appointmentType")), *words(resource.get("serviceType"))]
    place = actors.get("Location") or actors.get("HealthcareService")
    yield AppointmentRecord(
        source=index.source,
        where=entry.where,
        identifiers=_numbers(entry, index.source, "Appointment"),
        patient=_whose(actors["Patient"], entry, index),
        start=start,
        status=status,
        minutes=minutes,
        zone=zone.key,
        practitioner=index.name(actors.get("Practitioner") or actors.get("PractitionerRole"), resource),
        location=index.name(place, resource),
        service=first_words(resource.get("serviceType")) or service,
        video=is_video(
            *spoken, *codes(resource.get("appointmentType")), as_text(resource.get("description"))
        ),
        cancel_reason=first_words(resource.get("cancelationReason")),
        instruction=as_text(resource.get("patientInstruction")),
        test="HTEST" in codes(as_dict(resource.get("meta")).get("tag")),
        recorded_at=recorded_at(resource, zone),
        notes=(note,) if note else (),
    )


def _actors(resource: Json, index: Index) -> dict[str, str]:
    found: dict[str, str] = {}
    for actor in as_dicts(resource.get("actor")):
        found.setdefault(_kind(actor, index, resource), index.name(actor, resource))
    return found


def _service(resource: Json) -> str:
    tries = (resource.get(key) for key in ("serviceType", "specialty", "serviceCategory"))
    return next((word for word in map(first_words, tries) if word), "")


def schedule(entry: Entry, index: Index, zone: ZoneInfo) -> Iterator[Record]:
    """A Schedule: whose time its slots are."""
    resource, actors = entry.resource, _actors(entry.resource, index)
    yield ScheduleRecord(
        source=index.source,
        where=entry.where,
        identifiers=_numbers(entry, index.source, "Schedule"),
        practitioner=actors.get("Practitioner") or actors.get("PractitionerRole", ""),
        location=actors.get("Location") or actors.get("HealthcareService", ""),
        service=_service(resource),
        active=resource.get("active") is not False,
    )


def slot(entry: Entry, index: Index, zone: ZoneInfo) -> Iterator[Record]:
    """A Slot; RowError when its time or status cannot be used."""
    resource = entry.resource
    word = as_text(resource.get("status"))
    status = slot_status(word)
    if status is None:
        raise RowError(f"The slot status {word!r} is not known.")
    start, end = _time(resource.get("start"), zone), _time(resource.get("end"), zone)
    minutes = minutes_between(start, end) if start and end else None
    if start is None or minutes is None:
        raise RowError("The slot has no start and end that fit together.")
    held_by = as_dict(resource.get("schedule"))
    whose = index.resolve(held_by, resource)
    actors = _actors(whose, index)
    yield SlotRecord(
        source=index.source,
        where=entry.where,
        identifiers=_numbers(entry, index.source, "Slot"),
        start=start,
        minutes=minutes,
        status=status,
        schedule=index.identifiers(held_by, resource, "Schedule"),
        zone=zone.key,
        practitioner=actors.get("Practitioner") or actors.get("PractitionerRole", ""),
        location=actors.get("Location") or actors.get("HealthcareService", ""),
        service=_service(resource) or _service(whose),
        video=is_video(_service(resource), *words(resource.get("appointmentType"))),
    )
