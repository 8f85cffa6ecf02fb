"""The records every source is turned into, and the two other things a row can become."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum


class Disposition(StrEnum):
    """Where a patient went after a stay; UNKNOWN when the source did not say."""

    HOME = "home"
    SNF = "snf"
    REHAB = "rehab"
    HOSPICE = "hospice"
    EXPIRED = "expired"
    AMA = "ama"
    OTHER = "other"
    UNKNOWN = ""


class VisitClass(StrEnum):
    """The kind of encounter, as far as follow-up cares."""

    INPATIENT = "inpatient"
    OBSERVATION = "observation"
    EMERGENCY = "emergency"
    AMBULATORY = "ambulatory"
    VIRTUAL = "virtual"
    HOME = "home"
    OTHER = "other"


class VisitStatus(StrEnum):
    """Where an encounter stands; REOPENED says that a discharge was taken back (HL7 A13)."""

    PLANNED = "planned"
    ACTIVE = "in-progress"
    FINISHED = "finished"
    REOPENED = "reopened"
    CANCELLED = "cancelled"
    ERROR = "entered-in-error"


class BookingStatus(StrEnum):
    """Where an appointment stands (FHIR R4 AppointmentStatus; checked-in counts as arrived)."""

    PROPOSED = "proposed"
    PENDING = "pending"
    WAITLIST = "waitlist"
    BOOKED = "booked"
    ARRIVED = "arrived"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NOSHOW = "noshow"
    ERROR = "entered-in-error"


class SlotStatus(StrEnum):
    """Whether a slot can be offered (FHIR R4 SlotStatus)."""

    FREE = "free"
    BUSY = "busy"
    UNAVAILABLE = "busy-unavailable"
    TENTATIVE = "busy-tentative"
    ERROR = "entered-in-error"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number some system gave; `kind` is its HL7 table 0203 code where known (MR, VN, ...)."""

    system: str
    value: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name as written by the source."""

    family: str = ""
    given: str = ""
    middle: str = ""
    prefix: str = ""
    suffix: str = ""

    @property
    def full(self) -> str:
        """Given, middle and family name in reading order."""
        return " ".join(part for part in (self.given, self.middle, self.family) if part)


@dataclass(frozen=True, slots=True)
class Phone:
    """One telephone number: as written, and as E.164 where it can exist; else `problem` says why not."""

    raw: str
    e164: str | None = None
    use: str = ""  # mobile | home | work | other | old
    rank: int | None = None
    mobile: bool | None = None  # None: the source did not say, and US numbers do not show it
    extension: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Email:
    """One e-mail address."""

    address: str
    use: str = ""
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A person around the patient; `guardian` when the source says parent or legal guardian."""

    name: Name
    relation: str = ""
    guardian: bool = False
    phones: tuple[Phone, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """Who somebody is and how to reach them, as one row of one source says."""

    source: str
    where: str
    identifiers: tuple[Identifier, ...]
    name: Name
    birth_date: date | None = None
    phones: tuple[Phone, ...] = ()
    emails: tuple[Email, ...] = ()
    language: str = ""  # one of the supported codes, else the tag as written
    interpreter: bool | None = None
    deceased: bool = False
    deceased_at: datetime | None = None
    active: bool = True
    zip_code: str = ""
    state: str = ""
    zone_hint: str = ""  # IANA name, only where state or area code leave no doubt
    contacts: tuple[Contact, ...] = ()
    test: bool = False  # the source marks it as a test, or the name does (ZZTEST)
    recorded_at: datetime | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EncounterRecord:
    """One stay or visit; times are aware UTC."""

    source: str
    where: str
    identifiers: tuple[Identifier, ...]
    patient: tuple[Identifier, ...]
    visit_class: VisitClass
    status: VisitStatus
    start: datetime | None = None
    end: datetime | None = None
    disposition: Disposition = Disposition.UNKNOWN
    disposition_raw: str = ""
    facility: str = ""
    practitioner: str = ""
    service: str = ""
    visit_number: str = ""
    event: str = ""
    test: bool = False
    recorded_at: datetime | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AppointmentRecord:
    """One appointment of one patient; `start` is aware UTC, `zone` the IANA zone it was written in."""

    source: str
    where: str
    identifiers: tuple[Identifier, ...]
    patient: tuple[Identifier, ...]
    start: datetime
    status: BookingStatus
    minutes: int | None = None
    zone: str = ""
    practitioner: str = ""
    location: str = ""
    service: str = ""
    video: bool = False
    cancel_reason: str = ""
    instruction: str = ""
    event: str = ""
    test: bool = False
    recorded_at: datetime | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScheduleRecord:
    """Whose time a set of slots is."""

    source: str
    where: str
    identifiers: tuple[Identifier, ...]
    practitioner: str = ""
    location: str = ""
    service: str = ""
    active: bool = True
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SlotRecord:
    """One bookable time; `start` is aware UTC."""

    source: str
    where: str
    identifiers: tuple[Identifier, ...]
    start: datetime
    minutes: int
    status: SlotStatus
    schedule: tuple[Identifier, ...] = ()
    zone: str = ""
    practitioner: str = ""
    location: str = ""
    service: str = ""
    video: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MergeRecord:
    """Two numbers are one person: everything under `retired` belongs to `survivor` from now on (HL7 A40)."""

    source: str
    where: str
    survivor: tuple[Identifier, ...]
    retired: tuple[Identifier, ...]
    recorded_at: datetime | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row that could not be trusted: why, in words for an office admin, and the row itself."""

    reason: str
    raw: str
    where: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that was understood and is not for us, and why."""

    reason: str
    raw: str
    where: str


Record = PatientRecord | EncounterRecord | AppointmentRecord | ScheduleRecord | SlotRecord | MergeRecord
Parsed = Record | Quarantined | Skipped


class RowError(Exception):
    """Raised inside a reader when a row cannot be trusted; its text becomes the quarantine reason."""


class RowSkip(Exception):
    """Raised inside a reader when a row is understood and not for us; its text becomes the reason."""


def same_content(record: Record) -> tuple[object, ...]:
    """The record without its place in the file, to find a row that says nothing new."""
    values = (getattr(record, field.name) for field in fields(record) if field.name != "where")
    return (type(record).__name__, *values)
