"""FHIR R4 Patient: who somebody is, how to reach them, whether they live, and who they were merged with."""

from collections.abc import Iterator
from datetime import date, datetime
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
    texts,
    words,
)
from app.ehr.phones import parse_phones, phone_notes, unique
from app.ehr.records import (
    Contact,
    Email,
    Identifier,
    MergeRecord,
    Name,
    PatientRecord,
    Phone,
    Record,
    RowError,
    RowSkip,
)
from app.ehr.times import checked_date, fhir_time
from app.ehr.vocab import is_guardian, is_test_name, language
from app.ehr.zones import zone_hint

_ANIMAL = "StructureDefinition/patient-animal"
_INTERPRETER = "patient-interpreterRequired"
_NAME_ORDER = ("official", "usual", "", "temp", "nickname", "anonymous", "maiden", "old")
_REPLACED, _REPLACES = "replaced-by", "replaces"


def human_name(value: object) -> Name:
    """The name to use of a list of HumanNames: official before usual, an old one last."""
    names = as_dicts(value)
    if not names:
        return Name()
    rank = {use: place for place, use in enumerate(_NAME_ORDER)}
    name = min(names, key=lambda told: rank.get(as_text(told.get("use")), len(rank)))
    given = texts(name.get("given"))
    family = as_text(name.get("family"))
    if not family and not given:
        family = as_text(name.get("text"))
    prefix, suffix = " ".join(texts(name.get("prefix"))), " ".join(texts(name.get("suffix")))
    return Name(family, given[0] if given else "", " ".join(given[1:]), prefix, suffix)


def _rank(told: Json) -> int | None:
    rank = told.get("rank")
    return rank if isinstance(rank, int) and not isinstance(rank, bool) and rank > 0 else None


def _is_old(told: Json, today: datetime | None) -> bool:
    ends = as_text(as_dict(told.get("period")).get("end"))
    return as_text(told.get("use")) == "old" or bool(today and ends and ends < today.isoformat())


def telecom(value: object, recorded: datetime | None) -> tuple[tuple[Phone, ...], tuple[Email, ...]]:
    """Phones (lowest rank first, mobile before others) and e-mails of a list of ContactPoints.

    One that the source calls old, or that had ended when the record was made, is left out.
    """
    phones: list[Phone] = []
    emails: list[Email] = []
    for told in as_dicts(value):
        system, use = as_text(told.get("system")), as_text(told.get("use"))
        text = as_text(told.get("value"))
        if not text or _is_old(told, recorded):
            continue
        if system in ("phone", "sms", ""):
            use = "mobile" if system == "sms" else use if use in ("mobile", "home", "work") else ""
            phones += parse_phones(text, use=use, rank=_rank(told))
        elif system == "email":
            emails.append(Email(text, use, _rank(told)))
    phones.sort(key=lambda phone: (phone.rank or 99, phone.use != "mobile"))
    return unique(tuple(phones)), tuple(emails)


def _contacts(resource: Json, recorded: datetime | None) -> tuple[Contact, ...]:
    found = []
    for told in as_dicts(resource.get("contact")):
        relation = told.get("relationship")
        name = human_name(told.get("name"))
        phones, _ = telecom(told.get("telecom"), recorded)
        if name.full or phones:
            guardian = is_guardian(*codes(relation), *words(relation))
            shown = first_words(relation) or next(iter(codes(relation)), "")
            found.append(Contact(name, shown, guardian, phones))
    return tuple(found)


def _birth_date(resource: Json) -> tuple[date | None, str]:
    text = as_text(resource.get("birthDate"))
    parts = text.split("T")[0].split("-")
    if len(parts) == 3 and all(part.isdigit() for part in parts):
        try:
            return checked_date(int(parts[0]), int(parts[1]), int(parts[2]), text), ""
        except RowError as error:
            return None, str(error)
    told = f"The birth date {text!r} has no day" if text else "There is no birth date"
    return None, f"{told}, so the patient cannot confirm who they are by it."


def _death(resource: Json, zone: ZoneInfo) -> tuple[bool, datetime | None]:
    text = as_text(resource.get("deceasedDateTime"))
    if text:
        try:
            return True, fhir_time(text, zone)
        except RowError:
            return True, None  # a date of death that cannot be read is a death all the same
    return as_text(resource.get("deceasedBoolean")) == "true", None


def _language(resource: Json) -> str:
    told = as_dicts(resource.get("communication"))
    told.sort(key=lambda entry: entry.get("preferred") is not True)
    tongue = told[0].get("language") if told else None
    tries = [*codes(tongue), *words(tongue), *texts(tongue)]
    return next((found for found in map(language, tries) if found), "")


def _interpreter(resource: Json) -> bool | None:
    for extension in as_dicts(resource.get("extension")):
        if _INTERPRETER in as_text(extension.get("url")):
            told = extension.get("valueBoolean")
            code = next(iter(codes(extension.get("valueCoding"))), "").lower()
            return told if isinstance(told, bool) else code in ("yes", "y", "373066001")
    return None


def _address(resource: Json) -> tuple[str, str]:
    found = [told for told in as_dicts(resource.get("address")) if as_text(told.get("use")) != "old"]
    home = next((told for told in found if as_text(told.get("use")) == "home"), found[0] if found else {})
    state = as_text(home.get("state")).upper()
    return as_text(home.get("postalCode")), state if len(state) == 2 else ""


def recorded_at(resource: Json, zone: ZoneInfo) -> datetime | None:
    """When the source last changed the resource, if it says."""
    text = as_text(as_dict(resource.get("meta")).get("lastUpdated"))
    try:
        return fhir_time(text, zone) if text else None
    except RowError:
        return None


def _is_test(resource: Json, name: Name) -> bool:
    tags = codes(as_dict(resource.get("meta")).get("tag"))
    return "HTEST" in tags or is_test_name(name.family, name.given)


def patient(entry: Entry, index: Index, zone: ZoneInfo) -> Iterator[Record]:
    """A Patient resource as a record, after the merges its links tell; RowSkip for an animal."""
    resource = entry.resource
    if any(_ANIMAL in as_text(told.get("url")) for told in as_dicts(resource.get("extension"))):
        raise RowSkip("This patient is an animal.")
    if as_text(resource.get("status")) == "entered-in-error":
        raise RowSkip("The source says that this record was entered in error.")
    numbers = resource_identifiers(resource, index.source, "Patient")
    if not numbers:
        raise RowError(
            "The patient has neither an id nor an identifier, so the next message could not find them."
        )
    yield _record(entry, numbers, index, zone)
    yield from _merges(entry, numbers, index, zone)


def _record(entry: Entry, numbers: tuple[Identifier, ...], index: Index, zone: ZoneInfo) -> PatientRecord:
    resource, changed = entry.resource, recorded_at(entry.resource, zone)
    name, (born, born_note) = human_name(resource.get("name")), _birth_date(resource)
    phones, emails = telecom(resource.get("telecom"), changed)
    dead, died_at = _death(resource, zone)
    zip_code, state = _address(resource)
    notes = phone_notes(phones) + ((born_note,) if born_note else ())
    return PatientRecord(
        source=index.source,
        where=entry.where,
        identifiers=numbers,
        name=name,
        birth_date=born,
        phones=phones,
        emails=emails,
        language=_language(resource),
        interpreter=_interpreter(resource),
        deceased=dead,
        deceased_at=died_at,
        active=resource.get("active") is not False,
        zip_code=zip_code,
        state=state,
        zone_hint=zone_hint(state, phones),
        contacts=_contacts(resource, changed),
        test=_is_test(resource, name),
        recorded_at=changed,
        notes=notes if name.full else (*notes, "The patient has no name."),
    )


def _merges(
    entry: Entry, numbers: tuple[Identifier, ...], index: Index, zone: ZoneInfo
) -> Iterator[MergeRecord]:
    for link in as_dicts(entry.resource.get("link")):
        kind = as_text(link.get("type"))
        other = index.identifiers(as_dict(link.get("other")), entry.resource, "Patient")
        if kind in (_REPLACED, _REPLACES) and other:
            survivor, retired = (other, numbers) if kind == _REPLACED else (numbers, other)
            yield MergeRecord(index.source, entry.where, survivor, retired, recorded_at(entry.resource, zone))
