"""``careloop read``: what replies mean, JSON lines in and out; explain one; score labelled ones."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from app.cli.examples import export
from app.understanding.additions import Additions, from_yaml
from app.understanding.errors import LexiconError
from app.understanding.reading import Reading
from app.understanding.schema import json_schema
from app.understanding.score import Score, read_row, score


def main(argv: list[str]) -> int:
    """Read replies as the arguments say; 0 when done, 2 when a line or file cannot be used."""
    options = _parser().parse_args(argv)
    if options.schema:
        print(json.dumps(json_schema(), ensure_ascii=False, indent=2))
        return 0
    if options.examples:
        return export(confirmed=options.yes)
    try:
        additions = from_yaml(options.words) if options.words else None
        if options.explain is not None:
            return _explain(options, additions)
        rows = list(_rows(_lines(options.score or options.file)))
    except (OSError, ValueError, LexiconError) as error:
        print(f"careloop read: {error}", file=sys.stderr)
        return 2
    if options.score:
        return _score(rows, additions, verbose=options.verbose)
    for row in rows:
        print(
            json.dumps(
                {"id": row.get("id"), **read_row(row, additions=additions).to_json()}, ensure_ascii=False
            )
        )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="careloop read", description=__doc__)
    parser.add_argument("file", nargs="?", help="JSON lines of replies; standard input when left out or -")
    parser.add_argument("--explain", metavar="TEXT", help="read one reply and show which words decided")
    parser.add_argument("--score", metavar="FILE", help="read labelled replies and print the measures")
    parser.add_argument(
        "--words", metavar="FILE", type=Path, help="more phrases: YAML by language, section, name"
    )
    parser.add_argument(
        "--examples", action="store_true", help="print this practice's kept examples: patients' words"
    )
    parser.add_argument(
        "--yes", action="store_true", help="with --examples: confirms that patients' words may be printed"
    )
    parser.add_argument("--schema", action="store_true", help="print the JSON Schema of replies.yaml")
    parser.add_argument("--verbose", action="store_true", help="with --score: the rows that were misread")
    parser.add_argument("--lang", default="en", help="with --explain: the patient's language")
    parser.add_argument(
        "--context", default="none", help="with --explain: the kind of question that was open"
    )
    parser.add_argument("--prompt", default="", help="with --explain: the question as it was sent")
    return parser


def _lines(name: str | None) -> Iterable[str]:
    if name in (None, "-"):
        stream: TextIO = sys.stdin
        return stream
    return Path(str(name)).read_text(encoding="utf-8").split("\n")


def _rows(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise ValueError(f"line {number} is no JSON: {error}") from error
        if not isinstance(row, dict):
            raise ValueError(f"line {number} is no JSON object")
        try:
            datetime.fromisoformat(str(row.get("now") or "1970-01-01"))
        except ValueError as error:
            raise ValueError(f"line {number}: now is no ISO 8601 time: {row['now']!r}") from error
        yield row


def _explain(options: argparse.Namespace, additions: Additions | None) -> int:
    row = {
        "lang": options.lang,
        "context": options.context,
        "prompt": options.prompt,
        "text": options.explain,
    }
    reading = read_row(row, additions=additions)
    print(f"answer      {reading.answer}  (confidence {reading.confidence})")
    print(f"intents     {', '.join(reading.intents) or '-'}")
    print(f"urgency     {reading.urgency.label}{f' ({reading.kind})' if reading.kind else ''}")
    print(f"flag        {'a person must see it' if reading.flag else 'no'}")
    for item in reading.evidence:
        print(f"  {item.start:>3}-{item.end:<3} {item.text!r:<40} {item.effect:<22} {item.rule}")
    return 0


def _score(rows: list[dict[str, Any]], additions: Additions | None, *, verbose: bool) -> int:
    readings = [read_row(row, additions=additions) for row in rows]
    result = score(rows, readings)
    for name, tally in sorted(result.tallies.items()):
        rate = "   -  " if tally.rate is None else f"{100 * tally.rate:6.2f}"
        print(f"{name:<36}{rate} %  {tally.good}/{tally.total}")
    if verbose:
        _misses(rows, readings, result)
    return 0


def _misses(rows: list[dict[str, Any]], readings: list[Reading], result: Score) -> None:
    known = {str(row.get("id")): (row, reading) for row, reading in zip(rows, readings, strict=True)}
    for name, ids in sorted(result.misses.items()):
        print(f"\n{name}")
        for row_id in ids:
            row, reading = known[row_id]
            expect = row["expect"]
            print(
                f"  {row_id} [{row.get('lang')} {row.get('context')}] {row.get('text')!r}\n"
                f"      want {expect.get('answer')} {expect.get('intents')} {expect.get('urgency')}"
                f" flag={row.get('must_flag')}/{row.get('flag_ok')};"
                f" got {reading.answer} {list(reading.intents)} {reading.urgency.label} {reading.flag}"
            )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
