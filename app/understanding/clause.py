"""Where a word of an answer stands in its clause: alone, at its head, at its end, inside a question."""

from __future__ import annotations

from collections.abc import Sequence

from app.understanding.lexicon import Hit, Scan


def alone(hit: Hit, scan: Scan) -> bool:
    """Whether nothing is denied after a "not", "never", "doesn't": of "it never went away" it is no answer."""
    fillers = scan.inside("answers", "filler")
    at = hit.last
    while at < len(scan.tokens) and not scan.tokens[at].brk and at in fillers:
        at += 1
    return at >= len(scan.tokens) or scan.tokens[at].brk > 0


def entire(hit: Hit, scan: Scan) -> bool:
    """Whether an "every day", "they are", "some" is all its clause says: not of "she changes it every day"."""
    parts = [*scan.named("answers", "filler"), *scan.named("answers", "yes_part")]
    fillers = scan.inside("answers", "filler")
    well = {good.first for good in scan.named("answers", "good_state")}
    start, at = hit.first, hit.last
    if at in well and not scan.tokens[at].brk:
        return False  # "I am ok"
    while start > 0 and not scan.tokens[start].brk and start - 1 in fillers:
        start -= 1
    fillers |= {i for f in parts for i in range(f.first, f.last)}
    while at < len(scan.tokens) and not scan.tokens[at].brk and at in fillers:
        at += 1
    begins = start == 0 or scan.tokens[start].brk > 0
    return begins and (at >= len(scan.tokens) or scan.tokens[at].brk > 0)


def inside_question(hit: Hit, scan: Scan) -> bool:
    """Whether a yes or no is only part of a question: the "i have" of "do I have to pay"."""
    asking = [*scan.named("intents", "question"), *scan.named("intents", "repeat")]
    return any(q.first < hit.first and hit.last <= q.last for q in asking)


def leads(hit: Hit, scan: Scan) -> bool:
    """Whether only fillers stand before a hit in its sentence, or after what takes back: "no. wait yes"."""
    fillers = scan.inside("answers", "filler")
    start = hit.first
    while start > 0 and scan.tokens[start].brk < 2 and start - 1 in fillers:
        start -= 1
    taken_back = {cue.last for cue in scan.named("answers", "correction")}
    return start == 0 or scan.tokens[start].brk == 2 or start in taken_back


def closes(hit: Hit, scan: Scan, alike: Sequence[Hit] = ()) -> bool:
    """Whether only fillers stand after a hit that begins a clause: "died laughing, so no", "but honestly no".

    ``alike``: other hits that say the same, as in "I was out, yes go ahead".
    """
    fillers = scan.inside("answers", "filler")
    fillers |= {i for other in alike if other != hit for i in range(other.first, other.last)}
    turns = {i for name in ("contrast",) for f in scan.named("scopes", name) for i in range(f.first, f.last)}
    start = hit.first
    while start > 0 and not scan.tokens[start].brk and start - 1 in fillers - turns:
        start -= 1
    apart = start < hit.first or scan.tokens[start].brk > 0 or start - 1 in turns
    return apart and all(index in fillers for index in range(hit.last, len(scan.tokens)))
