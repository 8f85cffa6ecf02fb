"""Whole messages as a patient would get them: what the first one must have, how many SMS parts, how hard to
read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import mean
from typing import Final

from app.flow import builtin, texts
from app.flow.answers import slot_choices
from app.flow.checks.finding import Finding, error, warning
from app.flow.checks.readability import grade
from app.flow.effects import Choice, Speak, Text
from app.flow.facts import SAMPLES
from app.flow.graph import Edge, graph
from app.flow.run import choices_of
from app.flow.schema import Script, Step
from app.flow.wording import wording
from app.i18n import OWN_NAMES, Catalogs, segments

MAX_PARTS: Final = 3
REFUSED_PARTS: Final = 10
SCRIPT_GRADE: Final = 6.0
TEXT_GRADE: Final = 9.0
ENOUGH_WORDS: Final = 8
ZONE: Final = "America/Chicago"
SLOTS: Final = (("a", "2026-11-30T08:15"), ("b", "2026-12-02T15:45"), ("c", "2026-12-03T11:00"))


@dataclass(frozen=True, slots=True)
class Message:
    """One text as it goes out: its words, the step it rests on, and whether it opens the conversation or a
    check-in."""

    speak: Speak
    opening: str


def messages(script: Script) -> list[Message]:
    """Every text message this script can send, joined as the engine joins it between two rests."""
    walker = _Walker(script)
    found: dict[tuple[tuple[Text, ...], tuple[Choice, ...]], Message] = {}
    for entry, opening in _entries(script):
        for speak in walker.walk(entry, (), frozenset()):
            asks_identity = any(text.context == "builtin/identity" for text in speak.texts)
            if speak.texts and (opening == "first" or not asks_identity):
                found.setdefault((speak.texts, speak.choices), Message(speak, opening))
    return list(found.values())


def _entries(script: Script) -> list[tuple[str, str]]:
    """(step, opening) for every place where the talking starts again: "first", "check-in" after a wait, or
    ""."""
    entries = [(script.first, "first")]
    for edge in graph(script).edges:
        if not edge.free and edge.target in script.steps:
            waited = script.steps[edge.source].kind == "wait"
            entries.append((edge.target, "check-in" if waited else ""))
    return list(dict.fromkeys(entries))


class _Walker:
    """Follows a script from one rest to the next, gathering what would be said as one message."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.leaving: dict[str, list[Edge]] = {}
        for edge in graph(script).edges:
            self.leaving.setdefault(edge.source, []).append(edge)

    def walk(self, name: str, said: tuple[Text, ...], seen: frozenset[str]) -> Iterator[Speak]:
        step = self.script.steps[name]
        words = step.ask or step.say
        mine = (*said, Text(f"{self.script.script}/{name}", words)) if words else said
        yield from self._rests(name, step, said, mine)
        if step.kind in ("ask", "handoff"):
            return
        carried = () if step.apart or step.kind == "offer_slots" else said if step.kind == "wait" else mine
        for edge in self.leaving.get(name, []):
            if edge.free and edge.target in self.script.steps and edge.target not in seen:
                yield from self.walk(edge.target, carried, seen | {name})

    def _rests(
        self, name: str, step: Step, said: tuple[Text, ...], mine: tuple[Text, ...]
    ) -> Iterator[Speak]:
        match step.kind:
            case "ask" if self.script.identity and said and not step.public:
                # Reached before identity is confirmed or after: both can be, so both are looked at.
                yield Speak((*said, builtin.text("identity")), name)
                yield self._question(name, mine)
            case "ask":
                yield self._question(name, mine)
            case "offer_slots":
                yield Speak(said, name)
                yield Speak((builtin.text("offer"),), name, slot_choices(SLOTS))
            case "say" if not (step.close or step.apart):
                return
            case "decide":
                return
            case _:
                yield Speak(mine, name)

    def _question(self, name: str, mine: tuple[Text, ...]) -> Speak:
        choices, context = choices_of(self.script, name)
        return Speak(mine, name, choices, context, name)


def check_messages(script: Script, catalogs: Catalogs, languages: tuple[str, ...]) -> list[Finding]:
    """Every finding about whole messages, in each language."""
    found: list[Finding] = []
    for language in languages:
        for message in messages(script):
            worded = wording(message.speak, catalogs, SAMPLES, language, ZONE, "sms")
            if worded.language == language:
                found += opening(message, worded.text, OWN_NAMES.get(language, language))
                found += parts(message, worded.text, OWN_NAMES.get(language, language))
        found += readable(script, catalogs, language)
    return found


def opening(message: Message, text: str, language: str) -> Iterator[Finding]:
    """What a first text must have: who writes, the way out, and where to call in an emergency (47 CFR
    64.1200)."""
    step = message.speak.step
    if message.opening and SAMPLES["practice.name"] not in text:
        yield error(
            step, f"{language}: the {message.opening} text does not name the practice: add {{practice.name}}"
        )
    if message.opening == "first":
        if "STOP" not in text:
            yield error(
                step, f"{language}: the first text does not say how to stop: add “Reply STOP to end.”"
            )
        if "911" not in text:
            yield error(
                step,
                f"{language}: the first text lacks the line for emergencies: “In an emergency call 911.”",
            )


def parts(message: Message, text: str, language: str) -> Iterator[Finding]:
    """Texts that cost many SMS parts, and the letters that make them dear."""
    counted = segments(text)
    if counted.count <= MAX_PARTS:
        return
    dear = f" (70 letters a part, because of {' '.join(counted.offenders[:5])})" if counted.offenders else ""
    words = f"{language}: {counted.count} SMS parts{dear}: shorten it, or split it with `apart: true`"
    yield (error if counted.count > REFUSED_PARTS else warning)(message.speak.step, words)


def readable(script: Script, catalogs: Catalogs, language: str) -> list[Finding]:
    """Texts that ask for more than about six years of school (AHRQ: plain language)."""
    grades: list[float] = []
    found: list[Finding] = []
    for source in texts.of_script(script):
        words = catalogs.text(language, source.text.context, source.text.source)
        read_at = grade(words.text, language)
        if source.kind == "choice" or words.language != language or read_at is None:
            continue
        grades.append(read_at)
        if read_at > TEXT_GRADE and len(words.text.split()) >= ENOUGH_WORDS:
            hard = f"{OWN_NAMES[language]}: reads at grade {read_at:.0f}"
            found.append(warning(source.step, hard + ": use shorter sentences and everyday words"))
    if grades and mean(grades) > SCRIPT_GRADE:
        found.append(warning("", f"{OWN_NAMES[language]}: reads at grade {mean(grades):.1f}; aim at 6"))
    return found
