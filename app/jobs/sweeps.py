"""What the clock asks for again and again: whatever the database says is due, whoever forgot it."""

from __future__ import annotations

from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.trail import seal_batch
from app.cases.climb import Climb, climbing
from app.conversations import timers as conversation_timers
from app.conversations.fire import fire
from app.inbound.intake import pending
from app.inbound.reconcile import look
from app.inbound.sharing import free_unanswered
from app.jobs import after
from app.jobs.desk import carriers, desk, inbox
from app.media.queries import to_fetch, to_remove
from app.outbox.processes import forget
from app.outbox.queries import to_follow_up
from app.outbox.sweep import due_ids, recover
from app.outreach import consequences
from app.outreach.due import offer
from app.outreach.paging import page_rung
from app.outreach.plan import room_for
from app.patients.models import Site
from app.queues import BULK, DELIVER, FETCH, FORGET, REPLIED, SEND_MANY, START, Job
from app.scheduling.slots import release_expired
from app.store import begin
from app.store.database import reading

BATCH = 500
JOB_OF = 25
FILES = 50
BULK_OF = 250
"""Of a long job the carrier sees no end: the next are begun while it has the ones before."""
BULK_JOBS = 8
SEALS = 10
log = structlog.get_logger("careloop.sweeps")


def inbound() -> None:
    """Put back on the queue every text that was stored and not worked through."""
    services = desk()
    with begin(services.sessions) as session:
        free_unanswered(session, services.clock.now())
        found = pending(session, services.clock.now(), 1)
    if found:
        services.queues.ring(REPLIED)


def reconcile() -> None:
    """Ask the carrier for texts whose webhook never reached us, and put them on the queue like any other."""
    services, asked = desk(), inbox()
    if asked is None:
        return
    missing = look(services.sessions, asked, clock=services.clock).missing
    if missing:
        log.warning("webhooks_missed", texts=[str(event) for event in missing])
        services.queues.ring(REPLIED)


def timers() -> None:
    """Fire what is due in conversations; what a timer made the bot say goes out at once."""
    services = desk()
    with reading(services.sessions) as session:
        due = conversation_timers.due(session, services.clock.now(), BATCH)
    after.each(
        due,
        after.singly(lambda session, timer, now: fire(session, timer, kit=services.kit, now=now)),
        conversation_timers.not_fired,
    )


def outbox() -> None:
    """Find out what became of messages whose sender died, put back what is due, follow up on what failed."""
    services = desk()
    recover(services.sessions, carriers=carriers(), clock=services.clock)
    with begin(services.sessions) as session:
        soon = due_ids(session, services.clock.now(), BATCH, bulk=False)
        bulk = due_ids(session, services.clock.now(), _room(), bulk=True)
    _in_batches(SEND_MANY, soon, JOB_OF, queue=DELIVER)
    _in_batches(SEND_MANY, bulk, BULK_OF)
    with reading(services.sessions) as session:
        failed = to_follow_up(session, services.clock.now(), BATCH)
    after.each(
        failed,
        after.singly(
            lambda session, message, now: consequences.follow_up(session, message, kit=services.kit, now=now)
        ),
        consequences.not_followed,
    )


def attempts() -> None:
    """Begin conversations whose time has come, as many as workers and the carrier's pace have room for."""
    services = desk()
    now, room = services.clock.now(), _room()
    with reading(services.sessions) as session:
        texts, full = room_for(services.pace, session.scalars(select(Site)).all(), now)
    if limit := min(room, texts):
        with begin(services.sessions) as session:
            due = offer(session, now, limit, full)
        _in_batches(START, due, BULK_OF)


def cases() -> None:
    """Let what nobody acted on climb, and page the people on the next rung."""
    services = desk()
    now, url = services.clock.now(), services.settings.public_url

    def tell(session: Session, found: Climb) -> list[UUID]:
        return [message.id for message in page_rung(session, found, url=url, now=now)]

    after.send(message for found in climbing(services.sessions, now, tell) for message in found.messages)


def media() -> None:
    """Put on the queue patients' files that are due to be fetched, or to be deleted at the carrier."""
    services = desk()
    with reading(services.sessions) as session:
        fetches = to_fetch(session, services.clock.now(), FILES)
        removes = to_remove(session, services.clock.now(), FILES)
    services.queues.many(FETCH, [(str(one),) for one in fetches])
    services.queues.many(FORGET, [(str(one),) for one in removes])


def housekeeping() -> None:
    """Chain the audit trail, let go of expired holds and of processes that are no more."""
    services = desk()
    now = services.clock.now()
    with begin(services.sessions) as session:
        for _ in range(SEALS):
            if not seal_batch(session, now):
                break
        release_expired(session, now)
        forget(session, now)


def _room() -> int:
    """How many more may be put on the bulk queue: what nobody works through is better left where it is."""
    return BULK_OF * max(0, BULK_JOBS - desk().queues.waiting(BULK))


def _in_batches(job: Job, found: list[UUID], size: int, queue: str | None = None) -> None:
    calls = [tuple(str(i) for i in found[n : n + size]) for n in range(0, len(found), size)]
    desk().queues.many(job, calls, queue)
