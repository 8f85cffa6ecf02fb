"""Whether a yes or no is unlike what such words mean to such a question: it takes an answer back, never gives one.

Learnt from labelled replies and linear in their words, alone and beside what was asked (``asked_features``), so what
spoke against an answer can be shown. The weights are ``unlikely.tsv``, made by ``tools/unlikely.py``.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from app.understanding.answer import WEAK, Answer
from app.understanding.features import asked_features
from app.understanding.message import Message, inverted
from app.understanding.reading import Urgency
from app.understanding.rules import Rules
from app.understanding.safety import Safety
from app.understanding.second import SCALE, Weights, load

PATH: Final = Path(__file__).with_name("unlikely.tsv")
HEADS: Final = ("yes", "no")
CONTEXTS: Final = ("yes_no", "symptom_yes_no")
LEAST, LEAST_WEAK = 0.15, 0.5
"""Below this an answer is taken back: one the lists are sure of, one they have weak grounds for."""
_FEW = 3
_ALL_ASK = frozenset(("airway_swelling", "unresponsive", "dying"))
"""Dangers that no is never an answer beside: whose throat closes has trouble breathing."""
_SHOWN = 3
_MOST = 0.7
"""Share of a reply that one phrase of the lists answers: it was listed as an answer, so it stands."""


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The weights, read once a process; without the file every answer is likely, and the word lists stand alone."""
    return load(PATH, (30 * SCALE,) * len(HEADS))


def topic_of(topics: tuple[str, ...], prompt: str, language: str) -> str:
    """What a question is about, as the weights name it; ``~`` after a question whose yes is good news."""
    return (topics[0] if topics else "none") + ("~" if inverted(prompt, language) else "")


def unlikely(message: Message, topics: tuple[str, ...], answer: Answer) -> bool:
    """Whether replies like this rarely mean that answer; notes the words that spoke against it.

    A word or two are taken at their word, and so is a listed phrase that is most of the reply.
    """
    expected = message.expectation
    if expected.context not in CONTEXTS or answer.value not in HEADS:
        return False
    if len(message.tokens) < _FEW or _listed(message, answer):
        return False
    known = weights()
    topic = topic_of(topics, expected.prompt, message.language)
    symptom = expected.context == "symptom_yes_no"
    named = asked_features(message.tokens, message.own, topic, symptom=symptom).items()
    found = [(at, weight) for name, at in named if (weight := known.of(name)) is not None]
    head = HEADS.index(answer.value)
    least = LEAST_WEAK if answer.confidence <= WEAK else LEAST
    if known.likely([weight for _, weight in found])[head] >= least:
        return False
    by_word: dict[int, int] = {}
    for at, weight in found:
        by_word[at] = by_word.get(at, 0) + weight[head]
    against = sorted((at for at, weight in by_word.items() if weight < 0), key=lambda at: (by_word[at], at))
    for token in message.tokens:
        if token.start in against[:_SHOWN]:
            message.mark(token.start, token.end, "second opinion", f"doubt:{answer.value}")
    return True


def of_another(
    message: Message, rules: Rules, topics: tuple[str, ...], answer: Answer, safety: Safety
) -> bool:
    """Whether a bare no opens a reply that goes on to another danger: "No. But my face slid down" about breath."""
    known = [rules.topics[topic] for topic in topics if topic in rules.topics]
    if answer.value != "no" or not answer.explicit or safety.urgency < Urgency.EMERGENCY or not known:
        return False
    asked = {sign for topic in known for sign in topic.signs} | _ALL_ASK
    if "*" in asked or asked & safety.active:
        return False
    no = [e for e in message.evidence if e.effect == "answer:no"]
    tokens = message.tokens
    opens = any(e.start == tokens[0].start and e.end == tokens[0].end for e in no)
    return opens and len(tokens) > 1 and tokens[1].brk > 0


def _listed(message: Message, answer: Answer) -> bool:
    spans = [(e.start, e.end) for e in message.evidence if e.effect == f"answer:{answer.value}"]
    told = [sum(start <= token.start < end for token in message.tokens) for start, end in spans]
    return any(words > 1 and words >= _MOST * len(message.tokens) for words in told)
