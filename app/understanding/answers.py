"""Yes and no in all their forms, to the question as asked; the last choice counts."""

from __future__ import annotations

from dataclasses import dataclass

from app.understanding.amounts import gained, temperature
from app.understanding.clause import alone, closes, inside_question, leads
from app.understanding.lexicon import Hit, Scan, usable
from app.understanding.message import Message, covered, inverted, longest, overlaps, signs_of
from app.understanding.normal import Token
from app.understanding.reading import Urgency
from app.understanding.rules import Rules
from app.understanding.safety import Safety
from app.understanding.scopes import Scopes
from app.understanding.topics import topic_hits

_EXPLICIT = {
    "yes": "yes",
    "yes_phrase": "yes",
    "no_then_yes": "yes",
    "no": "no",
    "no_phrase": "no",
    "yes_then_no": "no",
}
_SURE, _LIKELY, _WEAK = 0.95, 0.8, 0.6
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
_ELSEWHERE = frozenset(("symptom", "radiating"))
"""Signs that may stand for another place: "no chest pain but my arm hurts" stays a no."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A value and how sure it is; ``value`` None means the reply does not answer."""

    value: str | int | None
    confidence: float = 0.0
    explicit: bool = False


NOTHING = Answer(None)


Spans = tuple[tuple[int, int], ...]


def said(
    message: Message, avoid: Spans = (), *, part: bool = False, agreed: bool = False
) -> list[tuple[Hit, str]]:
    """The explicit yes and no of a reply, without those inside longer phrases that mean something else.

    ``avoid`` are the signs of the reply: the no of "no puedo respirar" answers nothing. ``part``: whether
    "sometimes", "some", "only when I climb" say yes, as they do of a symptom. ``agreed``: only what agrees, not
    the "i have" of "i have a funeral that day".
    """
    avoid = (*avoid, *unsaid(message))
    native = _small_words(message) if len(message.tokens) > 1 else frozenset()
    for scan in (*message.own, *message.other):
        found = _said(scan, own=scan in message.own, part=part)
        if scan not in message.own:
            found = [(hit, value) for hit, value in found if not _native(hit, scan, native)]
        if agreed:
            names = ("yes_begun", "yes_part")
            begun = {h.first for name in names for h in scan.named("answers", name) if not alone(h, scan)}
            found = [item for item in found if item[0].first not in begun]
        found = [i for i in found if not any(s < i[0].end and i[0].start < e for s, e in avoid)]
        if found:
            return found
    return []


def unsaid(message: Message) -> Spans:
    """Where the patient's own languages say that they doubt, or that a yes or no is none: "no sé", "no entiendo"."""
    names = ("masked", "unsure")
    hits = [hit for scan in message.own for name in names for hit in scan.named("answers", name)]
    return tuple((hit.start, hit.end) for hit in hits if hit.last - hit.first > 1)


def _said(scan: Scan, *, own: bool, part: bool = False) -> list[tuple[Hit, str]]:
    values = {**_EXPLICIT, "yes_part" if part else "no_begun": "yes" if part else "no"}
    names = (*_EXPLICIT, "yes_part", "no_begun", "masked", "unsure")
    hits = [hit for hit in scan.of("answers") if hit.name in names]
    hits += scan.of("idioms")
    kept = [hit for hit in longest(hits) if not inside_question(hit, scan)]
    kept = [hit for hit in kept if hit.section == "answers"]
    out = [(hit, values[hit.name]) for hit in kept if hit.name in values]
    out += [(hit, "no") for hit in kept if part and hit.name == "no_begun" and alone(hit, scan)]
    out.sort(key=lambda item: item[0].first)
    if not own:
        out = [(hit, value) for hit, value in out if hit.end - hit.start > 1 and leads(hit, scan)]
    return out


def _small_words(message: Message) -> frozenset[str]:
    known = [usable(scan.language) for scan in message.own]
    return frozenset().union(*(lexicon.function_words for lexicon in known if lexicon))


def _native(hit: Hit, scan: Scan, native: frozenset[str]) -> bool:
    """Whether a yes or no of another language is a small word of the patient's own: the "ya" of "ya comí"."""
    return hit.last - hit.first == 1 and scan.tokens[hit.first].text in native


def emoji(message: Message, rules: Rules) -> str:
    """What the emoji of a reply say when nothing else does: yes, no, or "" when they say neither or both."""
    marks = {token.text for token in message.tokens if token.kind == "emoji"}
    yes, no = bool(marks & rules.emoji_of("yes")), bool(marks & rules.emoji_of("no"))
    return "" if yes == no else "yes" if yes else "no"


def explicit(
    message: Message, rules: Rules, avoid: Spans = (), *, part: bool = False, agreed: bool = False
) -> Answer:
    """The yes or no a reply says in so many words: the first that leads it, or the last after a correction."""
    found = said(message, avoid, part=part, agreed=agreed)
    if not found:
        sign = emoji(message, rules)
        return Answer(sign, _LIKELY, explicit=True) if sign else NOTHING
    scan = next(s for s in message.scans() if s.language == found[0][0].language)
    hit, value = _choose(found, scan)
    message.note(hit, f"answer:{value}")
    same = [other for other, said_value in found if said_value == value]
    plain = leads(hit, scan) or closes(hit, scan, same)
    return Answer(value, _SURE if plain else _WEAK, explicit=plain)


def _choose(found: list[tuple[Hit, str]], scan: Scan) -> tuple[Hit, str]:
    corrections = scan.named("answers", "correction")
    after = [item for item in found if any(c.last <= item[0].first for c in corrections)]
    if after and len(found) > 1:
        return after[-1]
    leading = [item for item in found if leads(item[0], scan)]
    return leading[0] if leading else found[-1]


def corrected(message: Message) -> bool:
    """Whether the reply takes something back."""
    return any(scan.named("answers", "correction") for scan in message.own)


def yes_no(
    message: Message, rules: Rules, topics: tuple[str, ...], safety: Safety, *, symptom: bool
) -> Answer:
    """The answer to a yes/no question: said outright, or told in other words about what was asked."""
    avoid = (*safety.spans, *(_ended(message) if symptom else ()))
    spoken = explicit(message, rules, avoid, part=symptom, agreed=symptom)
    if symptom and inverted(message.expectation.prompt, message.language):
        return _turned(message, spoken, _symptom(message, rules, topics, safety), safety)
    if spoken.explicit:
        wider = _wider(message, topics, spoken)
        if wider is not None and (not symptom or wider.value == "yes"):
            return wider
    if symptom and spoken.value == "no" and _turns(message, rules, topics, safety):
        return Answer("yes", _LIKELY)
    if (
        not symptom
        and spoken.value == "yes"
        and (_only_begun(message, safety) or _by_the_way(message, spoken))
    ):
        spoken = NOTHING
    if spoken.explicit and spoken.confidence >= _LIKELY and not _only_state(message, symptom):
        return spoken
    if not symptom and _unsure(message) and topics[:1] != ("instructions",):
        return NOTHING  # Whoever is not sure about the instructions has said how well they are understood.
    if topics[:1] == ("safe",) and not symptom and "violence" in safety.active:
        return Answer("no", _LIKELY)
    told = _symptom(message, rules, topics, safety) if symptom else _topic(message, topics, safety)
    if told.value is not None:
        return told
    if _unsure(message) and not spoken.explicit:
        return NOTHING
    return spoken


def _only_begun(message: Message, safety: Safety) -> bool:
    """Whether a yes is but the beginning of a sentence that turns: "I have read it and still cannot tell"."""
    for scan in message.own:
        begun = [
            hit for hit in scan.named("answers", "yes_begun") if leads(hit, scan) and not alone(hit, scan)
        ]
        plain = [hit for hit in scan.of("answers") if hit.name == "yes"]
        same = {(hit.first, hit.last) for hit in begun}
        if not begun or any(leads(hit, scan) and (hit.first, hit.last) not in same for hit in plain):
            continue
        turns = [
            *scan.named("scopes", "neg"),
            *scan.named("scopes", "neg_not"),
            *scan.named("answers", "unsure"),
        ]
        return bool(safety.spans) or any(cue.first >= begun[0].last for cue in turns)
    return False


def _by_the_way(message: Message, spoken: Answer) -> bool:
    """Whether a yes is but how some later clause begins: "went there but it was closed", "the first they have"."""
    if spoken.explicit:
        return False
    for scan in message.own:
        begun = {(h.first, h.last) for h in scan.named("answers", "yes_begun") if not alone(h, scan)}
        heard = {(hit.first, hit.last) for hit, value in _said(scan, own=True) if value == "yes"}
        if heard - begun:
            return False
    return True


def _turns(message: Message, rules: Rules, topics: tuple[str, ...], safety: Safety) -> bool:
    """Whether a no turns into what was asked about: "no pus but it's real red", "no pain, just pressure"."""
    for scan in message.own:
        tokens = scan.tokens
        turns = [c for c in scan.named("scopes", "contrast") if c.first > 0]
        if not turns:
            continue
        begin = tokens[turns[0].first].start
        names = [topic for topic in topics if topic in rules.topics]
        asked = {sign for topic in names for sign in rules.topics[topic].signs} & safety.active - _ELSEWHERE
        asked -= {"symptom"}
        told = {mark.start for mark in message.evidence if mark.rule.split(".")[-1] in asked}
        scopes = Scopes(scan, [])
        vague = scan.named("signs", "symptom")
        yes = [hit for name in topics for hit in scan.named("topics", f"{name}.yes")]
        yes = [hit for hit in yes if not overlaps(hit, vague) and not scopes.negated(hit)]
        if any(start >= begin for start in (*told, *(hit.start for hit in yes))):
            return not any(h.start >= begin for n in topics for h in scan.named("topics", f"{n}.no"))
    return False


def _turned(message: Message, spoken: Answer, told: Answer, safety: Safety) -> Answer:
    """The answer to a question that asks whether all is well ("you have no pain, is that right?").

    A symptom is a no; a symptom denied or over is a yes; a bare no stays a no.
    """
    if told.value == "yes":
        return Answer("no", _LIKELY) if spoken.value != "yes" or not spoken.explicit else NOTHING
    bare = not any(token.kind in ("word", "han") for token in _left(message))
    if spoken.value == "yes":
        return spoken if bare or told.value == "no" else NOTHING
    if bare and spoken.value == "no":
        return spoken
    if told.value == "no" or safety.gone:
        return Answer("yes", _LIKELY)
    once = spoken.value == "no" and spoken.explicit and len(said(message)) == 1
    return Answer("no", _WEAK) if once else NOTHING


def _left(message: Message) -> list[Token]:
    """What a reply holds beside its yes or no and fillers."""
    for scan in message.own or message.other:
        names = ("filler", "correction", *_EXPLICIT)
        known = {i for h in scan.of("answers") if h.name in names for i in range(h.first, h.last)}
        return [token for index, token in enumerate(scan.tokens) if index not in known]
    return []


def _unsure(message: Message) -> bool:
    return any(True for _ in message.named("answers", "unsure"))


def _ended(message: Message) -> Spans:
    """Where a reply says in several words that something is over: the "ya" of "ya se me quitó" is no yes."""
    hits = [hit for scan in message.own for hit in scan.named("scopes", "resolved")]
    return tuple((hit.start, hit.end) for hit in hits if hit.last - hit.first > 1)


def _wider(message: Message, topics: tuple[str, ...], spoken: Answer) -> Answer | None:
    """The answer of a longer phrase about what was asked around the spoken word: "never missed a dose" is a yes."""
    heard = said(message)
    for topic in topics:
        best = topic_hits(message, topic)
        if best and best[1] != spoken.value and heard and covered(heard[0][0], [best[0]]):
            return Answer(best[1], _LIKELY)
    hedged = heard and any(
        hit.start == heard[0][0].start for scan in message.own for hit in scan.named("scopes", "soft")
    )
    if hedged:
        for topic in topics:
            best = topic_hits(message, topic)
            if best:
                return Answer(best[1], _LIKELY)
    return None


def _only_state(message: Message, symptom: bool) -> bool:
    """ "Fine", "ok", "good" to a symptom question tell how the patient is; they do not mean yes."""
    if not symptom:
        return False
    for scan in message.own:
        states = scan.named("answers", "good_state")
        if any(
            h.start == s.start and h.end <= s.end
            for h, _ in _said(scan, own=True, part=True)[:1]
            for s in states
        ):
            return True
    return False


def _symptom(message: Message, rules: Rules, topics: tuple[str, ...], safety: Safety) -> Answer:
    asked = {sign for topic in topics if topic in rules.topics for sign in rules.topics[topic].signs}
    asked |= signs_of(message.expectation.prompt, message.language) - _VAGUE
    listed = {sign for sign in safety.active if sign not in _BESIDE}
    amount = temperature(message, topics) or gained(message, topics)
    if amount:
        return Answer(amount, _LIKELY)
    named = listed & asked if asked and "*" not in asked else listed
    told = _topic(message, topics, safety)
    if named - {"symptom"} or (named and told.value != "no"):
        return Answer("yes", _LIKELY) if not _passed(message, safety) else Answer("no", _WEAK)
    if named:
        turned = any(scan.named("scopes", "contrast") for scan in message.own)
        return NOTHING if turned else told
    if told.value is not None:
        return told
    if any(True for _ in _states(message, "bad_state")) and ("*" in asked or "depressed" in asked):
        return Answer("yes", _WEAK)
    if any(mark.rule.startswith("measure.") for mark in message.evidence):
        return Answer("yes", _LIKELY)
    if listed - {"symptom"}:
        # Asked about nothing that is known: a danger told in answer is a yes.
        return Answer("yes", _LIKELY) if not asked and safety.urgency >= Urgency.URGENT else NOTHING
    good = list(_states(message, "good_state"))
    if good:
        message.note(good[0], "answer:no")
        return Answer("no", _LIKELY)
    if safety.gone or _over(message):
        return Answer("no", _LIKELY)
    return NOTHING


def _passed(message: Message, safety: Safety) -> bool:
    """Whether a symptom told is said to be over in a later sentence: "threw up once Sunday. fine now"."""
    if safety.urgency >= Urgency.URGENT or any(s.named("scopes", "returned") for s in message.own):
        return False
    begin = max((end for _, end in safety.spans), default=0)
    return any(h.start >= begin for scan in message.own for h in scan.named("answers", "over"))


def _over(message: Message) -> bool:
    """ "Had one Monday, it's gone"; or nothing but a figure of speech."""
    for scan in message.own:
        over = scan.named("scopes", "resolved") and not scan.named("scopes", "returned")
        if over or scan.of("idioms"):
            return True
    return False


def _states(message: Message, name: str) -> list[Hit]:
    out = []
    for scan in message.own:
        scopes = Scopes(scan, [])
        idioms = scan.of("idioms") if name == "bad_state" else []
        states = [hit for hit in scan.named("answers", name) if not overlaps(hit, idioms)]
        out += [hit for hit in states if not scopes.negated(hit)]
    return out


def _topic(message: Message, topics: tuple[str, ...], safety: Safety) -> Answer:
    danger = () if message.expectation.context == "symptom_yes_no" else tuple(safety.spans)
    for topic in topics:
        best = topic_hits(message, topic)
        if best:
            hit, value = best
            grave = any(start < hit.end and hit.start < end for start, end in danger)
            if grave and value == "yes" and topic in _TAKEN:
                return NOTHING  # "just took all my pills at once" is no way to take them.
            message.note(hit, f"answer:{value}")
            return Answer(value, _LIKELY)
    return NOTHING
