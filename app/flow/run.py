"""Walking from step to step until the conversation waits, sleeps, is handed over or ends."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from app.flow import builtin, pauses
from app.flow.conditions import holds
from app.flow.effects import (
    ActOn,
    Await,
    Choice,
    Close,
    Effect,
    HandOver,
    HangUp,
    HoldSlots,
    OpenBarrier,
    RaiseFlag,
    ReleaseSlots,
    Speak,
    Text,
)
from app.flow.events import Event, NoReply
from app.flow.schema import Script, Step
from app.flow.state import Question, State

STEPS_A_TURN: Final = 60
ASKS_A_STEP: Final = 12
CONTEXTS: Final = {
    "date_of_birth": "dob",
    "text": "open_text",
    "language": "language_choice",
    "number": "scale_0_10",
}
IDENTITY: Final = "identity"
YES_NO: Final = (Choice("1", "yes", builtin.text("yes")), Choice("2", "no", builtin.text("no")))


class Run:
    """One turn in the making: the state being changed and the effects gathered."""

    def __init__(self, script: Script, state: State, event: Event, now: datetime) -> None:
        self.script, self.state, self.event, self.now = script, state, event, now
        self.effects: list[Effect] = []
        self.texts: list[Text] = []
        self.safety = False
        self.path: list[str] = []

    @property
    def voice(self) -> bool:
        return self.event.channel == "voice"

    def text_of(self, name: str, field: str = "") -> Text:
        """The words of a step on this channel:

        `voice:` where it is written, else `say`/`ask` (or `again`).
        """
        node = self.script.steps[name]
        base = f"{self.script.script}/{name}"
        if field == "again" and node.again:
            return Text(f"{base}.again", node.again)
        if self.voice and node.voice:
            return Text(f"{base}@voice", node.voice)
        return Text(base, node.ask or node.say or "")

    def builtin(self, key: str) -> None:
        """Queue one of the shared texts."""
        self.texts.append(builtin.text(key, self.event.channel))

    def flush(self, step: str = "", **more: Any) -> None:
        """Send what is queued as one message."""
        if self.texts or more:
            node = self.script.steps.get(step)
            apart = bool(node and node.apart)
            if self.state.slot_start:
                more["values"] = (("slot.start", self.state.slot_start), *more.get("values", ()))
            spoken = Speak(
                tuple(self.texts), step or self.state.step, apart=apart, safety=self.safety, **more
            )
            self.effects.append(spoken)
            self.texts, self.safety = [], False

    # -- walking ---------------------------------------------------------------------------------------------

    def go(self, name: str | None) -> None:
        """Walk from this step until the conversation rests."""
        for _ in range(STEPS_A_TURN):
            if name is None:
                self.finish("completed")
                return
            self.state.step = name
            self.path.append(name)
            following = self._enter(name, self.script.steps[name])
            if following is _REST:
                return
            name = following
        self.hand_over("routine", "the script went in circles")

    def _enter(self, name: str, node: Step) -> Any:
        for action in node.do:
            self.effects.append(ActOn(action))
        if node.barrier:
            self.effects.append(OpenBarrier(node.barrier))
        match node.kind:
            case "say":
                return self._say(name, node)
            case "decide":
                return next(
                    (b.target for b in node.decide or () if b.when is None or self._holds(b.when)), None
                )
            case "ask" | "offer_slots":
                return self._gate(name, node)
            case "wait":
                return self._sleep(name, node)
            case "handoff":
                return self._handoff(node)
            case _:
                self.finish(node.close or "completed")
                return _REST

    def _holds(self, when: dict[str, Any]) -> bool:
        return holds(when, self.state, self.event.facts)

    def _say(self, name: str, node: Step) -> Any:
        if node.say:
            self._queue(name, node)
        if node.apart:
            self.flush(name)
        if node.flag:
            self.effects.append(RaiseFlag(node.flag.urgency, node.flag.because, name))
        if node.close:
            self.finish(node.close)
            return _REST
        return node.then

    def _queue(self, name: str, node: Step, field: str = "") -> None:
        self.texts.append(self.text_of(name, field))
        self.safety = self.safety or bool(node.flag and node.flag.urgency == "emergency")

    def _gate(self, name: str, node: Step) -> Any:
        if self.script.identity and not self.state.verified and not node.public:
            self.state.pending_step = name
            self.ask_identity("identity")
        elif node.kind == "ask":
            self.ask(name)
        else:
            self.hold_slots(name)
        return _REST

    def _sleep(self, name: str, node: Step) -> Any:
        pause = node.wait
        assert pause is not None
        rest = pauses.rest(name, pause, self.state, self.event.facts, self.now)
        if rest is None:
            return node.on.get("over") or node.then
        coming = pauses.next_check(rest, self.event.facts, self.now)
        if node.say and coming and not isinstance(self.event, NoReply):
            self._queue(name, node)
        if self.texts:
            self.flush(name, values=(("next_check.date", coming.isoformat()),) if coming else ())
        self.state.status, self.state.question = "sleeping", None
        self.effects.append(rest)
        if self.voice:
            self.builtin("voice_goodbye")
            self.flush(name)
            self.effects.append(HangUp())
        return _REST

    def _handoff(self, node: Step) -> Any:
        rule = node.handoff
        assert rule is not None
        self.state.pending_step = node.then or ""
        self.hand_over(rule.urgency, rule.because)
        return _REST

    # -- resting ---------------------------------------------------------------------------------------------

    def ask(self, name: str, *, field: str = "", nudge: bool = False) -> None:
        """Put the question of a step and wait for the answer."""
        node = self.script.steps[name]
        visits = self.state.visits[name] = self.state.visits.get(name, 0) + 1
        if visits > ASKS_A_STEP:
            self.hand_over("routine", "asked the same question too often")
            return
        self._queue(name, node, field)
        choices, context = choices_of(self.script, name)
        self._hint(context)
        self.open(name, context, choices, nudge=nudge)

    def _hint(self, context: str) -> None:
        hint = {"scale_0_10": "scale_hint"}.get(context)
        if hint:
            self.builtin(hint)

    def open(
        self,
        step: str,
        context: str,
        choices: tuple[Choice, ...],
        *,
        nudge: bool = False,
        values: tuple[tuple[str, str | Text], ...] = (),
    ) -> None:
        """Speak what is queued as a question and wait. A repeated question keeps its id and its counts."""
        old = self.state.question
        if old and old.step == step:
            question = old
            question.options = [[c.key, c.value, c.start] for c in choices]
        else:
            self.state.asked += 1
            options = [[c.key, c.value, c.start] for c in choices]
            question = Question(f"{step}.{self.state.asked}", step, context, options)
        question.asked_at = self.now.isoformat()
        self.state.question, self.state.status = question, "waiting"
        self.flush(
            step, choices=choices, context=context, question_id=question.id, nudge=nudge, values=values
        )
        self.effects.append(Await(question.id, question.silent))

    def ask_identity(self, key: str) -> None:
        """Ask for the date of birth before anything private."""
        self.builtin(key)
        self.open(IDENTITY, "dob", ())

    def hold_slots(self, name: str) -> None:
        """Ask the caller to hold times; the offer follows with SlotsHeld."""
        offer = self.script.steps[name].offer_slots
        visits = self.state.visits[name] = self.state.visits.get(name, 0) + 1
        if offer is None or visits > 3:
            self.hand_over("routine", "offered times three times without a booking")
            return
        self.flush(name)
        self.state.status, self.state.question = "waiting", None
        self.effects.append(HoldSlots(offer.visit, offer.within, offer.count, name))

    def hand_over(self, urgency: str, because: str) -> None:
        """Leave it to a person and be silent; an open question stays, to be put again when handed back."""
        self.flush()
        self.effects.append(HandOver(urgency, because, self.state.step))
        self.state.status = "handed_over"

    def go_on(self, node: Step, *outcomes: str, because: str) -> None:
        """Follow the first of these `on:` outcomes the step names, else `else:` or `then:`; a person if
        none."""
        self.state.question = None
        following = (
            next((node.on[o] for o in outcomes if o in node.on), None) or node.on.get("else") or node.then
        )
        if following:
            self.go(following)
        else:
            self.hand_over("routine", because)

    def finish(self, reason: str) -> None:
        """End the conversation after what is queued was said."""
        if self.voice:
            self.builtin("voice_goodbye")
        self.flush()
        if self.voice:
            self.effects.append(HangUp())
        self.effects += [ReleaseSlots(), Close(reason)]
        self.state.status, self.state.question = "ended", None


def choices_of(script: Script, name: str) -> tuple[tuple[Choice, ...], str]:
    """The answers a question offers, keys counted from 1, and the context its replies are read in."""
    node = script.steps[name]
    if node.choices:
        base = f"{script.script}/{name}:"
        labels = enumerate(node.choices.items(), start=1)
        choices = tuple(Choice(str(n), key, Text(base + key, label)) for n, (key, label) in labels)
        confirming = {"confirm", "reschedule"} <= node.choices.keys()
        return choices, "confirm_appointment" if confirming else "choose_number"
    expect = node.expect or "text"
    if expect in ("yes_no", "symptom_yes_no"):
        return YES_NO, expect
    return (), CONTEXTS.get(expect, expect)


_REST: Final = object()
