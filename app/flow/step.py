"""The hinge of the engine: one event in, the new state and the wanted effects out.

Pure, total, deterministic.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.flow import answers
from app.flow.effects import (
    Await,
    Close,
    Effect,
    HangUp,
    PlaceCall,
    RaiseFlag,
    ReleaseSlots,
)
from app.flow.events import (
    Booked,
    Connected,
    Event,
    HandedBack,
    NoReply,
    Reply,
    Silence,
    SlotGone,
    SlotsHeld,
    Started,
    Withdrawn,
    Woke,
)
from app.flow.run import IDENTITY, Run
from app.flow.schema import Script
from app.flow.state import State

SILENCES_A_CALL: Final = 3


@dataclass(frozen=True, slots=True)
class Turn:
    """What one event did: the state after it, what is to be done in order, and the steps walked through."""

    state: State
    effects: tuple[Effect, ...]
    path: tuple[str, ...] = ()


def step(script: Script, state: State, event: Event, now: datetime) -> Turn:
    """Move a conversation by one event. Never raises; the given state is not changed.

    Afterwards the conversation waits for an answer, sleeps until a time, is with a person, or has ended. An
    event that does not fit the state (a late timer, a second start) changes nothing.
    """
    run = Run(script, state.copy(), event, now)
    if state.status != "ended":
        _dispatch(run, event)
    return Turn(run.state, tuple(run.effects), tuple(run.path))


def _dispatch(run: Run, event: Event) -> None:
    match event:
        case Started():
            if run.state.status == "new":
                run.state.channel = event.channel
                if run.voice:
                    run.builtin("voice_greeting")
                run.go(run.script.first)
        case Reply():
            answers.reply(run, event)
        case NoReply():
            _no_reply(run, event)
        case Woke():
            _woke(run, event)
        case Connected():
            _connected(run, event)
        case Silence():
            _silence(run)
        case SlotsHeld():
            _slots_held(run, event)
        case Booked() | SlotGone():
            _booking(run, event)
        case HandedBack():
            _handed_back(run)
        case Withdrawn():
            run.state.status, run.state.question = "ended", None
            run.effects += [ReleaseSlots(), Close(event.reason)]


def _no_reply(run: Run, event: NoReply) -> None:
    question = run.state.question
    if run.state.status != "waiting" or question is None or question.id != event.question_id:
        return
    question.silent += 1
    if event.action == "nudge":
        answers.repeat_question(run, nudge=True)
    elif event.action == "call":
        run.effects += [PlaceCall(question.id), Await(question.id, question.silent)]
    else:
        _gave_up(run, question.step)


def _gave_up(run: Run, step_name: str) -> None:
    """Silence is a finding (WelTel): count it, then the script's own way, else a person."""
    run.state.silent_check_ins += 1
    node = run.script.steps.get(step_name)
    onward = node.on.get("silence") if node else None
    run.state.question = None
    if node and onward:
        rule = node.flags.get("silence")
        if rule:
            run.effects.append(RaiseFlag(rule.urgency, rule.because, step_name))
        elif not node.quiet:
            run.effects.append(RaiseFlag("routine", "no reply after every try", step_name))
        run.go(onward)
    else:
        run.hand_over("routine", "no reply after every try")


def _woke(run: Run, event: Woke) -> None:
    """The rest is over; a new check-in may ask each of its questions afresh, so their counts begin again."""
    node = run.script.steps.get(event.step)
    if run.state.status != "sleeping" or run.state.step != event.step or node is None:
        return
    rests = {name for name, one in run.script.steps.items() if one.wait}
    run.state.visits = {name: n for name, n in run.state.visits.items() if name in rests}
    run.go(node.then)


def _connected(run: Run, event: Connected) -> None:
    """A call begins: who we are, then identity again (another person may hold the phone), then the open
    question."""
    run.state.channel = "voice"
    question = run.state.question
    if event.identified and run.state.status in ("new", "waiting"):
        _identified(run)
    elif run.state.status == "new":
        run.builtin("voice_greeting")
        run.go(run.script.first)
    elif question is None:
        run.builtin("voice_inbound")
        run.hand_over("routine", "called us with no question open")
    else:
        run.builtin("voice_inbound" if event.inbound else "voice_greeting")
        _reidentify(run)
        answers.repeat_question(run)


def _identified(run: Run) -> None:
    """The caller is known: straight to the question, or to what waited behind the identity check."""
    run.state.verified = True
    question = run.state.question
    if question is not None and question.step != IDENTITY:
        answers.repeat_question(run)
        return
    following, run.state.pending_step = run.state.pending_step or run.script.first, ""
    run.state.question = None
    run.go(following)


def _reidentify(run: Run) -> None:
    question = run.state.question
    if question is None or question.step == IDENTITY or not run.script.identity:
        return
    node = run.script.steps.get(question.step)
    if node is None or node.public:
        return
    question.restore()
    run.state.verified, run.state.pending_step = False, question.step
    question.step, question.context, question.options = IDENTITY, "dob", []


def _silence(run: Run) -> None:
    question = run.state.question
    if question is None:
        run.effects.append(HangUp())
        return
    question.tries += 1
    if question.tries >= SILENCES_A_CALL:
        question.tries = 0
        run.builtin("voice_goodbye")
        run.flush()
        run.effects += [RaiseFlag("routine", "said nothing on the call", question.step), HangUp()]
        return
    answers.repeat_question(run, key="voice_silence")


def _slots_held(run: Run, event: SlotsHeld) -> None:
    name = run.state.step
    node = run.script.steps.get(name)
    if node is None or node.kind != "offer_slots":
        return
    if not event.slots:
        run.go_on(node, "none_available", "none_fit", because="no time free to offer")
        return
    run.texts.append(answers.offer_text(run))
    answers.ask_slots(run, name, list(event.slots))


def _booking(run: Run, event: Booked | SlotGone) -> None:
    node = run.script.steps.get(run.state.step)
    if node is None or node.kind != "offer_slots":
        return
    if isinstance(event, Booked):
        run.effects.append(ReleaseSlots())
        run.go_on(node, "booked", because="booked, but the script does not go on")
    else:
        run.builtin("slot_gone")
        run.hold_slots(run.state.step)


def _handed_back(run: Run) -> None:
    question = run.state.question
    if question:
        run.state.status = "waiting"
        answers.repeat_question(run)
    elif run.state.status == "handed_over":
        following, run.state.pending_step = run.state.pending_step, ""
        resting = run.script.steps.get(run.state.step)
        if following:
            run.go(following)
        elif resting is not None and resting.wait is not None:
            # They wanted a person between two check-ins: the next one, not taken yet, still comes.
            run.state.visits[run.state.step] = max(0, run.state.visits.get(run.state.step, 0) - 1)
            run.go(run.state.step)
        else:
            run.finish("handled by a person")
