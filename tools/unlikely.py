"""Learn the weights that take an unlikely yes or no back (app/understanding/unlikely.py) from labelled replies.

    .venv/bin/python tools/unlikely.py            # write app/understanding/unlikely.tsv
    .venv/bin/python tools/unlikely.py --judge    # by fourths: which answers of the lists it would take back

Replies: ``locales/<lang>/answers.tsv`` (a question after ``?`` and its context; below it replies, each after ``yes``,
``no``, ``-`` for neither, or several of these) and the tuning and learnt replies of the tests. The same replies
always give the same weights.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.understanding import Expectation  # noqa: E402 - after the path is set
from app.understanding.features import asked_features  # noqa: E402 - after the path is set
from app.understanding.message import build, topics_of  # noqa: E402 - after the path is set
from app.understanding.normal import tokenize  # noqa: E402 - after the path is set
from app.understanding.score import read_row  # noqa: E402 - after the path is set
from app.understanding.second import SCALE  # noqa: E402 - after the path is set
from app.understanding.unlikely import CONTEXTS, HEADS, PATH, topic_of  # noqa: E402 - after the path is set
from tools.second_opinion import Table, digest_of, replies, run, weigh  # noqa: E402 - after the path is set

Row = dict[str, Any]
Sample = tuple[list[str], frozenset[str]]
"""Features and the labels a careful nurse accepts: ``yes``, ``no``, ``-``."""


def sources() -> list[Path]:
    """Every file that is learnt from."""
    return sorted(ROOT.glob("locales/*/answers.tsv")) + replies()


def fingerprint() -> str:
    """Of the replies, to tell whether the weights are of these."""
    return digest_of(sources())


def rows() -> Iterator[Row]:
    """Every labelled reply to a yes/no question."""
    for path in sources():
        if path.suffix == ".tsv":
            yield from _listed(path)
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and (row := json.loads(line))["context"] in CONTEXTS:
                yield row


def _listed(path: Path) -> Iterator[Row]:
    context = prompt = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        label, _, text = line.partition("\t")
        if label.startswith("? "):
            context, prompt = label[2:], text
        elif text:
            answer = [None if one == "-" else one for one in label.split(",")]
            yield {
                "lang": path.parent.name,
                "context": context,
                "prompt": prompt,
                "text": text,
                "expect": {"answer": answer},
            }


def accepted(row: Row) -> frozenset[str]:
    """The labels of a reply."""
    given = row["expect"].get("answer")
    return frozenset(str(one or "-") for one in (given if isinstance(given, list) else [given]))


def sample(row: Row) -> Sample:
    """What the weights see of a reply, and its labels."""
    text, language = str(row["text"]), str(row["lang"])
    tokens = tokenize(text)
    message = build(text, Expectation(row["context"], row["prompt"]), language, None, tokens, "")
    topic = topic_of(topics_of(row["prompt"], language), row["prompt"], language)
    symptom = row["context"] == "symptom_yes_no"
    return list(asked_features(tokens, message.own, topic, symptom=symptom)), accepted(row)


def train(data: list[Sample]) -> Table:
    """The weights of a yes and of a no; a reply that may be either, or none, teaches nothing of what it may be."""
    heads = [
        [(given, int(head in labels)) for given, labels in data if labels == {head} or head not in labels]
        for head in HEADS
    ]
    return weigh([given for given, _ in data], heads)


def judge() -> None:
    """Learn from three fourths, look at the fourth: wrong and right answers of the lists that would be taken back."""
    pairs = [(sample(row), row) for row in rows()]
    random.Random(1).shuffle(pairs)
    told: list[tuple[float, bool]] = []
    for part in range(4):
        kept, bases = train([one for i, (one, _) in enumerate(pairs) if i % 4 != part])
        for (given, labels), row in pairs[part::4]:
            answer = str(read_row(row).answer)
            if answer in HEADS:
                known = [kept[name] for name in given if name in kept]
                head, share = HEADS.index(answer), math.sqrt(len(known)) or 1.0
                z = (bases[head] + sum(w[head] for w in known) / share) / SCALE
                told.append((1 / (1 + math.exp(-z)), answer in labels))
    print(f"{len(told)} answers, {sum(not right for _, right in told)} wrong")
    for bound in (0.05, 0.1, 0.15, 0.2, 0.3):
        taken = [right for chance, right in told if chance < bound]
        print(f"below {bound}: {taken.count(False)} wrong and {taken.count(True)} right would be taken back")


def main() -> int:
    """Run as the arguments say."""
    return run(__doc__, judge, PATH, HEADS, lambda: (train([sample(row) for row in rows()]), fingerprint()))


if __name__ == "__main__":
    sys.exit(main())
