"""What else a reply asks or says: opt-out, wrong number, a person, barriers, medicines, questions and the rest."""

from __future__ import annotations

from dataclasses import replace

from app.understanding.clause import leads
from app.understanding.lexicon import Hit, Scan
from app.understanding.measures import SIGN_BY_SIGN
from app.understanding.message import Message, overlaps, telling, topics_of
from app.understanding.reading import INTENTS, Evidence

_MASKS = {
    "deceased": ("deceased_not",),
    "call_me_back": ("call_me_not",),
    "running_late": ("running_late_not",),
    "transport_barrier": ("transport_not",),
    "medication_problem": ("medication_not",),
    "confusion": ("confusion_not",),
    "complaint": ("complaint_not",),
    "thanks": ("thanks_not",),
    "wrong_number": ("wrong_number_not",),
    "opt_out": ("opt_out_not",),
    "cost_barrier": ("cost_not",),
    "insurance_barrier": ("insurance_not",),
    "question": ("question_not",),
    "wants_human": ("wants_human_not",),
    "repeat": ("repeat_not",),
    "opt_in": ("opt_in_not",),
    "language_switch": ("language_switch_not",),
}
_MASKED = frozenset(name for names in _MASKS.values() for name in names) | {"opt_in"}
_ALL = 6
"""Words of a reply that tells of a death and nothing else."""
_ONLY_OWN = frozenset(("question", "confusion", "thanks"))
ASKING = ("?", "\uff1f", "\u061f")
_ANSWERED_NO = ("complaint", "deceased")
_SENTENCE = 2
_ASKED = 3
_OPEN = frozenset(("none", "open_text", "yes_no"))
_NO_SYMPTOM = frozenset(("none", "open_text", "confirm_appointment", "choose_slot"))
_GREETING = frozenset(("good_time", "consent"))
_KEYWORDS = frozenset(["stop", "stopall", "unsubscribe", "end", "quit", "revoke", "optout"])


def intents(message: Message) -> tuple[str, ...]:
    """Every intent found, in the order of ``INTENTS``."""
    found: set[str] = set()
    denied = {name: _spans(message, masks) for name, masks in _MASKS.items()}
    for scan in message.scans():
        own = scan in message.own
        hits = [hit for hit in scan.of("intents") if not _answers_first(hit, scan)]
        if not hits:
            continue
        figures = [hit for hit in scan.of("idioms") if hit.name != "battery"]
        quoted = scan.named("scopes", "quoted")
        bare = _bare(scan, message) if own else []
        for hit in (*hits, *_stops(scan), *bare):
            if hit.name not in INTENTS or (not own and not _counts(hit, message)):
                continue
            if _refused(hit, hits, _denials(scan)):
                continue
            if hit.name != "opt_out" and (overlaps(hit, _outside(hit, figures)) or overlaps(hit, bare)):
                continue
            if hit.name == "opt_out" and _in_jest(hit, scan):
                continue
            if not own and any(s < hit.end and hit.start < e for s, e in denied.get(hit.name, ())):
                continue
            if hit.name == "complaint" and overlaps(hit, quoted) and hit.last - hit.first < 3:
                continue
            found.add(hit.name)
            message.note(hit, f"intent:{hit.name}")
        if (
            any(h.name == "deceased_kin" for h in hits)
            and "deceased" in found
            and not _patient_died(hits, message, found)
        ):
            found.discard("deceased")
    if _names_a_language(message):
        found.add("language_switch")
    return tuple(name for name in INTENTS if name in _settled(found, message))


def _outside(hit: Hit, figures: list[Hit]) -> list[Hit]:
    """Figures of speech without those inside a longer phrase about a barrier: "my medicaid got cut off".

    Nor, where words are matched sign by sign, inside any longer phrase: the figures there keep words apart.
    """
    if hit.name == "medication_problem":  # the "my blood pressure pills" of "dog ate my blood pressure pills"
        return [f for f in figures if not (hit.first < f.first and f.last <= hit.last)]
    if not hit.name.endswith("_barrier") and hit.language not in SIGN_BY_SIGN:
        return figures
    return [f for f in figures if not (hit.first <= f.first and f.last <= hit.last and f != hit)]


def _stops(scan: Scan) -> list[Hit]:
    """A "stop" that is a sentence of its own counts wherever it stands: "please stop, my dad is fine"."""
    fillers = scan.inside("answers", "filler")
    tokens, found = scan.tokens, []
    for hit in scan.named("intents", "opt_out_alone"):
        start, end = hit.first, hit.last
        while start > 0 and not tokens[start].brk and start - 1 in fillers:
            start -= 1
        while end < len(tokens) and not tokens[end].brk and end in fillers:
            end += 1
        begins = start == 0 or tokens[start].brk > 0
        if begins and (end >= len(tokens) or tokens[end].brk):
            found.append(replace(hit, name="opt_out"))
    return found


def _bare(scan: Scan, message: Message) -> list[Hit]:
    """Words that may as well be about a pill, a pain or a visit end the messages only where they are the whole
    reply, or told beside a death, and nothing of that kind had been asked: "quit it", "not interested"."""
    expected = message.expectation
    if expected.context not in _OPEN:
        return []
    if expected.context == "yes_no" and set(topics_of(expected.prompt, message.language)) - _GREETING:
        return []
    aside = [*scan.named("answers", "filler"), *scan.named("answers", "no"), *scan.named("intents", "thanks")]
    rest = {i for hit in aside for i in range(hit.first, hit.last)}
    rest |= {i for i, token in enumerate(scan.tokens) if token.kind == "emoji"}
    died = any(scan.named("intents", name) for name in ("deceased", "deceased_kin"))
    out = []
    for hit in scan.named("intents", "opt_out_bare"):
        if died or all(hit.first <= i < hit.last or i in rest for i in range(len(scan.tokens))):
            out.append(replace(hit, name="opt_out"))
    return out


def _in_jest(hit: Hit, scan: Scan) -> bool:
    """Whether what is said is taken back as a joke: "cancel my subscription, jk"."""
    earnest = scan.named("scopes", "joke_not")
    told = scan.named("intents", "opt_out_jest")
    return any(jest.first >= hit.last and not overlaps(jest, earnest) for jest in told)


def _names_a_language(message: Message) -> bool:
    """A language's name and nothing else asks for it: "KREYÒL"."""
    if message.expectation.context == "language_choice":
        return False
    whole = len(message.tokens)
    named = [
        h
        for s in message.scans()
        for h in s.of("languages")
        if h.first == 0 and h.last == len(s.tokens) and whole
    ]
    for hit in named:
        message.note(hit, "intent:language_switch")
    return bool(named)


def _spans(message: Message, names: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where the patient's own languages say that a phrase does not mean what it looks like."""
    named = [(scan, h) for scan in message.own for name in names for h in scan.named("intents", name)]
    return [(hit.start, hit.end) for scan, hit in named if not _answers_first(hit, scan)]


def _answers_first(mask: Hit, scan: Scan) -> bool:
    """Whether what takes a meaning away, or asks for the messages, is a bare no and what follows it:
    "no, dejen de mandarme".
    """
    if mask.name not in _MASKED or mask.last - mask.first < _ASKED or not scan.tokens[mask.first + 1].brk:
        return False
    return any(cue.first == mask.first and cue.last == mask.first + 1 for cue in scan.named("answers", "no"))


def _counts(hit: Hit, message: Message) -> bool:
    if hit.name in _ONLY_OWN and hit.last - hit.first < 2:
        return False
    words = [token for token in message.tokens if token.kind == "word"]
    return telling(hit) or (len(words) == 1 and words[0].text in _KEYWORDS)


def _denials(scan: Scan) -> list[Hit]:
    """Negations of the sentence itself: the no of "no. dog died" denies nothing."""
    size, tokens = len(scan.tokens), scan.tokens
    return [cue for cue in scan.named("scopes", "neg") if cue.last < size and not tokens[cue.last].brk]


def _refused(hit: Hit, hits: list[Hit], denials: list[Hit]) -> bool:
    masks = [m for m in hits if m.name in _MASKS.get(hit.name, ())]
    masks = [m for m in masks if not any(d.last == m.first and _undoes(d, m) for d in denials)]
    if hit.name in ("medication_problem", "complaint", "question", "wants_human", "confusion"):
        return any(m.first <= hit.first < m.last for m in masks)
    return overlaps(hit, masks)


def _undoes(denial: Hit, mask: Hit) -> bool:
    """Whether a denial before a phrase takes it back; the "nope" that opens "nope car died" answers."""
    return denial.first > 0 or not mask.name.startswith(_ANSWERED_NO)


def _patient_died(hits: list[Hit], message: Message, found: set[str]) -> bool:
    """A relative who died is the patient when messages are to stop, or when that is all, and nobody had asked."""
    told = message.expectation.context == "none" and len(message.tokens) <= _ALL
    here = any(h.name == "deceased_patient" for h in hits) and message.expectation.context in _NO_SYMPTOM
    return told or here or not found.isdisjoint(("opt_out", "wrong_number"))


def bereaved(message: Message) -> bool:
    """Whether a relative is said to have died: it may be the patient, so a person looks."""
    return any(scan.named("intents", "deceased_kin") for scan in message.own)


def _settled(found: set[str], message: Message) -> set[str]:
    if "opt_in" in found and "opt_out" in found:
        wider = _widest(message, "opt_in") > _widest(message, "opt_out")
        found.discard("opt_out" if wider else "opt_in")
    if "help_keyword" in found and len(message.tokens) > 2:
        found.discard("help_keyword")
    return found


def _widest(message: Message, name: str) -> int:
    return max(
        (hit.end - hit.start for scan in message.scans() for hit in scan.named("intents", name)), default=0
    )


def asks(message: Message) -> bool:
    """Whether the reply holds a question mark, or a word that only asks, as the Chinese 吗 does."""
    if any(mark in message.text for mark in ASKING):
        return True
    return any(
        not overlaps(hit, scan.named("intents", "question_not"))
        for scan in message.own
        for hit in scan.named("intents", "asking")
    )


def opens_with(message: Message, name: str) -> bool:
    """Whether a reply opens with that intent: a question word inside a sentence asks nothing."""
    return any(leads(hit, scan) for scan in message.scans() for hit in scan.named("intents", name))


def turned_to_ask(message: Message) -> bool:
    """Whether an answer goes on to ask: "1 but can my girlfriend come in with me", "No. do I take it with food"."""
    over = _answer_ends(message)
    for scan in message.own:
        turns = {hit.last for hit in scan.named("scopes", "contrast")}
        ends = len(scan.tokens)
        questions = [
            hit
            for hit in scan.named("intents", "question")
            if hit.last - hit.first + (hit.last == ends) >= _ASKED  # "ok but which building"
        ]
        denied = scan.named("intents", "question_not")
        if any((hit.first in turns or hit.start >= over) and not overlaps(hit, denied) for hit in questions):
            return True
    return False


def _answer_ends(message: Message) -> int:
    """Where the sentence ends that holds the answer noted last."""
    answered = [mark for mark in message.evidence if mark.effect.startswith("answer:")]
    if not answered and message.tokens and message.tokens[0].kind == "num":
        return message.tokens[0].end  # "4 why did I get two bills"
    starts = [token.start for token in message.tokens if token.brk == _SENTENCE]
    after = [start for start in starts if answered and start >= answered[-1].end]
    return min(after, default=len(message.text))


def also(found: tuple[str, ...], name: str) -> tuple[str, ...]:
    """The intents with one more, in the order of ``INTENTS``."""
    return tuple(known for known in INTENTS if known in found or known == name)


def told_apart(message: Message, effect: str) -> bool:
    """Whether the answer noted last stands in a sentence of its own, outside those that ask or hold that intent."""
    answered = [mark for mark in message.evidence if mark.effect.startswith("answer:")]
    if not answered:
        return False
    starts = [token.start for token in message.tokens if token.brk == _SENTENCE]
    begin = max((start for start in starts if start <= answered[-1].start), default=0)
    end = min((start for start in starts if start > answered[-1].start), default=len(message.text))
    if any(mark.effect == effect and mark.start < end and begin < mark.end for mark in message.evidence):
        return False
    return not any(sign in message.text[begin:end] for sign in ASKING)


def without(message: Message, marks: list[Evidence]) -> str:
    """The reply with blanks where those words stand, from the clause they begin in to the end of their sentence.

    What comes before them in one clause stays where it holds numbers alone, or ends in a filler or a turn.
    """
    text, tokens = message.text, message.tokens
    held = {
        i
        for scan in message.own
        for section, name in (("answers", "filler"), ("scopes", "contrast"))
        for i in scan.inside(section, name)
    }
    for mark in marks:
        first = next((i for i, token in enumerate(tokens) if token.end > mark.start), len(tokens))
        begin = first
        while 0 < begin < len(tokens) and not tokens[begin].brk:
            begin -= 1
        whole = first - 1 in held or all(token.kind == "num" for token in tokens[begin:first])
        start = mark.start if whole or first >= len(tokens) else min(mark.start, tokens[begin].start)
        ends = [token.start for token in tokens if token.brk == _SENTENCE and token.start >= mark.end]
        end = min(ends, default=len(text))
        if end > start:
            text = text[:start] + "." + " " * (end - start - 1) + text[end:]
    return text


def entrusts(message: Message) -> bool:
    """Whether a reply asks or owns up to what only a person can take up: "text my son instead", a relapse."""
    return any(
        not overlaps(hit, scan.named("intents", "for_a_person_not"))
        for scan in message.own
        for hit in scan.named("intents", "for_a_person")
    )


def help_cry(message: Message) -> bool:
    """An ambiguous cry for help, which a person must see."""
    return any(scan.named("intents", "help_cry") for scan in message.own)
