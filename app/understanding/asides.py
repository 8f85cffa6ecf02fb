"""Times a reply names without choosing them: of what was, of what else one does that day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from app.understanding.choices import opens, ordinals
from app.understanding.lexicon import Scan
from app.understanding.message import longest


class Named(Protocol):
    """A time or option number at tokens ``first`` to ``last``, in a clause."""

    @property
    def first(self) -> int: ...
    @property
    def last(self) -> int: ...
    @property
    def clause(self) -> int: ...
    @property
    def option(self) -> str: ...
    @property
    def refused(self) -> bool: ...


N = TypeVar("N", bound=Named)
_TURNED = (
    "slots.fits",
    "slots.turn",
    "slots.asked",
    "appointment.confirm",
    "answers.correction",
    "intents.question",
)


def told_of(scan: Scan, first: int, last: int) -> bool:
    """Whether a time is that of something past: "sorry I missed friday", "I was in the hospital wednesday"."""
    return any(hit.first <= first and last <= hit.last for hit in scan.named("slots", "past"))


def placed_first(scan: Scan, mentions: Sequence[N]) -> int | None:
    """The place that opens a reply and stands apart, when a time is told after it: "the first, thursday I work".

    None when another place is named, when the rest is a time alone ("the first, on thursday") or agrees to one.
    """
    places = longest(ordinals(scan))
    if len(places) != 1 or mentions[0].first < places[0].last or not opens(scan, places[0].first):
        return None
    end = places[0].last
    lead = scan.within("answers.filler", "answers.yes", "slots.ordinal_one", "slots.fits")
    while end < len(scan.tokens) and not scan.tokens[end].brk:
        if end not in lead:
            return None
        end += 1
    if any(mention.first < end or mention.option for mention in mentions):
        return None
    turned = scan.within(*_TURNED)
    small = scan.within("answers.filler", "slots.at", "slots.around")
    small |= {i for mention in mentions for i in range(mention.first, mention.last)}
    rest = range(end, len(scan.tokens))
    told = [i for i in rest if i not in small and scan.tokens[i].kind != "num"]
    return int(places[0].name) if told and not turned.intersection(rest) else None


def chosen_first(scan: Scan, mentions: Sequence[N]) -> list[N]:
    """What opens a reply by itself, when the rest only tells of other times: "friday, wednesday I have chemo".

    Empty when it does not, or when the rest offers, prefers or refuses something.
    """
    first = mentions[0].clause
    lead = [m for m in mentions if m.clause == first]
    rest = [m for m in mentions if m.clause != first]
    if not rest or any(m.refused for m in mentions) or not _plain(scan, lead):
        return []
    begins = {m.clause: _span(scan, m.first) for m in rest}
    told = all(_tells(scan, *span) for span in begins.values())
    return lead if told else []


def _plain(scan: Scan, lead: Sequence[Named]) -> bool:
    """Whether the opening clause holds the choice, and nothing but fillers and what says that it suits."""
    known = {i for m in lead for i in range(m.first, m.last)}
    hits = [*scan.named("answers", "filler"), *scan.named("slots", "fits"), *scan.of("numbers")]
    hits += [*scan.named("slots", "chooses"), *scan.of("months"), *scan.of("ordinals")]
    known |= {i for hit in hits for i in range(hit.first, hit.last)}
    begin, end = _span(scan, lead[0].first)
    return begin == 0 and all(index in known for index in range(begin, end))


def _span(scan: Scan, index: int) -> tuple[int, int]:
    """The tokens of the sentence part a token stands in: between breaks and words that give a reason."""
    reasons = {hit.first for hit in scan.named("slots", "reason")}
    tokens = scan.tokens
    begin = index
    while begin > 0 and not tokens[begin].brk and begin not in reasons:
        begin -= 1
    end = index + 1
    while end < len(tokens) and not tokens[end].brk and end not in reasons:
        end += 1
    return begin, end


def _tells(scan: Scan, begin: int, end: int) -> bool:
    """Whether a part of the reply tells of somebody's doings and offers, prefers or changes nothing."""
    says = [hit for hit in scan.named("slots", "told") if begin <= hit.first < end]
    offers = [hit for name in ("better", "offer", "if_", "join") for hit in scan.named("slots", name)]
    return bool(says) and not any(begin <= hit.first < end for hit in offers)
