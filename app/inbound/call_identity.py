"""Who is speaking? Nothing private on a call before its caller has told the patient's date of birth.

The conversation itself is not touched until then: its open question waits as it was, for a text or the next call.
"""

from __future__ import annotations

from datetime import date, timedelta
from hmac import compare_digest
from typing import Final

from sqlalchemy import select

from app.inbound.call_person import to_person
from app.inbound.call_turn import Turn
from app.inbound.work import Work
from app.outbox.models import Call
from app.understanding import Reading, Urgency

MISSES_A_CALL: Final = 3
MISSES_A_DAY: Final = 6
SILENCES: Final = 3
ORDERS: Final = ((slice(4, 8), slice(0, 2), slice(2, 4)), (slice(4, 8), slice(2, 4), slice(0, 2)),
                 (slice(0, 4), slice(4, 6), slice(6, 8)))  # fmt: skip
"""Where year, month and day are in eight keys: month first as asked, day first, year first."""


def ask(turn: Turn, key: str = "identity") -> None:
    """Ask for the date of birth; straight to a person when there is none to compare with, or after too many tries."""
    patient = turn.caller.patient
    if patient is None or not patient.birth_date:
        to_person(turn, "no date of birth on record to know the caller by")
    elif _misses_today(turn) >= MISSES_A_DAY:
        to_person(turn, "too many wrong dates of birth today")
    else:
        turn.say(key)
        turn.listen("dob")


def matches(turn: Turn, digits: str, reading: Reading) -> bool:
    """Whether what was keyed or said is the patient's date of birth."""
    patient = turn.caller.patient
    expected = (patient.birth_date or "") if patient else ""
    given = dates(digits) if digits else [str(reading.answer or "")]
    found = [compare_digest(one.encode(), expected.encode()) for one in given]
    return bool(expected) and any(found)


def dates(digits: str) -> list[str]:
    """The days (ISO) that eight keys may mean, in whichever order people write them; none when they are no date."""
    if len(digits) != 8 or not digits.isdecimal():
        return []
    found = []
    for year, month, day in ORDERS:
        try:
            found.append(date(int(digits[year]), int(digits[month]), int(digits[day])).isoformat())
        except ValueError:
            continue
    return found


def missed(turn: Turn, work: Work, *, unheard: bool) -> None:
    """It was not the date: ask again, and after three tries leave it to a person."""
    reading = work.reading
    if unheard:
        silent(turn)
        return
    if reading.answer is None and (set(reading.intents) - {"thanks"} or reading.urgency > Urgency.NONE):
        work.flag(int(max(reading.urgency, Urgency.ROUTINE)), "says something before identity is confirmed")
        turn.say("to_person")
        ask(turn)
        return
    misses = int(turn.noted("misses") or 0) + 1
    turn.note(misses=misses)
    if misses < MISSES_A_CALL:
        ask(turn, "identity_again")
        return
    work.flag(1, "identity not confirmed on the telephone", "identity")
    turn.hang_up("identity_failed", "voice_goodbye")


def silent(turn: Turn) -> None:
    """Nothing was said or pressed: ask again; the third time end the call politely and tell a person."""
    silences = int(turn.noted("silences") or 0) + 1
    turn.note(silences=silences)
    if silences < SILENCES:
        turn.say("voice_silence")
        ask(turn)
        return
    turn.work("(silence)").flag(1, "said nothing on the call", "silence")
    turn.hang_up("voice_goodbye")


def _misses_today(turn: Turn) -> int:
    """Wrong dates for this patient in the last day, over all calls: guessing does not begin anew with each."""
    patient = turn.caller.patient
    query = select(Call.notes).where(
        Call.patient_id == (patient.id if patient else None), Call.started_at > turn.now - timedelta(days=1)
    )
    return sum(int(notes.get("misses", 0)) for notes in turn.session.scalars(query))
