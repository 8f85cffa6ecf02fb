"""Conversations as they were held, to be played again with another script: the patient's words, and when time passed.

Both scripts are played, the conversation's own and the draft, in the same world: what differs is the draft's doing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.conversations.facts import gather
from app.conversations.models import Conversation, ConversationTurn, Timer
from app.flow.dialogues import Dialogue, act, stage
from app.flow.rehearsal import Rehearsal
from app.flow.schema import Script
from app.i18n import Catalogs
from app.outbox.models import Message
from app.patients.models import Patient, Site
from app.teaching.lessons import NOTHING, Lesson

ACTIONS = {"nudge": "nudge", "call": "call", "person": "give_up"}
TEXTED = "in:"


@dataclass(frozen=True, slots=True)
class Recorded:
    """One conversation by text: the revision it was held with, and its lines."""

    id: UUID
    revision: str
    dialogue: Dialogue


@dataclass(frozen=True, slots=True)
class Change:
    """Where the draft goes another way: after how many events, at which question, through which steps before and
    with the draft.
    """

    after: int
    asked: str
    before: tuple[str, ...]
    draft: tuple[str, ...]


def recorded(session: Session, script: str, limit: int) -> tuple[list[Recorded], int]:
    """The newest conversations of a script held by text, and how many of them were left out because of calls."""
    query = select(Conversation).where(Conversation.script == script, Conversation.turns > 0)
    newest = session.scalars(query.order_by(Conversation.started_at.desc()).limit(limit)).all()
    found = [_recorded(session, conversation) for conversation in newest]
    kept = [one for one in found if one is not None]
    return kept, len(found) - len(kept)


def _recorded(session: Session, conversation: Conversation) -> Recorded | None:
    turns = session.scalars(
        select(ConversationTurn)
        .where(ConversationTurn.conversation_id == conversation.id)
        .order_by(ConversationTurn.number)
    ).all()
    if any(turn.kind in ("Connected", "Silence") for turn in turns):
        return None
    words, actions = _words(session, turns), _actions(session, conversation)
    lines = [line for turn in turns if (line := _line(turn, words, actions))]
    dialogue = Dialogue(
        conversation.script, conversation.language, "sms", facts=_facts(session, conversation), dialogue=lines
    )
    return Recorded(conversation.id, conversation.revision, dialogue)


def _words(session: Session, turns: Sequence[ConversationTurn]) -> dict[str, str]:
    sids = [turn.event_key.removeprefix(TEXTED) for turn in turns if turn.event_key.startswith(TEXTED)]
    query = select(Message.carrier_sid, Message.body).where(Message.carrier_sid.in_(sids))
    return {f"{TEXTED}{sid}": body for sid, body in session.execute(query)}


def _actions(session: Session, conversation: Conversation) -> dict[str, str]:
    query = select(Timer.id, Timer.action).where(Timer.conversation_id == conversation.id)
    return {f"timer:{timer}": ACTIONS.get(action, "") for timer, action in session.execute(query)}


def _line(turn: ConversationTurn, words: dict[str, str], actions: dict[str, str]) -> dict[str, str]:
    match turn.kind:
        case "Reply" if turn.event_key in words:
            return {"patient": words[turn.event_key]}
        case "NoReply":
            return {"nothing": actions.get(turn.event_key, "")}
        case "Woke":
            return {"time": ""}
        case "HandedBack":
            return {"coordinator": ""}
        case _:
            return {}


def _facts(session: Session, conversation: Conversation) -> dict[str, Any]:
    case = session.get_one(Case, conversation.case_id)
    patient = session.get_one(Patient, conversation.patient_id)
    site = session.get_one(Site, conversation.site_id)
    named, now = conversation.visits, conversation.started_at
    return gather(session, case=case, patient=patient, site=site, now=now, named=named)


def play(one: Recorded, script: Script, catalogs: Catalogs, lesson: Lesson = NOTHING) -> Rehearsal:
    """The conversation's lines played with this script, read with what the practice taught the reader."""
    playing = stage(one.dialogue, script, catalogs)
    playing.additions, playing.thresholds = lesson.additions, lesson.thresholds(script.script)
    playing.start()
    for line in one.dialogue.dialogue:
        if "nothing" in line:
            playing.no_reply(line["nothing"])
        else:
            act(playing, line)
    return playing


def changes(before: Rehearsal, draft: Rehearsal) -> list[Change]:
    """Every event after which the draft walked through other steps; the first is the cause of what follows."""
    nothing: tuple[str, tuple[str, ...]] = ("", ())
    pairs = zip_longest(before.walked, draft.walked, fillvalue=nothing)
    return [
        Change(number, was[0] or now[0], was[1], now[1])
        for number, (was, now) in enumerate(pairs)
        if was != now
    ]
