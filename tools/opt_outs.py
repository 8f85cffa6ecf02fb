"""Learn the weights that find opt-outs in words no list knows (app/understanding/opt_outs.py).

    .venv/bin/python tools/opt_outs.py            # write app/understanding/opt_outs.tsv
    .venv/bin/python tools/opt_outs.py --judge    # by fourths: what it adds to the word lists, rightly and wrongly

Lines: ``locales/<lang>/consent.tsv`` (O opts out, X does not though the words are alike, N anything else; a tab; the
words) and the tuning and learnt replies of the tests. The same lines always give the same weights.
"""

from __future__ import annotations

import json
import random
import sys
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.understanding import Expectation, opt_outs  # noqa: E402 - after the path is set
from app.understanding.features import LIST  # noqa: E402 - after the path is set
from app.understanding.message import build  # noqa: E402 - after the path is set
from app.understanding.normal import tokenize  # noqa: E402 - after the path is set
from app.understanding.opt_outs import OPT_OUT, PATH, consent_features  # noqa: E402 - after the path is set
from app.understanding.score import read_row  # noqa: E402 - after the path is set
from app.understanding.second import SCALE, Weights  # noqa: E402 - after the path is set
from tools.second_opinion import Table, digest_of, replies, run, weigh  # noqa: E402 - after the path is set

Row = dict[str, Any]
LISTED = f"{LIST}intents.{OPT_OUT}"


def sources() -> list[Path]:
    """Every file that is learnt from."""
    return sorted(ROOT.glob("locales/*/consent.tsv")) + replies()


def fingerprint() -> str:
    """Of the lines, to tell whether the weights are of these."""
    return digest_of(sources())


def rows() -> Iterator[Row]:
    """Every labelled reply."""
    for path in sources():
        for line in path.read_text(encoding="utf-8").split("\n"):
            label, _, text = line.partition("\t")
            if path.suffix == ".jsonl" and line:
                yield json.loads(line)
            elif text:
                wanted = [OPT_OUT] if label == "O" else []
                yield {
                    "lang": path.parent.name,
                    "context": "none",
                    "text": text,
                    "expect": {"intents": wanted},
                }


def label(row: Row) -> int | None:
    """Whether a reply opts out; None where it may be read either way."""
    wanted = row["expect"]
    if OPT_OUT in wanted.get("intents", ()):
        return 1
    return None if OPT_OUT in wanted.get("intents_ok", ()) else 0


def sample(row: Row) -> list[str]:
    """What the weights see of a reply."""
    tokens = tokenize(str(row["text"]))
    message = build(row["text"], Expectation(), row["lang"], None, tokens, "")
    return list(consent_features(tokens, message.own))


def train(data: list[tuple[list[str], int]]) -> Table:
    """The weights; once more without the opt-outs the lists know: they have to speak up where those are silent."""
    unlisted = [([name for name in given if name != LISTED], told) for given, told in data]
    return weigh([given for given, _ in data], [data + unlisted])


def samples() -> list[tuple[list[str], int]]:
    """What is learnt from."""
    return [(sample(row), told) for row in rows() if (told := label(row)) is not None]


def judge() -> None:
    """Learn from three fourths, read the fourth; the same with the word lists alone."""
    every = [row | {"id": ""} for row in rows() if label(row) is not None]
    random.Random(1).shuffle(every)
    data = [(sample(row), int(label(row) == 1)) for row in every]
    told = {"lists alone": [0] * 4, "with weights": [0] * 4}
    for part in range(4):
        table = train([one for i, one in enumerate(data) if i % 4 != part])
        for name, known in (("lists alone", ({}, (-30 * SCALE,))), ("with weights", table)):
            _read_with(known)
            for row, (_, wanted) in list(zip(every, data, strict=True))[part::4]:
                told[name][2 * wanted + (OPT_OUT in read_row(row).intents)] += 1
    for name, (_, wrong, missed, right) in told.items():
        recall, precision = right / (right + missed), right / (right + wrong)
        print(
            f"{name:<12} recall {recall:6.1%} of {right + missed}, precision {precision:6.1%}, {wrong} wrong"
        )


def _read_with(table: Table) -> None:
    kept, bases = table
    values = array("i", [value for values in kept.values() for value in values])
    learnt = Weights(bases, {name: i for i, name in enumerate(kept)}, values)
    opt_outs.weights = lambda: learnt  # type: ignore[assignment]  # in place of those of the file


def main() -> int:
    """Run as the arguments say."""
    return run(__doc__, judge, PATH, (OPT_OUT,), lambda: (train(samples()), fingerprint()))


if __name__ == "__main__":
    sys.exit(main())
