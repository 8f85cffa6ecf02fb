"""What surrounds a sign: denied, over, long past, only feared, somebody else's, an animal's, a joke, a quotation."""

from __future__ import annotations

from enum import StrEnum

from app.understanding.lexicon import Hit, Scan
from app.understanding.message import covered, overlaps

_REACH = 7
_NEAR = 3
_BEHIND = 14
_MEASURED = frozenset(("fever", "low_sugar", "high_sugar", "low_pressure", "no_oxygen", "palpitations"))
_NO_SIGN = frozenset(("alarm", "onset", "infection", "means", "worse"))


class Status(StrEnum):
    """How a sign stands in its sentence."""

    ACTIVE = "active"
    NEGATED = "negated"
    RESOLVED = "resolved"
    PAST = "past"
    RECENT = "recent"
    HYPOTHETICAL = "hypothetical"
    OTHER = "other"
    PET = "pet"
    MASKED = "masked"


class Scopes:
    """The cues of one scan, ready to be asked about one hit after the other."""

    def __init__(self, scan: Scan, echo: list[tuple[int, int]], *, taught: bool = False) -> None:
        self._scan = scan
        self._breaks = [token.brk for token in scan.tokens]
        self._idioms = scan.of("idioms")
        self._masks = [*scan.named("scopes", "quoted"), *scan.named("intents", "thanks")]
        self._echo = echo
        self._cues: dict[str, list[Hit]] = {}
        for hit in scan.of("scopes"):
            self._cues.setdefault(hit.name, []).append(hit)
        # "Chest pain no. But I cant breathe": what a full stop divides is not one phrase.
        self._refused = [cue for cue in self._cues.get("neg_not", []) if self.holds(cue)]
        self._short = self._cues.get("neg_short", [])
        denials = [*self._cues.get("neg", []), *self._short]
        denials = [cue for cue in denials if not self._doubled(cue) and not self.parted_no(cue)]
        self._neg = [cue for cue in denials if not overlaps(cue, self._refused)]
        self._proof = {cue.first for cue in self._cues.get("neg_proof", [])}
        self._signs = [h for h in scan.of("signs") if h.name not in _NO_SIGN]
        well = {i for h in scan.named("answers", "good_state") for i in (h.first, h.first - 1)}
        then = self._cues.get("past", [])  # the "back" of "back in my 20s" is not now
        self._now = [c for c in self._cues.get("current", []) if c.last not in well and not covered(c, then)]
        at_ease = {h.last for h in scan.named("answers", "good_state")}  # "in 2009, I am in a good place now"
        self._now = [c for c in self._now if not (c.first in at_ease and self._closes(c))]
        turns = self._cues.get("contrast", [])
        self._clauses = [*self._cues.get("subject", []), *(c for c in turns if c.last - c.first > 1)]
        self._clauses = [c for c in self._clauses if not covered(c, self._clauses)]
        stays = self._cues.get("measured_then", [])
        self._then = [c for c in stays if not any(c.first <= now.first <= c.last for now in self._now)]
        meant = self._cues.get("hypothetical_not", [])
        self._hypo = [cue for cue in self._cues.get("hypothetical", []) if not overlaps(cue, meant)]
        # "If it hurts I will call you": supposed, whatever the words; the "si" of "si, me duele" is a yes.
        self._hypo += [cue for cue in self._cues.get("plan", []) if self._breaks[cue.first + 1] == 0]
        # "Yes, call 911 for chest pain": what was taught, said back to who asked whether it was understood.
        self._recited = self._cues.get("recited", []) if taught and not self.cues("this_moment") else []
        self._hypo += self._recited

    def _closes(self, cue: Hit) -> bool:
        """Whether a cue ends its clause, with nothing between it and the word before."""
        ends = cue.last >= len(self._breaks) or self._breaks[cue.last] > 0
        return ends and self._breaks[cue.first] == 0

    def recited(self, start: int) -> bool:
        """Whether what stands there is an instruction said back."""
        tokens = self._scan.tokens
        at = next((index for index, token in enumerate(tokens) if token.end > start), len(tokens))
        said = [cue for cue in self._recited if cue.first <= at and not self._told(cue, at)]
        return any(2 not in self._breaks[cue.first + 1 : at + 1] for cue in said)

    def _told(self, cue: Hit, at: int) -> bool:
        """Whether something is told between an instruction and a word: "for chest pain, and I have some"."""
        told = [*self.cues("recited_then"), *(c for c in self.cues("subject") if self._breaks[c.first])]
        return cue in self._recited and any(cue.first < t.first <= at for t in told)

    def _doubled(self, cue: Hit) -> bool:
        """Whether a no is but said before another: of "no no puedo respirar" the first answers and denies nothing."""
        words = [token.text for token in self._scan.tokens[cue.first : cue.last + 1]]
        return len(words) == 2 and words[0] == words[1]

    def parted_no(self, cue: Hit) -> bool:
        """Whether a denial is a bare no and what follows it: "no, tengo fiebre" is not "no tengo fiebre"."""
        bare = any(c.first == cue.first and c.last == c.first + 1 < cue.last for c in self.cues("neg"))
        return bare and self._breaks[cue.first + 1] > 0

    def holds(self, mask: Hit) -> bool:
        """Whether a phrase that takes a meaning away is one phrase: the no of "No. I want to die" is an answer."""
        breaks = self._breaks[mask.first + 1 : mask.last]
        answered = any(cue.first == mask.first and cue.last - cue.first == 1 for cue in self.cues("neg"))
        return 2 not in breaks and not (answered and breaks[:1] == [1])

    def answered(self, hit: Hit) -> bool:
        """Whether what seems a sign is a bare no and what follows it: "no, I breathe well" is no "cannot breathe"."""
        bare = [
            c for c in self.cues("neg") if c.first == hit.first and c.last < hit.last and self._one_word(c)
        ]
        return any(self._breaks[cue.last] > 0 for cue in bare)

    def cues(self, name: str) -> list[Hit]:
        """The hits of one kind of cue."""
        return self._cues.get(name, [])

    def status(self, hit: Hit) -> Status:
        """How that sign stands in its sentence; the first reason found, the surest first."""
        if overlaps(hit, self._masks) or any(s < hit.end and hit.start < e for s, e in self._echo):
            return Status.MASKED
        if overlaps(hit, [idiom for idiom in self._idioms if not covered(idiom, [hit])]):
            return Status.MASKED
        low, high = self.sentence(hit)
        if self.negated(hit) or self._asked_and_denied(high):
            return Status.NEGATED
        if self._pet(hit, low, high):
            return Status.PET
        if self._over(hit, low, high):
            # Of long ago besides ("used to, as a kid"): it asks for nothing now.
            if self._time(hit, low, high) is Status.PAST:
                return Status.PAST
            eased = any(low <= cue.first < high for cue in self.cues("eased"))
            return Status.RECENT if eased else Status.RESOLVED
        if self._supposed(hit, low):
            return Status.HYPOTHETICAL
        if self._third(hit, low, high):
            return Status.OTHER
        return self._time(hit, low, high)

    def _supposed(self, hit: Hit, low: int) -> bool:
        """Whether an "if" stands before a sign; not when it came true.

        "Call if it gets worse, now I cant breathe"; "you said to call if my chest hurts, and it does".
        """
        feared = [cue for cue in self._hypo if low <= cue.first <= hit.first]
        feared = [cue for cue in feared if not self._told(cue, hit.first)]
        if not feared:
            return False
        turned = {cue.last for cue in self.cues("contrast")}
        true = [c for c in self.cues("came_true") if self._breaks[c.first] or c.first in turned]
        true += self.cues("and_now")
        if any(feared[0].last <= cue.first < hit.last for cue in true):
            return False
        return not any(hit.last <= cue.first for cue in self.cues("true_after"))

    def lately(self, hit: Hit) -> bool:
        """Whether a sign's sentence tells of the last day or night."""
        low, high = self.sentence(hit)
        return any(low <= cue.first < high for cue in self.cues("lately"))

    def figurative(self, hit: Hit) -> bool:
        """Whether words that may be a figure of speech stand with a cause that makes them one: a bill, a show."""
        words = self.cues("figure") if self.cues("figure_cause") else []
        return any(word.first <= hit.first and hit.last <= word.last for word in words)

    def softened(self, hit: Hit) -> bool:
        """Whether the reply calls that sign mild, in its sentence or in one without a sign of its own."""
        low, high = self.sentence(hit)
        others = [sign for sign in self._signs if sign.last <= low or high <= sign.first]
        cues = [cue for cue in self.cues("soft") if not any(self._reaches(neg, cue) for neg in self._neg)]
        if any(low <= cue.first < high for cue in cues):
            return True
        return bool(cues) and not others

    def _asked_and_denied(self, high: int) -> bool:
        """ "Slurring? Nah, that's my accent": what is named with a question mark and then denied."""
        tokens = self._scan.tokens
        if high >= len(tokens) or not any(mark in tokens[high].sep for mark in "?\uff1f\u061f"):
            return False
        return any(cue.first == high for cue in self._neg)

    def sentence(self, hit: Hit) -> tuple[int, int]:
        """The token range of the sentence around a hit."""
        low = hit.first
        while low > 0 and self._breaks[low] != 2:
            low -= 1
        high = hit.last
        while high < len(self._breaks) and self._breaks[high] != 2:
            high += 1
        return low, high

    def negated(self, hit: Hit) -> bool:
        """Whether a negation reaches the hit from before, or follows it directly."""
        if hit.first in self._proof or any(self._own(cue, hit) for cue in self._neg):
            return False
        if any(cue.first == hit.first for cue in self._refused):
            return False  # "No he dormido nada": the second denial only strengthens the hit's own.
        if any(self._reaches(cue, hit) for cue in self._neg) or self._denied_after(hit):
            return True
        return self._denied_close(hit) or self._denied_behind(hit)

    def _own(self, cue: Hit, hit: Hit) -> bool:
        """Whether a denial is a part of the sign itself ("can't breathe"), not the "nor" of a list inside it."""
        if not (cue.first < hit.last and hit.first < cue.last):
            return False
        joins = any(c.first == cue.first and c.last == cue.last for c in self.cues("list"))
        return cue.first <= hit.first or not joins

    def _denied_close(self, hit: Hit) -> bool:
        """Negations that reach only the very next word: Chinese 不, Korean 안."""
        near = [
            c
            for c in self.cues("neg_close")
            if 0 <= hit.first - c.last <= 1 and not overlaps(c, self._refused)
        ]
        return any(
            not self._breaks[hit.first] and not self._breaks[hit.first - 1] for c in near if hit.first > 0
        )

    def _denied_behind(self, hit: Hit) -> bool:
        """Negations that follow what they deny, over a list too: 열이나 오한은 없어요."""
        for cue in self.cues("neg_behind"):
            if not 0 <= cue.first - hit.last <= _BEHIND or overlaps(cue, self._refused):
                continue
            between = range(hit.last, cue.first + 1)
            ended = any(self._breaks[index] == 2 for index in between)
            turned = any(hit.last <= c.first and c.last <= cue.first for c in self.cues("contrast"))
            if not ended and not turned:
                return True
        return False

    def _reaches(self, cue: Hit, hit: Hit) -> bool:
        if not 0 <= hit.first - cue.last <= _REACH:
            return self._listed(cue, hit)
        between = range(cue.last, hit.first + 1)
        if any(self._breaks[index] == 2 for index in between):
            return False
        verbs = {i for c in self.cues("neg_verb") if c.first == cue.last for i in range(c.first, c.last)}
        turns = [c for c in self.cues("contrast") if c.first not in verbs]
        if any(cue.last <= c.first and c.last <= hit.first for c in turns):
            return False
        if any(cue.last < c.first <= hit.first < c.last and c.first not in verbs for c in self._clauses):
            return False
        commas = [index for index in between if self._breaks[index] == 1]
        if not commas:
            return True
        if cue in self._short:
            return False
        if commas[0] == cue.last and self._one_word(cue):
            return False
        if not any(cue.last <= sign.first < commas[0] for sign in self._signs) and commas[0] > cue.last:
            return False
        return self._only_list(commas[-1], hit.first) and not self._turned_at_end(hit)

    def _turned_at_end(self, hit: Hit) -> bool:
        """ "No redness, no heat, swollen some though": what a turn closes is told against the denials before it."""
        breaks = self._breaks
        for cue in self.cues("contrast_after"):
            ends = cue.last >= len(breaks) or breaks[cue.last] > 0
            if ends and cue.first >= hit.last and not any(breaks[hit.last : cue.last]):
                return True
        return False

    def _one_word(self, cue: Hit) -> bool:
        """A bare no before a comma answers; ideographs and syllables of one word count as one."""
        return all(self._scan.tokens[index].kind == "han" for index in range(cue.first + 1, cue.last))

    def _listed(self, cue: Hit, hit: Hit) -> bool:
        """Further along a list of commas: no pain, no fever, chills, cough or nausea."""
        if not _REACH < hit.first - cue.last <= 3 * _REACH or self._breaks[cue.last] == 1:
            return False
        between = range(cue.last, hit.first + 1)
        commas = [index for index in between if self._breaks[index] == 1]
        clear = not any(self._breaks[index] == 2 for index in between)
        # "Life has no meaning, I stood on the balcony, I want to jump": no list of what is not there.
        clear = clear and any(cue.last <= sign.first < commas[0] for sign in self._signs) if commas else False
        contrast = any(cue.last <= c.first and c.last <= hit.first for c in self.cues("contrast"))
        return clear and len(commas) >= 2 and not contrast and self._only_list(commas[-1], hit.first)

    def _only_list(self, begin: int, end: int) -> bool:
        words = {i for cue in self.cues("list") for i in range(cue.first, cue.last)}
        return end - begin <= _NEAR and all(index in words for index in range(begin, end))

    def _denied_after(self, hit: Hit) -> bool:
        for cue in self.cues("neg_after"):
            if cue.first < len(self._breaks) and self._breaks[cue.first] == 2:
                continue  # A sentence of its own answers the question: "choking. No."
            gap = cue.first - hit.last
            turned = any(turn.first == cue.last for turn in self.cues("contrast"))
            if 0 <= gap <= 1 and (turned or cue.last >= len(self._breaks) or self._breaks[cue.last] > 0):
                return not any(c.first < cue.last and cue.first < c.last for c in self._refused)
        return False

    def _pet(self, hit: Hit, low: int, high: int) -> bool:
        if any(low <= cue.first < high for cue in self.cues("pet_not")):
            return False
        pets = [cue for cue in self.cues("pet") if low <= cue.first <= hit.first]
        turns = [*self.cues("contrast"), *self._clauses]
        # "My dog barked and I got chest pain": what is told after a turn is the patient's own.
        return any(not any(cue.last <= t.first <= hit.first for t in turns) for cue in pets)

    def _over(self, hit: Hit, low: int, high: int) -> bool:
        # "More blood than this morning" ends nothing, though its first words may: "plus de sang".
        begun = {(c.first, c.last) for c in self._refused}
        over = [
            c for c in self.cues("resolved") if not any(f == c.first and c.last < last for f, last in begun)
        ]
        # "Dizzy once and since then it never came back": the word of return is a part of the ending.
        back = [cue for cue in self.cues("returned") if not covered(cue, over)]
        if any(hit.first <= cue.first < high for cue in back):
            return False
        for cue in over:
            if cue.first < hit.last and hit.first < cue.last:
                continue
            after = low <= cue.first < high and cue.first >= hit.first and cue.first - hit.last <= _REACH
            before = 0 <= hit.first - cue.last <= 2 and low <= cue.first and not self._parted(cue, hit)
            if (before or (after and not self._of_another(cue, hit))) and not self.not_over(cue):
                return True
        return False

    def _parted(self, cue: Hit, hit: Hit) -> bool:
        """Whether a comma stands behind the ending or inside it: "I was well, now I choke" is not "well now"."""
        return any(self._breaks[index] for index in range(cue.first + 1, hit.first + 1))

    def _of_another(self, cue: Hit, hit: Hit) -> bool:
        """Whether the ending belongs to another sign, which stands with it behind a comma: "faint, fever gone"."""
        commas = [index for index in range(hit.last, cue.first + 1) if self._breaks[index] == 1]
        return (
            any(commas[-1] <= sign.first and sign.last <= cue.first for sign in self._signs)
            if commas
            else False
        )

    def not_over(self, cue: Hit) -> bool:
        """The word of ending is itself denied: "not gone", "hasn't stopped"."""
        denials = (*self._neg, *self.cues("neg_not"))
        return any(
            neg.first < cue.last and cue.first - neg.last <= 2 for neg in denials if neg.first < cue.first
        )

    def _third(self, hit: Hit, low: int, high: int) -> bool:
        others = [cue for cue in self.cues("third") if low <= cue.first < high and cue.first <= hit.first]
        if all(self._turned_to_self(cue, hit) for cue in others):
            return False
        if any(low <= cue.first < high for cue in self._now):
            return False
        calm = [c for c in self.cues("third_calm") if not (hit.first <= c.first and c.last <= hit.last)]
        return any(low <= cue.first < high for cue in calm)

    def _turned_to_self(self, cue: Hit, hit: Hit) -> bool:
        """ "It was my dad's heart attack but my chest hurts": a turn, and a clause of the patient's own behind it."""
        own = [c.first for c in self.cues("subject") if c.first <= hit.first]
        turns = [t for t in self.cues("contrast") if cue.last <= t.first]
        return any(t.first <= first <= t.last for t in turns for first in own)

    def _time(self, hit: Hit, low: int, high: int) -> Status:
        if hit.name in _MEASURED and any(c.first < hit.last and hit.first < c.last for c in self._then):
            return Status.PAST
        now = any(low <= cue.first < high for cue in self._now)
        past = self._past(hit)
        if not now and any(low <= cue.first < high for cue in past):
            return Status.PAST
        if not now and any(
            low <= cue.first < high
            and (cue.first < hit.first or cue.last - cue.first > 1 or cue.first >= hit.last)
            for cue in self.cues("recent")
        ):
            return Status.RECENT
        return Status.ACTIVE

    def _past(self, hit: Hit) -> list[Hit]:
        """The words of long ago outside a sign; not those that compare: "the same pain as last year" is there now."""
        alike = {cue.last for cue in self.cues("alike")}
        outside = [cue for cue in self.cues("past") if not (hit.first <= cue.first and cue.last <= hit.last)]
        return [cue for cue in outside if not alike & {cue.first, cue.first - 1, cue.first - 2}]

    def told_of_then(self, start: int, end: int) -> bool:
        """Whether a measurement is told as that of a stay that is over: "it went down to 40 in the hospital"."""
        return any(cue.start <= start and end <= cue.end for cue in self._then)

    def supposed(self, start: int, end: int) -> bool:
        """Whether a measurement is only supposed: "if it hits 100.4 do I come in"."""
        return any(cue.start <= start and end <= cue.end for cue in self.cues("measured_if"))

    def long_ago_apart(self, hit: Hit) -> bool:
        """Whether all that makes a sign long past stands in another clause of its sentence, behind a comma."""
        low, high = self.sentence(hit)
        near = [cue for cue in self._past(hit) if low <= cue.first < high]
        spans = [range(min(cue.first, hit.first) + 1, max(cue.first, hit.first) + 1) for cue in near]
        return all(any(self._breaks[index] == 1 for index in span) for span in spans)
