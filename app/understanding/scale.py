"""A number from 0 to 10: digits, words, ranges, halves, "was 8 now 3", "the worst", "no pain"."""

from __future__ import annotations

import re
from math import ceil, floor

from app.understanding import numbers
from app.understanding.answer import LIKELY, NOTHING, SURE, Answer
from app.understanding.choices import counts, opens, stands_first, tail
from app.understanding.intents import asks, opens_with
from app.understanding.lexicon import Hit, Scan
from app.understanding.message import Message
from app.understanding.normal import tokenize
from app.understanding.numbers import Number
from app.understanding.yes_no import unsaid

_TOP = 10
_SENTENCE = 2
_OF_TEN = re.compile(r"^\s*/\s*$")


def scale(message: Message) -> Answer:
    """The number a reply gives, as an int; the higher of a range, the present one of two times."""
    counted = {i for scan in message.own for i in _counted(scan)}
    for scan in message.own + message.other:
        found = _candidates(scan, counted)
        if found:
            return _choose(scan, found, message)
    doubt = unsaid(message)
    if asks(message) or opens_with(message, "question"):
        return NOTHING  # "What do you mean by worst"
    asked = {token.text for token in tokenize(message.expectation.prompt)}
    for scan in message.own:
        for hit in scan.named("numbers", "zero_asked"):
            if scan.tokens[hit.first + 1].text in asked:  # "not worried" to "how worried are you"
                message.note(hit, "answer:0")
                return Answer(0, LIKELY)
    for scan in message.own + message.other:
        for name, value in (("max", _TOP), ("zero_words", 0)):
            hits = [
                h for h in scan.named("numbers", name) if not any(s < h.end and h.start < e for s, e in doubt)
            ]
            if scan in message.other:  # the "no" of "no puedo ver" is no English one
                hits = [h for h in hits if h.last - h.first > 1 or len(scan.tokens) == 1]
            if hits:
                message.note(hits[0], f"answer:{value}")
                return Answer(value, LIKELY)
    return NOTHING


def _candidates(scan: Scan, counted: set[int]) -> list[Number]:
    """The numbers that may be the answer; ``counted`` are those that the patient's own language counts things by."""
    refused = _counted(scan) | counted
    out: list[Number] = []
    for number in numbers.grouped(scan):
        token = scan.tokens[number.first]
        if number.first in refused or ":" in token.text:
            continue
        if number.value == _TOP and out and (_OF_TEN.match(token.sep) or _of(scan, out[-1], number)):
            continue
        out.append(number)
    if any(number.digits for number in out):
        # The "one" of "10, it came on in one second" counts what follows it; that of "from 8 to one" does not.
        out = [n for n in out if n.digits or n.value != 1 or _ends(scan, n)]
    halves = scan.named("numbers", "half")
    out = [n for n in out if not any(h.first <= n.first < h.last for h in halves)]  # "5 1/2"
    out = [number for number in out if not _compared(scan, number)] or out
    plain = [number for number in out if not counts(scan, number)]
    return plain if plain and opens(scan, plain[0].first) else out


def _counted(scan: Scan) -> set[int]:
    """What counts or dates something else; the nine of "Nine. pills arent touching it" does not."""
    hits = [h for h in scan.named("numbers", "not_scale") if not _divided(scan, h)]
    return {i for hit in hits for i in range(hit.first, hit.last)}


def _divided(scan: Scan, hit: Hit) -> bool:
    return any(scan.tokens[i].brk == _SENTENCE for i in range(hit.first + 1, hit.last))


def _ends(scan: Scan, number: Number) -> bool:
    return number.last >= len(scan.tokens) or scan.tokens[number.last].brk > 0


def _compared(scan: Scan, number: Number) -> bool:
    """ "Instead of 1", "down to a 4 from 9"."""
    cues = [*scan.named("slots", "than"), *scan.named("numbers", "from")]
    cues = [hit for hit in cues if hit.last <= number.first]
    return any(hit.last == number.first or hit.last + 1 == number.first for hit in cues)


def _of(scan: Scan, left: Number, right: Number) -> bool:
    return any(left.last <= hit.first < right.first for hit in scan.named("numbers", "of_ten"))


def _choose(scan: Scan, found: list[Number], message: Message) -> Answer:
    zero = scan.named("numbers", "0")
    begin = tail(message, scan)
    later = [n for n in found if n.first >= begin] or found
    was = [hit for hit in scan.named("answers", "was") if not _closes(scan, hit, found)]
    first = found[0]
    if (
        first in later
        and not _was(first, was)
        and stands_first(scan, first.first, first.last)
        and len(later) > 1
        and not _range(scan, first, later[1])
    ):
        later = [first] if not _present(scan, later[-1]) and not _was(first, was) else later
    current = [n for n in later if any(h.first == n.last for h in scan.named("answers", "at_present"))]
    # "Yesterday 9, today it is 2": what stands behind a comma begins the next.
    current = [n for n in current if n is later[-1] or not scan.tokens[n.last].brk]
    current = [
        n for n in current if n is later[-1] or not _was(n, was)
    ]  # "was 8 now 3", "was a 9 now its a 4"
    if len(current) == 1:
        later = current  # "8 last night 4 now"
    present = [n for n in later if not _was(n, was)] or later
    if len(present) > 1 and all(
        any(h.first == n.last for h in scan.named("numbers", "place")) for n in present
    ):
        present = [max(present, key=lambda n: n.value)]  # "7 in my back and 3 in my leg"
    if len(present) > 1 and not _range(scan, present[-2], present[-1]):
        present = present[-1:]
    elif len(present) > 1:
        present = present[-2:]
    values = {n.value + (0.5 if _half(scan, n) else 0) for n in present}
    value = max(values)
    if value > _TOP or value < 0 or (len(values) > 2 and not zero):
        return NOTHING
    first, last = present[0], present[-1]
    # Of "seven, seven and a half" the whole number; of "seven and a half" the next, on the safe side.
    told = floor(value) if min(values) <= floor(value) else ceil(value)
    start, end = scan.tokens[first.first].start, scan.tokens[last.last - 1].end
    message.mark(start, end, "number", f"answer:{told}")
    return Answer(told, SURE if len(values) == 1 else LIKELY)


def _closes(scan: Scan, cue: Hit, found: list[Number]) -> bool:
    """Whether a word of the past belongs to the number before it: "8 hier et 5 maintenant"."""
    joins = {hit.first for hit in scan.named("scopes", "list")}
    return cue.last in joins and any(number.last == cue.first for number in found)


def _was(number: Number, was: list[Hit]) -> bool:
    return any(0 <= number.first - hit.last <= 1 for hit in was)


def _present(scan: Scan, number: Number) -> bool:
    """Whether a number is said of now ("8 this morning, 3 now"), or taken as a correction ("6, no, 7")."""
    near = [h for h in scan.of("answers") if h.name in ("no", "correction") and h.last <= number.first]
    now = [h for h in scan.named("scopes", "current") if 0 <= h.first - number.last <= 1]
    # "8 this morning, now 3"
    now += [h for h in scan.named("answers", "at_present") if 0 <= number.first - h.last <= 1]
    return bool(now) or any(number.first - hit.last <= 1 for hit in near)


def _range(scan: Scan, left: Number, right: Number) -> bool:
    between = range(left.last, right.first)
    if not between:
        return (
            "-" in scan.tokens[right.first].sep
            or "," in scan.tokens[right.first].sep
            or bool(scan.tokens[right.first].sep.strip())
        )
    words = scan.inside("numbers", "range")
    return all(index in words for index in between) and len(between) <= 2


def _half(scan: Scan, number: Number) -> bool:
    return any(hit.first == number.last for hit in scan.named("numbers", "half"))
