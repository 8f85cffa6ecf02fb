"""Effects become rows: the one module where what a script wants is done. Every effect has exactly one function here."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import singledispatch
from typing import Final
from uuid import UUID

from app.cases.closing import close_by_bot, withdraw
from app.cases.documents import barrier_gone, open_barrier
from app.cases.flags import raise_flag
from app.conversations import timers
from app.conversations.facts import about_appointment
from app.conversations.speak import place_call, speak_message
from app.conversations.turn import TurnContext
from app.conversations.visits import answered_for
from app.flow import effects as do
from app.flow.effects import Effect
from app.flow.events import Booked, Reply, SlotGone, SlotsHeld, Withdrawn
from app.outbox.queue import cancel_queued
from app.patients.people import visit_zone
from app.scheduling import slots
from app.scheduling.appointments import Answer, answer
from app.understanding import Urgency

ANSWERS: Final[dict[str, Answer]] = {
    "confirm_appointment": "accepted",
    "cancel_appointment": "declined",
    "request_reschedule": "tentative",
}
HOLD_FOR = timedelta(hours=4)


@singledispatch
def apply(effect: Effect, turn: TurnContext) -> None:
    """Do what one effect wants, in the turn's transaction; TypeError for an effect nobody wrote a function for."""
    raise TypeError(f"nobody applies {type(effect).__name__}")


@apply.register
def _(effect: do.Speak, turn: TurnContext) -> None:
    turn.speaks.append(effect)


@apply.register
def _(effect: do.Await, turn: TurnContext) -> None:
    timers.await_reply(turn, effect.question_id, effect.silent)


@apply.register
def _(effect: do.Sleep, turn: TurnContext) -> None:
    timers.sleep(turn, effect)


@apply.register
def _(effect: do.Record, turn: TurnContext) -> None:
    if isinstance(turn.event, Reply):
        turn.case.reached = True


@apply.register
def _(effect: do.RaiseFlag, turn: TurnContext) -> None:
    flag(turn, effect.urgency, effect.because, f"{effect.step}:{effect.because}")


@apply.register
def _(effect: do.HandOver, turn: TurnContext) -> None:
    # An emergency was flagged by the safety net under the reply's own key: the same key here adds no second flag.
    source = "" if effect.urgency == "emergency" else f"handover:{effect.because}"
    flag(turn, effect.urgency, effect.because, source)
    timers.cancel(turn, "no_reply")
    turn.outcome.to_person = True


def flag(turn: TurnContext, urgency: str, because: str, source: str) -> None:
    """Put this turn's case in the queue, once for each cause."""
    raise_flag(
        turn.session,
        turn.case,
        urgency=int(Urgency.parse(urgency)),
        because=because,
        source=f"{turn.key}:{source}"[:120] if source else turn.key,
        now=turn.now,
        message_id=turn.cause.message_id,
        words=turn.cause.words,
        evidence=turn.cause.evidence,
    )


@apply.register
def _(effect: do.OpenBarrier, turn: TurnContext) -> None:
    open_barrier(turn.session, turn.case, effect.kind, turn.now)


@apply.register
def _(effect: do.HoldSlots, turn: TurnContext) -> None:
    same = str(turn.facts.get("appointment.visit") or "")
    found = slots.hold(
        turn.session,
        site_id=turn.site.id,
        visit=same if effect.visit == "same" else effect.visit,
        after=turn.now + timedelta(hours=2),
        until=turn.now + timedelta(seconds=effect.within),
        count=effect.count,
        holder=turn.conversation.id,
        held_until=turn.now + HOLD_FOR,
        now=turn.now,
    )
    zone = visit_zone(turn.patient, turn.site, video=bool(turn.facts.get("appointment.video")))
    local = [(str(s.id), s.start_at.astimezone(zone).strftime("%Y-%m-%dT%H:%M")) for s in found]
    turn.follow_ups.append(SlotsHeld(tuple(local)))


@apply.register
def _(effect: do.BookSlot, turn: TurnContext) -> None:
    appointment = slots.book(
        turn.session,
        slot_id=UUID(effect.slot_id),
        holder=turn.conversation.id,
        patient_id=turn.patient.id,
        now=turn.now,
    )
    if appointment is None:
        turn.follow_ups.append(SlotGone())
        return
    turn.case.appointment_id = appointment.id
    turn.facts |= about_appointment(turn.session, appointment, turn.case, turn.site)
    turn.facts["appointment.upcoming"] = True
    # A time that suits was found: that it was hard to come at another one is settled.
    barrier_gone(turn.session, turn.case, "work_schedule", turn.now)
    turn.follow_ups.append(Booked(effect.slot_id))


@apply.register
def _(effect: do.ReleaseSlots, turn: TurnContext) -> None:
    slots.release(turn.session, turn.conversation.id, turn.now)


@apply.register
def _(effect: do.ActOn, turn: TurnContext) -> None:
    """Tell every visit that was named to the patient what they said: one reminder stands for all it names."""
    said = ANSWERS.get(effect.action)
    if said is None:
        return
    for visit in answered_for(turn.session, turn.case, turn.conversation):
        answer(turn.session, visit, said, turn.now)


@apply.register
def _(effect: do.PlaceCall, turn: TurnContext) -> None:
    place_call(turn, effect.question_id)


@apply.register
def _(effect: do.SwitchLanguage, turn: TurnContext) -> None:
    turn.conversation.language = turn.patient.language = effect.language


@apply.register
def _(effect: do.HangUp, turn: TurnContext) -> None:
    turn.outcome.hang_up = True


@apply.register
def _(effect: do.Close, turn: TurnContext) -> None:
    conversation = turn.conversation
    conversation.ended_at, conversation.end_reason = turn.now, effect.reason
    conversation.prompt = None
    timers.cancel(turn)
    turn.outgoing.clear()
    turn.outcome.messages.clear()
    cancel_queued(
        turn.session,
        conversation_id=conversation.id,
        because=f"the conversation ended: {effect.reason}",
        now=turn.now,
    )
    if isinstance(turn.event, Withdrawn):
        withdraw(turn.session, turn.case, effect.reason, turn.now)
    else:
        close_by_bot(turn.session, turn.case, effect.reason, turn.now)


def speak_all(turn: TurnContext) -> None:
    """Say what the turn's steps queued: as one message, but for texts marked `apart`."""
    speaks, turn.speaks = turn.speaks, []
    merged: list[do.Speak] = []
    for speak in speaks:
        if merged and not merged[-1].apart and not merged[-1].question_id:
            before = merged[-1]
            texts, values = before.texts + speak.texts, (*before.values, *speak.values)
            merged[-1] = replace(speak, texts=texts, values=values, safety=before.safety or speak.safety)
        else:
            merged.append(speak)
    for speak in merged:
        speak_message(speak, turn)
