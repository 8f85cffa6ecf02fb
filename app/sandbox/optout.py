"""The carrier's own answers to STOP, START and HELP (https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out).

The whole message must be the word; "stop please" is an ordinary text.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.sandbox.numbers import toll_free

STOP = frozenset(["STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "CANCEL", "REVOKE", "OPTOUT"])
START = frozenset(["START", "YES", "UNSTOP"])
HELP = frozenset(["HELP", "INFO"])

REPLIES = {
    "STOP": "You have successfully been unsubscribed. You will not receive any more messages from this "
    "number. Reply START to resubscribe.",
    "START": "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    "HELP": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a text does to the opt-out list: STOP, START, HELP or ""; `reply` is the carrier's answer."""

    kind: str = ""
    reply: str = ""


def ruling(body: str, line: str, blocked: bool) -> Ruling:
    """What the carrier does with an inbound text to `line` from a patient who has opted out or not."""
    word = body.strip().upper()
    if word in STOP:
        return Ruling("STOP", "" if blocked else REPLIES["STOP"])
    if word in START and not (word == "YES" and toll_free(line)):
        return Ruling("START" if blocked else "", REPLIES["START"] if blocked else "")
    if word in HELP:
        return Ruling("HELP", "" if blocked else REPLIES["HELP"])
    return Ruling()
