"""How many years of school a text asks of its reader, by sentence and syllable counts of our own."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_PLACEHOLDER = re.compile(r"\{[^}]*\}")
_SENTENCE = re.compile(r"[.!?:]+(?=\s|$)")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_EN_GROUP = re.compile(r"[aeiouy]+")
_ES_GROUP = re.compile(r"[aeoáéó]|[íú]|[iuü]+(?=[^aeoáéóiuü]|$)", re.I)


def syllables_en(word: str) -> int:
    """Syllables of an English word: groups of vowels, without a silent e."""
    plain = word.lower()
    count = len(_EN_GROUP.findall(plain))
    silent = plain.endswith("e") and not plain.endswith(("le", "ee", "ie", "oe", "ye"))
    ed = plain.endswith("ed") and not plain.endswith(("ted", "ded", "eed"))
    return max(1, count - (1 if silent or ed else 0))


def syllables_es(word: str) -> int:
    """Syllables of a Spanish word: strong vowels count, weak ones beside them do not."""
    return max(
        1, len(_ES_GROUP.findall(word.lower().replace("qu", "k").replace("gue", "ge").replace("gui", "gi")))
    )


def grade(text: str, language: str) -> float | None:
    """The school grade of a text: Flesch-Kincaid for English, Crawford (1984) for Spanish; None for others.

    Placeholders count as a name. Texts of a few words say little: average over many.
    """
    counter = _COUNTERS.get(language)
    plain = _PLACEHOLDER.sub("Anna", text)
    words = _WORD.findall(plain)
    if counter is None or not words:
        return None
    sentences = max(1, sum(1 for part in _SENTENCE.split(plain) if _WORD.search(part)))
    syllables = sum(counter(word) for word in words)
    if language == "es":
        return -0.205 * (sentences / len(words) * 100) + 0.049 * (syllables / len(words) * 100) - 3.407
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


_COUNTERS: Final[dict[str, Callable[[str], int]]] = {"en": syllables_en, "es": syllables_es}
