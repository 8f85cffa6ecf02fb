"""The shape of ``replies.yaml``: checked when loaded, published as JSON Schema for editors."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Blocks = dict[str, str]
SECTIONS: tuple[str, ...] = (
    "answers",
    "intents",
    "signs",
    "scopes",
    "idioms",
    "topics",
    "appointment",
    "choices",
    "slots",
    "numbers",
    "ordinals",
    "months",
    "weekdays",
    "units",
    "languages",
)


class Model(BaseModel):
    """Strict: an unknown key is a fault, so a typing error never silently drops a red flag."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Normalise(Model):
    """How words of the language are made comparable before they are matched."""

    apostrophe: Literal["drop", "split"] = "drop"
    fold: Literal["latin", "vietnamese", "cyrillic", "arabic", "han", "hangul", "none"] = "latin"
    typos: bool = True
    prefixes: tuple[str, ...] = ()
    variants: str = ""
    sounds: tuple[str, ...] = ()
    """Spellings that sound alike, as ``pattern>replacement``, applied in order to lists and replies alike."""
    endings: tuple[str, ...] = ()
    """Endings that change little, as ``pattern>replacement``: each gives a word of a reply one more form."""
    short: dict[str, str] = Field(default_factory=dict)
    """Short forms of replies and the whole word each may stand for: ``toy: estoy``."""
    together: dict[str, str] = Field(default_factory=dict)
    """Words that are written as one, and the words they are: ``jai: j ai``."""


class Band(Model):
    """A measurement read as that urgency when it is at or beyond the bound (in the unit of the quantity)."""

    urgency: Literal["none", "routine", "urgent", "emergency"]
    at_least: float | None = None
    at_most: float | None = None
    with_symptoms: bool = False


class Thresholds(Model):
    """Bands per quantity: ``temperature_f``, ``glucose``, ``systolic``, ``diastolic``, ``oxygen``, ``pulse``,

    ``weight_gain_lb_day``, ``weight_gain_lb_week``. A practice may set its own for a programme.
    """

    bands: dict[str, tuple[Band, ...]] = Field(default_factory=dict)


class Example(Model):
    """A reply that must be read so; every example of a file is a test."""

    text: str
    context: str = "none"
    prompt: str = ""
    answer: str | int | float | None = None
    intents: tuple[str, ...] = ()
    urgency: str | None = None


class RepliesFile(Model):
    """How people answer in one language. Every block holds patterns, see ``app/understanding/patterns.py``."""

    schema_version: Annotated[int, Field(alias="schema", ge=1, le=1)]
    language: str
    name: str
    normalise: Normalise = Normalise()
    function_words: str = ""
    known: str = ""
    terms: Blocks = Field(default_factory=dict)
    answers: Blocks = Field(default_factory=dict)
    intents: Blocks = Field(default_factory=dict)
    signs: Blocks = Field(default_factory=dict)
    scopes: Blocks = Field(default_factory=dict)
    idioms: Blocks = Field(default_factory=dict)
    topics: dict[str, Blocks] = Field(default_factory=dict)
    appointment: Blocks = Field(default_factory=dict)
    choices: Blocks = Field(default_factory=dict)
    slots: Blocks = Field(default_factory=dict)
    numbers: Blocks = Field(default_factory=dict)
    ordinals: Blocks = Field(default_factory=dict)
    months: Blocks = Field(default_factory=dict)
    weekdays: Blocks = Field(default_factory=dict)
    units: Blocks = Field(default_factory=dict)
    languages: Blocks = Field(default_factory=dict)
    thresholds: Thresholds = Thresholds()
    examples: tuple[Example, ...] = ()


def json_schema() -> dict[str, Any]:
    """The JSON Schema of ``replies.yaml``, for editors and for other tools."""
    return RepliesFile.model_json_schema(by_alias=True)
