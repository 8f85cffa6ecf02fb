"""Measures this machine against the budgets, or (--chaos) breaks things on purpose and counts what was lost.

Everything it uses is started for it on loopback and gone afterwards; nothing of yours is touched.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

from app.cases.models import Lane
from app.cli.load import campaigns, chaos, engine
from app.cli.load.calls import call_turns
from app.cli.load.figures import Figure, table
from app.cli.load.measures import FULL, QUICK, Bench, bulk, lone, memory, steady, webhook, whole_path
from app.cli.load.people import Person
from app.cli.load.stack import Stack, running
from app.cli.seed import seed
from app.conversations.scripts import publish
from app.flow.loader import load_file
from app.services import Services
from app.store import begin, upgrade

SCRIPT: Final = Path(__file__).parent / "load" / "script.yaml"


def main(argv: list[str]) -> int:
    """Run, print what was measured; 1 when chaos lost or doubled something, or with --strict when a bar was missed."""
    parser = argparse.ArgumentParser(prog="careloop load-test", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a short run: shows that it works")
    parser.add_argument("--chaos", action="store_true", help="kill workers, web and Redis, then count")
    parser.add_argument("--conversations", type=int, help="with --chaos: how many (default 300)")
    parser.add_argument(
        "--seconds", type=float, help="with --chaos: how long things are broken (default 120)"
    )
    parser.add_argument("--workers", type=int, default=2, help="worker processes (default 2)")
    parser.add_argument(
        "--stored", type=int, metavar="N", help="measure a campaign beside N stored messages too"
    )
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a bar was missed")
    options = parser.parse_args(argv)
    with running() as stack:
        services = stack.services()
        bench = Bench(stack, services, _prepare(stack, services), QUICK if options.quick else FULL, _say)
        try:
            if options.chaos:
                count = options.conversations or (45 if options.quick else 300)
                seconds = options.seconds or (30 if options.quick else 120)
                return chaos.run(bench, workers=options.workers, count=count, seconds=seconds)
            figures = _measure(bench, options.workers, options.stored)
        finally:
            services.engine.dispose()
    print(f"\n{table(figures)}")
    return int(options.strict and any(figure.verdict == "missed" for figure in figures))


def _prepare(stack: Stack, services: Services) -> UUID:
    upgrade(services.engine)
    with begin(services.sessions) as session:
        site = seed(session, stack.settings, services.clock.now())
        publish(session, load_file(SCRIPT), SCRIPT.read_text("utf-8"), services.clock.now())
        session.get_one(Lane, "discharge").script = "load-test"
        return site.id


def _measure(bench: Bench, workers: int, many: int | None) -> list[Figure]:
    stack, sizes = bench.stack, bench.sizes
    _say("webhooks, beside their bare twin …")
    figures = webhook(bench)
    _say("starting web and workers …")
    figures.append(Figure("web ready after its start", stack.start_web(), "s", 3))
    stack.start_workers(workers)
    _warm(bench)
    _say(f"bulk: {sizes.talkers} conversations …")
    more, people = bulk(bench)
    figures += more
    stack.start("clock", "app", "clock")
    parts: Sequence[tuple[str, Callable[[], list[Figure]]]] = (
        (f"whole path: {sizes.rounds} × {sizes.talkers} replies …", lambda: whole_path(bench, people)),
        ("50 replies a second …", lambda: steady(bench, people)),
        ("a campaign beside replies …", lambda: campaigns.beside(bench, people)),
        ("a slow carrier …", lambda: campaigns.slow(bench)),
        ("two texts at once …", lambda: campaigns.two_texts(bench)),
        ("lone replies …", lambda: lone(bench, people)),
        ("calls …", lambda: call_turns(bench, _started(bench, sizes.calls))),
        ("idle memory …", lambda: memory(bench)),
        (
            "the engine by itself …",
            lambda: engine.measure(SCRIPT, seconds=sizes.webhook_seconds),
        ),
    )
    if many:
        parts = (*parts, ("few and many stored messages …", lambda: campaigns.stored(bench, many)))
    for words, part in parts:
        _say(words)
        figures += part()
    return figures


def _started(bench: Bench, count: int) -> list[Person]:
    people = bench.arrive(count)
    bench.begin(people)
    return people


def _warm(bench: Bench) -> None:
    """Word lists, connections and plans are loaded by the first patients, who are not counted."""
    people = _started(bench, 8)
    whole_path(bench, people)


def _say(words: str) -> None:
    print(words, flush=True)
