"""HL7 v2 PID, NK1 and MRG: who the patient is, how to reach them, and which numbers are one person."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.ehr.fhir_json import keep_identifier
from app.ehr.hl7_message import Message, Segment
from app.ehr.phones import parse_phones, phone_notes, unique
from app.ehr.records import Contact, Email, Identifier, MergeRecord, Name, PatientRecord, Phone, RowError
from app.ehr.times import hl7_date, hl7_time
from app.ehr.vocab import is_guardian, is_test_name, language
from app.ehr.zones import zone_hint

_OID = "0123456789."
_NOT_VOICE = {"FX", "BP", "MD", "SAT", "X.400"}  # HL7 table 0202: fax, beeper, modem, satellite
_USES = {"PRN": "home", "ORN": "home", "VHN": "home", "WPN": "work", "PRS": "mobile", "EMR": ""}
_BAD_ADDRESS = "BA"
_OTHER_NAMES = {
    "A",
    "M",
    "N",
    "S",
    "P",
    "I",
    "T",
    "TEST",
    "BAD",
}  # HL7 table 0200: alias, maiden, nickname ...


def authority(
    segment: Segment, field: int, repeat: int, source: str, fallback: str, component: int = 4
) -> str:
    """The system of a CX or EI: the OID of its assigning authority, else its namespace at this source."""
    namespace = segment.get(field, component, repeat, 1)
    universal = segment.get(field, component, repeat, 2)
    if universal and all(letter in _OID for letter in universal) and "." in universal:
        return f"urn:oid:{universal}"
    return f"{source}/{universal or namespace or fallback}"


def cx_identifiers(segment: Segment, field: int, source: str, fallback: str) -> tuple[Identifier, ...]:
    """Every number in a repeating CX field, without those that must not be kept."""
    found = []
    for repeat in range(1, segment.repeats(field) + 1):
        value, kind = segment.get(field, 1, repeat), segment.get(field, 5, repeat)
        system = authority(segment, field, repeat, source, fallback)
        if value and keep_identifier(system, kind):
            found.append(Identifier(system, value, kind))
    return tuple(dict.fromkeys(found))


def person_name(segment: Segment, field: int) -> Name:
    """The name to use of a repeating XPN: the first whole one that is no alias, maiden or nickname."""

    def rank(repeat: int) -> tuple[bool, bool]:
        half = not (segment.get(field, 1, repeat) and segment.get(field, 2, repeat))
        return segment.get(field, 7, repeat).upper() in _OTHER_NAMES, half

    for repeat in sorted(range(1, segment.repeats(field) + 1), key=rank):
        parts = [segment.get(field, component, repeat) for component in range(1, 6)]
        if parts[0] or parts[1]:
            family, given, middle, suffix, prefix = parts
            return Name(family, given, middle, prefix, suffix)
    return Name()


def _number(segment: Segment, field: int, repeat: int) -> str:
    written = segment.get(field, 1, repeat) or segment.get(field, 12, repeat)
    area, local = segment.get(field, 6, repeat), segment.get(field, 7, repeat)
    country, extension = segment.get(field, 5, repeat), segment.get(field, 8, repeat)
    if not written and local:
        written = f"{'+' + country + ' ' if country.isdigit() else ''}{area} {local}"
        written += f" x{extension}" if extension.isdigit() else ""
    return written.strip()


def xtn(segment: Segment, field: int, use: str = "") -> tuple[tuple[Phone, ...], tuple[Email, ...]]:
    """The phones and e-mails of a repeating XTN; faxes and pagers are left out."""
    phones: list[Phone] = []
    emails: list[Email] = []
    for repeat in range(1, segment.repeats(field) + 1):
        code, equipment = segment.get(field, 2, repeat), segment.get(field, 3, repeat).upper()
        address = segment.get(field, 4, repeat)
        if "@" in address:
            emails.append(Email(address, "work" if code == "WPN" else ""))
        number = _number(segment, field, repeat)
        if not number or "@" in number or equipment in _NOT_VOICE:
            continue
        meant = "mobile" if equipment == "CP" else _USES.get(code, use)
        phones += parse_phones(number, use=meant)
    return tuple(phones), tuple(emails)


def _birth_date(segment: Segment) -> tuple[date | None, str]:
    text, told = segment.get(7), "There is no birth date"
    if text:
        try:
            found = hl7_date(text)
        except RowError as error:
            return None, str(error)
        if found:
            return found, ""
        told = f"The birth date {text!r} has no day"
    return None, f"{told}, so the patient cannot confirm who they are by it."


def _language(segment: Segment) -> str:
    tries = (segment.get(15, component) for component in (1, 2, 4, 5))
    return next((found for found in map(language, tries) if found), "")


def _address(segment: Segment) -> tuple[str, str]:
    for repeat in range(1, segment.repeats(11) + 1):
        if segment.get(11, 7, repeat) != _BAD_ADDRESS:
            state = segment.get(11, 4, repeat).upper()
            return segment.get(11, 5, repeat), state if len(state) == 2 else ""
    return "", ""


def _contacts(message: Message) -> tuple[Contact, ...]:
    found = []
    for segment in message.all("NK1"):
        name, phones = person_name(segment, 2), xtn(segment, 5)[0] + xtn(segment, 6, "work")[0]
        told = [segment.get(3, 1), segment.get(3, 2), segment.get(7, 1), segment.get(7, 2)]
        if name.full or phones:
            shown = next((word for word in (told[1], told[0], told[3], told[2]) if word), "")
            tongue = language(segment.get(20))
            found.append(Contact(name, shown, is_guardian(*told), unique(phones), tongue))
    return tuple(found)


def told_time(text: str, zone: ZoneInfo) -> datetime | None:
    """A time that nothing depends on: None when it is missing or cannot be read."""
    try:
        return hl7_time(text, zone) if text else None
    except RowError:
        return None


def is_test(message: Message) -> bool:
    """Whether MSH-11 marks a message as training or debugging (HL7 table 0103: T, D)."""
    return message.header.get(11).upper() in ("T", "D")


def patient_numbers(segment: Segment, source: str) -> tuple[Identifier, ...]:
    """A PID's numbers: the list in PID-3, else the old PID-2."""
    return cx_identifiers(segment, 3, source, "mrn") or cx_identifiers(segment, 2, source, "mrn")


def patient(message: Message, segment: Segment, source: str, zone: ZoneInfo) -> PatientRecord:
    """The patient of a PID segment; RowError when it has no number to find them by again."""
    numbers = patient_numbers(segment, source)
    if not numbers:
        raise RowError("The message has no patient number (PID-3).")
    name, (born, born_note) = person_name(segment, 5), _birth_date(segment)
    home, mails = xtn(segment, 13, "home")
    work, more = xtn(segment, 14, "work")
    extra, others = xtn(segment, 40)
    phones = unique((*home, *work, *extra))
    phones = tuple(sorted(phones, key=lambda phone: phone.use != "mobile"))
    zip_code, state = _address(segment)
    died_at = told_time(segment.get(29), zone)
    notes = phone_notes(phones) + ((born_note,) if born_note else ())
    return PatientRecord(
        source=source,
        where=message.raw.where,
        identifiers=numbers,
        name=name,
        birth_date=born,
        phones=phones,
        emails=tuple(dict.fromkeys((*mails, *more, *others))),
        language=_language(segment),
        deceased=segment.get(30).upper() in ("Y", "YES") or (died_at is not None and segment.get(30) != "N"),
        deceased_at=died_at,
        zip_code=zip_code,
        state=state,
        zone_hint=zone_hint(state, phones),
        contacts=_contacts(message),
        test=is_test(message) or is_test_name(name.family, name.given),
        recorded_at=told_time(message.header.get(7), zone),
        notes=notes if name.full else (*notes, "The patient has no name."),
    )


def merges(message: Message, source: str, zone: ZoneInfo) -> Iterator[PatientRecord | MergeRecord]:
    """The patients of an A40 and what each took over: every MRG belongs to the PID before it."""
    survivor: PatientRecord | None = None
    found = 0
    for segment in message.segments:
        if segment.name == "PID":
            survivor = patient(message, segment, source, zone)
            yield survivor
        elif segment.name == "MRG" and survivor:
            retired = cx_identifiers(segment, 1, source, "mrn") or cx_identifiers(segment, 4, source, "mrn")
            if not retired:
                raise RowError("The merge does not say which number was given up (MRG-1).")
            found += 1
            yield MergeRecord(source, message.raw.where, survivor.identifiers, retired, survivor.recorded_at)
    if not found:
        raise RowError("The merge does not say which number was given up (there is no MRG segment).")
