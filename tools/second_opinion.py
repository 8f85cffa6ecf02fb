"""Learn the weights of the second opinion (app/understanding/second.py) from the labelled lines.

    .venv/bin/python tools/second_opinion.py            # write app/understanding/second_opinion.tsv
    .venv/bin/python tools/second_opinion.py --judge    # by fourths: what it finds in lines it did not learn from

Lines: ``locales/<lang>/lines.tsv`` (E emergency, U urgent, R routine, P for a person, N nothing; a tab; the
words) and the tuning and learnt replies of the tests. The same lines always give the same weights.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.understanding import Expectation, Urgency  # noqa: E402 - after the path is set
from app.understanding.features import features  # noqa: E402 - after the path is set
from app.understanding.message import build  # noqa: E402 - after the path is set
from app.understanding.normal import tokenize  # noqa: E402 - after the path is set
from app.understanding.rules import rules  # noqa: E402 - after the path is set
from app.understanding.safety import assess  # noqa: E402 - after the path is set
from app.understanding.second import HEADS, PATH, SCALE  # noqa: E402 - after the path is set

ROUNDS, RATE, SHRINK, SEEN_TWICE = 12, 0.15, 2e-4, 2
KNOWN = "k:signs."
LEAST = 12
"""Thousandths: a weight below this says nothing and is left out."""
Labels = tuple[int | None, ...]
Sample = tuple[list[str], Labels]
Table = tuple[dict[str, tuple[int, ...]], tuple[int, ...]]
"""The weights of each feature, and of a reply without any."""


def sources() -> list[Path]:
    """Every file that is learnt from."""
    return sorted(ROOT.glob("locales/*/lines.tsv")) + replies()


def replies() -> list[Path]:
    """The labelled replies that may be learnt from."""
    data = ROOT / "tests/understanding/data"
    return [path for kind in ("tuning", "learnt") for path in sorted(data.glob(f"*_{kind}.jsonl"))]


def fingerprint() -> str:
    """Of the lines, to tell whether the weights are of these."""
    return digest_of(sources())


def digest_of(paths: Iterable[Path]) -> str:
    """Of what the files hold."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def samples() -> list[Sample]:
    """Every line with what it says for each head; None where it says nothing."""
    found: list[Sample] = []
    for path in sources():
        language = path.parent.name if path.suffix == ".tsv" else path.stem.split("_")[0]
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line.strip():
                text, labels = _row(json.loads(line)) if path.suffix == ".jsonl" else _line(line)
                found.append(_sample(text, language, labels))
    return found


def _sample(text: str, language: str, labels: Labels) -> Sample:
    tokens = tokenize(text)
    message = build(text, Expectation(), language, None, tokens, "")
    told = assess(message, rules(), None, ()) if labels[2] == 1 else None
    # By the word lists alone, where they know what sort of danger it is.
    suicide = int(told.kind == "suicide") if told and told.kind else None
    return list(features(tokens, message.own)), (*labels, suicide)


def _line(line: str) -> tuple[str, Labels]:
    label, _, text = line.partition("\t")
    seen = {"E": 1, "U": 1, "P": 1, "N": 0}.get(label)
    urgent = {"E": 1, "U": 1}.get(label, 0)
    return text, (seen, urgent, int(label == "E"))


def _row(row: dict[str, Any]) -> tuple[str, Labels]:
    text = str(row["text"])
    if "protocol" in (row.get("tags") or ()):
        return text, (None, None, None)
    given = row["expect"].get("urgency", "none")
    levels = {Urgency.parse(one) for one in (given if isinstance(given, list) else [given])}
    seen = 1 if row.get("must_flag") else None if row.get("flag_ok") else 0
    return text, (seen, _sure(levels, Urgency.URGENT), _sure(levels, Urgency.EMERGENCY))


def _sure(levels: set[Urgency], least: Urgency) -> int | None:
    """Whether every accepted level is that bad (1), none is (0), or it may be either (None)."""
    high = [level >= least for level in levels]
    return int(all(high)) if all(high) or not any(high) else None


def learn(data: Iterable[tuple[list[str], int]], names: dict[str, int]) -> tuple[list[float], float]:
    """Logistic regression by stochastic gradient, with a step that shrinks for what was seen often."""
    rows = [([names[name] for name in given if name in names], label) for given, label in data]
    weight, grown = [0.0] * len(names), [1e-6] * len(names)
    base, base_grown = 0.0, 1e-6
    order = random.Random(7)
    for _ in range(ROUNDS):
        order.shuffle(rows)
        for given, label in rows:
            share = math.sqrt(len(given)) or 1.0
            z = base + sum(weight[i] for i in given) / share
            error = 1 / (1 + math.exp(-max(-30.0, min(30.0, z)))) - label
            base_grown += error * error
            base -= RATE * error / math.sqrt(base_grown)
            for i in given:
                slope = error / share + SHRINK * weight[i]
                grown[i] += slope * slope
                weight[i] -= RATE * slope / math.sqrt(grown[i])
    return weight, base


def train(data: list[Sample]) -> Table:
    """The weights of every head, in thousandths."""
    heads = []
    for head in range(len(HEADS)):
        rows = [(given, label) for given, labels in data if (label := labels[head]) is not None]
        # Once more without the signs the lists know: it has to speak up where they know nothing.
        rows += [([name for name in given if not name.startswith(KNOWN)], label) for given, label in rows]
        heads.append(rows)
    return weigh([given for given, _ in data], heads)


def weigh(seen: Iterable[list[str]], heads: Iterable[list[tuple[list[str], int]]]) -> Table:
    """The weights that each head's labelled features give to the features seen twice or more."""
    counted = Counter(name for given in seen for name in given)
    names = {
        name: i for i, name in enumerate(sorted(n for n, count in counted.items() if count >= SEEN_TWICE))
    }
    columns, bases = [], []
    for rows in heads:
        weight, base = learn(rows, names)
        columns.append([round(value * SCALE) for value in weight])
        bases.append(round(base * SCALE))
    kept = {}
    for name, i in names.items():
        values = tuple(column[i] for column in columns)
        if max(abs(value) for value in values) >= LEAST:
            kept[name] = values
    return kept, tuple(bases)


def write(path: Path, table: Table, head: str) -> None:
    """Keep weights; ``head`` tells what they were learnt from."""
    kept, bases = table
    lines = [f"# {head}; made by tools/{path.stem}.py", "\t".join(["base", *map(str, bases)])]
    lines += ["\t".join([name, *map(str, values)]) for name, values in sorted(kept.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{path.name}: {len(kept)} features")


def judge() -> None:
    """Learn from three fourths, look at the fourth."""
    data = samples()
    random.Random(1).shuffle(data)
    told: list[list[tuple[float, int]]] = [[] for _ in HEADS]
    for part in range(4):
        kept, bases = train([one for i, one in enumerate(data) if i % 4 != part])
        for given, labels in data[part::4]:
            known = [kept[name] for name in given if name in kept]
            share = math.sqrt(len(known)) or 1.0
            for head, label in enumerate(labels):
                if label is not None:
                    told[head].append((bases[head] + sum(w[head] for w in known) / share, label))
    for head, name in enumerate(HEADS):
        harmless = sorted((z for z, label in told[head] if not label), reverse=True)
        bad = [z for z, label in told[head] if label]
        for alarms in (0.01, 0.03, 0.1):
            bound = harmless[int(len(harmless) * alarms)]
            found = sum(z > bound for z in bad) / len(bad)
            print(
                f"{name:<10} false alarms {alarms:4.0%}: found {found:6.1%} of {len(bad)} (bound {bound / SCALE:.2f})"
            )


def run(
    about: str | None,
    judge: Callable[[], None],
    path: Path,
    heads: Sequence[str],
    learnt: Callable[[], tuple[Table, str]],
) -> int:
    """Measure, or learn and keep the weights, as the arguments say; ``learnt`` gives them and the fingerprint."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--judge", action="store_true", help="measure instead of writing")
    if parser.parse_args().judge:
        judge()
    else:
        table, mark = learnt()
        write(path, table, f"{mark}; columns: {', '.join(heads)}")
    return 0


def main() -> int:
    """Run as the arguments say."""
    return run(__doc__, judge, PATH, HEADS, lambda: (train(samples()), fingerprint()))


if __name__ == "__main__":
    sys.exit(main())
