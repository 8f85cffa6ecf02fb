"""A reply under reading: its tokens, what each language's lists matched in it, and what was asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from app.understanding import lexicon
from app.understanding.additions import Additions
from app.understanding.lexicon import Hit, Scan
from app.understanding.normal import Token, tokenize
from app.understanding.reading import Evidence, Expectation

LATIN = frozenset(("en", "es", "fr", "pt", "ht", "tl", "vi"))
_SHORT = 6
_INVERTED = "inverted"
_DANGERS = ("urgency:urgent", "urgency:emergency")
_BY_FOREIGN_WORDS = ("signs", "topics")


@dataclass(slots=True)
class Message:
    """One reply, scanned; ``own`` are the languages the patient writes in, ``other`` the safety languages."""

    text: str
    expectation: Expectation
    language: str
    now: datetime | None
    tokens: list[Token]
    own: list[Scan]
    other: list[Scan]
    detected: str = ""
    evidence: list[Evidence] = field(default_factory=list)

    def scans(self) -> list[Scan]:
        """Every scan, the patient's own languages first."""
        return self.own + self.other

    def note(self, hit: Hit, effect: str) -> None:
        """Keep a hit as evidence."""
        rule = f"{hit.language}/{hit.section}.{hit.name}"
        self.mark(hit.start, hit.end, rule, effect)

    def mark(self, start: int, end: int, rule: str, effect: str) -> None:
        """Keep a span as evidence."""
        found = Evidence(start, end, self.text[start:end], rule, effect)
        if found not in self.evidence:
            self.evidence.append(found)

    def dangers(self) -> list[Evidence]:
        """What was found to be urgent or worse by now."""
        return [mark for mark in self.evidence if mark.effect in _DANGERS]

    def named(self, section: str, name: str) -> Iterator[Hit]:
        """Hits of a name in the patient's own languages; if there are none, telling ones in the others."""
        found = False
        for scan in self.own:
            for hit in scan.named(section, name):
                found = True
                yield hit
        if not found:
            yield from (h for scan in self.other for h in scan.named(section, name) if telling(h))

    def everywhere(self, section: str, name: str) -> list[Hit]:
        """Hits of a name in the patient's own languages, and telling ones in the others."""
        hits = [hit for scan in self.own for hit in scan.named(section, name)]
        return hits + [hit for scan in self.other for hit in scan.named(section, name) if telling(hit)]


def telling(hit: Hit) -> bool:
    """Whether a hit of another language is long enough not to be a chance likeness."""
    return hit.last - hit.first > 1 or hit.end - hit.start >= _SHORT


def covered(hit: Hit, masks: list[Hit]) -> bool:
    """Whether a hit stands wholly inside a longer one of the same language."""
    size = hit.last - hit.first
    return any(
        m.language == hit.language and m.first <= hit.first and hit.last <= m.last and m.last - m.first > size
        for m in masks
    )


def overlaps(hit: Hit, masks: list[Hit]) -> bool:
    """Whether a hit shares a word with any of those."""
    return any(m.first < hit.last and hit.first < m.last for m in masks if m.language == hit.language)


def longest(hits: list[Hit]) -> list[Hit]:
    """Hits without those that lie within or across a longer one, in reading order."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.first - h.last, h.first)):
        if not any(k.start < hit.end and hit.start < k.end for k in kept):
            kept.append(hit)
    return sorted(kept, key=lambda h: (h.start, h.end))


def build(
    text: str,
    expectation: Expectation,
    language: str,
    now: datetime | None,
    tokens: list[Token],
    detected: str,
    additions: Additions | None = None,
) -> Message:
    """Scan a reply in the patient's language, the language it is written in, and English and Spanish.

    ``additions`` are a practice's own phrases, scanned beside the lists.
    """
    own = [code for code in dict.fromkeys((language, detected)) if code]
    latin = any(t.kind == "word" and (t.text.isascii() or t.text[0] < "\u0250") for t in tokens)
    others = [code for code in ("en", "es") if code not in own and latin]
    foreign = _scans(others, tokens, additions, strict=bool(own))
    for scan in foreign:
        if scan.language != "en":  # English words of danger are borrowed everywhere, and so in others' lists.
            _leave_foreign(scan, own)
    home = _scans(own, tokens, additions)
    if expectation.context == "dob":
        for scan in home:
            _leave_birth(scan)
    return Message(text, expectation, language, now, tokens, home, foreign, detected=detected)


def _leave_birth(scan: Scan) -> None:
    """Leave out of what tells of the past the year of a birth date: what is told beside it is of now."""
    year = next((i for i, token in enumerate(scan.tokens) if token.text.isdecimal()), len(scan.tokens))
    scopes = scan.of("scopes")
    scan.leave("scopes", [h for h in scopes if h.name != "past" or not h.first - 1 <= year < h.last])


def _leave_foreign(scan: Scan, own: list[str]) -> None:
    """Leave of another language's signs those with a word the patient's own lists do not know.

    "Inconsiderate" and "basketball" look like Spanish signs, and are English words.
    """
    home = [found for code in own if (found := lexicon.usable(code)) is not None]
    if not home:
        return
    for section in _BY_FOREIGN_WORDS:
        hits = scan.of(section)
        if hits:
            scan.leave(section, [hit for hit in hits if _foreign(scan, hit, home)])


def _foreign(scan: Scan, hit: Hit, home: list[lexicon.Lexicon]) -> bool:
    words = [token.text for token in scan.tokens[hit.first : hit.last] if token.kind == "word"]
    return not words or not all(any(known.knows(word) for known in home) for word in words)


def _scans(
    languages: list[str], tokens: list[Token], additions: Additions | None = None, *, strict: bool = False
) -> list[Scan]:
    loaded = ((code, lexicon.usable(code)) for code in languages)
    return [
        found.scan(tokens, additions.of(code) if additions is not None else None, strict=strict)
        for code, found in loaded
        if found is not None
    ]


@lru_cache(maxsize=512)
def topics_of(prompt: str, language: str) -> tuple[str, ...]:
    """The topics a question is about, by any of the languages it may be written in, the first named first."""
    tokens = tokenize(prompt)
    found: dict[str, int] = {}
    own = lexicon.usable(language)
    small = own.function_words if own else frozenset()  # the "kayo" of Tagalog is no "cayó"
    for scan in _scans(list(dict.fromkeys((language, "en", "es"))), tokens):
        named = [hit for hit in scan.of("topics") if hit.name.endswith(".prompt")]
        if scan.language != language:
            named = [h for h in named if h.last - h.first > 1 or tokens[h.first].text not in small]
        asked = [hit for hit in named if hit.name != f"{_INVERTED}.prompt"]
        for hit in asked:
            topic = hit.name.partition(".")[0]
            if not covered(hit, asked):
                found[topic] = max(found.get(topic, 0), hit.end - hit.start)
    return tuple(sorted(found, key=lambda topic: -found[topic]))


@lru_cache(maxsize=512)
def signs_of(prompt: str, language: str) -> frozenset[str]:
    """The signs a question names, by any of the languages it may be written in."""
    tokens = tokenize(prompt)
    scans = _scans(list(dict.fromkeys((language, "en", "es"))), tokens)
    return frozenset(hit.name for scan in scans for hit in scan.of("signs"))


@lru_cache(maxsize=512)
def inverted(prompt: str, language: str) -> bool:
    """Whether a question about symptoms asks if all is well, so that a yes is good news."""
    tokens = tokenize(prompt)
    scans = _scans(list(dict.fromkeys((language, "en", "es"))), tokens)
    hits = [hit for scan in scans for hit in scan.of("topics")]
    denied = {f"{_INVERTED}.denied", f"{_INVERTED}.checked"} <= {hit.name for hit in hits}
    upright = [hit for hit in hits if hit.name == f"{_INVERTED}.not"]  # "vomiting so that you cannot eat"
    asked = [hit for hit in hits if hit.name == f"{_INVERTED}.prompt"]
    return denied or any(not overlaps(hit, upright) for hit in asked)


@lru_cache(maxsize=512)
def asks_of_harm(prompt: str, language: str) -> bool:
    """Whether a question asks the patient about thoughts of harming themselves."""
    tokens = tokenize(prompt)
    scans = _scans(list(dict.fromkeys((language, "en", "es"))), tokens)
    return any(scan.named("topics", "mood.harm") for scan in scans)
