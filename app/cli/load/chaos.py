"""Hundreds of conversations while processes are killed and Redis is emptied; then everything is counted."""

from __future__ import annotations

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from typing import Final
from uuid import UUID

from redis.exceptions import RedisError
from sqlalchemy import bindparam, exists, func, select

from app.cli.load.audit import audit
from app.cli.load.client import blast
from app.cli.load.measures import Bench
from app.cli.load.people import BOOKS, WELL, WORSE, Person
from app.cli.load.webhook import sid_of
from app.conversations.models import Conversation
from app.inbound.models import InboundEvent
from app.outbox.models import Message, MessageStatus
from app.store.database import reading

SEED: Final = 7
PAUSE: Final = 3.0
"""Seconds between two blows."""
VICTIMS: Final = ("worker", "worker", "web", "redis", "clock", "flush")
CALM: Final = 300.0
"""Seconds after the last blow in which everything must have come to its end."""
THINKS: Final = timedelta(seconds=1.5)
"""People read before they answer; what comes within the same second was written before the question was seen."""
POSTERS: Final = 8
_UNSENT = (MessageStatus.QUEUED, MessageStatus.SENDING, MessageStatus.UNKNOWN)
READY: Final = (
    select(Conversation.patient_id, Conversation.prompt)
    .where(Conversation.status == "waiting", Conversation.asked_at < bindparam("late"))
    .where(
        ~exists().where(InboundEvent.number_index == Conversation.number_index, InboundEvent.state == "new")
    )
    .where(~exists().where(Message.conversation_id == Conversation.id, Message.status.in_(_UNSENT)))
)


@dataclass(slots=True)
class Chaos:
    """The run: who talks, what was posted (by MessageSid), what was killed how often."""

    bench: Bench
    workers: int
    people: dict[UUID, Person]
    posted: list[str] = field(default_factory=list)
    busy: set[UUID] = field(default_factory=set)
    blows: Counter[str] = field(default_factory=Counter)
    random: random.Random = field(default_factory=lambda: random.Random(SEED))


def run(bench: Bench, *, workers: int, count: int, seconds: float) -> int:
    """Talk, break, wait until all is calm, count; 1 when anything was lost or doubled."""
    people = bench.arrive(count)
    for person, answers in zip(people, cycle((WELL, WORSE, BOOKS)), strict=False):
        person.answers = answers
    chaos = Chaos(bench, workers, {person.patient_id: person for person in people})
    bench.say(f"{count} conversations; for {seconds:.0f} s something is killed every {PAUSE} s …")
    _talk(chaos, seconds)
    bench.settle()
    told = ", ".join(f"{name} {times} times" for name, times in sorted(chaos.blows.items()))
    bench.say(f"Killed or emptied: {told}. {len(chaos.posted)} texts came in, some of them twice. Counting …")
    faults = audit(bench, chaos.people.values(), chaos.posted)
    bench.say(
        "\n".join(f"  WRONG: {fault}" for fault in faults) or "Nothing was lost, nothing was done twice."
    )
    return int(bool(faults))


def _talk(chaos: Chaos, seconds: float) -> None:
    """Everybody answers whatever they are asked, while things break; ends when all have said everything."""
    began = last_blow = time.monotonic()
    with ThreadPoolExecutor(POSTERS) as pool:
        while not _all_resting(chaos):
            now = time.monotonic()
            if now > began + seconds + CALM:
                raise chaos.bench.stack.failed("Not all conversations came to their end.")
            _revive(chaos)
            if now < began + seconds and now > last_blow + PAUSE:
                last_blow = now
                _blow(chaos)
            for person, step in _ready(chaos):
                chaos.busy.add(person.patient_id)
                pool.submit(_answer, chaos, person, step)
            time.sleep(0.3)


def _all_resting(chaos: Chaos) -> bool:
    """Whether every conversation has come to its long wait, which nothing but an answer to all questions leads to."""
    with reading(chaos.bench.services.sessions) as session:
        resting = session.scalar(select(func.count()).where(Conversation.status == "sleeping"))
    return not chaos.busy and resting == len(chaos.people)


def _ready(chaos: Chaos) -> list[tuple[Person, str]]:
    """Who has read a question and has not answered it yet, with the step that asks."""
    with reading(chaos.bench.services.sessions) as session:
        waiting = session.execute(READY, {"late": chaos.bench.services.clock.now() - THINKS}).all()
    found = [(chaos.people[patient], prompt["question_id"].partition(".")[0]) for patient, prompt in waiting]
    return [(person, step) for person, step in found if person.patient_id not in chaos.busy]


def _answer(chaos: Chaos, person: Person, step: str) -> None:
    """Post the answer as the carrier would: again and again, the same MessageSid, until it is taken."""
    text_ = person.text(chaos.bench.stack, person.answers[step])
    person.said += 1
    chaos.posted.append(sid_of(text_))
    for _ in range(2 if len(chaos.posted) % 5 == 0 else 1):
        while not _taken(chaos, text_):
            time.sleep(0.2)
    chaos.busy.discard(person.patient_id)


def _taken(chaos: Chaos, text_: bytes) -> bool:
    try:
        return blast(chaos.bench.stack.web, iter([text_]), connections=1).refused == 0
    except OSError:
        return False


def _revive(chaos: Chaos) -> None:
    """Start again what is not there, as `careloop supervise` does."""
    stack = chaos.bench.stack
    if not stack.alive("redis"):
        stack.start_redis()
    if not stack.alive("web"):
        stack.start("web", "app", "serve")
    if not stack.alive("clock"):
        stack.start("clock", "app", "clock")
    for number in range(1, chaos.workers + 1):
        if not stack.alive(f"worker {number}"):
            stack.start_worker(number, chaos.workers)


def _blow(chaos: Chaos) -> None:
    """Kill something (-9, its whole group), or empty Redis."""
    victim = chaos.random.choice(VICTIMS)
    chaos.blows[victim] += 1
    if victim == "flush":
        with suppress(RedisError):
            chaos.bench.services.redis.flushall()
    elif victim == "worker":
        chaos.bench.stack.kill(f"worker {chaos.random.randint(1, chaos.workers)}")
    else:
        chaos.bench.stack.kill(victim)
