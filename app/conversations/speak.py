"""Words for the patient become an outbox row, or what a call says; the open question is kept for the reading."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.cases.flags import raise_flag
from app.conversations.turn import Spoken, TurnContext
from app.conversations.visits import note
from app.flow.effects import Speak
from app.flow.wording import Worded, wording
from app.i18n.speech import voice
from app.outbox.models import Message, MessageStatus, Purpose
from app.outbox.queue import Draft, draft_call, draft_text
from app.outbox.status import NOT_REACHED
from app.patients.people import number_index, visit_zone
from app.store import new_id

NO_NUMBER = "no telephone number can be used"
FALLS_BACK = "needs an interpreter: these words are not approved in the patient's language"
SPEECHLESS = "a call is needed, and no voice speaks this patient's language"
NO_CALL = "a call is due, but no number can be called"
STALE_AFTER = timedelta(hours=30)
"""What waited longer, for quiet hours or because enough was sent, is not sent any more: a person decides."""


def speak_message(speak: Speak, turn: TurnContext) -> None:
    """Write one message of this turn in the patient's language and keep its question, if it asks one."""
    conversation = turn.conversation
    zone = visit_zone(turn.patient, turn.site, video=bool(turn.facts.get("appointment.video")))
    channel = turn.event.channel
    worded = wording(speak, turn.kit.catalogs, turn.facts, conversation.language, zone, channel)
    if worded.language != conversation.language:
        _ask_interpreter(turn)
    message = _voiced(speak, worded, turn) if channel == "voice" else _texted(speak, worded, turn)
    turn.written += 1
    if speak.question_id:
        conversation.prompt = _prompt(speak, worded, message, _asked_first(speak, turn))
        conversation.asked_at = turn.now


def _texted(speak: Speak, worded: Worded, turn: TurnContext) -> UUID | None:
    conversation = turn.conversation
    contact = turn.contact("sms")
    outreach = turn.purpose == Purpose.OUTREACH
    if speak.question_id and outreach and (contact is None or conversation.channel == "voice"):
        return place_call(turn, speak.question_id)
    if contact is None:
        _flag(turn, NO_NUMBER, "no-number")
        return None
    text = draft_text(
        turn.session,
        patient=turn.patient,
        site=turn.site,
        number=contact.value,
        body=worded.text,
        purpose=turn.purpose,
        now=turn.now,
        business_key=f"{conversation.id}:{turn.key}:{turn.written}"[:120],
        language=worded.language,
        step=speak.step,
        case_id=turn.case.id,
        conversation_id=conversation.id,
        expires_at=_of_use_until(turn) if outreach else None,
        lane_order=turn.written,
        our_number=conversation.our_number,
    )
    note(conversation, turn.facts, speak)
    return _goes_out(text, turn)


def place_call(turn: TurnContext, question_id: str) -> UUID | None:
    """Telephone the patient about the open question, once a turn; without a number or a voice, a person does."""
    contact = turn.contact("voice")
    if contact is None or voice(turn.conversation.language) is None:
        _flag(turn, SPEECHLESS if contact else NO_CALL, f"call:{question_id}:{turn.key}"[:80])
        return None
    call = draft_call(
        turn.session,
        patient=turn.patient,
        site=turn.site,
        number=contact.value,
        purpose=Purpose.OUTREACH,
        now=turn.now,
        business_key=f"call:{turn.conversation.id}:{turn.key}"[:120],
        case_id=turn.case.id,
        conversation_id=turn.conversation.id,
        expires_at=_of_use_until(turn),
    )
    return _goes_out(call, turn)


def _goes_out(draft: Draft, turn: TurnContext) -> UUID:
    turn.outgoing.append(draft)
    turn.outcome.messages.append(draft["id"])
    return turn.outcome.messages[-1]


def _of_use_until(turn: TurnContext) -> datetime:
    """When what we start is too old to be sent; a reminder of a visit at the latest when that begins."""
    start, stale = turn.facts.get("appointment.start"), turn.now + STALE_AFTER
    if turn.case.appointment_id is not None and isinstance(start, datetime) and start > turn.now:
        return min(start, stale)
    return stale


def _voiced(speak: Speak, worded: Worded, turn: TurnContext) -> UUID:
    hints = tuple(option.label for option in worded.options)
    turn.outcome.spoken.append(
        Spoken(worded.text, worded.language, bool(speak.question_id), speak.context, hints)
    )
    note(turn.conversation, turn.facts, speak)
    return _record_spoken(turn, worded.text, worded.language, speak.step)


def _record_spoken(turn: TurnContext, words: str, language: str, step: str) -> UUID:
    """Keep what a call said in the same thread as texts."""
    conversation = turn.conversation
    message_id = new_id()
    row = {
        "id": message_id,
        "direction": "out",
        "channel": "voice",
        "purpose": Purpose.REPLY,
        "status": MessageStatus.SPOKEN,
        "site_id": turn.site.id,
        "patient_id": turn.patient.id,
        "case_id": turn.case.id,
        "conversation_id": conversation.id,
        "step": step,
        "language": language,
        "number": "",
        "number_index": conversation.number_index or number_index(turn.session, ""),
        "body": words,
        "created_at": turn.now,
        "lane_order": turn.written,
    }
    turn.rows.append((Message, row))
    return message_id


def _asked_first(speak: Speak, turn: TurnContext) -> str:
    """The message that asked this question first, "" when it is asked anew or nobody got it."""
    before = turn.conversation.prompt or {}
    if before.get("question_id") != speak.question_id or not before.get("first_id"):
        return ""
    first = turn.session.get(Message, UUID(before["first_id"]))
    return "" if first is None or first.status in NOT_REACHED else str(first.id)


def _prompt(speak: Speak, worded: Worded, message: UUID | None, first: str) -> dict[str, Any]:
    """The open question: `message_id` is what asked it last, `first_id` what asked it first."""
    message_id = str(message) if message else ""
    return {
        "question_id": speak.question_id,
        "context": speak.context,
        "prompt": worded.prompt,
        "language": worded.language,
        "options": [option.to_json() for option in worded.options],
        "message_id": message_id,
        "first_id": first or message_id,
    }


def _ask_interpreter(turn: TurnContext) -> None:
    _flag(turn, FALLS_BACK, "interpreter")


def _flag(turn: TurnContext, because: str, source: str) -> None:
    raise_flag(
        turn.session,
        turn.case,
        urgency=1,
        because=because,
        source=f"{turn.conversation.id}:{source}",
        now=turn.now,
    )
