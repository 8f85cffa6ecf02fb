"""What a reply answers, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

SURE, LIKELY, WEAK = 0.95, 0.8, 0.6


@dataclass(frozen=True, slots=True)
class Answer:
    """A value and how sure it is; ``value`` None means the reply does not answer."""

    value: str | int | None
    confidence: float = 0.0
    explicit: bool = False


NOTHING = Answer(None)
