"""Stories: what happens to an invented patient, told to the application through its REST API."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.sandbox.carrier import Carrier
from app.sandbox.errors import refuse
from app.sandbox.people import BY_NUMBER, Person

KINDS = {"discharge": "Discharge", "appointment": "Reminder", "no_show": "No-show"}
TRIGGERS = "/api/v1/triggers"


@dataclass(frozen=True, slots=True)
class Told:
    """What the application answered; `ok` is whether it took the story, `words` say it to a person."""

    ok: bool
    status: int
    words: str
    sent: dict[str, Any]
    body: Any = None

    def to_json(self) -> dict[str, Any]:
        """What the page and the tests get."""
        return {
            "ok": self.ok,
            "status": self.status,
            "words": self.words,
            "sent": self.sent,
            "body": self.body,
        }


def trigger(kind: str, person: Person, now: datetime, number: int) -> dict[str, Any]:
    """The body for `POST /api/v1/triggers`; times are local to the patient, with their offset."""
    story: dict[str, Any] = {
        "kind": kind,
        "external_id": f"sandbox-{person.mrn}-{kind}-{int(now.timestamp())}-{number}",
        "occurred_at": now.isoformat(timespec="seconds"),
        "patient": {
            "mrn": person.mrn,
            "given_name": person.given_name,
            "family_name": person.family_name,
            "birth_date": person.date_of_birth,
            "language": person.language,
            "phone": person.number,
            "zip_code": person.postal_code,
            "state": person.state,
        },
    }
    if kind != "discharge":
        story["appointment"] = _appointment(kind, person, now, number)
    return story


def tell(carrier: Carrier, kind: str, number: str) -> Told:
    """Start a story for the person with this number; the application's refusal is an answer, not an error."""
    person = BY_NUMBER.get(number)
    if kind not in KINDS or person is None:
        raise refuse(20001)
    story = trigger(kind, person, carrier.timeline.now(), carrier.state.next_number())
    if not carrier.config.app_api_key:
        return Told(
            False, 0, "SANDBOX_API_KEY is not set: the application would not let the sandbox in.", story
        )
    headers = {
        "Authorization": f"Bearer {carrier.config.app_api_key}",
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
    url = carrier.config.app_origin + TRIGGERS
    answer = carrier.wire.send("POST", url, json.dumps(story).encode(), headers)
    if answer.error:
        return Told(False, 0, f"The application does not answer at {carrier.config.app_origin}.", story)
    try:
        body = json.loads(answer.body)
    except ValueError:
        body = answer.body.decode("utf-8", "replace")[:500]
    words = f"{KINDS[kind]} of {person.name} was taken." if answer.ok else _complaint(answer.status, body)
    return Told(answer.ok, answer.status, words, story, body)


def _appointment(kind: str, person: Person, now: datetime, number: int) -> dict[str, Any]:
    """A visit at half past ten: in two days to remind of, yesterday to have missed."""
    zone = ZoneInfo(person.time_zone)
    day = now.astimezone(zone).date() + timedelta(days=-1 if kind == "no_show" else 2)
    start = datetime.combine(day, time(10, 30), zone)
    return {
        "external_id": f"sandbox-{person.mrn}-visit-{day:%Y%m%d}-{number}",
        "start": start.isoformat(),
        "minutes": 30,
        "visit": "follow-up",
        "practitioner": "Dr. Patel",
        "location": "Riverside Clinic, 2nd floor",
        "status": "noshow" if kind == "no_show" else "booked",
    }


def _complaint(status: int, body: Any) -> str:
    """The application's own words: those of its problem, and of each field it names."""
    told: dict[str, Any] = body if isinstance(body, dict) else {}
    words = next((str(told[key]) for key in ("detail", "message", "title") if told.get(key)), "")
    fields = [
        f"{each.get('path')}: {each.get('words')}"
        for each in told.get("errors", [])
        if isinstance(each, dict)
    ]
    return " ".join(filter(None, [f"The application refused it ({status}).", words, *fields]))
