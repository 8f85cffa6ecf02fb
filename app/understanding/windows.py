"""Very long replies are read window by window: the time stays in proportion, and nothing at the end is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from app.understanding.normal import Token
from app.understanding.reading import Reading, heeded

LONGEST: Final = 300
"""Words (signs, in Chinese and Korean) read at once; a text message of 1,600 characters has about as many."""
OVERLAP: Final = 40


def windows(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """The spans of text to be read one by one; neighbours share ``OVERLAP`` words."""
    starts = range(0, max(1, len(tokens) - OVERLAP), LONGEST - OVERLAP)
    return [(tokens[at].start, tokens[min(at + LONGEST, len(tokens)) - 1].end) for at in starts]


def merged(parts: Sequence[tuple[int, Reading]]) -> Reading:
    """The worst of the windows (offset, reading), everything any of them found, and the answer of the first alone:

    what opens a later one stands in the middle of a sentence. A person sees so long a reply in any case.
    """
    readings = [reading for _, reading in parts]
    worst = max(readings, key=lambda reading: reading.urgency)
    found = {name for reading in readings for name in reading.intents}
    evidence = [
        replace(item, start=item.start + offset, end=item.end + offset)
        for offset, reading in parts
        for item in reading.evidence
    ]
    return Reading(
        answer=readings[0].answer,
        intents=heeded(found, evidence),
        urgency=worst.urgency,
        flag=True,
        troubling=any(reading.troubling for reading in readings),
        confidence=readings[0].confidence,
        evidence=tuple(dict.fromkeys(evidence)),
        kind=worst.kind,
        language=next((reading.language for reading in readings if reading.language), ""),
    )
