"""The worker: priority order, no fork, prompt to stop, and nothing of a job's data in its logs."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

from redis import Redis
from rq.job import Job as RqJob
from rq.serializers import JSONSerializer

from app.cli import worker
from app.queues import PRIORITY, Job, Queues, queue
from tests.support.surroundings import ENVIRON
from tests.support.waiting import until

NOTE = "tests.support.jobs.note"


def test_urgent_jobs_go_first(queues: Queues, redis: Redis, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    for name in reversed(PRIORITY):
        queues.one(Job(NOTE, name), str(trace), name)
    worker.work(redis, PRIORITY, burst=True)
    assert trace.read_text().split() == list(PRIORITY)


def test_a_failing_job_does_not_stop_the_others(queues: Queues, redis: Redis, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    queues.one(Job("tests.support.jobs.fail", "reply"), str(trace))
    queues.one(Job(NOTE, "reply"), str(trace), "next")
    worker.work(redis, ["reply"], burst=True)
    assert trace.read_text().split() == ["failing", "next"]


def test_what_a_job_worked_on_is_neither_logged_nor_kept(
    queues: Queues, redis: Redis, tmp_path: Path, logged: io.StringIO
) -> None:
    queues.one(Job("tests.support.jobs.fail", "reply"), str(tmp_path / "trace"))
    worker.work(redis, ["reply"], burst=True)
    assert "tests.support.jobs.fail" in logged.getvalue()
    assert "jobs.py:" in logged.getvalue()
    assert "chest pain" not in logged.getvalue()
    (job_id,) = queue("reply", redis).failed_job_registry.get_job_ids()
    result = RqJob.fetch(job_id, redis, serializer=JSONSerializer).latest_result()
    assert result is not None
    assert result.exc_string == "the logs say why"


def test_finished_jobs_leave_nothing_in_redis(queues: Queues, redis: Redis, tmp_path: Path) -> None:
    queues.one(Job(NOTE, "reply"), str(tmp_path / "trace"), "done")
    worker.work(redis, ["reply"], burst=True)
    assert not redis.keys("rq:job:*")


WAITING = """
import sys
from redis import Redis
from rq.job import Job as RqJob
from rq.serializers import JSONSerializer
from app.cli import worker
worker.work(Redis.from_url(sys.argv[1]), ["reply"])
"""


def test_a_waiting_worker_stops_at_once(queues: Queues, redis: Redis, redis_url: str, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    environ = {**os.environ, **ENVIRON}
    with subprocess.Popen([sys.executable, "-c", WAITING, redis_url], env=environ) as process:
        queues.one(Job(NOTE, "reply"), str(trace), "awake")
        until(trace.exists, what="the first job")
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0


def test_an_unknown_queue_is_told(tmp_path: Path) -> None:
    run = subprocess.run([sys.executable, "-m", "app", "worker", "replies"], capture_output=True, text=True)
    assert run.returncode == 2
    assert "no such queue: replies" in run.stderr
