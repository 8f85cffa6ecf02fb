"""Choices by number, ordinal, label, paraphrase or typing error."""

from __future__ import annotations

from functools import lru_cache

from app.understanding import numbers
from app.understanding.answer import LIKELY, NOTHING, SURE, WEAK, Answer
from app.understanding.lexicon import Hit, Scan, usable
from app.understanding.message import Message, covered
from app.understanding.normal import Token, tokenize
from app.understanding.numbers import whole
from app.understanding.reading import Option

_NO_UNIT = frozenset(("weight", "week", "day", "days_few", "now", "then", "over"))
"""Words beside measurements that make no unit of the number before them: "2 today" may be a choice."""
_NEAR = 2
_NARROWER = {
    "spouse": "family",
    "friend": "family",
    "the_patient": "family",
    "billing": "other",
    "papers": "other",
}
"""Meanings that are part of a wider one, where both are offered."""
_LETTERED = ("choose_number", "choose_slot", "language_choice")
"""Questions whose choices people also name by letter; of a yes or no they say less."""
_CHOICES = ("weekdays", "months", "languages")
_SAID_OF_A_CHOICE = ("answers", "numbers", "scopes", "slots", "appointment", "choices", "languages")


def tail(message: Message, scan: Scan) -> int:
    """The first token after the last word of correction that something follows; 0 when nothing is taken back."""
    turns = corrections(scan)
    inside = scan.inside("answers", "filler")
    inside |= {index for hit in turns for index in range(hit.first, hit.last)}
    ends = [hit.last for hit in turns if hit.last < len(scan.tokens)]
    told = [end for end in ends if any(index not in inside for index in range(end, len(scan.tokens)))]
    return max(told or ends, default=0)  # "2 ay 1 pala sorry": the "sorry" takes nothing back


def corrections(scan: Scan) -> list[Hit]:
    """The words that take something back; not the "instead" of "thursday instead of friday".

    A mere "sorry" does so only between two choices: "8. sorry 6", "spanish oh sorry english".
    """
    compared = scan.named("slots", "than")
    found = [hit for hit in scan.named("answers", "correction") if not covered(hit, compared)]
    amends = [hit for hit in scan.named("answers", "amend") if hit.first > 0]
    plain = [hit for hit in scan.named("answers", "no") if hit.last - hit.first == 1]
    once = plain[0] if len(plain) == 1 and plain[0].first > 1 and not scan.named("answers", "yes") else None
    if once is not None and _between_places(scan, once):
        found.append(once)
    if not amends:
        return found
    begins = {first for first, _, _ in numbered(scan)} | {number.first for number in numbers.grouped(scan)}
    begins |= {hit.first for name in _CHOICES for hit in scan.of(name)}
    return found + [hit for hit in amends if hit.last in begins and min(begins) < hit.first]


def _between_places(scan: Scan, no: Hit) -> bool:
    """Whether a plain no stands between two of the offered by their place: "the second one no the first one"."""
    places = [hit for hit in scan.of("ordinals") if hit.name.isdigit()]
    ones = {hit.last for hit in scan.named("slots", "ordinal_one")}
    before = any(h.last == no.first or (h.last == no.first - 1 and no.first in ones) for h in places)
    return before and any(0 <= hit.first - no.last <= 1 for hit in places)


def picked(message: Message, count: int, last: int | None = None, *, apart: bool = False) -> int | None:
    """The position of a choice named by number or ordinal, 1-based; None when none or several are named.

    ``last`` is what "the last one" means, where that is not the last of all. ``apart``: whether an ordinal is a
    choice only where little else is said, as in the reply to a reminder.
    """
    for scan in message.own or message.other:
        if message.expectation.context in _LETTERED and (letter := _lettered(scan)):
            return letter if letter <= count else None
        found = _picks(scan, count, last or count)
        found = [pick for pick in found if not apart or _bare(scan, pick[0])]
        found = [pick for pick in found if not _refused(scan, pick[0])] or found
        begin = tail(message, scan)
        later = [pick for pick in found if pick[0] >= begin]
        chosen = {value for _, value in (later if later else found)}
        if len(chosen) > 1 and found and _denied_before(scan, found[-1][0]):
            return found[-1][1]
        if len(chosen) == 1:
            return chosen.pop()
        if len(chosen) > 1:
            return _led(scan, later or found)
    return None


def _lettered(scan: Scan) -> int | None:
    """The place that a lone letter names: "B", "option c please", "the b one"."""
    small = scan.within("slots.ordinal_one", "answers.filler", "intents.thanks")
    said = [t.text for i, t in enumerate(scan.tokens) if i not in small or len(t.text) == 1]
    return "abcdefghi".find(said[0]) + 1 if len(said) == 1 and len(said[0]) == 1 else None


def _bare(scan: Scan, index: int) -> bool:
    """Whether it is a number, or an ordinal that says all there is: "the second one please"."""
    named = [*scan.of("ordinals"), *scan.named("slots", "last")]
    hits = [hit for hit in named if hit.first == index]
    asked = any(hit.first <= index < hit.last for hit in scan.named("intents", "question"))
    if not hits or asked or not opens(scan, index):
        return not hits
    known = scan.within("answers.filler", "slots.ordinal_one", "intents.thanks", "answers.yes")
    end = max(hit.last for hit in hits)
    return all(i in known for i in range(end, len(scan.tokens)))


def _denied_before(scan: Scan, index: int) -> bool:
    """A plain no right before the last number takes the earlier ones back: "2. no 3"."""
    return any(hit.last == index for hit in scan.named("answers", "no"))


def _refused(scan: Scan, index: int) -> bool:
    """ "Not 1, 2": the one right after a refusal is not meant."""
    refusals = [hit for hit in scan.named("slots", "not_") if hit.last == index]
    plain = {hit.last for hit in scan.named("answers", "no") if hit.last - hit.first == 1}
    return any(hit.last not in plain or hit.first == 0 for hit in refusals)


def _led(scan: Scan, found: list[tuple[int, int]]) -> int | None:
    """The number that opens a reply and stands apart, whatever is told after it: "3. my 2 kids are sick"."""
    index, value = found[0]
    fillers = scan.inside("answers", "filler")
    follows = index + 1
    while follows < len(scan.tokens) and not scan.tokens[follows].brk and follows in fillers:
        follows += 1
    if value and opens(scan, index) and follows < len(scan.tokens) and scan.tokens[follows].brk:
        return value if all(scan.tokens[at].brk == 0 for at, _ in found[1:]) else None
    digits = index == 0 and scan.tokens[0].kind == "num" and not scan.named("answers", "correction")
    return value if digits and value and all(_counts_things(scan, at) for at, _ in found[1:]) else None


def _counts_things(scan: Scan, index: int) -> bool:
    """Whether a number stands right before a thing, be it one a list knows: "4 why did I get 2 bills", "fell 2x"."""
    known = scan.within("answers.filler", "slots.fits", "slots.not_after", "slots.turn", "slots.join")
    lexicon, after = usable(scan.language), index + 1
    if scan.tokens[index].kind != "num" or after >= len(scan.tokens):
        return False
    if scan.tokens[after].glued:
        return True
    if after in known:
        return False
    small = lexicon.function_words if lexicon else frozenset()
    thing = scan.tokens[after]
    return thing.kind == "word" and not thing.brk and thing.text not in small


def opens(scan: Scan, index: int) -> bool:
    """Whether only fillers stand before a token."""
    fillers = scan.inside("answers", "filler")
    return all(before in fillers for before in range(index))


def stands_first(scan: Scan, first: int, last: int) -> bool:
    """Whether what stands at these tokens opens the reply and stands by itself: the rest only tells more."""
    return opens(scan, first) and last < len(scan.tokens) and scan.tokens[last].brk > 0


def numbered(scan: Scan) -> list[tuple[int, int, int]]:
    """Whole numbers that may be choices, with their tokens: no measures, no "one" that stands for a thing."""
    units = {hit.first for hit in scan.of("units") if hit.name not in _NO_UNIT}
    units = {index for index in units if not scan.tokens[index].brk}
    again = scan.inside("intents", "repeat")
    places = {i for hit in scan.of("ordinals") if hit.name.isdigit() for i in range(hit.first, hit.last)}
    named = {hit.last for hit in scan.of("choices")}
    counted = scan.inside("numbers", "not_scale")
    found = []
    for number in numbers.grouped(scan):
        value = whole(number)
        if value is None or number.first in places | again | counted or number.last in units:
            continue
        if counts(scan, number) or _spelt(scan, number):
            continue
        last = any(hit.last == number.first for hit in scan.named("slots", "last"))
        if value == 1 and not number.digits and (last or number.first - 1 in places or number.first in named):
            continue  # the "one" of "the third one", "the appointment one"
        found.append((number.first, number.last, value))
    return found


def _spelt(scan: Scan, number: numbers.Number) -> bool:
    """Whether a digit stands for a letter inside a word, as Arabic is typed in Latin letters: "na3am"."""
    tokens, last = scan.tokens, number.last
    if not number.digits or number.first == 0 or last >= len(tokens):
        return False
    around = (tokens[number.first - 1], tokens[last])
    return tokens[number.first].glued and tokens[last].glued and all(t.kind == "word" for t in around)


def counts(scan: Scan, number: numbers.Number) -> bool:
    """Whether a number counts things ("my 2 boys", "3 pillows"): a word follows that no list of answers knows."""
    tokens, last = scan.tokens, number.last
    if last >= len(tokens) or tokens[last].brk or tokens[last].kind != "word":
        return False
    if opens(scan, number.first) and not any(h.last == number.first for h in scan.named("answers", "amend")):
        return False  # "2 sick kids" may be a 2; "sorry 2 sick kids" is none
    known = [hit for name in _SAID_OF_A_CHOICE for hit in scan.of(name)]
    if any(hit.first <= last < hit.last for hit in (*known, *scan.named("intents", "thanks"))):
        return False
    lexicon = usable(scan.language)
    return lexicon is None or tokens[last].text not in lexicon.function_words


def ordinals(scan: Scan) -> list[Hit]:
    """The ordinals that may be choices: not "find a sitter first", not "lost it on the 1st"."""
    spans = {name: scan.inside("ordinals", name) for name in ("aside", "dated", "chosen")}
    aside = (spans["aside"] - spans["chosen"]) | spans["dated"]
    return [hit for hit in scan.of("ordinals") if hit.name.isdigit() and hit.first not in aside]


def _picks(scan: Scan, count: int, last: int) -> list[tuple[int, int]]:
    found = [(hit.first, int(hit.name)) for hit in ordinals(scan) if 1 <= int(hit.name) <= count]
    taken = {i for hit in scan.of("ordinals") if hit.name != "chosen" for i in range(hit.first, hit.last)}
    found += [(hit.first, last) for hit in scan.named("slots", "last") if hit.first not in taken]
    found += [(first, value) for first, _, value in numbered(scan) if 1 <= value <= count]
    return sorted(found)


def number_choice(message: Message) -> Answer:
    """The id of the offered option a reply chooses."""
    options = message.expectation.options
    if not options:
        return NOTHING
    for option in options:
        if _is_label(message, option):
            return Answer(option.id, SURE, explicit=True)
    position = picked(message, len(options)) if _about_numbers(message) else None
    if position is not None:
        return Answer(_by_number(options, position), SURE, explicit=True)
    return _by_meaning(message, options)


def _by_number(options: tuple[Option, ...], position: int) -> str:
    for option in options:
        if option.id == str(position):
            return option.id
    return options[position - 1].id


def _about_numbers(message: Message) -> bool:
    """A number in a long free reply is seldom a choice: at most seven words, or it opens or ends the reply."""
    if len(message.tokens) <= (14 if any(token.kind == "han" for token in message.tokens) else 7):
        return True
    scans = message.own or message.other
    return bool(scans) and edge(scans[0]) is not None


def _only_thanks(scan: Scan, index: int) -> bool:
    """Whether nothing but thanks and emoji follow from a token on."""
    polite = scan.inside("intents", "thanks")
    return all(i in polite or scan.tokens[i].kind == "emoji" for i in range(index, len(scan.tokens)))


def edge(scan: Scan) -> int | None:
    """The number that opens a reply, or ends it standing apart ("... but ok 1"); None when there is none."""
    found = numbered(scan)
    if not found:
        return None
    (first, last, value), (final, end, closing) = found[0], found[-1]
    tokens = scan.tokens
    if _only_thanks(scan, end) and _apart(scan, final):
        return closing
    digits = tokens[first].kind == "num"
    if opens(scan, first) and (last >= len(tokens) or tokens[last].brk or (digits and first == 0)):
        return value
    return None


def _apart(scan: Scan, index: int) -> bool:
    """Whether a break, a yes, a no, a turn or a correction stands before a token, with fillers between at most."""
    fillers = scan.inside("answers", "filler")
    ends = {hit.last for hit in scan.of("answers") if hit.name in ("yes", "no", "correction")}
    ends |= {hit.last for hit in scan.named("slots", "turn")}
    while index > 0 and not scan.tokens[index].brk and index not in ends and index - 1 in fillers:
        index -= 1
    return scan.tokens[index].brk > 0 or index in ends


def _is_label(message: Message, option: Option) -> bool:
    label = [token.text for token in tokenize(option.label)]
    words = [token.text for token in message.tokens]
    if not label:
        return False
    if words == label:
        return True
    letter = option.id.lower()
    return len(words) == 1 and len(letter) == 1 and letter.isalpha() and words[0] == letter


def _by_meaning(message: Message, options: tuple[Option, ...]) -> Answer:
    meanings = {option.id: _meanings(option, message) for option in options}
    offered = frozenset().union(*meanings.values())
    for scan in message.own + message.other:
        hits = [hit for hit in scan.of("choices") if hit.name in offered]
        begin = tail(message, scan)
        hits = [hit for hit in hits if hit.first >= begin] or hits
        masked = scan.named("answers", "masked")
        hits = _narrowest(hits)
        hits = [h for h in hits if not covered(h, hits) and not covered(h, masked) and not _denied(scan, h)]
        found = {oid: hit for oid, names in meanings.items() for hit in hits if hit.name in names}
        if len(found) == 1:
            option_id, hit = next(iter(found.items()))
            message.note(hit, f"answer:{option_id}")
            return Answer(option_id, LIKELY, explicit=True)
        if found:
            return NOTHING
    named = _by_words(message, options)
    if len(named) == 1:
        return _named(message, *named[0])
    return NOTHING


def _narrowest(hits: list[Hit]) -> list[Hit]:
    """Without "family" where the same word is a spouse or a friend, and those are offered."""
    narrow = [hit for hit in hits if hit.name in _NARROWER]
    return [
        hit
        for hit in hits
        if not any(
            _NARROWER[other.name] == hit.name and other.first < hit.last and hit.first < other.last
            for other in narrow
        )
    ]


def _denied(scan: Scan, hit: Hit) -> bool:
    """ "Not as good", "not evenings": denied at most two words before."""
    cues = [*scan.named("scopes", "neg"), *scan.named("scopes", "neg_short")]
    near = [cue for cue in cues if 0 <= hit.first - cue.last <= _NEAR]
    tokens = scan.tokens
    was = any(0 <= hit.first - cue.last <= _NEAR for cue in scan.named("answers", "was"))
    turns = [*scan.named("scopes", "neg"), *scan.named("scopes", "contrast")]
    if was and any(cue.first >= hit.last for cue in turns):
        return True  # "I was better, now I'm not"
    return any(not any(tokens[i].brk for i in range(cue.first + 1, hit.first + 1)) for cue in near)


def _meanings(option: Option, message: Message) -> frozenset[str]:
    languages = tuple(scan.language for scan in message.scans())
    return label_meanings(option.label, languages)


@lru_cache(maxsize=1024)
def label_meanings(label: str, languages: tuple[str, ...]) -> frozenset[str]:
    """The meanings (names under ``choices``) of an option's label in the first language that knows it.

    The longest match counts: the "bien" of "très bien" is a word of other languages too.
    """
    tokens = tokenize(label)
    for language in languages:
        lexicon = usable(language)
        hits = lexicon.scan(tokens).of("choices") if lexicon else []
        best = max((hit.last - hit.first for hit in hits), default=0)
        if best:
            out = {hit.name for hit in hits if hit.last - hit.first == best}
            return frozenset(out - {_NARROWER[name] for name in out if name in _NARROWER})
    return frozenset()


def _by_words(message: Message, options: tuple[Option, ...]) -> list[tuple[str, Token]]:
    """The options whose label shares a telling word with the reply that no other label has, with that word."""
    words = {token.text: token for token in message.tokens}
    for scan in message.scans():
        lexicon = usable(scan.language)
        joins = scan.named("scopes", "list") if scan in message.own else []
        small = {scan.tokens[i].text for h in joins for i in range(h.first, h.last)}
        words = {
            t: w for t, w in words.items() if t not in small | (lexicon.function_words if lexicon else set())
        }
    labels = {
        o.id: {t.text for t in tokenize(o.label) if len(t.text) > 2 or t.kind == "han"} for o in options
    }
    out = []
    for option_id, label in labels.items():
        others = set().union(*(value for key, value in labels.items() if key != option_id))
        shared = [words[word] for word in sorted(label - others) if word in words]
        if shared:
            out.append((option_id, shared[0]))
    return out


def _named(message: Message, option_id: str, word: Token) -> Answer:
    """An option one word of whose label was said: doubtful, and none at all where something is denied or turned."""
    for scan in message.own:
        turns = [hit for name in ("contrast", "past", "hypothetical") for hit in scan.named("scopes", name)]
        signs = [hit for hit in scan.of("signs") if not hit.start <= word.start < hit.end]
        denied = [cue for cue in scan.named("scopes", "neg") if cue.end + 1 != word.start]
        if turns or signs or denied:
            return NOTHING
    message.mark(word.start, word.end, "label", f"answer:{option_id}")
    return Answer(option_id, WEAK)
