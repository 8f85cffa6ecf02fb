"""What follows a committed turn, in the same job: its texts go out at once, and people are told of danger."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.consent.may_send import Caps
from app.conversations.turn import Outcome
from app.jobs.desk import carriers, desk, threads
from app.outbox.claim import Claimant, Taken
from app.outbox.deliver import Sending
from app.outreach.paging import page
from app.queues import PROMPT
from app.store import begin
from app.store.faults import met_another, of_all

MOST_SECONDS = 20.0
"""After this a job begins nothing more: with its last sends it still ends in its time."""
AT_ONCE = 25
log = structlog.get_logger("careloop.jobs")


def caps() -> Caps:
    """How often we may start something with a patient."""
    settings = desk().settings
    return Caps(settings.patient_daily_cap, settings.patient_weekly_cap)


def send(messages: Iterable[UUID]) -> None:
    """Hand these texts to their carriers now, in order. What fails stays in the outbox for the sweep."""
    waiting = list(messages)
    if not waiting:
        return
    with sending() as line:
        line.add(waiting)


def sending() -> Sending:
    """Sends what is added to it, while this goes on."""
    services = desk()
    return Sending(
        services.sessions,
        carriers=carriers(),
        clock=services.clock,
        process_id=services.process_id,
        caps=caps(),
        threads=threads(),
        pace=services.pace,
    )


def bulk(messages: Sequence[UUID]) -> list[UUID]:
    """Hand many texts over; gives those it did not come to, because time was up or somebody waits for an answer."""
    stop = time.monotonic() + MOST_SECONDS
    with sending() as line:
        for begun in range(0, len(messages), AT_ONCE):
            if begun and gives_way(stop):
                return list(messages[begun:])
            line.add(messages[begun : begun + AT_ONCE])
    return []


def gives_way(stop: float) -> bool:
    """Whether a long job ends here: the rest of it is put behind what people wait for."""
    return time.monotonic() > stop or desk().queues.waiting(*PROMPT) > 0


def claimant() -> Claimant:
    """This process, as it claims what it sends."""
    services = desk()
    return Claimant(services.process_id, caps(), services.pace)


def finish(line: Sending, flags: Iterable[UUID], taken: Taken | None = None) -> None:
    """Send what was claimed and page whoever is on duty for flags, side by side: neither waits for the other."""
    waiting: list[UUID] = []
    to_tell = list(flags)
    if to_tell and taken is not None:
        taken = line.hand_over(taken)
    try:
        for flag_id in to_tell:
            waiting += _pages(flag_id)
    finally:
        line.add(waiting, taken)


def tell(flags: Iterable[UUID]) -> None:
    """Page whoever is on duty for these flags."""
    with sending() as line:
        finish(line, flags)


def _pages(flag_id: UUID) -> list[UUID]:
    services = desk()
    with begin(services.sessions) as session:
        pages = page(session, flag_id, url=services.settings.public_url, now=services.clock.now())
        return [message.id for message in pages]


Do = Callable[[Session, Sequence[UUID], datetime], Mapping[UUID, Outcome]]
"""Does what it can of these in one transaction; what is missing in its answer has to be done by itself."""
Broken = Callable[[Session, UUID, datetime], None]


def singly(do: Callable[[Session, UUID, datetime], Outcome]) -> Do:
    """What is done to one, done to several one after the other."""
    return lambda session, some, now: {one: do(session, one, now) for one in some}


def each(found: Iterable[UUID], do: Do, broken: Broken) -> list[UUID]:
    """Do something due with each of these, some in one transaction, and send what comes of it.

    When one of them fails they are done again in a transaction each, and the one that fails again is left to `broken`,
    which puts it off and tells a person: else it would keep all behind it from their turn, sweep after sweep. Gives
    what it did not come to: that is still due, for the next sweep or another job.
    """
    stop = time.monotonic() + MOST_SECONDS
    due = list(dict.fromkeys(found))
    with sending() as line:
        for begun in range(0, len(due), AT_ONCE):
            if begun and gives_way(stop):
                return due[begun:]
            line.add(_some(due[begun : begun + AT_ONCE], do, broken))
    return []


def _some(some: Sequence[UUID], do: Do, broken: Broken) -> list[UUID]:
    done = _together(some, do) if len(some) > 1 else {}
    waiting = [message for outcome in done.values() for message in outcome.messages]
    for one in some:
        if one not in done:
            waiting += _one(one, do, broken)
    return waiting


def _together(some: Sequence[UUID], do: Do) -> Mapping[UUID, Outcome]:
    """What came of these, done in one transaction: a commit costs more than what most of them do.

    Nothing when one of them failed: then nothing of any was done.
    """
    services = desk()
    try:
        with begin(services.sessions) as session:
            return do(session, some, services.clock.now())
    except Exception as problem:
        if of_all(problem):
            raise
        log.info("one_by_one", how_many=len(some), problem=type(problem).__name__)
        return {}


def _one(one: UUID, do: Do, broken: Broken) -> list[UUID]:
    services = desk()
    try:
        with begin(services.sessions) as session:
            return do(session, [one], services.clock.now())[one].messages
    except Exception as problem:
        if of_all(problem):
            raise
        if met_another(problem):
            # Nothing was changed, the next sweep comes back to it.
            log.warning("met_another", one=str(one), problem=type(problem).__name__)
            return []
        log.exception("not_done", one=str(one))
        with begin(services.sessions) as session:
            broken(session, one, services.clock.now())
        return []
