"""Invented patients in any number, each with a discharge to follow up, and what they answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice, product
from typing import Final
from uuid import UUID

import phonenumbers
from sqlalchemy.orm import Session

from app.cli.load.stack import PRACTICE, Stack
from app.cli.load.webhook import request, text_params
from app.outreach.models import Attempt
from app.outreach.triggers import open_trigger
from app.patients.models import ContactPoint, Patient, Site
from app.patients.people import number_index
from app.services import Services
from app.store import begin, new_id
from app.store.keys import keyring_of

BORN: Final = "1960-01-02"
WELL: Final = {
    "identity": "01/02/1960",
    "feeling": "2",
    "medicines": "yes",
    "instructions": "yes",
    "visit": "yes",
    "ride": "yes",
    "help": "yes",
}
"""What somebody who is well answers, by the step that asks, in its order (script.yaml)."""
WORSE: Final = {**WELL, "feeling": "3", "symptoms": "my leg is swollen and it hurts"}
"""Feels worse, and says what: an urgent flag, and two texts at once in answer."""
BOOKS: Final = {**WELL, "visit": "no", "offer": "1"}
"""Has no visit yet, and takes the first time that is offered."""
BATCH: Final = 200


@dataclass(slots=True)
class Person:
    """A patient at the other end: their number, their id and planned attempt, and how far they have answered."""

    number: str
    patient_id: UUID
    attempt_id: UUID
    answers: dict[str, str] = field(default_factory=lambda: WELL)
    said: int = 0

    def next_text(self, stack: Stack) -> bytes:
        """Their next answer, in the script's order, as a signed webhook."""
        body = list(self.answers.values())[self.said]
        self.said += 1
        return self.text(stack, body)

    def text(self, stack: Stack, body: str) -> bytes:
        """A text of theirs as a signed webhook."""
        settings = stack.settings
        params = text_params(str(settings.twilio_account_sid), self.number, PRACTICE, body)
        return request(
            settings.public_url, "/webhooks/twilio/message", params, settings.twilio_auth_tokens[0]
        )


def numbers() -> Iterator[str]:
    """Numbers kept for fiction, 555-0100 to 555-0199, in every area code there is: some 45,000."""
    codes = [code for code in range(201, 990) if _exists(code)]
    return (f"+1{code}55501{last:02d}" for last, code in product(range(100), codes) if code != 312)


def arrive(services: Services, site_id: UUID, count: int, skip: int = 0) -> list[Person]:
    """Make patients who have just gone home, each with a case and a first attempt that is due."""
    found: list[Person] = []
    wanted = islice(numbers(), skip, skip + count)
    while batch := list(islice(wanted, BATCH)):
        with begin(services.sessions) as session:
            site = session.get_one(Site, site_id)
            found += [_one(session, site, number, services.clock.now()) for number in batch]
    return found


def _one(session: Session, site: Site, number: str, now: datetime) -> Person:
    patient = Patient(
        site_id=site.id,
        given_name="Load",
        family_name="Invented",
        name_index=keyring_of(session).blind("name", "invented"),
        birth_date=BORN,
        language="en",
        time_zone="America/Chicago",
        created_at=now,
        updated_at=now,
    )
    session.add(patient)
    session.flush()
    index = number_index(session, number)
    session.add(ContactPoint(patient_id=patient.id, value=number, value_index=index, updated_at=now))
    trigger, _ = open_trigger(
        session,
        source="load-test",
        external_id=str(new_id()),
        kind="discharge",
        patient=patient,
        occurred_at=now,
        now=now,
    )
    session.flush()
    attempt = session.query(Attempt).filter(Attempt.case_id == trigger.case_id).one()
    return Person(number, patient.id, attempt.id)


def _exists(code: int) -> bool:
    return phonenumbers.is_valid_number(phonenumbers.parse(f"+1{code}5550123"))
