"""Whether a reply ends the messages in words no list knows: learnt from labelled replies, beside the word lists.

Where it is near certain it adds an opt-out; it takes none back. Whatever it says or doubts, a person sees: who is cut
off by mistake is called. Linear in the words of the reply, their neighbours and parts, and what the lists matched
(``features``); the weights are ``opt_outs.tsv``, made by ``tools/opt_outs.py`` from ``locales/*/consent.tsv``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from app.understanding.answer import Answer
from app.understanding.features import LIST, features
from app.understanding.intents import also, asks
from app.understanding.lexicon import Scan
from app.understanding.message import Message
from app.understanding.normal import Token
from app.understanding.safety import Safety
from app.understanding.second import SCALE, Weights, load

PATH: Final = Path(__file__).with_name("opt_outs.tsv")
OPT_OUT: Final = "opt_out"
CERTAIN, POSSIBLE, DOUBTED = 0.95, 0.4, 0.1
"""From where on it is an opt-out, may be one, and below which one of the lists is looked at by a person."""
_BESIDE: Final = frozenset(("complaint", "thanks"))
"""What an opt-out is told with; the rest goes to a person as it is."""
_FEW = 2
"""Words below which a reply is too short to weigh."""
_SHOWN = 3


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The weights, read once a process; without the file the word lists stand alone."""
    return load(PATH, (-30 * SCALE,))


def consent_features(tokens: Sequence[Token], scans: Sequence[Scan]) -> dict[str, int]:
    """What the weights see of a reply, with where it begins: what the second opinion sees, and the wishes matched."""
    found = features(tokens, scans)
    for scan in scans:
        for hit in scan.of("intents"):
            found.setdefault(f"{LIST}intents.{hit.name}", hit.start)
    return found


def wishes(
    message: Message, answer: Answer, found: tuple[str, ...], safety: Safety
) -> tuple[tuple[str, ...], bool]:
    """The intents, with an opt-out where replies like this one end the messages; whether a person must see it."""
    if len(message.tokens) < _FEW or safety.spans:
        return found, False
    known = weights()
    if OPT_OUT not in found and (
        answer.value is not None or set(found) - _BESIDE or asks(message) or _fenced(message)
    ):
        return found, False
    seen = ((at, known.of(name)) for name, at in consent_features(message.tokens, message.own).items())
    weighed = [(at, weight[0]) for at, weight in seen if weight is not None]
    (chance,) = known.likely([(weight,) for _, weight in weighed])
    if OPT_OUT in found:
        return found, bool(known.begins) and chance < DOUBTED
    if chance < CERTAIN:
        if chance >= POSSIBLE:
            _show(message, weighed, "flag")
        return found, chance >= POSSIBLE
    _show(message, weighed, f"intent:{OPT_OUT}")
    return also(found, OPT_OUT), True


def _fenced(message: Message) -> bool:
    """Whether a list knows that such words mean something else here."""
    return any(scan.named("intents", f"{OPT_OUT}_not") for scan in message.own)


def _show(message: Message, weighed: list[tuple[int, int]], effect: str) -> None:
    by_word: dict[int, int] = {}
    for at, weight in weighed:
        by_word[at] = by_word.get(at, 0) + weight
    most = sorted((at for at in by_word if by_word[at] > 0), key=lambda at: (-by_word[at], at))[:_SHOWN]
    for token in message.tokens:
        if token.start in most:
            message.mark(token.start, token.end, "second opinion", effect)
