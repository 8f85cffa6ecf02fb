"""What a reply tells about the topic that was asked about, in other words than yes and no."""

from __future__ import annotations

from app.understanding.clause import inside_question
from app.understanding.lexicon import Hit
from app.understanding.message import Message, covered, overlaps
from app.understanding.scopes import Scopes, Status

_NEAR = 2
_NO_MATTER = frozenset((Status.MASKED, Status.PET, Status.HYPOTHETICAL, Status.PAST, Status.OTHER))

_FACTS = ("ride", "pickup", "visit_booked")


def topic_hits(message: Message, topic: str) -> tuple[Hit, str] | None:
    """The words that answer a question about that topic, and whether they say yes or no; None without any."""
    found = _told(message, topic)
    if not found:
        return None
    _, hit, value = max(_turned(message, found), key=lambda item: (item[2] == "no", item[0], item[1].first))
    return hit, value


def _turned(message: Message, found: list[tuple[int, Hit, str]]) -> list[tuple[int, Hit, str]]:
    """Of words about a symptom those after a turn to it: "better than last week but stairs still get me"."""
    well = [hit for _, hit, value in found if value == "no" and hit.name.endswith(".no")]
    ill = [item for item in found if item[2] == "yes" and item[0] > 1]
    if message.expectation.context != "symptom_yes_no" or not well or len(well) + len(ill) < len(found):
        return found
    last = max(hit.last for hit in well)
    for scan in message.own:
        both = {cue.first for cue in scan.named("scopes", "condition")}
        turns = [c.first for c in scan.named("scopes", "contrast") if c.first in both and c.first >= last]
        after = [item for item in ill if turns and item[1].first > min(turns)]
        if after and len(after) == len(ill):
            return after
    return found


def topic_around(message: Message, topic: str, word: Hit) -> str | None:
    """What all the words about a topic say, if some of them hold that yes or no: "no estoy sola, mi hija vino"."""
    found = _told(message, topic)
    values = {value for _, _, value in found}
    around = any(covered(word, [hit]) for _, hit, _ in found)
    return values.pop() if around and len(values) == 1 else None


def _told(message: Message, topic: str) -> list[tuple[int, Hit, str]]:
    """The words about that topic that count, each with its length and what it says."""
    symptom = message.expectation.context == "symptom_yes_no"
    found: list[tuple[int, Hit, str]] = []
    for scan in message.own or message.other:
        scopes = Scopes(scan, [])
        idioms = scan.of("idioms")
        masks = [
            hit for hit in scan.of("signs") if hit.name.endswith(("_not", "_attr")) and scopes.holds(hit)
        ]
        names = ("bad_state", "unsure", "lead_in") if symptom else ("lead_in",)
        unwell = [hit for name in names for hit in scan.named("answers", name) if scopes.holds(hit)]
        eased = scan.named("scopes", "eased") if symptom else []
        masked = scan.named("answers", "masked") if topic in _FACTS else []
        for value in ("yes", "no"):
            for hit in scan.named("topics", f"{topic}.{value}"):
                if value == "no" and overlaps(hit, eased):
                    continue  # "Tight on the stairs, fine once I sit": it comes with effort, so it is there.
                if symptom and value == "no" and inside_question(hit, scan):
                    continue  # "140 over 90, is that normal?" asks.
                around = idioms if symptom and value == "yes" else _around(hit, idioms)
                if (value == "no" or hit.last - hit.first == 1) and _part_of(hit, masked):
                    continue  # The "no" of "no worries", the "have" of "have I an appointment".
                if overlaps(hit, around) or covered(hit, unwell) or scopes.answered(hit):
                    continue
                if symptom and value == "yes" and covered(hit, masks) and not scopes.negated(hit):
                    continue
                status = scopes.status(hit) if value == "yes" and symptom else Status.ACTIVE
                if status in _NO_MATTER:
                    continue
                turned = status is Status.RESOLVED or (value == "yes" and scopes.negated(hit))
                found.append((hit.last - hit.first, hit, "no" if turned else value))
    if not found:
        return []
    if not symptom:
        # "No worries, my husband is taking me": the longer phrase holds the denial, which denies nothing.
        told = [hit for _, hit, value in found if value == "yes"]
        found = [i for i in found if i[2] == "yes" or i[1].name.endswith(".no") or not overlaps(i[1], told)]
    hits = [hit for _, hit, _ in found]
    free = [item for item in found if not covered(item[1], hits)]
    vague = [hit for scan in message.own for hit in scan.named("signs", "symptom") if topic != "wound"]
    if symptom and any(value == "yes" and not overlaps(hit, vague) for _, hit, value in free):
        # "No pain, some pressure": one of the things asked about is there, whichever others are denied.
        free = [item for item in free if item[2] == "yes" or item[1].name.endswith(".no")]
    return _today(message, free)


def _part_of(hit: Hit, masked: list[Hit]) -> bool:
    """Whether a short denial is but the beginning of a longer phrase: "no se" of "no se preocupe"."""
    length = hit.last - hit.first
    if length > 3:
        return False
    return covered(hit, [mask for mask in masked if length == 1 or mask.last - mask.first > length])


def _around(hit: Hit, idioms: list[Hit]) -> list[Hit]:
    """Figures of speech that are more than a part of what answers: "sure, shoot" agrees."""
    return [idiom for idiom in idioms if idiom.first < hit.first or hit.last < idiom.last]


def _today(message: Message, found: list[tuple[int, Hit, str]]) -> list[tuple[int, Hit, str]]:
    """Of contrary words those said of now: "yesterday was rough, today is better"."""
    if len({value for _, _, value in found}) == 1:
        return found
    now = [cue for scan in message.own for cue in scan.named("scopes", "current")]
    then = [cue for scan in message.own for cue in scan.named("answers", "was")]
    fresh = [item for item in found if any(0 <= item[1].first - cue.last <= _NEAR for cue in now)]
    old = [item for item in found if any(0 <= item[1].first - cue.last <= _NEAR for cue in then)]
    return fresh if fresh and old and not set(map(id, fresh)) & set(map(id, old)) else found
