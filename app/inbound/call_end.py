"""How a call goes on after the conversation: a transfer that is over, or an error of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.conversations.kit import Kit
from app.inbound.call_person import after_transfer
from app.inbound.call_turn import CallAnswer
from app.inbound.voice import call_of, open_turn
from app.outbox.models import Call


def staff_took(session: Session, sid: str) -> None:
    """A person at the practice pressed a key and has the call."""
    call = session.scalars(select(Call).where(Call.carrier_sid == sid[:40]).with_for_update()).one_or_none()
    if call is not None:
        call.notes = {**call.notes, "taken": True}


def transferred(session: Session, params: Mapping[str, str], *, kit: Kit, now: datetime) -> CallAnswer:
    """What a caller hears after a transfer; asked twice, it is answered the same and raises one flag."""
    call = call_of(session, params, None, now)
    turn = open_turn(session, call, params, ref=None, kit=kit, now=now)
    after_transfer(turn)
    turn.keep()
    return turn.answer


def broke_off(
    session: Session, params: Mapping[str, str], *, ref: UUID | None, kit: Kit, now: datetime
) -> UUID | None:
    """After an error of ours in a call: a person calls back. The flag, or None when this call has one already.

    What was being said may be what matters, so it is kept, without digits: those may be a birth date.
    """
    call = call_of(session, params, ref, now)
    turn = open_turn(session, call, params, ref=ref, kit=kit, now=now)
    words = re.sub(r"\d", "•", params.get("SpeechResult", "")) or "(the call broke off)"
    return turn.work(words).flag(2, "a call broke off because of an error on our side: call back", "broke")
