"""Which offered time a reply chooses: by number, day, date, time, part of day, or by what it excludes."""

from __future__ import annotations

from datetime import time

from app.understanding.answer import LIKELY, NOTHING, SURE, WEAK, Answer
from app.understanding.asides import chosen_first, placed_first
from app.understanding.choices import opens, ordinals, picked, tail
from app.understanding.lexicon import Hit, Scan
from app.understanding.mention import Mention
from app.understanding.message import Message, overlaps
from app.understanding.reading import Option
from app.understanding.rules import Rules
from app.understanding.wishes import Finder
from app.understanding.yes_no import emoji, explicit

NONE_OF_THESE = "none_of_these"
_PAIR = 2
_SHORT = 3


def choose(message: Message, rules: Rules) -> Answer:
    """The id of the slot a reply chooses, ``none_of_these``, ``cancel``, or nothing when it stays open."""
    options = message.expectation.options
    if not options:
        return NOTHING
    slots = [option for option in options if option.start is not None]
    for scan in message.own + message.other:
        finder = Finder(scan, options, message.now)
        ill = _told_ill(message, scan, finder)
        ill |= _told_by_own(message, scan)
        whole = _without(finder.mentions(), ill)
        last = Finder(scan, options, message.now, tail(message, scan))
        mentions = _without(last.mentions(), ill) or whole
        if last.unclear and all(mention.option for mention in mentions):
            return NOTHING
        answer = _among(message, scan, mentions) if mentions else None
        if answer is not None:
            return answer
        if finder.unclear or finder.asked:
            return NOTHING
        if finder.elsewhere:
            break  # Nor is it that of a visit in another language's lists.
    position = picked(message, len(options), len(slots))
    if position is not None:
        option = next((o for o in options if o.id == str(position)), options[position - 1])
        return Answer(option.id, SURE, explicit=True)
    return _none(message, slots, rules)


def _told_ill(message: Message, scan: Scan, finder: Finder) -> set[int]:
    """The tokens of what is told with a danger: from the turn that leads to it to the next break."""
    told: set[int] = set()
    tokens = scan.tokens
    for mark in message.dangers():
        within = [i for i, token in enumerate(tokens) if mark.start <= token.start < mark.end]
        for at in within[:1]:
            clause = finder.clause(at)
            ends = next((i for i in range(within[-1] + 1, len(tokens)) if tokens[i].brk), len(tokens))
            told |= {i for i in range(ends) if finder.clause(i) >= clause}
    return told


def _told_by_own(message: Message, scan: Scan) -> set[int]:
    """The tokens that the patient's own language knows to count something: the Tagalog "3 oras" is no Spanish hour."""
    if scan not in message.other:
        return set()
    names = (("slots", "past"), ("numbers", "not_scale"))
    spans = [(hit.start, hit.end) for own in message.own for name in names for hit in own.named(*name)]
    return {i for i, t in enumerate(scan.tokens) if any(a <= t.start < b for a, b in spans)}


def _without(mentions: list[Mention], told: set[int]) -> list[Mention]:
    """The mentions that choose: a time told with a danger is that of the danger, "1, my chest hurts since today"."""
    return [mention for mention in mentions if mention.option or mention.first not in told]


def _among(message: Message, scan: Scan, mentions: list[Mention]) -> Answer | None:
    options = message.expectation.options
    led = _led_by(scan, mentions, tail(message, scan))
    if led is not None:
        return Answer(led, SURE, explicit=True)
    slots = [option for option in message.expectation.options if option.start is not None]
    place = placed_first(scan, mentions) or 0
    placed = slots[place - 1] if 0 < place <= len(slots) else None
    if placed is not None and not any(_meets(placed, group) for group in _refusals(mentions)):
        return Answer(placed.id, LIKELY, explicit=True)
    mentions = chosen_first(scan, mentions) or _restarted(scan, mentions)
    for mention in mentions:
        tokens = scan.tokens[mention.first : mention.last]
        message.mark(tokens[0].start, tokens[-1].end, f"slots.{mention.kind.split()[0]}", "slot")
    wanted = _preferred(scan, [mention for mention in mentions if not mention.refused])
    groups = _refusals(mentions)
    pool = [option for option in options if option.start is not None or _named(option, wanted)]
    allowed = [option for option in pool if not any(_meets(option, group) for group in groups)]
    kept = [option for option in allowed if _meets(option, wanted)]
    if not kept and wanted:
        kept = _last_clause(allowed, wanted) or _surely(allowed, wanted)
    if len(kept) > 1:
        best = _preferred(scan, wanted, "fits")
        kept = [option for option in kept if _meets(option, best)] or kept
    return _settle(message, scan, (wanted, groups), kept, pool)


def _led_by(scan: Scan, mentions: list[Mention], begin: int) -> str | None:
    """The option whose number opens a reply and stands apart, whatever is told after it: "1 but my heart races 150"."""
    first, others = mentions[0], [m for m in mentions[1:] if m.option or m.refused]
    if not first.option or first.refused or others or begin or not opens(scan, first.first):
        return None
    turns = {cue.first for cue in scan.named("scopes", "contrast")}
    ends = first.last
    ends += next((h.last - h.first for h in scan.named("slots", "fits") if h.first == ends), 0)
    apart = ends < len(scan.tokens) and (scan.tokens[ends].brk > 0 or ends in turns)
    return first.option if apart else None


def _named(option: Option, wanted: list[Mention]) -> bool:
    return any(mention.option == option.id for mention in wanted)


def _settle(
    message: Message,
    scan: Scan,
    said: tuple[list[Mention], list[list[Mention]]],
    kept: list[Option],
    pool: list[Option],
) -> Answer | None:
    wanted, groups = said
    ranked = _rank(scan, _same_day(kept, wanted, groups)) if len(kept) > 1 else kept
    if len(ranked) == 1:
        sure = all(mention.option for mention in wanted) and not groups
        near = any(mention.kind == "hour" for mention in wanted)
        return Answer(ranked[0].id, SURE if sure else WEAK if near else LIKELY, explicit=True)
    if _none_said(scan) or (not kept and _asks_other(wanted, pool)):
        return Answer(_none_id(message), LIKELY)
    if groups or not kept:
        return NOTHING
    chosen = picked(message, len(message.expectation.options), len(pool))
    inside = [option for option in kept if option.id == str(chosen)]
    return Answer(inside[0].id, LIKELY) if inside else NOTHING


def _none_said(scan: Scan) -> list[Hit]:
    """Where no time at all is said to fit: not the "any day" of "any day but friday", nor "friday no good"."""
    refusals = [*scan.named("slots", "not_"), *scan.named("slots", "not_after")]
    return [
        hit
        for hit in scan.named("slots", "none_fit")
        if not any(r.first <= hit.first and hit.last <= r.last for r in refusals)
    ]


def _meets(option: Option, mentions: list[Mention]) -> bool:
    """Whether an option fits each kind of mention; mentions of one kind are alternatives."""
    kinds = {mention.kind for mention in mentions}
    return all(any(m.fits(option) for m in mentions if m.kind == kind) for kind in kinds)


def _refusals(mentions: list[Mention]) -> list[list[Mention]]:
    """What is refused, mention by mention; what stands together is refused together ("monday morning")."""
    groups: list[list[Mention]] = []
    for mention in mentions:
        if not mention.refused:
            continue
        before = groups[-1][-1] if groups else None
        together = before is not None and before.kind != mention.kind and before.clause == mention.clause
        if before is not None and together and 0 <= mention.first - before.last <= 1:
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return groups


def _restarted(scan: Scan, mentions: list[Mention]) -> list[Mention]:
    """A plain no before a time of the same kind takes what came before back: "8:15... no the 3:45"."""
    for hit in reversed(scan.named("answers", "no")):
        apart = hit.first > 0 and scan.tokens[hit.first].brk > 0 and hit.last - hit.first == 1
        after = [m for m in mentions if 0 <= m.first - hit.last <= 1]
        before = {m.kind for m in mentions if m.last <= hit.first and not m.refused}
        if apart and after and after[0].kind in before and after[0].kind != "part":
            begin = mentions.index(after[0])
            freed = [m.freed() if m is after[0] else m for m in mentions[begin:]]
            return [m for m in mentions[:begin] if m.refused] + freed
    return mentions


def _preferred(scan: Scan, wanted: list[Mention], name: str = "better") -> list[Mention]:
    """Only what is called better (or good), where something is."""
    better = scan.named("slots", name)
    clauses = {m.clause for m in wanted for hit in better if _near(scan, m, hit.first, hit.last)}
    return [mention for mention in wanted if mention.clause in clauses] or wanted


def _near(scan: Scan, mention: Mention, first: int, last: int) -> bool:
    low, high = min(mention.last, last), max(mention.first, first)
    return high - low <= _PAIR and not any(scan.tokens[index].brk for index in range(low, high + 1))


def _last_clause(allowed: list[Option], wanted: list[Mention]) -> list[Option]:
    """What the last clause asks for by itself, when the whole cannot be had: the last choice counts."""
    clauses = sorted({mention.clause for mention in wanted})
    if len(clauses) < _PAIR:
        return []
    last = [mention for mention in wanted if mention.clause == clauses[-1]]
    return [option for option in allowed if _meets(option, last)]


def _surely(allowed: list[Option], wanted: list[Mention]) -> list[Option]:
    """What the unmistakable mentions ask for: "wed lunch" is Wednesday's."""
    sure = [mention for mention in wanted if mention.sure]
    fits = [option for option in allowed if _meets(option, sure)]
    return fits if sure and len(sure) < len(wanted) and len(fits) == 1 else []


def _same_day(kept: list[Option], wanted: list[Mention], groups: list[list[Mention]]) -> list[Option]:
    """ "Monday morning no good, afternoon ok": the afternoon is Monday's."""
    if any(mention.kind in ("weekday", "date") for mention in wanted) or not wanted:
        return kept
    days = [m for group in groups if len(group) > 1 for m in group if m.kind in ("weekday", "date")]
    inside = [option for option in kept if any(day.fits(option) for day in days)]
    return inside or kept


def _asks_other(wanted: list[Mention], pool: list[Option]) -> bool:
    """Whether something was asked for that no slot has, or everything was ruled out; not where times conflict."""
    if not wanted:
        return True
    for kind in {mention.kind for mention in wanted}:
        named = [mention for mention in wanted if mention.kind == kind]
        if all(m.sure for m in named) and not any(m.fits(option) for m in named for option in pool):
            return True
    return False


def _rank(scan: Scan, kept: list[Option]) -> list[Option]:
    ordered = _in_order(kept)
    if (
        scan.named("slots", "earliest")
        or scan.named("slots", "earliest_hour")
        or any(h.name == "1" for h in ordinals(scan))
    ):
        return ordered[:1]
    if any(scan.named("slots", name) for name in ("latest", "latest_hour", "last")):
        return ordered[-1:]
    return kept


def _none_id(message: Message) -> str:
    return next((option.id for option in message.expectation.options if option.none), NONE_OF_THESE)


def _none(message: Message, slots: list[Option], rules: Rules) -> Answer:
    for name, value in (("cancel", "cancel"), ("none_fit", _none_id(message))):
        for hit in message.named("slots", name):
            if name == "cancel" and overlaps(hit, list(message.named("appointment", "not_cancel"))):
                continue  # "it was you who cancelled"
            message.note(hit, f"answer:{value}")
            return Answer(value, LIKELY)
    for scan in message.own + message.other:
        ordered = _in_order(slots)
        by_hour = sorted(ordered, key=lambda option: option.start.time() if option.start else time.min)
        for name, place in (("earliest_hour", 0), ("latest_hour", -1)):
            if ordered and scan.named("slots", name):
                return Answer(by_hour[place].id, LIKELY)
        if ordered and scan.named("slots", "earliest"):
            return Answer(ordered[0].id, LIKELY)
        if ordered and scan.named("slots", "latest"):
            return Answer(ordered[-1].id, LIKELY)
        if len(ordered) % 2 and len(ordered) > 1 and scan.named("slots", "middle"):
            return Answer(slots[len(slots) // 2].id, LIKELY)
    if any(scan.named("slots", "any") for scan in message.own):
        return NOTHING
    spoken = explicit(message, rules)
    agreed = spoken.value == "yes" or emoji(message, rules) == "yes"
    if len(slots) == 1 and agreed:
        return Answer(slots[0].id, LIKELY)
    if spoken.value == "no" and spoken.explicit and len(message.tokens) <= _SHORT:
        return Answer(_none_id(message), LIKELY)
    return NOTHING


def _in_order(slots: list[Option]) -> list[Option]:
    dated = [(option.start, option) for option in slots if option.start is not None]
    return [option for _, option in sorted(dated, key=lambda pair: pair[0])]
