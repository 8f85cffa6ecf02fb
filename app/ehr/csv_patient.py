"""The patient in a CSV row: who, and how to reach them."""

import re
from collections.abc import Mapping

from app.ehr.csv_dates import Order, parse_moment
from app.ehr.csv_header import Row
from app.ehr.keys import hidden_key
from app.ehr.names import split_name
from app.ehr.phones import is_excel_number, parse_phones, phone_notes, unique
from app.ehr.records import Contact, Email, Identifier, Name, PatientRecord, Phone, RowError
from app.ehr.vocab import is_guardian, is_test_name, language, plain, yes_no
from app.ehr.zones import zone_hint

_EMAIL = re.compile(r"[^@\s;,<>]+@[^@\s;,<>]+\.[a-z]{2,}", re.I)
_PHONE_FIELDS = (
    ("mobile_phone", "mobile", 1), ("phone", "", 2), ("home_phone", "home", 3), ("other_phone", "", 4),
    ("work_phone", "work", 5),
)  # fmt: skip
_NOT_DEAD = {"", "na", "n a", "none", "null", "no", "n", "alive", "0"}
_DEAD = {"deceased", "dead", "expired", "died"}


def row_identifier(row: Row, field: str, system: str, kind: str = "") -> Identifier | None:
    """The number in a cell; a RowError when a spreadsheet has destroyed it."""
    value = row.get(field)
    if is_excel_number(value):
        raise RowError(
            f"The spreadsheet changed the number in the {field.replace('_', ' ')} column to {value}: "
            "the real number is lost. Set that column to Text and export the file again."
        )
    value = re.sub(r"^(\d+)\.0$", r"\1", value)
    return Identifier(system, value, kind) if value else None


def _name(row: Row) -> Name:
    if row.get("first_name") or row.get("last_name"):
        return Name(row.get("last_name"), row.get("first_name"), row.get("middle_name"))
    return split_name(row.get("full_name"))


def _phones(row: Row) -> tuple[Phone, ...]:
    found = [
        phone
        for field, use, rank in _PHONE_FIELDS
        for phone in parse_phones(row.get(field), use=use, rank=rank)
    ]
    return unique(tuple(found))


def _contacts(row: Row) -> tuple[Contact, ...]:
    contacts = []
    for field, relation in (("guardian", "guardian"), ("contact", row.get("contact_relation"))):
        name, phones = row.get(f"{field}_name"), parse_phones(row.get(f"{field}_phone"))
        if name or phones:
            guardian = field == "guardian" or is_guardian(relation)
            contacts.append(Contact(split_name(name), relation, guardian, phones))
    return tuple(contacts)


def _zip(text: str) -> str:
    digits = re.sub(r"\.0$", "", text)
    if re.fullmatch(r"\d{3,4}", digits):
        return digits.zfill(5)  # a spreadsheet dropped the leading zeros of New England and Puerto Rico
    return digits


def _identifiers(row: Row, source: str, name: Name, born: str) -> tuple[Identifier, ...]:
    number = row_identifier(row, "patient_id", f"{source}/mrn", "MR")
    if number:
        return (number,)
    if not (name.family and name.given and born):
        raise RowError("There is no patient number, and no full name with a birth date to go by instead.")
    return (Identifier(f"{source}/name-and-birth-date", hidden_key(name.family, name.given, born)),)


def _is_dead(row: Row) -> bool:
    # any date of death stops outreach, also one that cannot be read
    died = plain(row.get("deceased_date")) not in _NOT_DEAD
    return died or yes_no(row.get("deceased")) is True or plain(row.get("active")) in _DEAD


def patient_of(row: Row, source: str, orders: Mapping[str, Order]) -> PatientRecord:
    """The patient a row is about; RowError when it does not say who it is."""
    name = _name(row)
    if not name.full and not row.get("patient_id"):
        raise RowError("The row names no patient: there is no name and no patient number.")
    born = parse_moment(row.get("birth_date"), orders["birth_date"]).day if row.get("birth_date") else None
    phones = _phones(row)
    state, tongue = row.get("state").upper(), language(row.get("language"))
    dead = _is_dead(row)
    notes = phone_notes(phones)
    if not name.full:
        notes += ("The row has no name.",)
    if born is None:
        notes += ("There is no birth date, so the patient cannot confirm who they are by it.",)
    return PatientRecord(
        source=source,
        where=row.where,
        identifiers=_identifiers(row, source, name, born.isoformat() if born else ""),
        name=name,
        birth_date=born,
        phones=phones,
        emails=tuple(Email(found) for found in _EMAIL.findall(row.get("email"))),
        language=tongue,
        interpreter=yes_no(row.get("interpreter")),
        deceased=dead,
        active=dead or yes_no(row.get("active")) is not False,
        zip_code=_zip(row.get("zip")),
        state=state if len(state) == 2 else "",
        zone_hint=zone_hint(state, phones),
        contacts=_contacts(row),
        test=is_test_name(name.family, name.given),
        notes=notes,
    )
