"""How urgent a reply is, and why: signs, their scopes, what they mean together, and the numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.understanding.amounts import gained
from app.understanding.lexicon import Hit, Scan
from app.understanding.measures import judge, measures
from app.understanding.message import Message, asks_of_harm, covered, overlaps, telling
from app.understanding.normal import normalise
from app.understanding.reading import Urgency
from app.understanding.rules import Rules, SignRule
from app.understanding.schema import Thresholds
from app.understanding.scopes import Scopes, Status

_UNDONE = frozenset(("negated", "masked", "pet", "resolved", "past", "other person", "hypothetical"))
_QUIET = frozenset(("radiating", "sweating", "pregnant", "thinner", "chemo", "surgery", "alarm"))
_BESIDE = frozenset(("onset", "infection", "means"))
"""Words that only say when, or from what: no sign by themselves."""
_LOW_SUGAR = frozenset(
    (
        "sweating",
        "confused_sign",
        "dizzy",
        "near_faint",
        "unresponsive",
        "shaky",
        "weak",
        "drowsy",
        "symptom",
        "chills",
        "palpitations",
    )
)
_HIGH_SUGAR = frozenset(
    (
        "confused_sign",
        "vomiting",
        "cant_keep_down",
        "unresponsive",
        "breath_trouble",
        "breathless_severe",
        "near_faint",
    )
)


_NEVER = frozenset(("radiating",))
_WITH = frozenset(("radiating", "palpitations"))
"""Signs of a topic that stand beside what was asked about, not for it."""
_SUPPOSED = 5
"""Words from an "if" to the number it supposes."""
_HEART_AND_BREATH = ("chest", "breath")
TEACH_BACK = "teach_back"
_TAUGHT = "instructions"
"""A question what the patient would do: the signs of the answer are supposed."""
_DATE = re.compile(
    r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])\s?[-/. ]\s?(?:0?[1-9]|[12]\d|3[01])\s?[-/. ]\s?(?:\d{4}|\d{2})(?!\d)"
)
_KINDS = {"mood": "suicide", "safe": "violence"}


@dataclass(slots=True)
class Safety:
    """The judgement, and the signs by how they stand, which the answer to a symptom question is read from."""

    urgency: Urgency = Urgency.NONE
    kind: str = ""
    flag: bool = False
    active: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    feared: bool = False
    alarmed: bool = False
    alarms: list[tuple[int, int]] = field(default_factory=list)
    measured: bool = False
    spans: list[tuple[int, int]] = field(default_factory=list)

    def raise_to(self, level: Urgency, kind: str = "") -> None:
        """Keep the worse of the two."""
        if level > self.urgency:
            self.urgency = level
            self.kind = kind if level is Urgency.EMERGENCY else ""
        elif level is Urgency.EMERGENCY and not self.kind:
            self.kind = kind


def assess(message: Message, rules: Rules, thresholds: Thresholds | None, topics: tuple[str, ...]) -> Safety:
    """The urgency of a reply by its own words, before it is known what it answers."""
    safety = Safety()
    echo = _echo(message)
    alarms: list[tuple[Hit, Status]] = []
    denied: list[tuple[int, int]] = []
    for scan in message.scans():
        own = scan in message.own
        found = _scan(message, scan, rules, safety, echo if own else echo + denied, topics)
        if own:
            denied += [(e.start, e.end) for e in message.evidence if e.effect in _UNDONE]
            denied += [(h.start, h.end) for h in scan.of("signs") if h.name.endswith(("_not", "_attr"))]
        alarms += found if own or not message.own else []
    _numbers(message, rules, thresholds, topics, safety)
    _asked(message, rules, topics, safety, echo)
    _combine(rules, safety, message)
    steady = safety.measured and not safety.active - {"severe_word", *_BESIDE}
    safety.alarms = [(hit.start, hit.end) for hit, status in alarms if status is Status.ACTIVE]
    safety.alarmed = not steady and bool(safety.alarms)
    if safety.urgency >= Urgency.URGENT or safety.feared:
        safety.flag = True
    return safety


def _asked(
    message: Message, rules: Rules, topics: tuple[str, ...], safety: Safety, echo: list[tuple[int, int]]
) -> None:
    """Words that are grave as an answer to what was asked: "it is more a weight" about pain in the chest."""
    for scan in message.own:
        scopes = Scopes(scan, echo)
        soft = scopes.cues("soft") or scopes.cues("joke")
        for topic in topics[:1]:
            for cue in scopes.cues("had_lately") if topic in _HEART_AND_BREATH and not soft else ():
                message.note(cue, "urgency:urgent")
                safety.raise_to(Urgency.URGENT)
            harmless = scan.named("topics", f"{topic}.no")  # "only back pain from the bed"
            masks = rules.signs[_KINDS[topic]].mask if topic in _KINDS else ()
            denials = [*scopes.cues("neg"), *scopes.cues("neg_not")]  # "dont want to hurt myself"
            undone = [
                m
                for m in scan.of("signs")
                if m.name in masks and scopes.holds(m) and any(m.first <= c.first < m.last for c in denials)
            ]
            for hit in scan.named("topics", f"{topic}.grave"):
                # A rope bought last week is a plan of today.
                told = (Status.ACTIVE, Status.RECENT) if _KINDS.get(topic) == "suicide" else (Status.ACTIVE,)
                if soft or topic not in rules.topics or scopes.status(hit) not in told:
                    continue
                if covered(hit, harmless) or scopes.figurative(hit) or _masked(hit, undone):
                    continue
                sign = rules.topics[topic].sign
                safety.active.add(sign)
                safety.spans.append((hit.start, hit.end))
                safety.raise_to(Urgency.EMERGENCY, _KINDS.get(topic, "medical"))
                message.note(hit, "urgency:emergency")


def imply(message: Message, rules: Rules, topics: tuple[str, ...], safety: Safety, *, explicit: bool) -> None:
    """A symptom question answered yes in words of the patient's own counts as its sign, urgent at the most alone.

    Not where the words name which of the things asked about it is: "yes my stool is black" tells of no second
    bleeding. What only goes with it, beside an ``explicit`` yes, is told as well: "yes and my heart is racing".
    """
    soft = any(scan.named("scopes", "soft") for scan in message.own)
    joke = any(scan.named("scopes", "joke") for scan in message.own)
    beside = _WITH if explicit else _NEVER
    asked = [rules.topics[topic] for topic in topics[:1] if topic in rules.topics]
    signs = [topic.sign for topic in asked if not (set(topic.signs) - beside) & safety.active]
    if asks_of_harm(message.expectation.prompt, message.language):
        signs, soft = ["suicide"], False
        joke = False
    for sign in signs:
        if sign not in safety.active:
            safety.active.add(sign)
            rule = rules.signs[sign]
            level = rule.level if not soft else Urgency.parse(rule.soft) if rule.soft else Urgency.ROUTINE
            safety.raise_to(min(level, Urgency.ROUTINE if joke else Urgency.URGENT))
    if gained(message, topics) == "yes":  # The question itself names the gain that matters to this patient.
        safety.active.add("weight_up")
        safety.raise_to(Urgency.URGENT)
    _combine(rules, safety, message)
    safety.flag = True


def _echo(message: Message) -> list[tuple[int, int]]:
    """Where a reply repeats the question: four words or more in its order."""
    prompt, _ = normalise(message.expectation.prompt)
    if not prompt or len(message.tokens) < 4:
        return []
    spans = []
    words = [token.text for token in message.tokens]
    index = 0
    while index + 4 <= len(words):
        size = 4
        if " ".join(words[index : index + 4]) not in prompt:
            index += 1
            continue
        while index + size < len(words) and " ".join(words[index : index + size + 1]) in prompt:
            size += 1
        spans.append((message.tokens[index].start, message.tokens[index + size - 1].end))
        index += size
    return spans


def _scan(
    message: Message,
    scan: Scan,
    rules: Rules,
    safety: Safety,
    echo: list[tuple[int, int]],
    topics: tuple[str, ...],
) -> list[tuple[Hit, Status]]:
    hits = scan.of("signs")
    if not hits:
        return []
    own, planned = scan in message.own, TEACH_BACK in topics
    scopes = Scopes(scan, echo, taught=_TAUGHT in topics)
    if scopes.cues("severe"):
        safety.active.add("severe_word")
    joke = bool(scopes.cues("joke")) and not scopes.cues("joke_not")
    alarms = []
    quiet: list[Hit] = []
    for hit in hits:
        if not own and not telling(hit):
            continue
        rule = rules.signs.get(hit.name)
        if hit.name == "alarm":
            alarms.append(hit)
            continue
        if rule is None or _masked(hit, [m for m in hits if m.name in rule.mask and scopes.holds(m)]):
            continue
        if scopes.answered(hit):
            continue
        status = scopes.status(hit)
        supposed = planned and not scopes.cues("this_moment")
        if (supposed or scopes.recited(hit.start)) and status in (Status.ACTIVE, Status.HYPOTHETICAL):
            message.note(hit, "hypothetical")
            safety.feared = True
            continue
        if hit.name == "symptom" and status is Status.ACTIVE and covered(hit, quiet):
            continue
        parted = status is Status.PAST and scopes.long_ago_apart(hit)
        if scopes.figurative(hit):
            message.note(hit, "masked")  # "I was gasping when I saw the bill"
            safety.flag = True
            continue
        if status is Status.RESOLVED and rule.level is Urgency.EMERGENCY and scopes.lately(hit):
            # Chest pain that came last night and went away may come again tonight.
            message.note(hit, "urgency:urgent")
            safety.raise_to(Urgency.URGENT)
        _weigh(message, hit, rule, status, safety, soft=scopes.softened(hit), joke=joke, parted=parted)
        if status is not Status.ACTIVE:
            quiet.append(hit)
    masked = [m for m in hits if m.name.endswith(("_not", "_attr"))]
    quiet += masked + scan.named("answers", "good_state")
    quiet += [h for h in scan.of("topics") if h.name.endswith(".no") and h.last - h.first > 1]
    quiet += [h for h in scan.of("answers") if h.name in ("yes", "no", "yes_phrase") and h.last - h.first > 1]
    return [(hit, scopes.status(hit)) for hit in alarms if not planned and not overlaps(hit, quiet)]


def _masked(hit: Hit, masks: list[Hit]) -> bool:
    """Whether a phrase takes a sign's meaning away; one that lies inside the sign does not."""
    return overlaps(hit, [mask for mask in masks if not covered(mask, [hit])])


def _weigh(
    message: Message,
    hit: Hit,
    rule: SignRule,
    status: Status,
    safety: Safety,
    *,
    soft: bool,
    joke: bool,
    parted: bool,
) -> None:
    level = rule.level
    if hit.name in _BESIDE:
        if status is Status.ACTIVE:
            safety.active.add(hit.name)
        return
    if status is Status.MASKED or (status is Status.PET and rule.third):
        message.note(hit, status.value)
        return
    if status is Status.NEGATED:
        safety.gone.add(hit.name)
        message.note(hit, "negated")
        return
    if status is Status.OTHER and rule.third:
        message.note(hit, "other person")
        safety.flag = safety.flag or level is Urgency.EMERGENCY
        return
    if status is Status.HYPOTHETICAL:
        safety.feared = True
        message.note(hit, "hypothetical")
        safety.raise_to(min(level, Urgency.URGENT if rule.kind == "suicide" else Urgency.ROUTINE))
        return
    long_ago = rule.kind == "suicide" and status is Status.PAST and not parted
    if long_ago:
        safety.flag = True
        safety.raise_to(Urgency.URGENT)
    lasting = rule.sticky and rule.kind in ("poison", "suicide", "violence") and not long_ago
    if status in (Status.RESOLVED, Status.PAST) and not lasting:
        safety.gone.add(hit.name)
        message.note(hit, status.value)
        if rule.sticky and status is Status.RESOLVED:
            safety.raise_to(Urgency.URGENT)
        if status is Status.PAST and level is Urgency.EMERGENCY:
            # The past may be that of another clause: "last year I had surgery, my face is drooping".
            safety.flag = safety.flag or parted
        return
    if status is Status.RECENT and level is Urgency.EMERGENCY and not rule.sticky:
        level = Urgency.URGENT
    if soft and rule.soft is not None and "severe_word" not in safety.active:
        level = Urgency.parse(rule.soft)
    if joke and rule.joke is not None:
        level = Urgency.parse(rule.joke)
        safety.flag = True
    safety.active.add(hit.name)
    safety.spans.append((hit.start, hit.end))
    safety.raise_to(level, rule.kind)
    if hit.name not in _QUIET:
        message.note(hit, f"urgency:{level.label}")


def _numbers(
    message: Message, rules: Rules, thresholds: Thresholds | None, topics: tuple[str, ...], safety: Safety
) -> None:
    if not any(token.kind == "num" for token in message.tokens) and not any(
        scan.of("numbers") for scan in message.scans()
    ):
        return
    bands = Thresholds(bands={**rules.thresholds.bands, **(thresholds.bands if thresholds else {})})
    folded, where = normalise(message.text)
    gone: list[tuple[int, int]] = []
    dates = _dates(folded, where) if message.expectation.context == "dob" else []
    for scan in message.scans():
        scopes = Scopes(scan, [], taught=_TAUGHT in topics)
        hypothetical = scopes.cues("hypothetical")
        guess = scan in message.own
        for found in judge(measures(scan, folded, where, topics, guess=guess), bands):
            measure = found.measure
            supposed = scopes.supposed(measure.start, measure.end) or scopes.recited(measure.start)
            if not supposed and any(_leads_to(scan, cue, measure.start) for cue in hypothetical):
                gone.append((measure.start, measure.end))
                safety.feared = safety.feared or TEACH_BACK not in topics  # there an if is what was taught
                continue
            if any(start <= measure.start < end for start, end in dates):
                continue  # the 61 of "08-02-61", beside an 02
            if (measure.start, measure.end) in gone:
                continue
            safety.measured = True
            if found.level > Urgency.NONE and (supposed or scopes.told_of_then(measure.start, measure.end)):
                gone.append((measure.start, measure.end))
                told = Status.HYPOTHETICAL if supposed else Status.PAST
                message.mark(measure.start, measure.end, f"measure.{measure.quantity}", told.value)
                safety.feared = safety.feared or (supposed and TEACH_BACK not in topics)
                continue
            if found.sign:
                safety.active.add(found.sign)
            if found.level > Urgency.NONE:
                rule = f"measure.{measure.quantity}{found.bound}"
                message.mark(measure.start, measure.end, rule, f"urgency:{found.level.label}")
                safety.raise_to(found.level, "medical")


def _dates(folded: str, where: list[int]) -> list[tuple[int, int]]:
    """Where a reply to the question for the date of birth gives one: its numbers measure nothing."""
    return [(where[m.start()], where[m.end() - 1] + 1) for m in _DATE.finditer(folded)]


def _leads_to(scan: Scan, cue: Hit, start: int) -> bool:
    """Whether a number is what is supposed: "if it is 102", not "if you need it my temp is 102"."""
    if cue.start <= start < cue.end:
        return True
    between = [i for i, token in enumerate(scan.tokens) if i >= cue.last and token.start <= start]
    if not between or len(between) > _SUPPOSED or any(scan.tokens[i].brk for i in between):
        return False
    # "Not sure if it matters but its 103" supposes nothing.
    return not any(cue.last <= turn.first < between[-1] for turn in scan.named("scopes", "contrast"))


def _combine(rules: Rules, safety: Safety, message: Message) -> None:
    signs = safety.active
    if signs & _LOW_SUGAR:
        signs.add("symptoms_with_low_sugar")
    if signs & _HIGH_SUGAR:
        signs.add("symptoms_with_high_sugar")
    if "severe_word" in signs:
        for name in tuple(signs):
            rule = rules.signs.get(name)
            if rule is not None and rule.severe is not None:
                safety.raise_to(Urgency.parse(rule.severe), rule.kind or "medical")
    for together in rules.together:
        if together.level > safety.urgency and together.holds(signs):
            safety.raise_to(together.level, together.kind)
            first = min((s for s, _ in safety.spans), default=0)
            last = max((e for _, e in safety.spans), default=len(message.text))
            message.mark(first, last, f"rules/{together.name}", f"urgency:{together.level.label}")
