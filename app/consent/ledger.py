"""Writing down what was agreed or refused, and reading what stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, select
from sqlalchemy.orm import Session

from app.consent.models import ConsentEvent
from app.store import keyring_of

Asked = tuple[str, str, str]
OPT_IN = "opt_in"
OPT_OUT = "opt_out"
_EVENT = ConsentEvent.__table__.c


def opt_out(
    session: Session,
    *,
    number: str,
    patient_id: UUID | None,
    channel: str = "*",
    programme: str = "*",
    source: str,
    words: str | None,
    sid: str | None,
    now: datetime,
) -> ConsentEvent:
    """Record that a number (E.164) wants nothing more. The caller cancels what is queued, just then.

    `channel` and `programme` are "*" for all; `source` says how it was learnt; `sid` is the carrier's id of
    the words.
    """
    return _write(session, OPT_OUT, number, patient_id, channel, programme, source, words, sid, now)


def opt_in(
    session: Session,
    *,
    number: str,
    patient_id: UUID | None,
    channel: str = "*",
    programme: str = "*",
    source: str,
    words: str | None,
    sid: str | None,
    now: datetime,
) -> ConsentEvent:
    """Record that a number (E.164) agrees again, to this channel and programme."""
    return _write(session, OPT_IN, number, patient_id, channel, programme, source, words, sid, now)


def standing(session: Session, number_index: str, channel: str, programme: str = "*") -> bool:
    """Whether a number (by its blind index) may be used: the newest matching decision, else yes.

    Yes without a decision: giving one's number to a provider is consent to be reached (twilio.md §4.6).
    """
    asked = {"number": number_index, "channel": channel, "programme": programme}
    decision: str | None = session.scalar(_NEWEST, asked)
    return decision != OPT_OUT


def decisions(session: Session, number_index: str) -> list[ConsentEvent]:
    """What was decided about a number, the oldest first, and of two in the same instant the refusal last."""
    rows = select(ConsentEvent).where(ConsentEvent.number_index == number_index)
    return list(session.scalars(rows.order_by(ConsentEvent.at, ConsentEvent.decision)))


def refused(session: Session, asked: Collection[Asked]) -> set[Asked]:
    """Those (number's blind index, channel, programme) that may not be used: `standing` for many in one statement."""
    events: dict[str, list[ConsentEvent]] = {}
    rows = select(ConsentEvent).where(ConsentEvent.number_index.in_({number for number, _, _ in asked}))
    # The newest last, and of two in the same instant the refusal.
    for event in session.scalars(rows.order_by(ConsentEvent.at, ConsentEvent.decision)):
        events.setdefault(event.number_index, []).append(event)
    return {one for one in asked if _last(events.get(one[0], ()), one) == OPT_OUT}


def _last(events: Iterable[ConsentEvent], asked: Asked) -> str | None:
    _, channel, programme = asked
    found = (e for e in events if e.channel in (channel, "*") and e.programme in (programme, "*"))
    return next((event.decision for event in reversed(list(found))), None)


def newest_decision(
    number: ColumnElement[Any], channel: ColumnElement[Any], programme: ColumnElement[Any]
) -> ScalarSelect[Any]:
    """The newest matching decision as a part of a larger query, for its columns."""
    return _newest(number, channel, programme).scalar_subquery()


def _newest(number: Any, channel: Any, programme: Any) -> Select[Any]:
    # Of two in the same instant the refusal counts.
    return (
        select(_EVENT.decision)
        .where(
            _EVENT.number_index == number,
            _EVENT.channel.in_((channel, "*")),
            _EVENT.programme.in_((programme, "*")),
        )
        .order_by(_EVENT.at.desc(), _EVENT.decision.desc())
        .limit(1)
    )


_NEWEST = _newest(bindparam("number"), bindparam("channel"), bindparam("programme"))


def _write(
    session: Session,
    decision: str,
    number: str,
    patient_id: UUID | None,
    channel: str,
    programme: str,
    source: str,
    words: str | None,
    sid: str | None,
    now: datetime,
) -> ConsentEvent:
    event = ConsentEvent(
        patient_id=patient_id,
        number_index=keyring_of(session).blind("phone", number),
        channel=channel,
        programme=programme,
        decision=decision,
        source=source[:40],
        words=words,
        carrier_sid=sid,
        at=now,
    )
    session.add(event)
    session.flush()
    return event
