"""Queues that only remember, for tests that ask what would be done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.queues import Job


@dataclass
class Remembered:
    """An `Enqueue` that keeps what it was given: `calls` has (job, arguments, queue) in order."""

    calls: list[tuple[Job, tuple[str, ...], str]] = field(default_factory=list)

    def one(self, job: Job, *args: str, queue: str | None = None) -> None:
        """Remember one job."""
        self.many(job, [args], queue)

    def many(self, job: Job, calls: Iterable[tuple[str, ...]], queue: str | None = None) -> None:
        """Remember many jobs of a kind."""
        self.calls += [(job, args, queue or job.queue) for args in calls]

    def ring(self, job: Job) -> None:
        """Remember that a job was rung, each time."""
        self.many(job, [()])

    def heard(self, job: Job) -> None:
        """A bell here is never silent."""

    def waiting(self, *queues: str) -> int:
        """What was put on a queue is done at once."""
        return 0

    def arguments(self, job: Job) -> list[tuple[str, ...]]:
        """The arguments of each call of a job, in order."""
        return [args for called, args, _ in self.calls if called == job]
