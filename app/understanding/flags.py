"""When a person must see a reply: urgent signs, requests, barriers, doubt, and what nobody understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.understanding.answer import Answer
from app.understanding.detect import UNKNOWN
from app.understanding.intents import asks, bereaved, entrusts, help_cry
from app.understanding.lexicon import Hit, Scan
from app.understanding.message import Message, asks_of_harm, inverted
from app.understanding.reading import Urgency
from app.understanding.safety import Safety

MUST = frozenset(
    (
        "wants_human",
        "call_me_back",
        "wrong_number",
        "deceased",
        "running_late",
        "transport_barrier",
        "cost_barrier",
        "insurance_barrier",
        "medication_problem",
        "complaint",
        "question",
        "confusion",
        "help_keyword",
        "language_switch",
    )
)
SETTLED = frozenset(("opt_out", "opt_in", "thanks", "repeat"))
_GOOD_YES = frozenset(
    ("pickup", "adherence", "visit_booked", "ride", "instructions", "better", "help_home", "food")
)
_EXTRA = 2
_STRANGE = 2
_QUIETED = frozenset(("negated", "past", "masked"))
_MUCH = 5
_PLAIN = ("filler", "yes", "no", "correction")
_SAID = ("filler", "no", "correction", "no_phrase", "no_begun", "yes_then_no")
_ALWAYS = ("answers", "intents", "idioms", "scopes", "appointment")
FREE = frozenset(("open_text", "none"))
CHOSEN = frozenset(("choose_number", "choose_slot", "language_choice", "dob", "confirm_appointment"))
_SIGNS_A_WORD = 2
_BENIGN: dict[str, frozenset[str] | None] = {
    "answers": None,
    "intents": frozenset(("thanks", "opt_out", "opt_in", "repeat")),
    "idioms": None,
    "scopes": frozenset(("joke", "list", "neg", "third")),
    "topics": None,
    "appointment": None,
    "slots": None,
    "numbers": None,
    "ordinals": None,
    "months": None,
    "weekdays": None,
    "choices": None,
    "languages": None,
}


def troubling(message: Message, safety: Safety) -> bool:
    """Whether a person must see the reply for what it says, whether or not it answers what was asked."""
    return safety.flag or help_cry(message) or bereaved(message) or entrusts(message)


def must_see(
    message: Message, answer: Answer, found: tuple[str, ...], safety: Safety, topics: tuple[str, ...]
) -> bool:
    """Whether a person must see the reply."""
    if troubling(message, safety) or MUST & set(found):
        return True
    if asks(message) and "repeat" not in found:
        return True
    if message.detected == UNKNOWN:
        return True
    context = message.expectation.context
    if safety.alarmed and not (context in CHOSEN and answer.explicit):
        return not _everyday(message, answer, safety, topics) or _answered(message, answer, topics, context)
    if context in FREE:
        # A lone emoji or "네" asks for nothing where nothing in particular was asked.
        unread = bool(_words(message)) and not SETTLED & set(found) and _unreadable(message, safety)
        ill = any(scan.named("answers", "bad_state") for scan in message.own)
        return ill or unread or not message.tokens
    if answer.value is None and asks_of_harm(message.expectation.prompt, message.language):
        return True  # "I don't want to talk about it"
    if answer.value is None:
        return not SETTLED & set(found) and _unreadable(message, safety)
    return _answered(message, answer, topics, context)


def _everyday(message: Message, answer: Answer, safety: Safety, topics: tuple[str, ...]) -> bool:
    """Whether alarming words are everyday ones of a good answer: "as the bottle says"."""
    if message.expectation.context != "yes_no" or answer.value != "yes" or not _GOOD_YES & set(topics[:1]):
        return False
    told = [(h.start, h.end) for h in message.named("topics", f"{topics[0]}.yes")]
    usual = [(h.start, h.end) for h in message.named("scopes", "ordinary")]
    return not safety.spans and all(
        any(s <= start and end <= e for s, e in told) and any(s <= start and end <= e for s, e in usual)
        for start, end in safety.alarms
    )


def _unreadable(message: Message, safety: Safety) -> bool:
    """Whether there is no word at all, or none that any list knows, be it an everyday one."""
    odd = strange(message, safety, free=False)
    return (uncovered(message, free=False) if odd is None else odd) >= _words(message)


def _words(message: Message) -> int:
    kinds = [token.kind for token in message.tokens]
    return kinds.count("word") + kinds.count("han") // _SIGNS_A_WORD


def unaccounted(message: Message, answer: Answer, found: tuple[str, ...], safety: Safety) -> bool:
    """Whether a reply holds words that no list accounts for: harmless or not, it is not known what they say."""
    free = message.expectation.context in FREE
    odd = strange(message, safety, free=free)
    if not free and answer.value is not None:
        return odd is not None and odd >= _STRANGE
    glad = any(scan.named("answers", "good_state") for scan in message.own)
    if not free:
        extra = uncovered(message, free=False) if odd is None else odd
        return not SETTLED & set(found) and not (glad and extra <= _EXTRA)
    if odd is not None:
        return odd > (_EXTRA if SETTLED & set(found) else 1 if glad else 0)
    extra = uncovered(message, free=True)
    return extra > (3 * _EXTRA if SETTLED & set(found) else 2 * _EXTRA if glad else _EXTRA - 1)


def _answered(message: Message, answer: Answer, topics: tuple[str, ...], context: str) -> bool:
    extra = uncovered(message, free=False)
    if asks_of_harm(message.expectation.prompt, message.language) and answer.value == "no":
        hedged = any(scan.named("answers", "no_part") for scan in message.own)
        return hedged or extra >= _EXTRA
    well = "yes" if inverted(message.expectation.prompt, message.language) else "no"
    if context == "symptom_yes_no" and answer.value == well:
        return extra >= (_EXTRA if topics[:1] == ("mood",) else _MUCH)
    if context == "symptom_yes_no":
        return detailed(message)
    if context == "yes_no" and answer.value == "yes" and any(_takes_back(scan) for scan in message.own):
        return True
    if context == "yes_no" and _GOOD_YES & set(topics[:1]):
        if answer.value == "no":
            worse = topics[:1] == ("better",) and any(
                scan.named("signs", "worse") or scan.named("answers", "bad_state") for scan in message.own
            )
            return worse or not answer.explicit or extra >= _EXTRA or reasoned(message)
        doubt = any(scan.named("answers", "unsure") for scan in message.own)
        return doubt or (extra >= _EXTRA and any(scan.named("scopes", "condition") for scan in message.own))
    return False


def _takes_back(scan: Scan) -> bool:
    """Whether something is denied after a turn: "yes but not the insulin"."""
    turns = [cue.first for cue in scan.named("scopes", "contrast")]
    return any(cue.first >= min(turns) for cue in scan.named("scopes", "neg")) if turns else False


def detailed(message: Message) -> bool:
    """Whether a reply tells more than a bare yes or no: two words or more that are neither that nor filling."""
    for scan in message.own or message.other:
        plain = {i for h in scan.of("answers") if h.name in _PLAIN for i in _own_words(h)}
        plain |= scan.inside("intents", "thanks")
        told = [
            i
            for i, token in enumerate(scan.tokens)
            if token.kind in ("word", "han", "num") and i not in plain
        ]
        return len(told) >= _EXTRA
    return False


def reasoned(message: Message) -> bool:
    """Whether a no says more than no: two words or more beside it, be it one of several words, and filling."""
    for scan in message.own or message.other:
        plain = {i for h in scan.of("answers") if h.name in _SAID for i in range(h.first, h.last)}
        plain |= scan.inside("intents", "thanks")
        kinds = [token.kind for i, token in enumerate(scan.tokens) if i not in plain]
        return sum(kinds.count(kind) for kind in ("word", "han", "num")) >= _EXTRA
    return False


def _own_words(hit: Hit) -> range:
    """The words of a bare yes or no; a longer phrase ("when I climb stairs") tells something."""
    return range(hit.first, hit.last) if hit.name == "filler" or hit.last - hit.first == 1 else range(0)


def uncovered(message: Message, *, free: bool) -> int:
    """How many words of a reply no harmless pattern accounts for; ``free``: nothing in particular was asked."""
    scans = message.own or message.other
    if not scans:
        return len(message.tokens)
    sections = {name: _BENIGN[name] for name in _ALWAYS} if free else _BENIGN
    return min(_uncovered(scan, sections) for scan in scans)


def strange(message: Message, safety: Safety, *, free: bool) -> int | None:
    """How many words are neither accounted for nor everyday ones; None where a language lists none of these.

    Signs that are denied or long past, and measurements within bounds, are accounted for.
    """
    known = [scan for scan in message.own if scan.lists_ordinary]
    if not known:
        return None
    sections = {name: _BENIGN[name] for name in _ALWAYS} if free else _BENIGN
    sections = {**sections, "scopes": (sections["scopes"] or frozenset()) | {"ordinary"}}
    if safety.measured and safety.urgency is Urgency.NONE:
        sections["units"] = None
    quiet = [(e.start, e.end) for e in message.evidence if e.effect in _QUIETED]
    masks = [hit for scan in known for hit in scan.of("signs") if hit.name.endswith(("_not", "_attr"))]
    quiet += [(hit.start, hit.end) for hit in masks]
    return min(_uncovered(scan, sections, quiet) for scan in known)


def _uncovered(
    scan: Scan, sections: Mapping[str, frozenset[str] | None], quiet: Sequence[tuple[int, int]] = ()
) -> int:
    tokens = scan.tokens
    known = {i for i, t in enumerate(tokens) if any(s <= t.start and t.end <= e for s, e in quiet)}
    for section, names in sections.items():
        for hit in scan.of(section):
            if names is None or hit.name in names:
                known.update(range(hit.first, hit.last))
    left = [token.kind for i, token in enumerate(tokens) if i not in known]
    return left.count("word") + left.count("han") // _SIGNS_A_WORD
