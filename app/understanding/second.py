"""A second opinion on a reply, learnt from labelled lines: it may raise an alarm, never take one back.

Linear in plain features (``features``), so each opinion can be shown word by word. The weights are
``second_opinion.tsv``, made by ``tools/second_opinion.py`` from the lines under ``locales/*/lines.tsv``.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from app.understanding.features import features
from app.understanding.lexicon import Scan
from app.understanding.normal import Token

PATH: Final = Path(__file__).with_name("second_opinion.tsv")
HEADS: Final = ("person", "urgent", "emergency", "suicide")
SCALE: Final = 1000
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Opinion:
    """How likely, 0 to 1, that a person must see it, that it is urgent or worse, an emergency, about suicide.

    ``places`` are where the words begin that weighed most.
    """

    person: float
    urgent: float
    emergency: float
    suicide: float
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature says for each head, in thousandths, one after the other from where it begins.

    ``base``: what each head says of a reply without a feature that is known.
    """

    base: tuple[int, ...]
    begins: dict[str, int]
    values: array[int]

    def of(self, name: str) -> tuple[int, ...] | None:
        """What a feature says for each head; None where it is not known."""
        begin = self.begins.get(name)
        return None if begin is None else tuple(self.values[begin : begin + len(self.base)])

    def likely(self, found: Sequence[tuple[int, ...]]) -> list[float]:
        """How likely, 0 to 1, each head is by the features found."""
        share = math.sqrt(len(found)) or 1.0
        sums = [base / SCALE + sum(w[i] for w in found) / SCALE / share for i, base in enumerate(self.base)]
        return [1 / (1 + math.exp(-max(-30.0, min(30.0, z)))) for z in sums]


@lru_cache(maxsize=1)
def weights(path: Path = PATH) -> Weights:
    """The weights, read once a process; without the file nothing is ever likely, and the word lists stand alone."""
    return load(path, (-30 * SCALE,) * len(HEADS))


def load(path: Path, base: tuple[int, ...]) -> Weights:
    """The weights of a file; without it, none, and ``base`` for every head."""
    begins: dict[str, int] = {}
    values = array("i")
    if not path.is_file():
        return Weights(base, begins, values)
    with path.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            name, *given = line.rstrip("\n").split("\t")
            if name == "base":
                base = tuple(map(int, given))
            elif given:
                begins[name] = len(values)
                values.extend(map(int, given))
    return Weights(base, begins, values)


def opinion(tokens: Sequence[Token], scans: Sequence[Scan]) -> Opinion:
    """What the lines that were learnt from say of a reply like this."""
    known = weights()
    seen = ((at, known.of(name)) for name, at in features(tokens, scans).items())
    found = [(at, weight) for at, weight in seen if weight is not None]
    person, urgent, emergency, suicide = known.likely([weight for _, weight in found])
    by_word: dict[int, int] = {}
    for at, weight in found:
        by_word[at] = by_word.get(at, 0) + weight[HEADS.index("emergency")] + weight[HEADS.index("person")]
    most = sorted((at for at, weight in by_word.items() if weight > 0), key=lambda at: (-by_word[at], at))
    return Opinion(person, urgent, emergency, suicide, tuple(sorted(most[:_SHOWN])))
