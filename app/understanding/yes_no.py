"""Yes and no in all their forms, to the question as asked; the last choice counts."""

from __future__ import annotations

from app.understanding.answer import LIKELY, NOTHING, SURE, WEAK, Answer
from app.understanding.clause import alone, closes, entire, inside_question, leads
from app.understanding.lexicon import Hit, Scan, usable
from app.understanding.message import Message, covered, inverted, longest, signs_of
from app.understanding.normal import Token, strip_marks
from app.understanding.rules import Rules
from app.understanding.safety import Safety
from app.understanding.symptoms import by_symptom, by_topic, denies_another, turns_into_yes, unsure
from app.understanding.topics import topic_around, topic_hits

_EXPLICIT = {
    "yes": "yes",
    "yes_phrase": "yes",
    "no_then_yes": "yes",
    "no": "no",
    "no_phrase": "no",
    "yes_then_no": "no",
}


_LATER = (("good_time",), ("weighed",), ("monitoring",))
"""Questions that whoever does not know, or cannot measure, has answered with a no."""

Spans = tuple[tuple[int, int], ...]


def said(
    message: Message, avoid: Spans = (), over: Spans = (), *, part: bool = False, agreed: bool = False
) -> list[tuple[Hit, str]]:
    """The explicit yes and no of a reply, without those inside longer phrases that mean something else.

    ``avoid`` are the signs of the reply: the no of "no puedo respirar" answers nothing; ``over`` is where it says
    that something is over, which is no yes. ``part``: whether "sometimes", "some", "only when I climb" say yes, as
    they do of a symptom. ``agreed``: only what agrees, not the "i have" of "i have a funeral that day".
    """
    avoid = (*avoid, *unsaid(message))
    native = _small_words(message) if len(message.tokens) > 1 else frozenset()
    for scan in (*message.own, *message.other):
        found = _said(scan, own=scan in message.own, part=part)
        if scan not in message.own:
            found = [(hit, value) for hit, value in found if not _native(hit, scan, native)]
        if agreed:
            names = ("yes_begun", "yes_part")
            begun = {h.first for name in names for h in scan.named("answers", name) if not entire(h, scan)}
            told = ("yes_when", "no_then_yes")
            found = [i for i in found if i[1] == "no" or i[0].name in told or i[0].first not in begun]
        found = [item for item in found if not _within(item[0], avoid)]
        begin = [hit for hit, value in found if value == "yes" and _begins_within(hit, over)]
        found = [item for item in found if item[0] not in begin]
        if found:
            return found
    return []


def _begins_within(hit: Hit, spans: Spans) -> bool:
    """Whether a yes begins what tells of an end: the "ya" of "ya se me quitó", not "yes but not today"."""
    return any(start <= hit.start < end for start, end in spans)


def _within(hit: Hit, spans: Spans) -> bool:
    return any(start < hit.end and hit.start < end for start, end in spans)


def unsaid(message: Message) -> Spans:
    """Where the patient's own languages say that they doubt, or that a yes or no is none: "no sé", "no entiendo"."""
    hits = []
    for scan in message.own:
        plain = [hit for name in _EXPLICIT for hit in scan.named("answers", name)]
        hits += [hit for hit in scan.named("answers", "masked") if not covered(hit, plain)]
        hits += scan.named("answers", "unsure")
    return tuple((hit.start, hit.end) for hit in hits if hit.last - hit.first > 1)


def _said(scan: Scan, *, own: bool, part: bool = False) -> list[tuple[Hit, str]]:
    values = {**_EXPLICIT, **({"yes_part": "yes", "yes_when": "yes"} if part else {"no_begun": "no"})}
    names = (*_EXPLICIT, "yes_part", "yes_when", "no_begun", "masked", "unsure")
    hits = [hit for hit in scan.of("answers") if hit.name in names]
    back = [cue.first for cue in scan.named("scopes", "returned")]  # "yes it was but it quit, then came back"
    hits = [hit for hit in hits if hit.name != "yes_then_no" or not any(at >= hit.last for at in back)]
    hits += scan.of("idioms")
    kept = [hit for hit in longest(hits) if not inside_question(hit, scan)]
    if any(scan.named("scopes", "joke")):
        kept = [hit for hit in kept if hit.name != "yes_when"]
    done = (
        scan.named("answers", "task") if part else []
    )  # the "ok" of "tudo ok" is no yes of a symptom either
    task = {index for hit in done for index in range(hit.first, hit.last)}
    kept = [hit for hit in kept if hit.section == "answers" and not (hit.name == "yes" and hit.first in task)]
    out = [(hit, values[hit.name]) for hit in kept if hit.name in values]
    out += [(hit, "no") for hit in kept if part and hit.name == "no_begun" and alone(hit, scan)]
    within = {(h.first, h.last) for h in scan.named("answers", "no_leading") if not _denies(h, scan, part)}
    out = [(hit, value) for hit, value in out if hit.name != "no" or (hit.first, hit.last) not in within]
    out.sort(key=lambda item: item[0].first)
    if not own:
        out = [(hit, value) for hit, value in out if hit.end - hit.start > 1 and leads(hit, scan)]
    return out


def _denies(hit: Hit, scan: Scan, part: bool) -> bool:
    """Whether a "not" answers: of a symptom when nothing follows it, else in the first clause of a reply.

    "The courier did not come" has no medicines; "walk, do not lift" has understood what was said.
    """
    first = not any(token.brk for token in scan.tokens[1 : hit.first + 1])
    return alone(hit, scan) or (not part and (first or leads(hit, scan)))


def _small_words(message: Message) -> frozenset[str]:
    known = [usable(scan.language) for scan in message.own]
    return frozenset().union(*(lexicon.function_words for lexicon in known if lexicon))


def _native(hit: Hit, scan: Scan, native: frozenset[str]) -> bool:
    """Whether a yes or no of another language is a small word of the patient's own: the "ya" of "ya comí"."""
    word = scan.tokens[hit.first].text
    return hit.last - hit.first == 1 and (word in native or strip_marks(word) in native)


def emoji(message: Message, rules: Rules) -> str:
    """What the emoji of a reply say when nothing else does: yes, no, or "" when they say neither or both."""
    marks = {token.text for token in message.tokens if token.kind == "emoji"}
    yes, no = bool(marks & rules.emoji_of("yes")), bool(marks & rules.emoji_of("no"))
    return "" if yes == no else "yes" if yes else "no"


def explicit(
    message: Message,
    rules: Rules,
    avoid: Spans = (),
    over: Spans = (),
    *,
    part: bool = False,
    agreed: bool = False,
) -> Answer:
    """The yes or no a reply says in so many words: the first that leads it, or the last after a correction."""
    found = said(message, avoid, over, part=part, agreed=agreed)
    if not found:
        # "Zofran is working 👍" about vomiting: the words tell how it is, the emoji only that it is well.
        told = part and any(token.kind in ("word", "han") for token in message.tokens)
        sign = "" if told else emoji(message, rules)
        return Answer(sign, LIKELY, explicit=True) if sign else NOTHING
    scan = next(s for s in message.scans() if s.language == found[0][0].language)
    hit, value = _choose(found, scan)
    message.note(hit, f"answer:{value}")
    same = [other for other, said_value in found if said_value == value]
    plain = leads(hit, scan) or closes(hit, scan, same)
    return Answer(value, SURE if plain else WEAK, explicit=plain)


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
    over = _ended(message) if symptom else ()
    spoken = explicit(message, rules, tuple(safety.spans), over, part=symptom, agreed=symptom)
    if topics[:1] == ("safe",) and "violence" in safety.active and _asks_of_safety(message):
        return Answer("no", LIKELY)
    if symptom and inverted(message.expectation.prompt, message.language):
        if spoken.value == "no" and _told_well(message, topics):
            return Answer("yes", LIKELY)
        return _turned(message, spoken, by_symptom(message, rules, topics, safety), safety)
    if spoken.explicit:
        wider = _wider(message, topics, spoken)
        if wider is not None and (not symptom or wider.value == "yes"):
            return wider
    if (
        symptom
        and not spoken.explicit
        and spoken.value == "no"
        and _both(message, topics, tuple(safety.spans), over)
    ):
        return Answer("yes", WEAK)
    if symptom and spoken.value == "no":
        no = [hit for hit, _ in said(message, tuple(safety.spans), over, part=True, agreed=True)]
        if turns_into_yes(message, rules, topics, safety) or denies_another(
            message, rules, topics, safety, no
        ):
            return Answer("yes", LIKELY)
    if (
        not symptom
        and spoken.value == "yes"
        and (_only_begun(message, safety) or _by_the_way(message, spoken))
    ):
        spoken = NOTHING
    if spoken.explicit and spoken.confidence >= LIKELY and not _only_state(message, symptom):
        return spoken
    if not symptom and unsure(message) and topics[:1] != ("instructions",):
        # Whoever is not sure about the instructions has said how well they are understood.
        later = by_topic(message, topics, safety) if topics[:1] in _LATER else NOTHING
        return (
            later if later.value == "no" else NOTHING
        )  # "Maybe later" is no good time; without scales, none.
    told = by_symptom(message, rules, topics, safety) if symptom else by_topic(message, topics, safety)
    if told.value is not None:
        return told
    if unsure(message) and not spoken.explicit:
        return NOTHING
    if topics[:1] == ("monitoring",) and safety.measured and spoken.value is None:
        return Answer("yes", LIKELY)  # "Did you check your pressure?" "118/74"
    return spoken


def _asks_of_safety(message: Message) -> bool:
    """Whether a question is whether all is safe at home, not whether somebody does harm."""
    return "violence" not in signs_of(message.expectation.prompt, message.language)


def _both(message: Message, topics: tuple[str, ...], avoid: Spans, over: Spans) -> bool:
    """ "Swollen yes, red no": one of the things asked about is there."""
    heard = said(message, avoid, over, part=True, agreed=True)
    values = {value for _, value in heard if value == "no" or not _of_else(message, topics, heard)}
    turned = corrected(message) or any(scan.named("scopes", "contrast") for scan in message.own)
    return values == {"yes", "no"} and not turned and not unsure(message)


def _of_else(message: Message, topics: tuple[str, ...], heard: list[tuple[Hit, str]]) -> bool:
    """ "Bored yes, sad no": each yes follows what was not asked about, and what was asked about is denied."""
    for scan in message.own:
        about = [hit for hit in scan.of("topics") if hit.name.partition(".")[0] in topics]
        named = about or [*scan.of("topics"), *scan.of("signs")]
        ends = {hit.last for hit in named if not hit.name.endswith((".prompt", ".no"))}
        yes = [hit for hit, value in heard if value == "yes"]
        no = [hit for hit, value in heard if value == "no"]
        if yes and no and all(hit.first > 0 and hit.first not in ends for hit in yes):
            return all(hit.first in ends for hit in no)
    return False


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


def _turned(message: Message, spoken: Answer, told: Answer, safety: Safety) -> Answer:
    """The answer to a question that asks whether all is well ("you have no pain, is that right?").

    A symptom is a no; a symptom denied or over is a yes; a bare no stays a no.
    """
    if told.value == "yes":
        return Answer("no", LIKELY) if spoken.value != "yes" or not spoken.explicit else NOTHING
    bare = not any(token.kind in ("word", "han") for token in _left(message))
    if spoken.value == "yes":
        bare = bare and not any(scan.named("scopes", "soft") for scan in message.own)  # "a little"
        return spoken if bare or told.value == "no" or _only_yes(message, spoken, safety) else NOTHING
    if bare and spoken.value == "no":
        return spoken
    if told.value == "no" or safety.gone:
        return Answer("yes", LIKELY)
    once = spoken.value == "no" and spoken.explicit and len(said(message)) == 1
    return Answer("no", WEAK) if once else NOTHING


def _only_yes(message: Message, spoken: Answer, safety: Safety) -> bool:
    """Whether what follows a plain yes neither turns, denies, halves nor names a sign: "yes like a horse"."""
    cues = ("neg", "neg_not", "contrast", "returned", "soft", "current")
    doubt = any(scan.named("scopes", name) for scan in message.own for name in cues)
    doubt = doubt or any(scan.named("answers", "yes_part") or scan.of("signs") for scan in message.own)
    return spoken.explicit and not doubt and not safety.active and not unsure(message)


def _told_well(message: Message, topics: tuple[str, ...]) -> bool:
    """Whether a no is but a part of what tells that all is well: "no me duele nada" to "is it under control?"."""
    found = [best for topic in topics if (best := topic_hits(message, topic))]
    return bool(found) and found[0][1] == "no" and covered(said(message)[0][0], [found[0][0]])


def _left(message: Message) -> list[Token]:
    """What a reply holds beside its yes or no and fillers."""
    for scan in message.own or message.other:
        names = ("filler", "correction", *_EXPLICIT)
        known = {i for h in scan.of("answers") if h.name in names for i in range(h.first, h.last)}
        return [token for index, token in enumerate(scan.tokens) if index not in known]
    return []


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
            return Answer(best[1], LIKELY)
        all_told = topic_around(message, topic, heard[0][0]) if heard else None
        if all_told not in (None, spoken.value):
            return Answer(all_told, LIKELY)
    hedged = heard and any(
        hit.start == heard[0][0].start for scan in message.own for hit in scan.named("scopes", "soft")
    )
    if hedged:
        for topic in topics:
            best = topic_hits(message, topic)
            if best:
                return Answer(best[1], LIKELY)
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
