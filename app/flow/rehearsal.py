"""A script on a simulated phone: the real engine, texts and understanding; only the world is invented.

The rehearsal holds times when asked, books the one chosen, and lets time pass when told to. What happens is
given as lines that read like dialogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.flow import effects as fx
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
    Woke,
)
from app.flow.pauses import first_day
from app.flow.safety import safety_net
from app.flow.schema import Script
from app.flow.state import State
from app.flow.step import step
from app.flow.wording import Worded, expectation, shared, wording
from app.i18n import Catalogs, segments
from app.understanding import Expectation, Reading, read
from app.understanding.additions import Additions
from app.understanding.schema import Thresholds

PRESSES: Final = tuple("0123456789*#")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a rehearsal: who or what (`bot`, `patient`, `effect`), the words, and a bot's text's SMS
    parts."""

    who: str
    text: str
    parts: int = 0
    step: str = ""


@dataclass
class World:
    """What is true around the conversation: the invented patient's facts, the clock, and the times that are
    free."""

    facts: dict[str, Any]
    now: datetime
    slots: tuple[tuple[str, str], ...] = ()
    time_zone: str = "America/Chicago"
    gone: set[str] = field(default_factory=set)


class Rehearsal:
    """One rehearsal. `start`, `reply`, `no_reply` and `wake` each return the lines they caused.

    `additions` and `thresholds` may be set to what a practice taught the reader.
    """

    def __init__(
        self,
        script: Script,
        catalogs: Catalogs,
        facts: Mapping[str, Any],
        language: str = "en",
        channel: str = "sms",
        *,
        now: datetime,
        slots: tuple[tuple[str, str], ...] = (),
        time_zone: str = "America/Chicago",
    ) -> None:
        self.script, self.catalogs, self.language, self.channel = script, catalogs, language, channel
        self.world = World({"practice.languages": list(catalogs.languages), **facts}, now, slots, time_zone)
        self.state = State()
        self.expected = Expectation()
        self.resting: fx.Sleep | None = None
        self.additions: Additions | None = None
        self.thresholds: Thresholds | None = None
        self.walked: list[tuple[str, tuple[str, ...]]] = []
        self.lines: list[Line] = []

    # What a person at the rehearsal does.

    def start(self) -> list[Line]:
        """Begin: the first text goes out, or the call is answered."""
        return self._do(Connected() if self.channel == "voice" else Started())

    def reply(self, text: str) -> list[Line]:
        """The patient writes or says this; the safety net runs first, as in real life."""
        reading = self.read(text)
        said = [Line("patient", text)]
        found = safety_net(reading)
        if found is not None and found.say:
            said += self._safety(found.say)
        elif found is not None:
            said.append(Line("effect", f"safety net: a person must see this, {found.urgency.label}"))
        return self._keep(said) + self._do(Reply(reading, text))

    def no_reply(self, action: str = "") -> list[Line]:
        """Nobody answers: a nudge the first time, then the attempts are used up. On a call, silence."""
        if self.channel == "voice" and not action:
            return self._keep([Line("patient", "(silence)")]) + self._do(Silence())
        question = self.state.question
        if question is None:
            return []
        planned = action or ("nudge" if question.silent == 0 else "give_up")
        said = [Line("patient", "(no reply)")]
        return self._keep(said) + self._do(NoReply(question.id, planned))

    def wake(self) -> list[Line]:
        """Let the time pass that the conversation is resting."""
        if self.resting is None:
            return []
        rested, self.resting = self.resting, None
        self.world.now = self.over(rested)
        passed = Line("time", self.world.now.astimezone(ZoneInfo(self.world.time_zone)).strftime("%a %b %d"))
        return self._keep([passed]) + self._do(Woke(rested.step))

    def hand_back(self) -> list[Line]:
        """A coordinator gives the conversation back to the bot."""
        return self._keep([Line("coordinator", "(hands back)")]) + self._do(HandedBack())

    # How the world answers.

    def read(self, text: str) -> Reading:
        """What the reply is understood to mean against the open question."""
        local = self.world.now.astimezone(ZoneInfo(self.world.time_zone)).replace(tzinfo=None)
        channel = "speech" if self.channel == "voice" else "sms"
        return read(
            text,
            self.expected,
            self.language,
            local,
            channel=channel,
            thresholds=self.thresholds,
            additions=self.additions,
        )

    def over(self, rest: fx.Sleep) -> datetime:
        """When this rest is over."""
        if rest.before_fact:
            start = self.world.facts.get(rest.before_fact)
            due = start - timedelta(seconds=rest.seconds or 0) if isinstance(start, datetime) else None
        elif rest.day is not None:
            begun = first_day(self.world.facts) or self.world.now.date()
            morning = datetime(begun.year, begun.month, begun.day, 16, tzinfo=UTC)
            due = morning + timedelta(days=rest.day)
        else:
            due = self.world.now + timedelta(seconds=rest.seconds or 0)
        return max(due or self.world.now, self.world.now)

    def _do(self, event: Event) -> list[Line]:
        before = self.state.question.step if self.state.question else self.state.step
        turn = step(self.script, self.state, self._with_facts(event), self.world.now)
        self.state = turn.state
        self.walked.append((before, turn.path))
        said: list[Line] = []
        for effect in turn.effects:
            said += self._line(effect)
        self._keep(said)
        for effect in turn.effects:
            said += self._answer(effect)
        return said

    def _with_facts(self, event: Event) -> Event:
        changed = {name: getattr(event, name) for name in event.__dataclass_fields__}
        today = self.world.now.astimezone(ZoneInfo(self.world.time_zone)).date()
        changed |= {"facts": {**self.world.facts, "today": today}, "channel": self.channel}
        return type(event)(**changed)

    def _keep(self, lines: list[Line]) -> list[Line]:
        self.lines += lines
        return lines

    def _answer(self, effect: fx.Effect) -> list[Line]:
        """The world's answer to an effect that wants one at once."""
        match effect:
            case fx.HoldSlots():
                return self._do(SlotsHeld(self.world.slots[: effect.count]))
            case fx.BookSlot() if effect.slot_id in self.world.gone:
                return self._do(SlotGone())
            case fx.BookSlot():
                self.world.facts["appointment.upcoming"] = True
                return self._do(Booked(effect.slot_id))
            case _:
                return []

    def _safety(self, key: str) -> list[Line]:
        world = self.world
        words = shared(key, self.catalogs, world.facts, self.language, world.time_zone, self.channel)
        return [
            Line("bot", words.text, self._parts(words.text), "safety"),
            Line("effect", "safety net: page a person, emergency"),
        ]

    def _line(self, effect: fx.Effect) -> list[Line]:
        if isinstance(effect, fx.Speak):
            worded = self.word(effect)
            if effect.question_id:
                self.expected = expectation(effect.context, worded)
            return [Line("bot", worded.text, self._parts(worded.text), effect.step)]
        if isinstance(effect, fx.Sleep):
            self.resting = effect
        if isinstance(effect, fx.SwitchLanguage):
            self.language = effect.language
        words = describe(effect)
        return [Line("effect", words)] if words else []

    def word(self, effect: fx.Speak) -> Worded:
        """The words of an effect for the invented patient."""
        world = self.world
        return wording(effect, self.catalogs, world.facts, self.language, world.time_zone, self.channel)

    def _parts(self, text: str) -> int:
        return segments(text).count if self.channel == "sms" else 0


def describe(effect: fx.Effect) -> str:
    """An effect in a few words; "" for those that only serve the machinery."""
    match effect:
        case fx.RaiseFlag() | fx.HandOver():
            name = "flag" if isinstance(effect, fx.RaiseFlag) else "hand over"
            return f'{name} {effect.urgency} "{effect.because}"'
        case fx.Record():
            return f"record {effect.name} = {effect.value}"
        case fx.OpenBarrier():
            return f"open barrier {effect.kind}"
        case fx.HoldSlots():
            return f"hold {effect.count} times: {effect.visit}"
        case fx.BookSlot():
            return f"book {effect.slot_id}"
        case fx.Sleep():
            return _resting(effect)
        case fx.Close():
            return f"close {effect.reason}"
        case _:
            return _act(effect)


def _act(effect: fx.Effect) -> str:
    match effect:
        case fx.ActOn():
            return effect.action.replace("_", " ")
        case fx.SwitchLanguage():
            return f"language {effect.language}"
        case fx.PlaceCall():
            return "call the patient"
        case fx.HangUp():
            return "hang up"
        case _:
            return ""


def _resting(effect: fx.Sleep) -> str:
    if effect.day is not None:
        return f"rest until day {effect.day}"
    hours = (effect.seconds or 0) // 3600
    return f"rest until {hours} h before {effect.before_fact}" if effect.before_fact else f"rest {hours} h"
