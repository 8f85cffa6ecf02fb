"""What stands in the way of what was asked about: it answers, and a no told in own words says more than no."""

from __future__ import annotations

from app.understanding.answer import NOTHING, WEAK, Answer
from app.understanding.flags import reasoned
from app.understanding.intents import also
from app.understanding.message import Message

_IN_THE_WAY = {
    "pickup": frozenset(("cost_barrier", "insurance_barrier", "transport_barrier", "medication_problem")),
    "adherence": frozenset(("cost_barrier", "insurance_barrier", "medication_problem")),
    "trouble": frozenset(("cost_barrier", "insurance_barrier", "transport_barrier", "medication_problem")),
    "ride": frozenset(("transport_barrier",)),
    "visit_booked": frozenset(("insurance_barrier", "transport_barrier")),
}
_IMPLIED = {"adherence": "medication_problem", "instructions": "confusion"}
_MEDICINES = frozenset(("pickup", "adherence"))
_TO_PAY = frozenset(("cost_barrier", "insurance_barrier"))
_MONEY = ("$", "\u20ac", "\u00a3")


def hindered(topics: tuple[str, ...], found: tuple[str, ...]) -> Answer:
    """No, to whether something was got or done, from what is said to stand in its way; doubtful."""
    ways = _IN_THE_WAY.get(topics[0], frozenset()) if topics else frozenset()
    return Answer("no", WEAK) if ways & set(found) else NOTHING


def contradicted(message: Message, topics: tuple[str, ...], answer: Answer) -> bool:
    """Whether what sounds like a good answer is itself the trouble: "they gave me the wrong pills"."""
    if answer.value != "yes" or answer.explicit or not _MEDICINES & set(topics[:1]):
        return False
    told = [mark for mark in message.evidence if mark.effect == "answer:yes"]
    wrong = [mark for mark in message.evidence if mark.effect == "intent:medication_problem"]
    return any(w.start < t.end and t.start < w.end for t in told for w in wrong)


def priced(message: Message, topics: tuple[str, ...], answer: Answer) -> bool:
    """Whether medicines were not got and a price is told: "they want $180 for one", "not paying 90 bucks".

    A price that was paid, or is called small, stands in nobody's way.
    """
    if topics[:1] not in (("pickup",), ("adherence",), ("trouble",)) or not _price(message):
        return False
    if any(True for _ in message.named("intents", "price_paid")):
        return False
    return answer.value != "yes" or _only_it_was(message)


def _price(message: Message) -> bool:
    for token in message.tokens:
        after = message.text[token.end : token.end + 2].strip()
        if token.kind == "num" and (token.sep.strip().endswith(_MONEY) or after.startswith(_MONEY)):
            return True
    return any(True for _ in message.named("intents", "price"))


def _only_it_was(message: Message) -> bool:
    """Whether all that looks like a yes is how a sentence begins: "it was 240 dollars"."""
    for scan in message.own:
        begun = {(hit.first, hit.last) for hit in scan.named("answers", "yes_begun")}
        yes = [*scan.named("answers", "yes"), *scan.named("answers", "yes_phrase")]
        told = [*scan.named("topics", "pickup.yes"), *scan.named("topics", "adherence.yes")]
        if told or any((hit.first, hit.last) not in begun for hit in yes):
            return False
    return True


def implied(
    message: Message, found: tuple[str, ...], answer: Answer, topics: tuple[str, ...]
) -> tuple[str, ...]:
    """Medicines not taken as told, or instructions not understood, told in own words, are a problem of their own."""
    name = _IMPLIED.get(topics[0]) if topics else None
    told = answer.value == "no" and message.expectation.context == "yes_no"
    if name and told and not {name, "question"} & set(found) and (not answer.explicit or reasoned(message)):
        return also(found, name)
    return found


def ordinary_course(
    message: Message, found: tuple[str, ...], answer: Answer, topics: tuple[str, ...]
) -> bool:
    """Whether somebody has to see to it in the ordinary course: trouble with medicines, or with paying for them."""
    if "medication_problem" in found:
        return True
    if not _MEDICINES & set(topics[:1]):
        return False
    undone = answer.value == "no" and message.expectation.context == "yes_no" and reasoned(message)
    return undone or bool(_TO_PAY & set(found))
