"""Saying what a reply really meant: kept as an example, and a danger that was missed reaches people at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import trail
from app.cases.flags import raise_flag
from app.cases.models import Case, Flag, Lane
from app.errors import Invalid, NotFound
from app.outbox.models import Message
from app.patients.models import Patient, Site
from app.patients.people import visit_zone
from app.security.models import Staff
from app.store.live import announce
from app.teaching.answers import NO_ANSWER, PRIVATE, possible, urgency_of
from app.teaching.models import KEPT, SET_ASIDE, WAITING, Correction
from app.understanding.reading import Expectation, Urgency

RAISED: Final = {
    Urgency.URGENT: "read again by {who}: needs somebody today",
    Urgency.EMERGENCY: "read again by {who}: an emergency",
}
READ_AS: Final = ("answer", "chosen", "intents", "urgency", "flag")
BIRTH_DATE: Final = "(a date of birth)"
"""Stands for every word of a reply to the question for the date of birth."""
NEVER_KEPT: Final = "a reply to the question for the date of birth"
_AS_READ: Final = "corrected back to what was read"


@dataclass(frozen=True, slots=True)
class Meant:
    """What a reply means: its answer (`NO_ANSWER` for none), how soon to act, whether a person must see it."""

    answer: str
    urgency: Urgency
    flag: bool

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {"answer": self.answer or None, "urgency": self.urgency.label, "flag": self.flag}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Meant:
        """What was kept, or what a reading says."""
        answer = data.get("answer")
        return cls(
            NO_ANSWER if answer is None else str(answer),
            urgency_of(data.get("urgency")),
            bool(data.get("flag")),
        )


def asked_of(message: Message) -> Expectation:
    """The question a message was read against."""
    return Expectation.from_json((message.reading or {}).get("asked") or {})


def as_read(message: Message) -> Meant:
    """What the bot understood, in the form of a correction; no answer where none could be corrected."""
    read = Meant.of(message.reading or {})
    return read if possible(asked_of(message)) else Meant(NO_ANSWER, read.urgency, read.flag)


def correctable(message: Message) -> bool:
    """Whether somebody may say what a message meant: a patient's own words that were read."""
    return message.direction == "in" and bool(message.patient_words) and message.reading is not None


def corrections_of(session: Session, message_ids: Iterable[UUID]) -> dict[UUID, Correction]:
    """The corrections of these messages, by message."""
    query = select(Correction).where(Correction.message_id.in_(list(message_ids)))
    return {correction.message_id: correction for correction in session.scalars(query)}


def correct(
    session: Session,
    case: Case,
    message_id: UUID,
    meant: Meant,
    staff: Staff,
    now: datetime,
    *,
    script: str | None = None,
) -> tuple[Correction, Flag | None]:
    """Keep what this reply meant, instead of an earlier correction, and flag a danger that was not seen.

    `script` is the programme it was read in, if it is known: by default that of the reply's own case.

    The flag goes to the case the reply belongs to; no correction ever lowers or ends one. NotFound when the reply is
    not one of this case's patient, Invalid when nothing differs or the answer was not possible.
    """
    # Locked, so that of two who correct it at once the second corrects what the first has said.
    message = session.get(Message, message_id, with_for_update=True)
    if message is None or message.patient_id != case.patient_id or not correctable(message):
        raise NotFound("There is no such reply in this case.")
    choices = possible(asked_of(message))
    if meant.answer not in (choices or {NO_ANSWER}):
        raise Invalid("Choose one of the answers that were possible.")
    found = corrections_of(session, [message_id]).get(message_id)
    before = as_read(message) if found is None else Meant.of(found.meant)
    if meant == before:
        raise Invalid("That is how it was read already: change what is wrong, then save.")
    correction = found or _new(session, case, message, script)
    correction.meant, correction.by, correction.at = meant.to_json(), staff.id, now
    because = _AS_READ if meant == as_read(message) else NEVER_KEPT if private(correction) else None
    _decide(correction, SET_ASIDE if because else WAITING, because, staff if because else None, now)
    session.add(correction)
    announce(session, "conversation", case.id)
    flag = _raise(session, case, message, meant, staff, now)
    changed = [
        name for name in ("answer", "urgency", "flag") if getattr(meant, name) != getattr(before, name)
    ]
    detail = {"message": str(message_id), "replaces": found is not None, "changed": changed}
    _trail(
        session, "reading.correct", correction, staff, now, {**detail, "flag": str(flag.id) if flag else ""}
    )
    return correction, flag


def review(
    session: Session,
    correction_id: UUID,
    *,
    keep: bool,
    because: str,
    staff: Staff,
    sites: Iterable[UUID],
    now: datetime,
) -> Correction:
    """Keep a correction as an example of this practice, or set it aside with a reason; either may be changed later."""
    found = session.get(Correction, correction_id, with_for_update=True)
    if found is None or found.site_id not in set(sites):
        raise NotFound("There is no such example.")
    if keep and private(found):
        raise Invalid("A reply to the question for the date of birth is never kept: it may name the patient.")
    because = because.strip()[:300]
    if not keep and len(because) < 3:
        raise Invalid("Say in a few words why it is set aside.")
    _decide(found, KEPT if keep else SET_ASIDE, because or None, staff, now)
    _trail(session, "example.keep" if keep else "example.set_aside", found, staff, now, {})
    return found


def private(correction: Correction) -> bool:
    """Whether it is of a reply to the question for the date of birth, of which no words are kept."""
    return correction.words == BIRTH_DATE


def _new(session: Session, case: Case, message: Message, script: str | None) -> Correction:
    asked, patient = asked_of(message), session.get_one(Patient, case.patient_id)
    site = session.get_one(Site, message.site_id or case.site_id)
    birth = asked.context == PRIVATE
    local = message.created_at.astimezone(visit_zone(patient, site))
    return Correction(
        message_id=message.id,
        case_id=message.case_id or case.id,
        site_id=site.id,
        language=message.language or patient.language,
        channel="speech" if message.channel == "voice" else "sms",
        context="none" if birth else asked.context,
        # A birth date names a patient, and can be said in words too ("march third nineteen forty eight").
        words=BIRTH_DATE if birth else message.body,
        asked={
            **(Expectation() if birth else asked).to_json(),
            "now": local.strftime("%Y-%m-%dT%H:%M"),
            "script": script or _script(session, case, message),
        },
        read_as={
            name: None if birth and name in ("answer", "chosen") else (message.reading or {}).get(name)
            for name in READ_AS
        },
    )


def _script(session: Session, case: Case, message: Message) -> str:
    whose = session.get(Case, message.case_id) if message.case_id else None
    return session.get_one(Lane, (whose or case).lane_key).script


def _decide(
    correction: Correction, state: str, because: str | None, staff: Staff | None, now: datetime
) -> None:
    correction.state, correction.because = state, because
    correction.decided_by, correction.decided_at = (staff.id, now) if staff else (None, None)


def _raise(
    session: Session, case: Case, message: Message, meant: Meant, staff: Staff, now: datetime
) -> Flag | None:
    if meant.urgency < Urgency.URGENT or meant.urgency <= as_read(message).urgency:
        return None
    whose = session.get(Case, message.case_id) if message.case_id else None
    return raise_flag(
        session,
        whose or case,
        urgency=int(meant.urgency),
        because=RAISED[meant.urgency].format(who=staff.name),
        source=f"correction:{message.id}:{meant.urgency.label}",
        now=now,
        message_id=message.id,
        words=message.body,
        evidence=(message.reading or {}).get("evidence"),
        actor=str(staff.id),
    )


def _trail(
    session: Session, action: str, correction: Correction, staff: Staff, now: datetime, detail: dict[str, Any]
) -> None:
    session.flush()
    trail.record(
        session,
        actor_kind=trail.STAFF,
        actor=str(staff.id),
        action=action,
        subject_kind="correction",
        subject_id=str(correction.id),
        now=now,
        detail=detail,
    )
