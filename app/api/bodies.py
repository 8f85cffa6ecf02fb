"""What the API takes, as pydantic models: checked whole, faults named by path; the source of OpenAPI."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator, model_validator

# Kept in 120 characters with "/appointment" or the like behind it.
Source = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\s].*$")]
ExternalId = Annotated[str, Field(min_length=1, max_length=120)]
Words = Annotated[str, Field(max_length=200)]
UNSTORABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters and halves of characters, which PostgreSQL or UTF-8 cannot hold; tabs and line ends it can."""
SOURCE_WORDS = "The system these numbers belong to; a number is unique within its source."


class Body(BaseModel):
    """Base: unknown fields are refused, so that a misspelt one is not silently lost."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @field_validator("*")
    @classmethod
    def _can_be_stored(cls, value: Any) -> Any:
        if isinstance(value, str) and UNSTORABLE.search(value):
            raise ValueError(
                "There is a sign in this that cannot be kept: a control character, or half of one."
            )
        if isinstance(value, date) and not 1850 <= value.year <= 2200:
            raise ValueError("This year cannot be right.")
        return value


class IdentifierIn(Body):
    """A number of this person in another system."""

    system: Source
    value: ExternalId


class PatientFields(Body):
    """A person. `phone` may be written in any usual way; one that cannot exist is kept out and noted."""

    mrn: ExternalId = Field(description="The record number in `source`.")
    given_name: Annotated[str, Field(min_length=1, max_length=100)]
    family_name: Annotated[str, Field(min_length=1, max_length=100)]
    birth_date: date | None = Field(None, description="Asked for before anything private is said.")
    phone: Annotated[str, Field(max_length=60)] | None = None
    phone_use: Literal["mobile", "home", "work", "other"] = "mobile"
    email: Annotated[str, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")] | None = None
    language: Annotated[str, Field(max_length=40)] = Field(
        "", description="A code (`es`), tag (`es-US`) or name (`Spanish`)."
    )
    interpreter: bool | None = None
    zip_code: Annotated[str, Field(max_length=10)] = ""
    state: Annotated[str, Field(max_length=2)] = Field("", description="Two letters; tells the time zone.")
    deceased: bool = Field(False, description="True stops everything that would still go out.")
    active: bool = True
    identifiers: list[IdentifierIn] = Field(default=[], max_length=20)


class PatientIn(PatientFields):
    """A person to be known."""

    source: Source = Field("api", description=SOURCE_WORDS)
    site: str | None = Field(None, description="The practice location's key; the first one when left out.")


class VisitFields(Body):
    """A visit. `status` is FHIR's Appointment.status; `start` carries its offset."""

    external_id: ExternalId
    start: AwareDatetime
    minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 30
    status: Literal["proposed", "pending", "booked", "arrived", "fulfilled", "cancelled", "noshow"] = "booked"
    practitioner: Words = ""
    location: Words = ""
    service: Words = ""
    visit: Annotated[str, Field(max_length=40)] = "follow-up"
    importance: Literal["routine", "high"] = "routine"
    video: bool = False


class _Person(Body):
    """Whose it is: a patient's fields, or the id of one who is known here."""

    source: Source = Field("api", description=SOURCE_WORDS)
    site: str | None = Field(None, description="The practice location's key; the first one when left out.")
    patient: PatientFields | None = None
    patient_id: UUID | None = None

    @model_validator(mode="after")
    def _one_person(self) -> Self:
        if (self.patient is None) == (self.patient_id is None):
            raise ValueError("Give either `patient` or `patient_id`.")
        return self


class AppointmentIn(VisitFields, _Person):
    """A visit of a patient, to be known or changed."""


class TriggerIn(_Person):
    """Something that happened to a patient and that must be followed up: it opens one case."""

    kind: Literal["discharge", "appointment", "no_show"]
    external_id: ExternalId = Field(description="The same again changes nothing and answers 200.")
    occurred_at: AwareDatetime
    appointment: VisitFields | None = Field(None, description="Needed for `appointment` and `no_show`.")

    @model_validator(mode="after")
    def _needs_its_visit(self) -> Self:
        if self.kind != "discharge" and self.appointment is None:
            raise ValueError(f"A trigger of the kind {self.kind} needs `appointment`.")
        return self


class SlotIn(Body):
    """A time that can be offered to patients."""

    external_id: ExternalId
    source: Source = Field("api", description=SOURCE_WORDS)
    site: str | None = Field(None, description="The practice location's key; the first one when left out.")
    start: AwareDatetime
    minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 30
    status: Literal["free", "busy", "busy-unavailable", "busy-tentative"] = "free"
    visit: Annotated[str, Field(max_length=40)] = "follow-up"
    practitioner: Words = ""
    location: Words = ""


class CasesQuery(Body):
    """Which cases: open ones by default, newest first."""

    status: Literal["open", "closed", "all"] = "open"
    lane: str | None = None
    site: str | None = None
    patient_id: UUID | None = None
    needs_person: bool | None = None
    urgency: Literal["none", "routine", "urgent", "emergency"] = Field(
        "none", description="This urgent at least."
    )
    after: UUID | None = Field(None, description="The `next` of the page before.")
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class ConversationsQuery(Body):
    """Which conversations, newest first."""

    case_id: UUID | None = None
    patient_id: UUID | None = None
    status: str | None = None
    after: UUID | None = Field(None, description="The `next` of the page before.")
    limit: Annotated[int, Field(ge=1, le=200)] = 50
