"""The types of a reading: what was asked, what was understood, and the words that decided it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any

CONTEXTS: tuple[str, ...] = (
    "yes_no",
    "symptom_yes_no",
    "scale_0_10",
    "confirm_appointment",
    "choose_slot",
    "choose_number",
    "dob",
    "open_text",
    "language_choice",
    "none",
)

INTENTS: tuple[str, ...] = (
    "opt_out",
    "opt_in",
    "help_keyword",
    "wrong_number",
    "deceased",
    "wants_human",
    "call_me_back",
    "question",
    "thanks",
    "language_switch",
    "repeat",
    "running_late",
    "transport_barrier",
    "cost_barrier",
    "insurance_barrier",
    "medication_problem",
    "confusion",
    "complaint",
)


class Urgency(IntEnum):
    """How soon a clinician must know, ordered so that ``max`` keeps the worst."""

    NONE = 0
    ROUTINE = 1
    URGENT = 2
    EMERGENCY = 3

    @property
    def label(self) -> str:
        """The lower-case word used in files and in the API."""
        return self.name.lower()

    @classmethod
    def parse(cls, label: str) -> Urgency:
        """The urgency of that label; ``ValueError`` when there is none."""
        try:
            return cls[label.upper()]
        except KeyError:
            raise ValueError(f"unknown urgency {label!r}") from None


@dataclass(frozen=True, slots=True)
class Option:
    """One offered choice; ``start`` is the local wall time of a slot, ``none`` marks "none of these"."""

    id: str
    label: str
    start: datetime | None = None
    none: bool = False
    lang: str | None = None
    value: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The option as JSON values, unset fields left out."""
        data: dict[str, Any] = {"id": self.id, "label": self.label}
        if self.start is not None:
            data["start"] = self.start.strftime("%Y-%m-%dT%H:%M")
        if self.none:
            data["none"] = True
        if self.lang is not None:
            data["lang"] = self.lang
        if self.value is not None:
            data["value"] = self.value
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Option:
        """An option from its JSON; an unreadable start is left out rather than refused."""
        lang, value = data.get("lang"), data.get("value")
        return cls(
            id=str(data.get("id", "")),
            label=str(data.get("label", "")),
            start=_moment(data.get("start")),
            none=bool(data.get("none", False)),
            lang=None if lang is None else str(lang),
            value=None if value is None else str(value),
        )


@dataclass(frozen=True, slots=True)
class Expectation:
    """The question that is open: its kind (see ``CONTEXTS``), its words and its choices."""

    context: str = "none"
    prompt: str = ""
    options: tuple[Option, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The expectation as JSON values."""
        options = [option.to_json() for option in self.options]
        return {"context": self.context, "prompt": self.prompt, "options": options}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Expectation:
        """An expectation from its JSON; missing parts take their defaults."""
        options = data.get("options") or ()
        return cls(
            context=str(data.get("context") or "none"),
            prompt=str(data.get("prompt") or ""),
            options=tuple(Option.from_json(item) for item in options if isinstance(item, Mapping)),
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words ``text`` at ``start:end`` of the reply, the rule that read them, and what that did."""

    start: int
    end: int
    text: str
    rule: str
    effect: str

    def to_json(self) -> dict[str, Any]:
        """The evidence as JSON values."""
        return {
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "rule": self.rule,
            "effect": self.effect,
        }


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reply was understood to mean; ``answer`` is None when it does not answer.

    ``flag`` means a person must see the reply; ``troubling`` that it is for more than not being understood, so
    that asking once more is not enough. ``confidence`` is 0 to 1, for the answer. ``kind`` names the
    sort of emergency: "", "medical", "suicide", "poison" or "violence". ``language`` is the language the patient
    asks for or plainly writes in, "" when it is the expected one or unknown.
    """

    answer: str | int | float | None
    intents: tuple[str, ...]
    urgency: Urgency
    flag: bool
    confidence: float
    evidence: tuple[Evidence, ...] = field(default=())
    kind: str = ""
    language: str = ""
    troubling: bool = False

    def to_json(self) -> dict[str, Any]:
        """The reading as JSON values, as ``careloop read`` prints it."""
        return {
            "answer": self.answer,
            "intents": list(self.intents),
            "urgency": self.urgency.label,
            "flag": self.flag,
            "troubling": self.troubling,
            "confidence": self.confidence,
            "kind": self.kind,
            "language": self.language,
            "evidence": [item.to_json() for item in self.evidence],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reading:
        """A reading from its JSON; ``ValueError`` on an unknown urgency."""
        items: Sequence[Mapping[str, Any]] = data.get("evidence") or ()
        return cls(
            answer=data.get("answer"),
            intents=tuple(data.get("intents") or ()),
            urgency=Urgency.parse(str(data.get("urgency", "none"))),
            flag=bool(data.get("flag", False)),
            confidence=float(data.get("confidence", 0.0)),
            evidence=tuple(Evidence(**item) for item in items),
            kind=str(data.get("kind", "")),
            language=str(data.get("language", "")),
            troubling=bool(data.get("troubling", False)),
        )


def heeded(found: Collection[str], evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """The intents that count, in their order: beside a danger a stop word ends nothing, whoever is paged asks.

    "Stop asking me, I cant breathe"; but "I cant take any more of these texts" holds the danger in its own words.
    """
    stops = [mark for mark in evidence if mark.effect == "intent:opt_out"]
    dangers = [
        mark for mark in evidence if mark.effect == "urgency:emergency" and mark.rule != "second opinion"
    ]
    beside = any(not any(s.start < d.end and d.start < s.end for s in stops) for d in dangers)
    return tuple(name for name in INTENTS if name in found and not (beside and name == "opt_out"))


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value).replace(tzinfo=None)
    except ValueError:
        return None
