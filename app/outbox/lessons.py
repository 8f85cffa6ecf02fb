"""What a failure teaches about a number or a carrier, written down in the transaction that learns of it.

Who then does something about the patient (another channel, a person) reads `consequence_at IS NULL`.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.channels.base import TWILIO
from app.channels.errors import Consequence, Policy
from app.channels.holds import HOLD, WHERE_LOST, hold
from app.consent.ledger import opt_out, standing
from app.patients.models import ContactPoint

NUMBER_STATES = {Consequence.INVALID_NUMBER: "invalid", Consequence.LANDLINE: "landline"}


def learn(
    session: Session,
    found: Policy,
    *,
    number: str,
    number_index: str,
    patient_id: UUID | None,
    sid: str | None,
    now: datetime,
    line: str,
) -> None:
    """Keep an opt-out the carrier told us of, what is wrong with a number, that a carrier or `line` must be stopped.

    `sid` is the carrier's id of what failed; None when it was not taken at all and is ours to send again.
    """
    span = HOLD if sid is None else WHERE_LOST
    if found.consequence is Consequence.OPT_OUT:
        _opted_out(session, found, number, number_index, patient_id, sid, now)
    elif found.consequence is Consequence.STOP:
        hold(session, TWILIO, code=found.code, reason=found.words, now=now, span=span)
    elif found.consequence is Consequence.SENDER:
        hold(session, line, code=found.code, reason=found.words, now=now, span=span)
    elif state := NUMBER_STATES.get(found.consequence):
        session.execute(
            update(ContactPoint)
            .where(ContactPoint.value_index == number_index, ContactPoint.state == "ok")
            .values(state=state, state_reason=found.words[:120], updated_at=now)
        )


def _opted_out(
    session: Session,
    found: Policy,
    number: str,
    number_index: str,
    patient_id: UUID | None,
    sid: str | None,
    now: datetime,
) -> None:
    # The carrier blocks texts alone; whether calls are wanted was not said.
    if standing(session, number_index, "sms"):
        opt_out(
            session,
            number=number,
            patient_id=patient_id,
            channel="sms",
            source=f"carrier:{found.code}",
            words=None,
            sid=sid,
            now=now,
        )
