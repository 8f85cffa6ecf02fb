"""The safety rules shared by every language, from ``rules.yaml``: severities, combinations, thresholds."""

from __future__ import annotations

from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError
from ruamel.yaml import YAML

from app.understanding.errors import LexiconError
from app.understanding.reading import Urgency
from app.understanding.schema import Model, Thresholds

Label = Literal["none", "routine", "urgent", "emergency"]
Kind = Literal["", "medical", "suicide", "poison", "violence"]
PATH = Path(__file__).with_name("rules.yaml")


class SignRule(Model):
    """How bad a sign is by itself, and what changes that."""

    urgency: Label
    kind: Kind = ""
    soft: Label | None = None
    severe: Label | None = None
    joke: Label | None = None
    sticky: bool = False
    third: bool = True
    mask: tuple[str, ...] = ()

    @cached_property
    def level(self) -> Urgency:
        """The urgency as a number that can be compared."""
        return Urgency.parse(self.urgency)


class Together(Model):
    """Signs that mean more together than each alone."""

    name: str
    all: frozenset[str] = frozenset()
    any: frozenset[str] = frozenset()
    urgency: Label
    kind: Kind = ""

    @cached_property
    def level(self) -> Urgency:
        """The urgency as a number that can be compared."""
        return Urgency.parse(self.urgency)

    def holds(self, signs: frozenset[str] | set[str]) -> bool:
        """Whether the rule's signs are all (and any) among those."""
        return self.all <= signs and not (self.any and self.any.isdisjoint(signs))


class Topic(Model):
    """What a symptom question asks for: the signs that say yes, and the one a bare yes stands for."""

    signs: tuple[str, ...]
    sign: str


class Rules(Model):
    """The whole of ``rules.yaml``."""

    schema_version: Annotated[int, Field(alias="schema", ge=1, le=1)]
    signs: dict[str, SignRule]
    together: tuple[Together, ...]
    topics: dict[str, Topic]
    thresholds: Thresholds
    emoji: dict[str, str]

    def emoji_of(self, name: str) -> frozenset[str]:
        """The emoji of a name, as a set."""
        return _emoji(self.emoji.get(name, ""))


@lru_cache(maxsize=32)
def _emoji(text: str) -> frozenset[str]:
    return frozenset(text.split())


@lru_cache(maxsize=1)
def rules(path: Path = PATH) -> Rules:
    """The rules, read once a process; ``LexiconError`` says what is wrong with the file."""
    try:
        return Rules.model_validate(YAML(typ="safe").load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise LexiconError(f"{path.name}: {error}") from error
