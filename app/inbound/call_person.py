"""Bringing a person into a call: connected in the practice's hours, called back otherwise; in the queue either way."""

from __future__ import annotations

from typing import Any

import phonenumbers

from app.cases.clock import is_open
from app.flow.events import Reply
from app.i18n.speech import voice
from app.inbound.call_turn import Turn
from app.understanding import Reading, Urgency

WANTS: Any = Reading(None, ("wants_human",), Urgency.NONE, False, 1.0)
INTERPRETER = "speaks a language no voice speaks: call with an interpreter"


def to_person(turn: Turn, because: str) -> None:
    """Put the call before a person, with the reason, and connect or promise a call back."""
    work = turn.work(f"({because})", WANTS)
    work.flag(1, because if voice(turn.language) else f"{because}; {INTERPRETER}", "person")
    conversation = turn.conversation
    if turn.noted("identified") and conversation is not None and conversation.status == "waiting":
        turn.advance(Reply(WANTS, "", channel="voice"), work)
    connect(turn)


def connect(turn: Turn) -> None:
    """Dial the site while it is open; else promise a call back, but only to a number we can call."""
    if can_connect(turn):
        turn.say("voice_to_person")
        turn.answer.listening, turn.answer.dial = False, turn.caller.site.transfer_number
    elif _callable(turn.caller.number):
        turn.hang_up("voice_call_back", "voice_goodbye")
    else:
        turn.hang_up("voice_no_number", "voice_goodbye")


def can_connect(turn: Turn) -> bool:
    """Whether somebody is there to take the call."""
    site = turn.caller.site
    return bool(site.transfer_number) and is_open(site, turn.now)


def after_transfer(turn: Turn) -> None:
    """The transfer is over: done when a person took it, else a call back is promised and asked for."""
    if turn.noted("taken"):
        turn.hang_up()
        return
    if not turn.noted("untaken"):
        turn.note(untaken=True)
        because = "wanted a person on the telephone and nobody could take the call: call back"
        turn.work("(nobody took the call)").flag(1, because, "nobody")
    turn.hang_up("voice_nobody", "voice_goodbye")


def _callable(number: str) -> bool:
    """Whether this is a number at all: a hidden caller cannot be called back."""
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False
