"""Who a record number means: blind look-ups, through merges."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.patients.models import Patient, PatientIdentifier
from app.store import keyring_of

LONGEST_SYSTEM = 120
MOST_MERGES = 20
"""A chain of merges longer than this is a circle."""


def identifier_index(session: Session, system: str, value: str) -> str:
    """The blind index of a record number in one system."""
    return keyring_of(session).blind("identifier", f"{system}|{value}")


def folded(name: str) -> str:
    """A name for comparing: no case, no accents, letters and digits only."""
    spread = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in spread if letter.isalnum())


def name_index(session: Session, family_name: str) -> str:
    """The blind index patients are searched by: the family name, whatever its case and accents."""
    return keyring_of(session).blind("name", folded(family_name))


def survivor(session: Session, patient: Patient) -> Patient:
    """The patient a merged record lives on in; the patient itself when it was not merged."""
    for _ in range(MOST_MERGES):
        if patient.merged_into is None:
            return patient
        patient = session.get_one(Patient, patient.merged_into)
    return patient


def known_as(session: Session, numbers: Iterable[tuple[str, str]]) -> list[Patient]:
    """Everybody one of these (system, value) numbers belongs to, merged records replaced by their survivor."""
    found: dict[object, Patient] = {}
    for system, value in numbers:
        row = session.scalar(
            select(PatientIdentifier).where(
                PatientIdentifier.system == system[:LONGEST_SYSTEM],
                PatientIdentifier.value_index == identifier_index(session, system, value),
            )
        )
        if row is not None:
            patient = survivor(session, session.get_one(Patient, row.patient_id))
            found.setdefault(patient.id, patient)
    return list(found.values())


def give_number(session: Session, patient: Patient, system: str, value: str) -> bool:
    """Remember that a number means this patient; False when it is known already, whoever has it."""
    index = identifier_index(session, system, value)
    short = system[:LONGEST_SYSTEM]
    known = select(PatientIdentifier.id).where(
        PatientIdentifier.system == short, PatientIdentifier.value_index == index
    )
    if session.scalar(known) is not None:
        return False
    session.add(PatientIdentifier(patient_id=patient.id, system=short, value=value, value_index=index))
    session.flush()
    return True
