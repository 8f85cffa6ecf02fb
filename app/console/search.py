"""Finding a patient by name, telephone number or record number: over blind indexes, so only whole values match."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import phonenumbers
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.console.queue_rows import Row, View, rows_of
from app.patients.identity import folded, identifier_index, name_index
from app.patients.models import ContactPoint, Patient, PatientIdentifier
from app.patients.people import number_index

MOST = 50
NAMESAKES = 500
LONGEST_NAME = 6


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: `more` when there are more cases than rows; `namesakes` when so many people have this name
    that not all of them were looked at, so that somebody may be missing.
    """

    rows: list[Row]
    more: bool = False
    namesakes: bool = False


def find(session: Session, view: View, words: str) -> Found:
    """The cases of the patients that match, open ones first, then the newest."""
    words = " ".join(words.split())
    if not words:
        return Found([])
    named, namesakes = _by_name(session, view, words)
    ids = {*named, *_by_phone(session, words), *_by_record(session, words)}
    query = (
        select(Case, Patient)
        .join(Patient, Patient.id == Case.patient_id)
        .where(Case.patient_id.in_(ids), Case.site_id.in_(view.sites))
        .order_by(Case.closed_at.is_not(None), Case.opened_at.desc())
        .limit(MOST + 1)
    )
    found = [(case, patient) for case, patient in session.execute(query)] if ids else []
    return Found(rows_of(session, view, found[:MOST]), len(found) > MOST, namesakes)


def _by_name(session: Session, view: View, words: str) -> tuple[list[UUID], bool]:
    """Who has this name, and whether there were too many of that family name to look at all of them."""
    indexes = {name_index(session, name) for name in family_names(words)}
    query = (
        select(Patient)
        .where(Patient.site_id.in_(view.sites), Patient.name_index.in_(indexes))
        .limit(NAMESAKES + 1)
    )
    typed = [folded(word) for word in words.split() if folded(word)]
    people = session.scalars(query).all()
    found = [patient.id for patient in people[:NAMESAKES] if _has(patient, typed)]
    return found, len(people) > NAMESAKES


def family_names(words: str) -> set[str]:
    """What in a typed name may be the family name: any words in a row ("Ana de la Cruz", "de la Cruz, Ana")."""
    parts = words.replace(",", " ").split()[:LONGEST_NAME]
    spans = [(start, end) for start in range(len(parts)) for end in range(start + 1, len(parts) + 1)]
    return {name for start, end in spans if (name := " ".join(parts[start:end])) and folded(name)}


def _has(patient: Patient, typed: list[str]) -> bool:
    """Whether every typed word begins a word of the name: a first name may be cut short."""
    own = [folded(word) for word in f"{patient.given_name} {patient.family_name}".split()]
    return all(any(word.startswith(part) for word in own) for part in typed)


def _by_phone(session: Session, words: str) -> Iterable[UUID]:
    if sum(sign.isdigit() for sign in words) < 7:
        return []
    try:
        number = phonenumbers.parse(words, "US")
    except phonenumbers.NumberParseException:
        return []
    index = number_index(session, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return session.scalars(
        select(ContactPoint.patient_id).where(ContactPoint.value_index == index).limit(MOST)
    )


def _by_record(session: Session, words: str) -> Iterable[UUID]:
    systems = _systems(session)
    pairs = [identifier_index(session, system, words) for system in systems]
    query = select(PatientIdentifier.patient_id).where(
        PatientIdentifier.system.in_(systems), PatientIdentifier.value_index.in_(pairs)
    )
    return session.scalars(query.limit(MOST)) if systems else []


def _systems(session: Session) -> list[str]:
    """The record systems there are: from one to the next over the index, which a plain DISTINCT would read whole."""
    table = PatientIdentifier
    steps = select(
        select(table.system).order_by(table.system).limit(1).scalar_subquery().label("system")
    ).cte(recursive=True)
    following = select(table.system).where(table.system > steps.c.system).order_by(table.system).limit(1)
    steps = steps.union_all(select(following.scalar_subquery()).where(steps.c.system.is_not(None)))
    return [system for system in session.scalars(select(steps.c.system)) if system is not None]
