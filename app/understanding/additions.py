"""A practice's own phrases, scanned beside the lists that ship: they only add. Pure; compiled once, then only read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from app.understanding import lexicon, patterns
from app.understanding.errors import LexiconError
from app.understanding.offered import OFFERED
from app.understanding.places import Place

Words = Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]
"""Phrases by language, section and name: ``{"es": {"signs": {"chest_pain": ["pechito apretado"]}}}``."""
LONGEST: Final = 120
MOST: Final = 3000
_SHORTEST_STEM: Final = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """A phrase that cannot be used, and what to do about it, in plain words."""

    language: str
    section: str
    name: str
    phrase: str
    words: str


class Additions:
    """A practice's phrases. What is faulty in them is left out when they are read, never a reason not to read."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self._compiled: dict[str, Place | None] = {}

    def of(self, language: str) -> Place | None:
        """The trie of a language's phrases, compiled when it is first asked for; None without any."""
        if language not in self._compiled:
            self._compiled[language] = self._compile(language) if language in self.words else None
        return self._compiled[language]

    def _compile(self, language: str) -> Place | None:
        known = lexicon.usable(language)
        good = [(s, n, p) for s, n, p in phrases(self.words, language) if not fault(language, s, n, p)]
        return lexicon.compile_phrases(known, good) if known is not None and good else None


def phrases(words: Words, language: str) -> Iterator[tuple[str, str, str]]:
    """Each phrase of a language as (section, name, phrase)."""
    for section, names in words.get(language, {}).items():
        for name, listed in names.items():
            for phrase in listed:
                yield section, name, phrase


def faults(words: Words) -> list[Fault]:
    """Everything in a practice's phrases that cannot be used, with what to do about it."""
    found = [
        Fault(language, section, name, phrase, words_of_fault)
        for language in words
        for section, name, phrase in phrases(words, language)
        if (words_of_fault := fault(language, section, name, phrase))
    ]
    total = sum(1 for language in words for _ in phrases(words, language))
    if total > MOST:
        found.append(
            Fault("", "", "", "", f"That makes {total} phrases: at most {MOST} are taken. Take some out.")
        )
    return found


def fault(language: str, section: str, name: str, phrase: str) -> str:
    """What is wrong with a phrase and what to do, as a sentence; empty when nothing is."""
    known = lexicon.usable(language)
    if known is None:
        return f"There are no word lists for the language “{language}”."
    if name not in OFFERED.get(section, {}):
        return f"“{section}.{name}” is no list phrases can be added to."
    if len(phrase) > LONGEST:
        return f"Write it shorter: at most {LONGEST} characters, only the words that matter."
    if any(mark in phrase for mark in ";#\n"):
        return "Write one phrase a line, without ; and #."
    try:
        paths = lexicon.parsed(known, f"{section}.{name}", phrase)
    except LexiconError as error:
        return _plain(error)
    if not paths or not all(any(_tells(step) for step in path) for path in paths):
        return "It would match almost anything: name at least one whole word, or three letters before a *."
    return ""


def _tells(step: patterns.Step) -> bool:
    kind, value = step
    if kind == "pre":
        return len(value) >= _SHORTEST_STEM
    return kind in ("lit", "term") or (kind == "set" and "_" not in value.split(" "))


def _plain(error: LexiconError) -> str:
    said = error.words
    if "bracket" in said:
        return "A bracket is missing: each ( needs its ). Or write the choices as two phrases."
    if "stands for" in said:
        return "It has too many choices in one: write it as two or three phrases."
    if "unknown term" in said:
        name = said.rsplit(" ", 1)[-1]
        return f"Words in capitals are names of lists: write “{name.lower()}” in small letters."
    return "It holds no word that can be matched: write at least one whole word."


def from_yaml(path: Path) -> Additions:
    """The additions in a YAML file: language, section, name, then a list of phrases or one a line.

    ``LexiconError`` names the place of everything that is wrong.
    """
    try:
        words = normal(YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {})
    except (OSError, YAMLError, AttributeError, TypeError) as error:
        raise LexiconError(f"{path.name}: {error}") from error
    found = faults(words)
    if found:
        told = "; ".join(f"{f.language} {f.section}.{f.name} “{f.phrase}”: {f.words}" for f in found)
        raise LexiconError(f"{path.name}: {told}")
    return Additions(words)


def normal(data: Mapping[str, Any]) -> dict[str, dict[str, dict[str, list[str]]]]:
    """The same phrases in one form: trimmed, each once, sorted, nothing empty. A block counts line by line."""
    out: dict[str, dict[str, dict[str, list[str]]]] = {}
    for language, sections in sorted(data.items()):
        for section, names in sorted(sections.items()):
            for name, listed in sorted(names.items()):
                lines = listed.split("\n") if isinstance(listed, str) else listed
                kept = sorted({" ".join(str(line).split()) for line in lines} - {""})
                if kept:
                    out.setdefault(str(language), {}).setdefault(str(section), {})[str(name)] = kept
    return out
