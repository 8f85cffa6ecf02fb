"""Works the queues: short jobs, one after the other, in a process that does not fork for them."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from typing import Any

import structlog
from redis import Redis
from rq import Queue
from rq.executions import Execution
from rq.job import Job as RqJob
from rq.registry import StartedJobRegistry
from rq.serializers import JSONSerializer
from rq.utils import import_attribute
from rq.worker import SimpleWorker

from app.cli import runtime
from app.cli.children import Program, Supervisor
from app.errors import CareloopError
from app.queues import BULK, JOBS, PRIORITY, REPORT, queue
from app.understanding.warm import warm

TTL = 25
"""Seconds after which a worker that died is no longer counted; a waiting one looks up every TTL - 15."""
MAINTENANCE = 60
MAX_JOBS = 20_000
"""Jobs after which the process is replaced, so that no library's leak ever grows large."""

log = structlog.get_logger("careloop.worker")


class JobMissing(CareloopError):
    """A job's name stands for no function."""

    code = "job_missing"


class Worker(SimpleWorker):
    """RQ's worker without a fork a job, which would cost ten times the work, and that tells no patient's data."""

    def procline(self, message: str) -> None:
        """Leave the process's name alone: it is set twice a job otherwise."""

    def handle_exception(self, job: RqJob, *exc_info: Any) -> None:
        """Log what failed and where; RQ would log the error's words, which may quote a patient's."""
        log.error("job_failed", job=job.func_name, job_id=job.id, arguments=job.args, exc_info=exc_info)

    def handle_job_failure(
        self,
        job: RqJob,
        queue: Queue,
        started_job_registry: StartedJobRegistry | None = None,
        exc_string: str = "",
        execution: Execution | None = None,
    ) -> None:
        """Note the failure; RQ would keep the error's words in Redis."""
        super().handle_job_failure(job, queue, started_job_registry, "the logs say why", execution)


def main(argv: list[str]) -> int:
    """Work the queues until a signal says stop."""
    parser = argparse.ArgumentParser(prog="careloop worker", description=__doc__)
    parser.add_argument("queues", nargs="*", metavar="QUEUE", help="in order of priority (default: all)")
    parser.add_argument("-n", "--processes", type=int, help="how many (default: WORKER_CONCURRENCY, 1)")
    parser.add_argument("--burst", action="store_true", help="end when the queues are empty")
    options = parser.parse_args(argv)
    if unknown := set(options.queues) - set(PRIORITY):
        parser.error(f"no such queue: {', '.join(sorted(unknown))}; there are {', '.join(PRIORITY)}")
    settings = runtime.settings()
    queues = options.queues or list(PRIORITY)
    processes = options.processes or settings.worker_concurrency
    if processes > 1:
        return _several(queues, processes)
    load_jobs()
    warm()
    work(Redis.from_url(settings.redis_url), queues, burst=options.burst)
    return 0


def work(redis: Redis, queues: Sequence[str], *, burst: bool = False) -> None:
    """Work queues in their order in this process, until a signal, or (burst) until they are empty."""
    worker = Worker(
        [queue(name, redis) for name in queues],
        connection=redis,
        serializer=JSONSerializer,
        worker_ttl=TTL,
        maintenance_interval=MAINTENANCE,
        log_job_description=False,
    )
    worker.work(burst=burst, max_jobs=MAX_JOBS, logging_level=logging.getLevelName(logging.WARNING))


def load_jobs() -> None:
    """Import what every job's name stands for; JobMissing lists the names that stand for nothing, and why."""
    problems = [problem for job in JOBS if (problem := _problem(job.name))]
    if problems:
        raise JobMissing("\n".join(["These jobs cannot be worked:", *problems]))


def _problem(name: str) -> str | None:
    try:
        import_attribute(name)
    except (ImportError, AttributeError, ValueError) as problem:
        return f"  {name}: {problem}"
    return None


def _several(queues: Sequence[str], processes: int) -> int:
    """Several processes; the first takes no long jobs, so that a reply never waits for a whole batch."""
    prompt = [name for name in queues if name not in (BULK, REPORT)] or list(queues)
    with Supervisor(lambda line: print(line, file=sys.stderr, flush=True)) as supervisor:
        for number in range(processes):
            names = prompt if number == 0 else list(queues)
            argv = [sys.executable, "-m", "app", "worker", "-n", "1", *names]
            supervisor.add(Program(f"worker {number + 1}", argv, dict(os.environ)))
        supervisor.forever()
    return 0
