"""The words of a script and their translations: placeholders, reserved words, private words, approval."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from app.flow import builtin, texts
from app.flow.checks.finding import Finding, error, warning
from app.flow.checks.private import before_identity, private_words
from app.flow.facts import BUILTIN_ONLY, SAYABLE
from app.flow.schema import Script
from app.i18n import OWN_NAMES, Catalogs
from app.i18n.languages import SOURCE
from app.i18n.render import placeholders, require_known

_OPT_OUT = (
    "stop",
    "stopall",
    "unsubscribe",
    "end",
    "quit",
    "cancel",
    "revoke",
    "optout",
    "alto",
    "parar",
    "baja",
)
_OPT_IN = ("start", "unstop", "yes")
_HELP = ("help", "info")
RESERVED: Final = frozenset(_OPT_OUT + _OPT_IN + _HELP)
_KEPT = r"911|988|1-800-222-1222|838255|STOP|START"
_NUMBERS = re.compile(rf"(?<![A-Za-z0-9])(?:{_KEPT})(?![A-Za-z0-9])")
_OFFERED = re.compile(
    r"\b(?:reply|text|answer|say|responda|escriba|diga)\s+(?:with\s+|con\s+)?[\"“«']?(\w[\w-]*)", re.I
)
_CARRIER = frozenset({"stop", "start", "help"})


def check_words(script: Script) -> list[Finding]:
    """Every finding about the words as the author wrote them."""
    found: list[Finding] = []
    for source in texts.of_script(script):
        found += strange_placeholders(source)
        found += reserved_words(source)
    return [*found, *told_too_early(script)]


def strange_placeholders(source: texts.Source) -> Iterator[Finding]:
    """Placeholders nobody can fill in, or that must not be said."""
    try:
        require_known(source.text.source, SAYABLE)
    except ValueError as wrong:
        yield error(source.step, f"{wrong}; there are: {', '.join(sorted(SAYABLE))}")


def reserved_words(source: texts.Source) -> Iterator[Finding]:
    """Answers that carriers or the law take for something else, like CANCEL for "no more texts"."""
    if source.kind == "choice":
        words = re.findall(r"[\w-]+", source.text.source.casefold())
        if words and (words[0] in RESERVED or source.text.source.strip().casefold() in RESERVED):
            yield error(
                source.step, f"{words[0].upper()!r} is a reserved word: offer the choice in other words"
            )
        return
    for word in _OFFERED.findall(source.text.source):
        if word.casefold() in RESERVED - _CARRIER:
            yield error(
                source.step, f"asks to reply {word.upper()}, which is a reserved word: number the choices"
            )


def told_too_early(script: Script) -> Iterator[Finding]:
    """Conditions, medicines or specialties named before we know who reads them."""
    early = before_identity(script)
    for source in texts.of_script(script):
        if source.step in early:
            for word in private_words(source.text.source, script.language):
                yield error(
                    source.step,
                    f"{word!r} may not be said before identity is confirmed: say it later, or leave it out",
                )


def check_translations(script: Script, catalogs: Catalogs, languages: tuple[str, ...]) -> list[Finding]:
    """Every finding about the translations of a script."""
    early = before_identity(script)
    found: list[Finding] = []
    for language in languages:
        for source in texts.of_script(script):
            found += _translation(source, catalogs, language, safety=texts.is_safety(script, source))
            entry = catalogs.entry(language, source.text.context, source.text.source)
            words = private_words(entry.text, language) if entry and source.step in early else []
            found += [
                error(source.step, f"{_name(language)}: {word!r} is said before identity is confirmed")
                for word in words
            ]
    return found


def check_builtin(catalogs: Catalogs, languages: tuple[str, ...]) -> list[Finding]:
    """Every finding about the shared texts and their translations."""
    found: list[Finding] = []
    for source in texts.shared():
        try:
            require_known(source.text.source, SAYABLE | BUILTIN_ONLY)
        except ValueError as wrong:
            found.append(error(source.text.context, str(wrong)))
        for language in languages:
            safety = builtin.is_safety(source.text.context)
            found += _translation(source, catalogs, language, safety=safety)
    return found


def _translation(
    source: texts.Source, catalogs: Catalogs, language: str, *, safety: bool
) -> Iterator[Finding]:
    text, where = source.text, source.step or source.text.context
    entry = catalogs.entry(language, text.context, text.source)
    what = f"{_name(language)}: {text.context.split('/')[-1]}"
    if entry is None or not entry.text:
        if language != SOURCE or safety:
            yield error(where, f"{what} is not translated")
        return
    if entry.status != "approved":
        words = f"{what} is not approved ({entry.status})"
        yield error(where, words + ": a safety text must be") if safety else warning(where, words)
    yield from _faithful(text.source, entry.text, where, what)
    if source.kind == "choice" and entry.text.strip().casefold() in RESERVED:
        yield error(where, f"{what} is the reserved word {entry.text.upper()!r}")


def _faithful(source: str, translated: str, where: str, what: str) -> Iterator[Finding]:
    wanted, given = {name for name, _ in placeholders(source)}, {name for name, _ in placeholders(translated)}
    if wanted != given:
        wrong = ", ".join(f"{{{name}}}" for name in sorted(wanted ^ given))
        yield error(where, f"{what} does not have the same placeholders: {wrong}")
    lost = set(_NUMBERS.findall(source)) - set(_NUMBERS.findall(translated))
    if lost:
        yield error(where, f"{what} lost {', '.join(sorted(lost))}")


def _name(language: str) -> str:
    return OWN_NAMES.get(language, language)
