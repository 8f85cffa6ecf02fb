"""Which offered time a reply chooses: by number, day, date, time, part of day, or by what it excludes."""

from __future__ import annotations

from app.understanding.answers import NOTHING, Answer, emoji, explicit
from app.understanding.choices import picked, tail
from app.understanding.lexicon import Scan
from app.understanding.message import Message
from app.understanding.numbers import grouped, whole
from app.understanding.reading import Option
from app.understanding.rules import Rules
from app.understanding.wishes import Wish, wish

NONE_OF_THESE = "none_of_these"
_SURE, _LIKELY = 0.95, 0.8
_TIMES = frozenset(
    (
        "am",
        "pm",
        "at",
        "oclock",
        "after",
        "before",
        "morning",
        "afternoon",
        "evening",
        "noon",
        "half",
        "quarter_past",
        "quarter_to",
        "half_before",
        "half_to",
        "between",
        "around",
        "not_",
    )
)


def choose(message: Message, rules: Rules) -> Answer:
    """The id of the slot a reply chooses, ``none_of_these``, ``cancel``, or nothing when it stays open."""
    options = message.expectation.options
    slots = [option for option in options if option.start is not None]
    for scan in message.own + message.other:
        answer = _in_scan(message, scan, options, slots)
        if answer is not None:
            return answer
    position = picked(message, len(options)) if options else None
    if position is not None:
        option = next((o for o in options if o.id == str(position)), options[position - 1])
        return Answer(option.id, _SURE, explicit=True)
    return _none(message, slots, rules)


def _in_scan(message: Message, scan: Scan, options: tuple[Option, ...], slots: list[Option]) -> Answer | None:
    bare = _bare(scan, len(options))
    if bare is not None:
        return Answer(
            next((o.id for o in options if o.id == str(bare)), options[bare - 1].id), _SURE, explicit=True
        )
    asked = wish(scan, message.now, slots, tail(message, scan))
    if asked.empty:
        asked = wish(scan, message.now, slots, 0)
    if asked.empty:
        return None
    kept = [option for option in slots if option.start is not None and asked.allows(option.start)]
    return _settle(scan, message, asked, kept)


def _settle(scan: Scan, message: Message, asked: Wish, kept: list[Option]) -> Answer | None:
    for hit in asked.hits:
        message.note(hit, "slot")
    ranked = _rank(scan, kept) if len(kept) > 1 else kept
    if len(ranked) == 1:
        return Answer(ranked[0].id, _LIKELY, explicit=True)
    if scan.named("slots", "none_fit") or not kept:
        return Answer(_none_id(message), _LIKELY)
    chosen = picked(message, len(message.expectation.options)) if not asked.refused else None
    inside = [option for option in kept if option.id == str(chosen)]
    return Answer(inside[0].id, _LIKELY) if inside else NOTHING


def _rank(scan: Scan, kept: list[Option]) -> list[Option]:
    ordered = _in_order(kept)
    if scan.named("slots", "earliest") or any(h.name == "1" for h in scan.of("ordinals")):
        return ordered[:1]
    if scan.named("slots", "latest") or scan.named("slots", "last"):
        return ordered[-1:]
    return kept


def _none_id(message: Message) -> str:
    return next((option.id for option in message.expectation.options if option.none), NONE_OF_THESE)


def _bare(scan: Scan, count: int) -> int | None:
    """A choice by number alone: the number, and only words that say nothing else."""
    found = grouped(scan)
    begin = max((h.last for h in scan.named("answers", "correction") if h.last < len(scan.tokens)), default=0)
    found = [n for n in found if n.first >= begin] or found
    named = {hit.last for hit in (*scan.of("ordinals"), *scan.named("slots", "last"))}
    found = [n for n in found if n.first not in named]  # the "one" of "the second one"
    value = whole(found[0]) if len(found) == 1 else None
    if value is None or not 1 <= value <= count:
        return None
    if any(hit.first >= begin and hit.name in _TIMES for hit in scan.of("slots")):
        return None
    if any(h.first >= begin for h in (*scan.of("months"), *scan.of("weekdays"))):
        return None
    return value if ":" not in scan.tokens[found[0].first].text else None


def _none(message: Message, slots: list[Option], rules: Rules) -> Answer:
    for name, value in (("cancel", "cancel"), ("none_fit", _none_id(message))):
        for hit in message.named("slots", name):
            message.note(hit, f"answer:{value}")
            return Answer(value, _LIKELY)
    for scan in message.own + message.other:
        ordered = _in_order(slots)
        if ordered and scan.named("slots", "earliest"):
            return Answer(ordered[0].id, _LIKELY)
        if ordered and scan.named("slots", "latest"):
            return Answer(ordered[-1].id, _LIKELY)
    spoken = explicit(message, rules)
    agreed = spoken.value == "yes" or emoji(message, rules) == "yes"
    if len(slots) == 1 and agreed:
        return Answer(slots[0].id, _LIKELY)
    if spoken.value == "no" and spoken.explicit and len(message.tokens) <= 3:
        return Answer(_none_id(message), _LIKELY)
    return NOTHING


def _in_order(slots: list[Option]) -> list[Option]:
    dated = [(option.start, option) for option in slots if option.start is not None]
    return [option for _, option in sorted(dated, key=lambda pair: pair[0])]
