"""The shape of a script: what an admin writes in `flows/<name>.yaml`.

Every error names the step and the field; `json_schema()` feeds editors' completion, this module stays the
judge.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
UrgencyName = Literal["routine", "urgent", "emergency"]
Expect = Literal["yes_no", "symptom_yes_no", "scale_0_10", "number", "text", "date_of_birth", "language"]
Scalar = bool | int | float | str
ACTIONS = (
    "confirm_appointment",
    "cancel_appointment",
    "request_reschedule",
    "stop_reminders",
    "report_barrier",
)
Action = Literal[
    "confirm_appointment", "cancel_appointment", "request_reschedule", "stop_reminders", "report_barrier"
]

BARRIERS = (
    "fear",
    "confusion",
    "transport",
    "work_schedule",
    "technology",
    "language",
    "cost",
    "low_urgency",
    "phone_tag",
    "insurance",
    "unclear_instructions",
    "mobility",
    "isolation",
    "illness",
    "other",
)

_DURATION = re.compile(r"^(\d+)\s*(m|h|d)$")
_SECONDS = {"m": 60, "h": 3600, "d": 86400}


def seconds(value: object) -> int:
    """Seconds in a duration written `30m`, `72h` or `14d`; ValueError says how to write one."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    found = _DURATION.match(str(value).strip())
    if not found:
        raise ValueError(
            f"{value!r} is not a duration: write a number and m, h or d, for example 30m, 72h or 14d"
        )
    return int(found[1]) * _SECONDS[found[2]]


Duration = Annotated[int, BeforeValidator(seconds)]


class Part(BaseModel):
    """A piece of a script; unknown fields are refused so that a typing error is seen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FlagRule(Part):
    """What makes a person look: how soon, and the words the queue shows."""

    urgency: UrgencyName
    because: str = Field(min_length=3, max_length=120)


class Branch(Part):
    """One line of a `decide`: the first whose `when` holds is taken; `else` always holds."""

    when: dict[str, Scalar | list[Scalar]] | None = None
    go: Name | None = None
    otherwise: Name | None = Field(default=None, alias="else")

    @model_validator(mode="after")
    def _one_form(self) -> Branch:
        if (self.when is None) == (self.otherwise is None) or (self.when is not None and self.go is None):
            raise ValueError("write either `when: {...}` with `go: step`, or `else: step`")
        return self

    @property
    def target(self) -> str:
        return self.go or self.otherwise or ""


class Offer(Part):
    """Held times to offer: which kind of visit (`same` as the one in hand), how far ahead, how many."""

    visit: str
    within: Duration
    count: int = Field(default=3, ge=1, le=8)


class Pause(Part):
    """A pause of the programme, written one of four ways.

    `for: 3d`; `day: 7`, counted from the trigger; `days: [4, 7, 10]`, the next of these each time the step is
    reached; `until: appointment` with `before: 1d`. When no day is left, or the time before the appointment
    is past, the step's `on: {over: …}` is taken.
    """

    span: Duration | None = Field(default=None, alias="for")
    day: int | None = Field(default=None, ge=0, le=365)
    days: list[Annotated[int, Field(ge=0, le=365)]] | None = Field(default=None, min_length=1, max_length=60)
    until: Literal["appointment"] | None = None
    before: Duration | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Pause:
        ways = [self.span, self.day, self.days, self.until]
        if sum(way is not None for way in ways) != 1 or (self.until is None) != (self.before is None):
            raise ValueError(
                "write one of `for: 3d`, `day: 7`, `days: [4, 7]`, or `until: appointment` with `before: 1d`"
            )
        if self.days and self.days != sorted(set(self.days)):
            raise ValueError("`days:` must count upwards, each day once")
        return self


class Step(Part):
    """One node: exactly one of say, ask, decide, offer_slots, wait, handoff, or close (also after a say).

    A step may also only note something: `flag`, `barrier` (it stands in the way until a person resolves it)
    or `do`. A wait may `say` something, to a patient who has just answered. `quiet: true` says that no reply
    to this question is nothing a person must see.
    """

    say: str | None = None
    ask: str | None = None
    again: str | None = None
    voice: str | None = None
    choices: dict[Name, str] | None = None
    expect: Expect | None = None
    ordered: bool = False
    on: dict[str, Name] = Field(default_factory=dict)
    then: Name | None = None
    record: Name | None = None
    flag: FlagRule | None = None
    flags: dict[str, FlagRule] = Field(default_factory=dict)
    barrier: Name | None = None
    public: bool = False
    quiet: bool = False
    apart: bool = False
    do: list[Action] = Field(default_factory=list)
    decide: list[Branch] | None = None
    offer_slots: Offer | None = None
    wait: Pause | None = None
    handoff: FlagRule | None = None
    close: Name | None = None

    @model_validator(mode="before")
    @classmethod
    def _lists(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("do"), str):
            return {**data, "do": [data["do"]]}
        return data

    @model_validator(mode="after")
    def _one_kind(self) -> Step:
        kinds = [
            k for k in ("ask", "decide", "offer_slots", "wait", "handoff") if getattr(self, k) is not None
        ]
        if (self.ask and self.say) or len(kinds) > 1:
            raise ValueError("a step does one thing: say, ask, decide, offer_slots, wait, handoff or close")
        notes = self.do or self.flag or self.barrier
        if not kinds and self.say is None and self.close is None and not notes:
            raise ValueError(
                "an empty step: give it say, ask, decide, offer_slots, wait, handoff, close, flag or do"
            )
        if (self.choices is None) == (self.expect is None) and self.ask:
            raise ValueError("an ask needs either `choices:` or `expect:`")
        if not self.ask and (self.choices or self.expect or self.again):
            raise ValueError("choices, expect and again belong to an ask")
        return self

    @property
    def kind(self) -> str:
        """say, ask, decide, offer_slots, wait, handoff or close."""
        for kind in ("ask", "decide", "offer_slots", "wait", "handoff"):
            if getattr(self, kind) is not None:
                return kind
        return "close" if self.close and self.say is None and self.flag is None else "say"

    @property
    def targets(self) -> tuple[str, ...]:
        """Every step this one may lead to, in order, without repeats."""
        found = [
            *self.on.values(),
            *(b.target for b in self.decide or ()),
            *([self.then] if self.then else ()),
        ]
        return tuple(dict.fromkeys(found))


class Script(Part):
    """A whole script, checked for its shape; `app.flow.checks` judges its sense."""

    script: str = Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")
    title: str
    lane: Name
    purpose: str
    identity: Literal["date_of_birth"] | None = None
    expires: Duration = 72 * 3600
    language: str = "en"
    start: Name | None = None
    steps: dict[Name, Step] = Field(min_length=1)

    @model_validator(mode="after")
    def _steps_exist(self) -> Script:
        missing = [
            f"{name} → {t}" for name, s in self.steps.items() for t in s.targets if t not in self.steps
        ]
        if self.start and self.start not in self.steps:
            missing.append(f"start → {self.start}")
        if missing:
            raise ValueError("no such step: " + ", ".join(missing))
        return self

    @property
    def first(self) -> str:
        """The step a conversation begins with: `start`, or the first one written."""
        return self.start or next(iter(self.steps))


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a script file, for editors."""
    return Script.model_json_schema(by_alias=True)
