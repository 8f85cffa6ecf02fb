"""The reply to a reminder: confirm, change or cancel; and the choice of a language."""

from __future__ import annotations

from app.understanding.answer import LIKELY, NOTHING, SURE, Answer
from app.understanding.choices import edge, label_meanings, numbered, picked, stands_first, tail
from app.understanding.lexicon import Hit, Scan
from app.understanding.message import Message, covered, overlaps
from app.understanding.rules import Rules
from app.understanding.yes_no import emoji, explicit, said

ACTIONS = ("confirm", "reschedule", "cancel")
_BRIEF = 8
_ILL = 3
"""Words between a turn and the sign it leads to."""
_GRAVE = frozenset(
    ("unresponsive", "near_faint", "chest_pain", "breath_trouble", "breathless_severe", "bleeding_severe")
)
_TIMES = frozenset(
    ("morning", "afternoon", "evening", "noon", "after", "before", "today", "tomorrow", "next_week")
)
_TIMES |= frozenset(
    ("this_week", "earliest", "latest", "better", "if_", "not_", "not_after", "am", "pm", "oclock")
)
_BARE = 2
"""Words of a plain no: "no", "no thanks"; a longer one may be about something else."""


def confirm(message: Message, rules: Rules) -> Answer:
    """``confirm``, ``reschedule``, ``cancel`` or nothing; the last choice counts, a condition is no confirmation."""
    found = _actions(message)
    number = _number(message)
    plain = number.value != "confirm" or not _conditional(message)
    if number.value is not None and plain and _opens_apart(message):
        return number
    if number.value is not None and (
        not found or (number.explicit and all(a == number.value for _, a in found))
    ):
        return number
    if found:
        return _decide(message, found, rules)
    if number.value is not None:
        return number
    spoken = explicit(message, rules, agreed=True)
    if spoken.value == "yes" and spoken.explicit:
        if any(scan.named("appointment", "not_confirm") for scan in message.own):
            return NOTHING
        return (
            NOTHING
            if _conditional(message) and not _sealed(message)
            else Answer("confirm", spoken.confidence, explicit=True)
        )
    if any(scan.named("appointment", "not_cancel") or _ruled_out(scan) for scan in message.own):
        return NOTHING  # "Dont cancel", "not 1" is no plain no.
    if spoken.value == "no" and spoken.explicit and len(message.tokens) <= _BARE:
        # "Will you come?" "No": nothing is cancelled yet, they are asked why and offered another time.
        return Answer("cancel", spoken.confidence, explicit=True)
    if _agrees_at_last(message):
        return Answer("confirm", LIKELY, explicit=True)
    if spoken.value is None and emoji(message, rules) == "yes":
        return Answer("confirm", LIKELY)
    return NOTHING


def _number(message: Message) -> Answer:
    options = message.expectation.options
    count = max(3, len(options))
    scans = message.own or message.other
    alone = edge(scans[0]) if scans else None
    position = picked(message, count, apart=True) if len(message.tokens) <= _BRIEF else None
    if position is None and alone is not None and 1 <= alone <= count:
        position = alone
    if position is None or (_timed(message) and alone != position) or _ruled_out(scans[0]):
        return NOTHING
    label = next((o.value or o.label for o in options if o.id == str(position)), "")
    meaning = action_of(label, message) or (ACTIONS[position - 1] if position <= 3 else None)
    return Answer(meaning, SURE, explicit=True) if meaning else NOTHING


def _ruled_out(scan: Scan) -> bool:
    """Whether the only number of a reply is refused: "not 1" chooses nothing; "no 3" does."""
    found = numbered(scan)
    plain = {hit.last for hit in scan.named("answers", "no") if hit.last - hit.first == 1}
    ends = {hit.last for hit in scan.named("slots", "not_")} - plain
    return bool(found) and all(first in ends for first, _, _ in found)


def _opens_apart(message: Message) -> bool:
    """Whether a number opens the reply and stands by itself, and nothing is taken back: "3. Seeing the VA instead"."""
    for scan in (message.own or message.other)[:1]:
        found = numbered(scan)
        return bool(found) and stands_first(scan, *found[0][:2]) and not tail(message, scan)
    return False


def _timed(message: Message) -> bool:
    """Digits that are a time or a date, not a choice."""
    if any(token.kind == "num" and (":" in token.text or len(token.text) > 2) for token in message.tokens):
        return True
    first = (message.own or message.other)[:1]
    return any(s.named("slots", "pm") or s.of("months") or s.named("slots", "oclock") for s in first)


def action_of(label: str, message: Message) -> str | None:
    """Which of the three actions an option's label names, in any of the languages of the reply."""
    if label in ACTIONS:
        return label
    meanings = label_meanings(label, tuple(scan.language for scan in message.scans())) & set(ACTIONS)
    return next(iter(meanings)) if len(meanings) == 1 else None


def _actions(message: Message) -> list[tuple[Hit, str]]:
    for scan in message.own + message.other:
        found = _scan_actions(scan)
        if scan in message.other:
            names = ("not_cancel", "not_confirm")
            kept = [h for own in message.own for name in names for h in own.named("appointment", name)]
            kept += [h for own in message.own for h in own.named("answers", "masked") if h.last - h.first > 1]
            found = [(h, a) for h, a in found if h.end - h.start > 3]
            found = [(h, a) for h, a in found if not any(k.start < h.end and h.start < k.end for k in kept)]
        ill = message.dangers()
        found = [(h, a) for h, a in found if not any(m.start <= h.start and h.end <= m.end for m in ill)]
        if found:
            return found
    return []  # "1 but my hand wont work": the hand does not, not the day.


def _scan_actions(scan: Scan) -> list[tuple[Hit, str]]:
    hits = [hit for hit in scan.of("appointment") if hit.name != "cant_make"]
    hits = [hit for hit in hits if hit.name != "not_cancel" or not _parted(hit, scan)]
    refused = [hit for hit in hits if hit.name == "not_cancel"]
    refused += scan.named("answers", "masked")
    unsaid = scan.named("appointment", "not_confirm")
    kept = [hit for hit in hits if hit.name in ACTIONS and not covered(hit, hits + refused)]
    kept = [hit for hit in kept if not overlaps(hit, [m for m in refused if m.name == "not_cancel"])]
    asked = scan.named("intents", "question")
    supposed = scan.named("scopes", "hypothetical")
    kept = [h for h in kept if h.name != "cancel" or not any(0 <= h.first - s.last <= 1 for s in supposed)]
    off = [hit for hit in kept if hit.name == "cancel"]
    kept = [
        hit
        for hit in kept
        if not (hit.name == "confirm" and overlaps(hit, unsaid))
        and not (hit.name == "confirm" and any(q.first < hit.first and hit.last <= q.last for q in asked))
        and not (hit.name == "reschedule" and any(hit.first < c.first < hit.last <= c.last for c in off))
    ]  # "Do I come in?" agrees to nothing; "cancel please, found another doctor" asks for no other day.
    return sorted(((hit, hit.name) for hit in kept), key=lambda item: item[0].first)


def _parted(hit: Hit, scan: Scan) -> bool:
    """Whether a phrase begins with a bare no: "no, cancelar" is not "no cancelar"."""
    return hit.last - hit.first > 1 and scan.tokens[hit.first + 1].brk > 0


def _decide(message: Message, found: list[tuple[Hit, str]], rules: Rules) -> Answer:
    scan = next(s for s in message.scans() if s.language == found[0][0].language)
    begin = tail(message, scan)
    later = [item for item in found if item[0].first >= begin]
    chosen = later or found
    names = {name for _, name in chosen}
    longest = max(chosen, key=lambda item: item[0].last - item[0].first)
    if {"reschedule", "cancel"} <= names and longest[1] == "cancel" and _slight(chosen):
        pick = longest
    elif "reschedule" in names:
        pick = next(item for item in chosen if item[1] == "reschedule")
    elif "cancel" in names:
        pick = next(item for item in chosen if item[1] == "cancel")
    else:
        pick = chosen[-1]
    hit, name = pick
    message.note(hit, f"answer:{name}")
    if name == "confirm" and _conditional(message):
        return NOTHING
    kept = [h for s in message.scans() for h in s.named("appointment", "not_cancel")]
    kept += [hit] if name == "confirm" else []
    refused = any(h.name == "not_cancel" for h in kept)  # "no dont cancel, ill be there"
    spoken = explicit(message, rules, tuple((h.start, h.end) for h in kept))
    if name == "confirm" and not refused and spoken.value == "no" and spoken.explicit:
        return NOTHING
    return Answer(name, LIKELY, explicit=True)


def _slight(chosen: list[tuple[Hit, str]]) -> bool:
    """Whether another time is named by one word only: "got in with somebody sooner"."""
    return all(hit.last - hit.first == 1 for hit, name in chosen if name == "reschedule")


def _conditional(message: Message) -> bool:
    """Whether a condition is made: not in a question, not in jest, not "I was to cancel but I'll come"."""
    for scan in message.own:
        apart = [*scan.named("intents", "question"), *scan.named("scopes", "jest")]
        turns = {hit.first for hit in scan.named("slots", "turn")}
        comes = {hit.first for hit in scan.named("appointment", "confirm")}
        agrees = scan.inside("answers", "yes")
        conditions = [hit for hit in scan.named("scopes", "condition") if not overlaps(hit, apart)]
        conditions = [hit for hit in conditions if not (hit.first in turns and _only_late(scan, hit))]
        conditions = [hit for hit in conditions if not (hit.first in turns and _only_ill(scan, hit))]
        conditions = [hit for hit in conditions if not (hit.first in turns and _by_the_way(scan, hit))]
        for hit in conditions:
            at = hit.last
            while at in agrees and at not in comes:
                at += 1  # "dead tired but yes ill come"
            if hit.first not in turns or at not in comes:
                return True
    return False


def _by_the_way(scan: Scan, turn: Hit) -> bool:
    """Whether a turn takes back nothing of a plain promise: "I'll come, but I need a wheelchair at the door".

    Or stands in a sentence before it: "snowed in but the plow came. I'll be there".
    """
    comes = scan.named("appointment", "confirm")
    apart = any(scan.tokens[index].brk > 1 for hit in comes for index in range(turn.last, hit.first + 1))
    if apart:
        return True
    doubt = [*scan.named("answers", "unsure"), *scan.named("scopes", "neg")]
    doubt += [hit for hit in scan.of("slots") if hit.name in _TIMES]
    doubt += [*scan.named("scopes", "neg_short"), *scan.named("scopes", "condition"), *scan.of("weekdays")]
    doubt += [hit for hit in scan.of("appointment") if hit.name != "confirm"]
    doubt += [hit for hit in scan.of("intents") if hit.name.endswith("_barrier")]
    if any(token.kind == "num" for token in scan.tokens[turn.last :]):
        return False
    before = any(hit.last <= turn.first for hit in comes)
    return before and not any(hit.last > turn.last for hit in doubt)


def _only_late(scan: Scan, turn: Hit) -> bool:
    """Whether a turn leads to nothing but coming late: "coming but gonna be 20 min late"."""
    return any(0 <= late.first - turn.last <= _BARE for late in scan.named("intents", "running_late"))


def _only_ill(scan: Scan, turn: Hit) -> bool:
    """Whether a turn leads to a sign of illness: "yes but I passed out twice" agrees, and is seen by a person."""
    signs = [hit for hit in scan.of("signs") if hit.name in _GRAVE]
    return any(0 <= sign.first - turn.last <= _ILL for sign in signs)


def _agrees_at_last(message: Message) -> bool:
    """Whether a brief reply says nothing but yes, at its end: "thursday's good yes", "2:15 thursday, yes"."""
    found = said(message, agreed=True)
    if not found or any(value != "yes" for _, value in found) or len(message.tokens) > _BRIEF:
        return False
    scan = next(s for s in message.scans() if s.language == found[0][0].language)
    ends = found[-1][0].last
    tail_known = scan.inside("answers", "filler")
    other = [hit for hit in scan.of("intents") if hit.name != "thanks"]
    doubt = [*scan.of("signs"), *scan.named("answers", "unsure"), *scan.named("scopes", "neg"), *other]
    doubt += [*scan.named("scopes", "neg_short"), *scan.named("appointment", "not_confirm")]
    closes = all(index in tail_known for index in range(ends, len(scan.tokens)))
    return closes and not doubt and not _conditional(message)


def _sealed(message: Message) -> bool:
    """Whether a plain yes stands alone at the end, after a turn: "they cancelled but my son drives me. yes"."""
    for scan in message.own:
        starts = [i for i, token in enumerate(scan.tokens) if token.brk > 1]
        turns = {hit.first for hit in scan.named("slots", "turn")}
        plain = {
            i
            for name in ("yes", "filler")
            for hit in scan.named("answers", name)
            for i in range(hit.first, hit.last)
        }
        if not starts or not all(i in plain for i in range(starts[-1], len(scan.tokens))):
            continue
        if not any(hit.first >= starts[-1] for hit in scan.named("answers", "yes")):
            continue
        return all(hit.first in turns for hit in scan.named("scopes", "condition"))
    return False


def _unspoken(message: Message, hit: Hit, named: list[Hit]) -> bool:
    """Whether a language is named as one that is not wanted: "english not spanish", "I don't speak spanish"."""
    for scan in message.own:
        denials = [*scan.named("scopes", "neg"), *scan.named("scopes", "neg_short")]
        cues = [cue for cue in denials if 0 <= hit.first - cue.last <= _BARE]
        cues = [c for c in cues if not any(c.last <= other.first < hit.first for other in named)]
        if any(not any(scan.tokens[i].brk for i in range(cue.last, hit.first + 1)) for cue in cues):
            return True
    return False


def language(message: Message) -> Answer:
    """The code of the language a reply chooses: by number, by name in any language, or by asking for it."""
    options = message.expectation.options
    offered = {option.lang or option.value or option.id: option for option in options}
    named = [hit for scan in message.scans() for hit in scan.of("languages")]
    named = [hit for hit in named if not covered(hit, named)]
    named = [hit for hit in named if not _unspoken(message, hit, named)]
    codes = list(dict.fromkeys(hit.name for hit in sorted(named, key=lambda h: h.start)))
    if len(codes) > 1:
        begins = {scan.language: tail(message, scan) for scan in message.own}
        last = [h for h in named if h.first >= begins.get(h.language, 0) > 0]
        codes = [last[-1].name] if last else codes
    position = picked(message, len(options)) if options else None
    chosen = next((o for o in options if o.id == str(position)), options[position - 1]) if position else None
    number = (chosen.lang or chosen.value or chosen.id) if chosen else None
    written = [
        s.language for s in message.own if numbered(s)[:1] and not numbered(s)[0][0] and not tail(message, s)
    ]
    if codes and (number not in written or number == "en"):
        # "3, my English is poor", said in Chinese: the number that opens it, of the language it is written in.
        number = codes[0] if len(codes) == 1 and (codes[0] in offered or not options) else None
    return Answer(number, SURE, explicit=True) if number else NOTHING
