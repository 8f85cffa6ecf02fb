"""A call that goes out to a phone: dialling, ringing, and how it is answered or not."""

from __future__ import annotations

from collections.abc import Callable

from app.sandbox.carrier import Carrier
from app.sandbox.errors import refuse
from app.sandbox.faults import CALL_KINDS, Fault
from app.sandbox.hearing import proceed
from app.sandbox.progress import announce, end, move, note, post, voice_params
from app.sandbox.records import Call
from app.sandbox.walk import Walk

PEOPLE = ("human", "unknown")
MACHINES = ("machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other", "fax")
ENDINGS = {"busy": "busy", "declined": "busy", "no_answer": "no-answer", "failed": "failed"}
RULES = ("ring", *PEOPLE, *MACHINES, *ENDINGS)
GREETING = "You have reached a voicemail box. Please leave a message after the tone."


def dial_out(carrier: Carrier, call: Call) -> None:
    """Call a phone; everything that follows happens on the carrier's own threads."""
    pace = carrier.config.pace
    # Taken while the calls are still in the order they were asked for: afterwards threads race.
    fault = carrier.faults.first(CALL_KINDS, call.to, "calls")

    def ring() -> None:
        if move(carrier, call, "ringing", "ringing"):
            soon(carrier, call, pace.answer, lambda: _ringing(carrier, call, fault))

    announce(carrier, call)
    soon(carrier, call, pace.ringing, ring)


def soon(carrier: Carrier, call: Call, seconds: float, act: Callable[[], None]) -> None:
    """Do something to a call after some sandbox time, off the timeline's thread."""
    if seconds:
        carrier.timeline.after(seconds, lambda: carrier.errands.hand(call.sid, act))
    else:
        carrier.errands.hand(call.sid, act)


def answer(carrier: Carrier, call: Call, by: str = "human") -> None:
    """Somebody or something picks up; refused with 20001 when the phone does not ring any more."""
    walk = carrier.walks.get(call.sid)
    if walk is None or call.status not in ("queued", "ringing") or by not in (*PEOPLE, *MACHINES):
        raise refuse(20001)
    walk.machine = by in MACHINES
    if not move(carrier, call, "in-progress", "answered"):
        return
    soon_over(carrier, call)
    if walk.machine:
        note(carrier, call, "machine", "greeting", GREETING)
    call.answered_by = _detected(call, by)
    if call.amd and not call.amd_async:
        _begin(walk, ("AnsweredBy", call.answered_by))
    else:
        _begin(walk)
        _async_amd(carrier, call)


def soon_over(carrier: Carrier, call: Call) -> None:
    """End the call when its TimeLimit is reached."""

    def over() -> None:
        end(carrier, call)

    carrier.timeline.after(call.time_limit, lambda: carrier.errands.hand(call.sid, over))


def not_answered(carrier: Carrier, call: Call, status: str = "no-answer") -> None:
    """The call ends without having been answered; refused with 20001 when it was."""
    if call.status not in ("queued", "ringing"):
        raise refuse(20001)
    end(carrier, call, status)


def _ringing(carrier: Carrier, call: Call, fault: Fault | None) -> None:
    rule = _rule(carrier, call, fault)
    if rule in ENDINGS:
        end(carrier, call, ENDINGS[rule])
    elif rule == "ring":
        soon(carrier, call, call.timeout, lambda: _give_up(carrier, call))
    elif not call.over:
        answer(carrier, call, rule)


def _give_up(carrier: Carrier, call: Call) -> None:
    if call.status == "ringing":
        end(carrier, call, "no-answer")


def _rule(carrier: Carrier, call: Call, fault: Fault | None) -> str:
    if fault is None:
        return carrier.phone(call.to).answers
    return fault.answered_by if fault.kind == "answer_machine" else fault.kind.removeprefix("call_")


def _detected(call: Call, by: str) -> str:
    """What answering-machine detection says; it only tells the end of a greeting when asked for it."""
    if not call.amd:
        return ""
    if not by.startswith("machine"):
        return by
    if call.amd == "Enable":
        return "machine_start"
    return "machine_end_beep" if by == "machine_start" else by


def _begin(walk: Walk, *extra: tuple[str, object]) -> None:
    def first() -> None:
        if walk.call.twiml:
            walk.read(walk.call.twiml.encode())
        elif walk.call.url:
            walk.fetch(walk.call.url, walk.call.method, *extra)
        proceed(walk)

    walk.tell(first)


def _async_amd(carrier: Carrier, call: Call) -> None:
    if not (call.amd and call.amd_async and call.amd_callback):
        return
    params = voice_params(carrier, call, ("AnsweredBy", call.answered_by), ("MachineDetectionDuration", 3200))
    post(carrier, call, call.amd_callback, params)
