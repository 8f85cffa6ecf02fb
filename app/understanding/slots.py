"""Which offered time a reply chooses: by number, day, date, time, part of day, or by what it excludes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.understanding.answers import NOTHING, Answer, emoji, explicit
from app.understanding.choices import picked, tail
from app.understanding.clocktime import TimeOfDay, times
from app.understanding.lexicon import Hit, Scan
from app.understanding.message import Message, longest
from app.understanding.numbers import grouped, whole
from app.understanding.reading import Option
from app.understanding.rules import Rules

NONE_OF_THESE = "none_of_these"
_SURE, _LIKELY = 0.95, 0.8
_DATE = re.compile(r"(?<![\d:])(\d{1,2})[/.-](\d{1,2})(?![\d:])")
_PARTS: dict[str, Callable[[int], bool]] = {
    "morning": lambda hour: hour < 12,
    "afternoon": lambda hour: 12 <= hour < 18,
    "evening": lambda hour: hour >= 17,
}

Test = Callable[[datetime], bool]


@dataclass(slots=True)
class Wish:
    """What a reply asks of a time, and what it rules out; each test with the words that made it."""

    wanted: list[Test] = field(default_factory=list)
    refused: list[Test] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)

    def add(self, test: Test, *, refused: bool) -> None:
        """Keep a test on the side it belongs to."""
        (self.refused if refused else self.wanted).append(test)


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
        return Answer(next((o.id for o in options if o.id == str(bare)), options[bare - 1].id), _SURE, explicit=True)
    wish = _wish(scan, message, tail(message, scan), slots)
    if not wish.wanted and not wish.refused:
        wish = _wish(scan, message, 0, slots)
    if not wish.wanted and not wish.refused:
        return None
    kept = [
        option
        for option in slots
        if option.start is not None
        and all(test(option.start) for test in wish.wanted)
        and not any(test(option.start) for test in wish.refused)
    ]
    return _settle(scan, message, wish, kept, slots)


def _settle(scan: Scan, message: Message, wish: Wish, kept: list[Option], slots: list[Option]) -> Answer | None:
    for hit in wish.hits:
        message.note(hit, "slot")
    ranked = _rank(scan, kept) if len(kept) > 1 else kept
    if len(ranked) == 1:
        return Answer(ranked[0].id, _LIKELY, explicit=True)
    if scan.named("slots", "none_fit") or (not kept and not wish.refused):
        return Answer(_none_id(message), _LIKELY)
    if not kept:
        return Answer(_none_id(message), _LIKELY)
    chosen = picked(message, len(message.expectation.options)) if not wish.refused else None
    inside = [option for option in kept if option.id == str(chosen)]
    return Answer(inside[0].id, _LIKELY) if inside else NOTHING


def _rank(scan: Scan, kept: list[Option]) -> list[Option]:
    ordered = sorted(kept, key=lambda option: option.start or datetime.max)
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
    value = whole(found[0]) if len(found) == 1 else None
    if value is None or not 1 <= value <= count:
        return None
    told = {
        "am", "pm", "at", "oclock", "after", "before", "morning", "afternoon", "evening", "noon", "half",
        "quarter_past", "quarter_to", "half_before", "half_to", "between", "around", "not_",
    }  # fmt: skip
    if any(hit.first >= begin and hit.name in told for hit in scan.of("slots")):
        return None
    if any(h.first >= begin for h in (*scan.of("months"), *scan.of("weekdays"))):
        return None
    return value if ":" not in scan.tokens[found[0].first].text else None


def _wish(scan: Scan, message: Message, begin: int, slots: list[Option]) -> Wish:
    wish = Wish()
    taken: set[int] = set()
    _days(scan, wish, begin, taken, slots, message)
    for hit in scan.of("slots"):
        if hit.first >= begin and hit.name in _PARTS:
            part = _PARTS[hit.name]
            wish.add(lambda at, part=part: part(at.hour), refused=_refused(scan, hit.first, hit.last))  # type: ignore[misc]  # a default argument binds the loop's value
            wish.hits.append(hit)
    clocks = [time for time in times(scan, taken) if time.first >= begin]
    if clocks:
        wish.wanted = [t for t in wish.wanted if not _is_part(t)] if not any(_bound(scan, c) for c in clocks) else wish.wanted
    _clocks(scan, wish, clocks)
    _relative(scan, wish, begin, message.now)
    return wish


def _is_part(test: Test) -> bool:
    """Parts of the day say which half of the clock a time is in; beside a time they test nothing more."""
    return bool(getattr(test, "__defaults__", None)) and test.__defaults__[0] in _PARTS.values()  # type: ignore[attr-defined]  # only functions are tests


def _days(scan: Scan, wish: Wish, begin: int, taken: set[int], slots: list[Option], message: Message) -> None:
    months = {int(h.name): h for h in longest(scan.of("months")) if h.first >= begin}
    named = [*scan.of("weekdays"), *(h for h in scan.of("ordinals") if h.last - h.first > 1)]
    for hit in longest(named):
        if hit.first < begin or hit.section == "ordinals":
            continue
        day = int(hit.name)
        wish.add(lambda at, day=day: at.isoweekday() == day, refused=_refused(scan, hit.first, hit.last))  # type: ignore[misc]  # a default argument binds the loop's value
        wish.hits.append(hit)
        taken |= set(range(hit.first, hit.last))
    _dates(scan, wish, begin, taken, slots)
    dates = {option.start.day for option in slots if option.start}
    ordinals = [h for h in longest(scan.of("ordinals")) if h.name.isdigit() and h.first >= begin]
    numbers = [(h.first, h.last, int(h.name), True) for h in ordinals]
    numbers += [(n.first, n.last, int(n.value), False) for n in grouped(scan) if n.first >= begin and whole(n) is not None]
    for first, last, value, ordinal in numbers:
        if first in taken:
            continue
        dated = any(abs(first - m.last) <= 1 or 0 <= m.first - last <= 1 for m in months.values())
        dayname = any(h.last == first or h.first == last for h in scan.of("weekdays")) and value in dates
        marked = any(h.name == "day_mark" and (h.first == last or h.last == first) for h in scan.of("slots"))
        if dated or marked or (dayname and not _clocklike(scan, last)) or (ordinal and value in dates and value > len(slots) + 1):
            wish.add(lambda at, value=value: at.day == value, refused=_refused(scan, first, last))  # type: ignore[misc]  # a default argument binds the loop's value
            taken |= set(range(first, last))


def _clocklike(scan: Scan, index: int) -> bool:
    return any(h.first == index and h.name in ("am", "pm", "oclock") for h in scan.of("slots"))


def _dates(scan: Scan, wish: Wish, begin: int, taken: set[int], slots: list[Option]) -> None:
    known = {(o.start.month, o.start.day) for o in slots if o.start}
    for index in range(begin, len(scan.tokens) - 1):
        left, right = scan.tokens[index], scan.tokens[index + 1]
        if left.kind != "num" or right.kind != "num" or right.sep.strip() not in ("/", "-", "."):
            continue
        if not (left.text.isdigit() and right.text.isdigit()):
            continue
        pair = (int(left.text), int(right.text))
        pair = pair if pair in known else pair[::-1]
        if pair in known:
            wish.add(lambda at, pair=pair: (at.month, at.day) == pair, refused=_refused(scan, index, index + 2))  # type: ignore[misc]  # a default argument binds the loop's value
            taken |= {index, index + 1}


def _clocks(scan: Scan, wish: Wish, clocks: list[TimeOfDay]) -> None:
    between = [c for c in clocks if _cue(scan, c, "between")]
    if between and len(clocks) >= 2:
        low, high = clocks[0].minutes(), clocks[1].minutes()
        wish.add(lambda at: low <= at.hour * 60 + at.minute <= high, refused=False)
        return
    for clock in clocks:
        refused = _refused(scan, clock.first, clock.last)
        limit = clock.minutes()
        if _cue(scan, clock, "after"):
            wish.add(lambda at, limit=limit: at.hour * 60 + at.minute >= limit, refused=False)  # type: ignore[misc]  # a default argument binds the loop's value
        elif _cue(scan, clock, "before"):
            wish.add(lambda at, limit=limit: at.hour * 60 + at.minute <= limit, refused=False)  # type: ignore[misc]  # a default argument binds the loop's value
        else:
            wish.add(lambda at, clock=clock: clock.matches(at.hour, at.minute), refused=refused)  # type: ignore[misc]  # a default argument binds the loop's value


def _bound(scan: Scan, clock: TimeOfDay) -> bool:
    return _cue(scan, clock, "after") or _cue(scan, clock, "before")


def _cue(scan: Scan, clock: TimeOfDay, name: str) -> bool:
    for hit in scan.named("slots", name):
        if 0 <= clock.first - hit.last <= 1 or (name in ("after", "before") and _postposed(scan, clock, hit)):
            return True
    return False


def _postposed(scan: Scan, clock: TimeOfDay, hit: Hit) -> bool:
    """Chinese and Korean say it behind: 三点以后, 세 시 이후."""
    return scan.language in ("zh", "ko") and 0 <= hit.first - clock.last <= 1


def _relative(scan: Scan, wish: Wish, begin: int, now: datetime | None) -> None:
    if now is None:
        return
    for name, days in (("today", 0), ("tomorrow", 1), ("day_after", 2)):
        near = longest([h for h in scan.of("slots") if h.name in ("today", "tomorrow", "day_after", *_PARTS)])
        for hit in near:
            if hit.name == name and hit.first >= begin:
                day = (now + timedelta(days=days)).date()
                wish.add(lambda at, day=day: at.date() == day, refused=_refused(scan, hit.first, hit.last))  # type: ignore[misc]  # a default argument binds the loop's value
                wish.hits.append(hit)
    week = (now - timedelta(days=now.weekday())).date()
    for name, shift in (("this_week", 0), ("next_week", 7)):
        for hit in scan.named("slots", name):
            first = week + timedelta(days=shift)
            wish.add(
                lambda at, first=first: first <= at.date() < first + timedelta(days=7),  # type: ignore[misc]  # a default argument binds the loop's value
                refused=_refused(scan, hit.first, hit.last),
            )


def _refused(scan: Scan, first: int, last: int) -> bool:
    """Whether those words are excluded: "not", "except", "can't do" before them, or a refusal right after."""
    for hit in scan.named("slots", "not_"):
        gap = range(hit.last, first)
        if 0 <= first - hit.last <= 4 and not any(scan.tokens[i].brk for i in range(hit.last, first + 1)):
            if not any(h.first in gap for h in scan.of("weekdays")):
                return True
    for hit in scan.named("slots", "not_after"):
        if 0 <= hit.first - last <= 1 and not scan.tokens[hit.first].brk:
            return True
    return False


def _none(message: Message, slots: list[Option], rules: Rules) -> Answer:
    for name, value in (("cancel", "cancel"), ("none_fit", _none_id(message))):
        for hit in message.named("slots", name):
            message.note(hit, f"answer:{value}")
            return Answer(value, _LIKELY)
    for scan in message.own + message.other:
        ordered = sorted(slots, key=lambda option: option.start or datetime.max)
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
