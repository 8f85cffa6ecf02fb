"""A symptom question answered by what the patient tells of: the sign itself, its amount, or that all is well."""

from __future__ import annotations

from app.understanding.amounts import gained, sugar, temperature
from app.understanding.answer import LIKELY, NOTHING, WEAK, Answer
from app.understanding.clause import inside_question
from app.understanding.lexicon import Hit, Scan
from app.understanding.message import Message, covered, overlaps, signs_of
from app.understanding.reading import Urgency
from app.understanding.rules import Rules
from app.understanding.safety import Safety
from app.understanding.scopes import Scopes, Status
from app.understanding.topics import topic_hits

_BESIDE = frozenset(
    (
        "thinner",
        "chemo",
        "surgery",
        "severe_word",
        "onset",
        "infection",
        "means",
        "symptoms_with_low_sugar",
        "symptoms_with_high_sugar",
        "pregnant",
    )
)


_VAGUE = frozenset(("symptom", "worse", "alarm", *_BESIDE))
"""Signs in a question that do not say what is asked about."""
_TAKEN = ("pickup", "adherence")
_ELSEWHERE = frozenset(("symptom", "radiating", "palpitations"))
"""Signs of another place or kind: "no chest pain but my arm hurts", "but my heart races" stay a no."""


_STANDING = frozenset((Status.ACTIVE, Status.RECENT))


def turns_into_yes(message: Message, rules: Rules, topics: tuple[str, ...], safety: Safety) -> bool:
    """Whether a no turns into what was asked about: "no pus but it's real red", "no pain, just pressure"."""
    for scan in message.own:
        names = [topic for topic in topics if topic in rules.topics]
        begin = _turn(scan, names)
        if begin is None:
            continue
        asked = {sign for topic in names for sign in rules.topics[topic].signs} & safety.active - _ELSEWHERE
        asked -= {"symptom"}
        anything = any("*" in rules.topics[topic].signs for topic in names)
        if anything and safety.urgency >= Urgency.URGENT and any(at >= begin for at, _ in safety.spans):
            return True  # "No chest pain but my jaw and shoulder are heavy" is new, and no no.
        told = {mark.start for mark in message.evidence if mark.rule.split(".")[-1] in asked}
        scopes = Scopes(scan, [])
        vague = [
            hit for hit in scan.of("signs") if hit.name in _ELSEWHERE or hit.name.endswith(("_not", "_attr"))
        ]
        yes = [hit for name in topics for hit in scan.named("topics", f"{name}.yes")]
        yes = [hit for hit in yes if _own_words(hit, vague) or _of_the_wound(hit, begin, scan)]
        yes = [hit for hit in yes if scopes.status(hit) in _STANDING]
        if any(start >= begin for start in (*told, *(hit.start for hit in yes))):
            well = [h for n in topics for h in scan.named("topics", f"{n}.no") if not covered(h, yes)]
            return not any(h.start >= begin for h in well)
    return False


def denies_another(
    message: Message, rules: Rules, topics: tuple[str, ...], safety: Safety, no: list[Hit]
) -> bool:
    """Whether a no only denies another sign once what was asked about is told of: "chest is tight. no pain"."""
    if len(message.own) != 1 or _despite(message, topics):
        return False
    scan, names = message.own[0], [topic for topic in topics if topic in rules.topics]
    scopes, signs = Scopes(scan, []), scan.of("signs")
    asked = {sign for topic in names for sign in rules.topics[topic].signs}
    asked = (safety.active if "*" in asked else asked) - _VAGUE - _ELSEWHERE
    vague = [hit for hit in signs if hit.name in _ELSEWHERE or hit.name.endswith(("_not", "_attr"))]
    yes = [hit for name in names for hit in scan.named("topics", f"{name}.yes")]
    well = [hit for name in names for hit in scan.named("topics", f"{name}.no") if not covered(hit, yes)]
    told = [hit for hit in signs if hit.name in asked & safety.active]
    told += [hit for hit in yes if hit.name.startswith("wound.") and not overlaps(hit, vague)]
    told = [hit for hit in told if scopes.status(hit) in _STANDING]
    if not told or not no:
        return False
    first = min(told, key=lambda hit: hit.first)
    same = {hit.name for hit in told if hit.section == "signs"}
    denied = [hit for hit in (*signs, *yes) if hit.first > first.last and scopes.negated(hit)]
    same &= {hit.name for hit in denied}
    now = [*scan.named("scopes", "current"), *scan.named("answers", "over")]
    settled = any(cue.first >= no[0].last for cue in now) or any(not overlaps(hit, denied) for hit in well)
    return not same and not settled and all(_attached(hit, denied, scan, first) for hit in no)


def _own_words(hit: Hit, vague: list[Hit]) -> bool:
    """Whether words about a topic are more than the name of some sign: "theres a lump", not "hurts"."""
    return not any(overlaps(hit, [sign]) and not covered(sign, [hit]) for sign in vague)


def _of_the_wound(hit: Hit, begin: int, scan: Scan) -> bool:
    """Whether a turn goes on about the wound itself: "not red but a bit swollen", not "but my ankle is swollen"."""
    aching = scan.named("topics", "chest.yes")  # "no but it hurts" is none of what was asked
    longer = any(
        sign.first == hit.first and sign.last > hit.last for sign in scan.of("signs")
    )  # "swollen feet"
    if not hit.name.startswith("wound.") or hit.start < begin or longer or overlaps(hit, aching):
        return False
    by = set(scan.inside("answers", "filler"))
    by = by.union(*(scan.inside("scopes", name) for name in ("contrast", "soft", "severe")))
    turn = next((index for index, token in enumerate(scan.tokens) if token.start >= begin), hit.first)
    return all(index in by for index in range(turn + 1, hit.first))


def _attached(no: Hit, denied: list[Hit], scan: Scan, told: Hit) -> bool:
    """Whether a no stands, after what is told, right before what it denies."""
    near = [hit for hit in denied if 0 <= hit.first - no.last <= 2]
    return no.first >= told.last and any(
        not any(token.brk for token in scan.tokens[no.last : hit.first + 1]) for hit in near
    )


def _turn(scan: Scan, topics: list[str]) -> int | None:
    """Where a denial ends and something else is told: at a "but", or at the end of "no pain." itself."""
    denied = scan.inside("answers", "no")  # the "now" of "not now no, I had a twinge weeks back"
    closing = {cue.first for cue in scan.named("scopes", "contrast_after") if _ends_clause(cue, scan)}
    turns = [c.first for c in scan.named("scopes", "contrast") if c.first > 0 and c.first not in denied]
    turns = [_clause_start(first, scan) if first in closing else first for first in turns]
    scopes = Scopes(scan, [])
    named = [hit for name in topics for hit in scan.named("topics", f"{name}.yes")] + scan.of("signs")
    for hit in named if not turns else []:
        after = range(hit.last, len(scan.tokens))
        if scopes.negated(hit):
            turns += [index for index in after if scan.tokens[index].brk][:1]
            turns += [cue.first for cue in scan.named("scopes", "subject") if cue.first >= hit.last][:1]
    return scan.tokens[min(turns)].start if turns else None


def _ends_clause(cue: Hit, scan: Scan) -> bool:
    return cue.last >= len(scan.tokens) or scan.tokens[cue.last].brk > 0


def _clause_start(index: int, scan: Scan) -> int:
    """Where the clause begins that a closing "though" turns: "no pain. Breathing is labored though"."""
    while index > 0 and not scan.tokens[index].brk:
        index -= 1
    return index


def by_symptom(message: Message, rules: Rules, topics: tuple[str, ...], safety: Safety) -> Answer:
    """Yes where what was asked about is told of, no where it is denied, over, or all is said to be well."""
    asked = {sign for topic in topics if topic in rules.topics for sign in rules.topics[topic].signs}
    asked |= signs_of(message.expectation.prompt, message.language) - _VAGUE
    listed = {sign for sign in safety.active if sign not in _BESIDE}
    amount = temperature(message, topics, safety.active) or gained(message, topics)
    amount = amount or sugar(message, topics, safety.active)
    if amount:
        return Answer(amount, LIKELY)
    named = listed & asked if asked and "*" not in asked else listed
    if named and _not_self(message):
        return Answer("no", WEAK)
    told = by_topic(message, topics, safety)
    if named - {"symptom"} and safety.urgency < Urgency.URGENT and _despite(message, topics):
        return Answer("no", WEAK)
    if named - {"symptom"} or (named and told.value != "no"):
        return Answer("yes", LIKELY) if not _passed(message, safety) else Answer("no", WEAK)
    if named:
        return NOTHING if _turned_away(message, topics) else told
    if told.value is not None:
        return told
    if any(True for _ in _states(message, "bad_state")) and ("*" in asked or "depressed" in asked):
        return Answer("yes", WEAK)
    if any(mark.rule.startswith("measure.") and mark.effect != "past" for mark in message.evidence):
        return Answer("yes", LIKELY)
    if listed - {"symptom"}:
        # Asked about nothing that is known: a danger told in answer is a yes.
        return Answer("yes", LIKELY) if not asked and safety.urgency >= Urgency.URGENT else NOTHING
    good = list(_states(message, "good_state"))
    if good:
        message.note(good[0], "answer:no")
        return Answer("no", LIKELY)
    if (safety.gone or _over(message)) and not unsure(message):
        return Answer("no", LIKELY)
    return Answer("no", WEAK) if _not_self(message) and not unsure(message) else NOTHING


def _not_self(message: Message) -> bool:
    """Whether somebody else has what was asked about, and the patient says not to: "my mom is dizzy, not me"."""
    for scan in message.own:
        turns = [cue.first for cue in scan.named("scopes", "contrast")]
        told = [cue for cue in scan.named("scopes", "not_self") if not any(t >= cue.last for t in turns)]
        if told and scan.named("scopes", "third"):
            return True
    return False


def _despite(message: Message, topics: tuple[str, ...]) -> bool:
    """Whether what was asked about is there without what it was asked to bring: "queasy but I can eat"."""
    return any(scan.named("topics", f"{topic}.despite") for topic in topics for scan in message.own)


def _turned_away(message: Message, topics: tuple[str, ...]) -> bool:
    """Whether a reply turns away from what says no: "same as always but my foot hurts", not "aches but no worse"."""
    best = next((hits for topic in topics if (hits := topic_hits(message, topic))), None)
    turns = [cue.first for scan in message.own for cue in scan.named("scopes", "contrast") if cue.first > 0]
    return best is not None and any(first > best[0].first for first in turns)


def _passed(message: Message, safety: Safety) -> bool:
    """Whether a symptom told is said to be over in a later sentence: "threw up once Sunday. fine now"."""
    if safety.urgency >= Urgency.URGENT or any(s.named("scopes", "returned") for s in message.own):
        return False
    begin = max((end for _, end in safety.spans), default=0)
    return any(h.start >= begin for scan in message.own for h in scan.named("answers", "over"))


def _over(message: Message) -> bool:
    """ "Had one Monday, it's gone"; or nothing but a figure of speech."""
    for scan in message.own:
        scopes = Scopes(scan, [])
        over = any(not scopes.not_over(cue) for cue in scan.named("scopes", "resolved"))
        over = over and not scan.named("scopes", "returned")
        over = over and not scan.named("scopes", "eased")
        # A figure of speech is a no where it takes the place of a sign: "dying of boredom", not "a big thank you".
        # "My phone is about to die" says nothing of the patient.
        signs = [hit for section in ("signs", "topics") for hit in scan.of(section)]
        dead = scan.named("idioms", "battery")
        figures = [hit for hit in scan.named("idioms", "mask") if not overlaps(hit, dead)]
        if over or any(overlaps(hit, signs) for hit in figures):
            return True
    return False


def _states(message: Message, name: str) -> list[Hit]:
    out = []
    for scan in message.own:
        scopes = Scopes(scan, [])
        other = "bad_state" if name == "good_state" else "good_state"
        named = (other, "masked", "lead_in")
        within = [*(hit for name in named for hit in scan.named("answers", name)), *scan.of("idioms")]
        within = [mask for mask in within if scopes.holds(mask)]
        idioms = scan.of("idioms") if name == "bad_state" else []
        hits = [hit for hit in scan.named("answers", name) if scopes.holds(hit) or name == "good_state"]
        hits = [hit for hit in hits if not covered(hit, within) and not overlaps(hit, idioms)]
        hits = [hit for hit in hits if name != "good_state" or not inside_question(hit, scan)]
        out += [hit for hit in hits if not scopes.negated(hit)]
    return out


def by_topic(message: Message, topics: tuple[str, ...], safety: Safety) -> Answer:
    """What the words about the topics asked about say, the first topic first."""
    danger = () if message.expectation.context == "symptom_yes_no" else tuple(safety.spans)
    for topic in topics:
        best = topic_hits(message, topic)
        if best:
            hit, value = best
            grave = any(start < hit.end and hit.start < end for start, end in danger)
            if grave and value == "yes" and topic in _TAKEN:
                return NOTHING  # "just took all my pills at once" is no way to take them.
            message.note(hit, f"answer:{value}")
            return Answer(value, LIKELY)
    return NOTHING


def unsure(message: Message) -> bool:
    """Whether the reply says that the patient does not know."""
    return any(True for _ in message.named("answers", "unsure"))
