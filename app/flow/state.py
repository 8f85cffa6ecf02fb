"""Where a conversation stands, as data that goes to JSON and back without loss."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Status = Literal["new", "waiting", "sleeping", "handed_over", "ended"]


@dataclass(slots=True)
class Doubt:
    """An answer that was said back for the patient to agree to, and how the question it belongs to was put."""

    value: Any
    context: str
    options: list[list[str]]


@dataclass(slots=True)
class Question:
    """The open question: which step asked, what may be answered, and how often it was asked.

    `id` is `<step>.<n>`, n counting this conversation's questions, so a late timer or an answer to an old
    question can be told from one to this. `options` holds (key pressed, value meant, slot start or "").
    """

    id: str
    step: str
    context: str
    options: list[list[str]] = field(default_factory=list)
    tries: int = 0
    silent: int = 0
    asked_at: str = ""
    doubt: Doubt | None = None

    def restore(self) -> None:
        """Be the question as it was put, not the doubt about its answer."""
        if self.doubt is not None:
            self.context, self.options, self.doubt = self.doubt.context, self.doubt.options, None

    def to_json(self) -> dict[str, Any]:
        """A dict of plain JSON values."""
        data = {name: getattr(self, name) for name in self.__dataclass_fields__}
        data["options"] = [list(option) for option in self.options]
        data["doubt"] = asdict(self.doubt) if self.doubt else None
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Question:
        """The question that `to_json` wrote."""
        doubt = data.get("doubt")
        return cls(**{**data, "doubt": Doubt(**doubt) if doubt else None})


@dataclass(slots=True)
class State:
    """One patient's place in one revision.

    Holds no names, numbers or birth dates: facts come with each event.
    """

    status: Status = "new"
    step: str = ""
    channel: str = "sms"
    question: Question | None = None
    asked: int = 0
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    verified: bool = False
    identity_misses: int = 0
    pending_step: str = ""
    visits: dict[str, int] = field(default_factory=dict)
    silent_check_ins: int = 0
    flagged: bool = False
    slot_start: str = ""
    offered: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """A dict of plain JSON values that shares nothing with this state."""
        data = {name: getattr(self, name) for name in self.__dataclass_fields__}
        # By hand and not `asdict`, which copies every leaf: this runs twice for every turn of every patient.
        data["answers"] = {name: [dict(entry) for entry in kept] for name, kept in self.answers.items()}
        data["visits"], data["offered"] = dict(self.visits), list(self.offered)
        data["question"] = self.question.to_json() if self.question else None
        return data

    def copy(self) -> State:
        """Another state like this one, that shares nothing with it."""
        return State.from_json(self.to_json())

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> State:
        """The state that `to_json` wrote; unknown fields of a later version are ignored."""
        known = {k: v for k, v in data.items() if k in cls.__dataclass_fields__}
        question = known.get("question")
        if question is not None:
            known["question"] = Question.from_json(question)
        return cls(**known)

    def latest(self, name: str) -> Any:
        """The newest answer recorded under `name`, or None."""
        entries = self.answers.get(name)
        return entries[-1]["value"] if entries else None
