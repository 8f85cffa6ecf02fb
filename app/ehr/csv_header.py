"""Which column is which: the headings offices and vendors use, and finding the heading row and delimiter."""

import csv
import io
from dataclasses import dataclass

from app.ehr.records import RowError
from app.ehr.vocab import plain

# field: headings, as `plain` writes them
SYNONYMS: dict[str, tuple[str, ...]] = {
    "patient_id": (
        "patient id", "patientid", "patient number", "patient no", "mrn", "patient mrn",
        "medical record number", "medical record no", "med rec no", "chart", "chart id", "chart number",
        "chart no", "account no", "account number", "acct no", "patient acct no", "patient account number",
        "pt id", "emr id", "ehr id", "person id", "enterprise id", "external id",
    ),
    "full_name": (
        "patient", "patient name", "name", "full name", "pt name", "patient full name", "nombre completo",
    ),
    "first_name": (
        "first name", "first", "firstname", "given name", "patient first name", "pt first name", "fname",
        "nombre",
    ),
    "last_name": (
        "last name", "last", "lastname", "surname", "family name", "patient last name", "pt last name",
        "lname", "apellido", "apellidos",
    ),
    "middle_name": ("middle name", "middle", "mi", "middle initial"),
    "birth_date": (
        "dob", "d o b", "date of birth", "birth date", "birthdate", "birthday", "patient dob", "pt dob",
        "patient date of birth", "fecha de nacimiento",
    ),
    "phone": (
        "phone", "phones", "phone number", "phone no", "telephone", "tel", "patient phone", "pt phone",
        "contact number", "primary phone", "preferred phone", "phone 1", "phone1", "contact phone",
        "telefono",
    ),
    "mobile_phone": (
        "cell", "cell phone", "cellphone", "cell number", "mobile", "mobile phone", "mobile number",
        "mobile no", "patient mobile", "patient cell", "text number", "sms number", "celular",
    ),
    "home_phone": ("home phone", "home", "home number", "homephone", "patient home phone"),
    "work_phone": ("work phone", "work", "work number", "workphone", "business phone"),
    "other_phone": ("phone 2", "phone2", "other phone", "alternate phone", "alt phone", "secondary phone"),
    "email": ("email", "e mail", "email address", "patient email", "correo electronico"),
    "language": (
        "language", "preferred language", "primary language", "patient language", "pt language", "lang",
        "spoken language", "idioma",
    ),
    "interpreter": ("interpreter", "interpreter needed", "needs interpreter", "interpreter required"),
    "deceased": ("deceased", "deceased flag", "is deceased", "deceased y n", "vital status"),
    "deceased_date": ("date of death", "death date", "deceased date", "dod"),
    "active": ("active", "is active", "patient active", "patient status"),
    "zip": ("zip", "zip code", "zipcode", "postal code", "patient zip"),
    "state": ("state", "patient state", "st"),
    "guardian_name": (
        "guardian", "guardian name", "parent", "parent name", "parent guardian", "legal guardian",
        "responsible party", "responsible party name",
    ),
    "guardian_phone": ("guardian phone", "parent phone", "responsible party phone", "parent guardian phone"),
    "contact_name": (
        "emergency contact", "emergency contact name", "caregiver", "caregiver name", "next of kin",
        "next of kin name",
    ),
    "contact_phone": ("emergency contact phone", "emergency phone", "caregiver phone", "next of kin phone"),
    "contact_relation": (
        "relationship", "relation", "emergency contact relationship", "caregiver relationship",
    ),
    "appointment_id": (
        "appointment id", "appt id", "apptid", "appointmentid", "appointment number", "appt no",
        "booking id", "confirmation number",
    ),
    "slot_id": ("slot id", "slotid", "opening id"),
    "date": (
        "appointment date", "appt date", "apptdate", "appointmentdate", "date", "visit date",
        "service date", "scheduled date", "slot date", "date of service", "dos",
    ),
    "time": (
        "appointment time", "appt time", "time", "visit time", "scheduled time", "slot time", "start time",
    ),
    "start": (
        "appointment", "appointment date time", "appt date time", "appointment datetime", "appt datetime",
        "date time", "datetime", "start", "start date time", "appointment start", "scheduled start",
        "slot start", "visit date time", "start date",
    ),
    "end": ("end", "end time", "appointment end", "appt end time", "slot end", "end date time"),
    "minutes": (
        "duration", "length", "minutes", "mins", "appt length", "appointment length", "duration minutes",
        "duration min", "length min", "visit length", "appointment duration", "appt duration",
    ),
    "status": (
        "status", "appointment status", "appt status", "visit status", "slot status", "encounter status",
    ),
    "provider": (
        "provider", "provider name", "resource", "doctor", "physician", "clinician", "rendering provider",
        "appointment provider", "appt provider", "practitioner", "seen by", "with", "attending",
        "attending provider", "attending physician",
    ),
    "location": (
        "location", "site", "clinic", "facility", "facility name", "department", "office",
        "service location", "appointment location", "hospital", "hospital name",
    ),
    "service": (
        "appointment type", "appt type", "visit type", "reason", "visit reason", "reason for visit",
        "service", "type", "specialty",
    ),
    "mode": (
        "mode", "modality", "visit mode", "visit format", "telehealth", "is telehealth", "video",
        "video visit",
    ),
    "cancel_reason": ("cancel reason", "cancellation reason", "reason cancelled", "reason canceled"),
    "instruction": ("instructions", "patient instructions", "preparation"),
    "time_zone": ("time zone", "timezone", "tz"),
    "visit_number": (
        "visit number", "visit no", "visit id", "encounter", "encounter id", "encounter number", "csn",
        "har", "admission id", "stay id",
    ),
    "admit": (
        "admit date", "admission date", "admitted", "admit date time", "admission date time",
        "admit datetime", "date admitted", "date of admission",
    ),
    "discharge": (
        "discharge date", "discharged", "discharge date time", "discharge datetime", "dc date",
        "disch date", "date discharged", "date of discharge", "discharge",
    ),
    "disposition": (
        "disposition", "discharge disposition", "dc disposition", "discharged to", "discharge to",
        "discharge status", "disch disp",
    ),
    "visit_class": ("patient class", "class", "encounter type", "encounter class", "patient type"),
}  # fmt: skip
FIELD_OF = {heading: field for field, headings in SYNONYMS.items() for heading in headings}
DELIMITERS = (",", ";", "\t", "|")
_SEARCHED_ROWS = 15


@dataclass(frozen=True, slots=True)
class Row:
    """One data row: `number` as a spreadsheet counts it, the cells by field, and the cells as they were."""

    number: int
    cells: dict[str, str]
    raw: tuple[str, ...]
    too_long: bool

    @property
    def where(self) -> str:
        """How a person finds the row."""
        return f"row {self.number}"

    def get(self, field: str) -> str:
        """The cell of a field without the spaces around it, or the empty text."""
        return self.cells.get(field, "").strip()


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file with its headings understood: field by column, and what was not recognised."""

    fields: frozenset[str]
    unknown: tuple[str, ...]
    rows: tuple[Row, ...]
    header_row: int


def _cells(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    rows: list[list[str]] = []
    while True:
        try:
            rows.append(next(reader))
        except StopIteration:
            return rows
        except csv.Error as error:
            raise RowError(f"Line {reader.line_num} cannot be read as a table: {error}.") from error


def _known(row: list[str]) -> int:
    return len({FIELD_OF[plain(cell)] for cell in row if plain(cell) in FIELD_OF})


def _best(text: str) -> tuple[list[list[str]], int]:
    found: list[tuple[int, list[list[str]], int]] = []
    for delimiter in DELIMITERS:
        rows = _cells(text, delimiter)
        for number, row in enumerate(rows[:_SEARCHED_ROWS]):
            found.append((_known(row), rows, number))
    count, rows, number = max(found, key=lambda entry: (entry[0], -entry[2]))
    if count < 2:
        headings = ", ".join(cell.strip() for cell in rows[0][:8] if cell.strip())
        raise RowError(
            "No heading row was recognised. The first row reads: "
            f"{headings or '(nothing)'}. We look for headings such as MRN, First name, Last name, DOB, "
            "Phone, Language, Appointment date, Time, Status, Provider or Discharge date."
        )
    return rows, number


def _row(number: int, raw: list[str], columns: list[str]) -> Row:
    cells: dict[str, str] = {}
    for field, cell in zip(columns, raw, strict=False):
        if field and not cells.get(field, "").strip():  # two columns of one field: the first one filled in
            cells[field] = cell
    too_long = any(cell.strip() for cell in raw[len(columns) :])
    return Row(number=number, cells=cells, raw=tuple(raw), too_long=too_long)


def read_table(text: str) -> Table:
    """The table in a CSV text of any usual delimiter, also below a few title lines.

    Raises RowError, in words for the person who exported it, when no heading row is recognised.
    """
    rows, header = _best(text.replace("\0", ""))
    columns = [FIELD_OF.get(plain(cell), "") for cell in rows[header]]
    unknown = tuple(cell.strip() for cell, field in zip(rows[header], columns, strict=True) if not field)
    data = tuple(
        _row(number, raw, columns)
        for number, raw in enumerate(rows[header + 1 :], start=header + 2)
        if any(cell.strip() for cell in raw)
    )
    return Table(frozenset(filter(None, columns)), tuple(filter(None, unknown)), data, header + 1)
