"""Delivering: claim and commit, send with no transaction open, settle and commit. Nothing else sends.

A process that dies in between leaves a claim whose truth is unknown; `sweep.recover` finds out.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import structlog

from app.channels.base import Kind, Outgoing, SendError, Sent
from app.channels.carriers import Carriers
from app.channels.errors import policy
from app.clock import Clock
from app.consent.may_send import DEFAULT_CAPS, Caps
from app.outbox.claim import Claimed, claim, why_not
from app.outbox.outcome import Outcome
from app.outbox.settle import Tried, following, settle
from app.store.database import Sessions, begin

BATCH = 32
AT_ONCE = 16
"""Sends of one batch that wait for the carrier at the same time."""
MOST_SECONDS = 20.0
"""After this no further batch is begun: with the last one's sends the job still ends in its time."""

_log = structlog.get_logger("careloop.outbox")


def deliver(
    sessions: Sessions,
    message_id: UUID,
    *,
    carriers: Carriers,
    clock: Clock,
    process_id: UUID,
    caps: Caps = DEFAULT_CAPS,
) -> Outcome:
    """Hand one message to its carrier, once; an unknown outcome is never blindly retried.

    Texts of the same conversation that waited for it follow at once, in their order; an earlier one that is due
    goes first.
    """
    outcomes = deliver_many(
        sessions, [message_id], carriers=carriers, clock=clock, process_id=process_id, caps=caps
    )
    return next(outcome for outcome in reversed(outcomes) if outcome.message_id == message_id)


def deliver_many(
    sessions: Sessions,
    ids: Iterable[UUID],
    *,
    carriers: Carriers,
    clock: Clock,
    process_id: UUID,
    caps: Caps = DEFAULT_CAPS,
) -> list[Outcome]:
    """Deliver many, in batches, for at most half a minute; what is left then stays queued for the sweep."""
    todo = deque(dict.fromkeys(ids))
    tries: Counter[UUID] = Counter()
    outcomes: list[Outcome] = []
    stop = time.monotonic() + MOST_SECONDS
    while todo and (not outcomes or time.monotonic() < stop):
        batch = [todo.popleft() for _ in range(min(BATCH, len(todo)))]
        tries.update(batch)
        done, after = _batch(sessions, batch, carriers, clock, process_id, caps)
        outcomes += done
        # Each is tried twice at most: once too early, and once after what it waited for.
        todo.extendleft(reversed([i for i in after if tries[i] < 2 and i not in todo]))
    return outcomes


def _batch(
    sessions: Sessions, ids: Sequence[UUID], carriers: Carriers, clock: Clock, process_id: UUID, caps: Caps
) -> tuple[list[Outcome], list[UUID]]:
    """One batch: what became of it, and the ids to go on with."""
    after: list[UUID] = []
    with begin(sessions) as session:
        now = clock.now()
        taken = claim(session, ids, process_id=process_id, now=now, caps=caps)
        outcomes = taken.outcomes
        for missed in taken.missed:
            outcome, head = why_not(session, missed, now)
            outcomes.append(outcome)
            after += [head, missed] if head is not None else []
    if not taken.ready:
        return outcomes, after
    for tried in _apart(_send_all(taken.ready, carriers)):
        with begin(sessions) as session:
            now = clock.now()
            outcomes += settle(session, tried, process_id=process_id, now=now)
            after += following(session, {t.message.conversation_id for t in tried}, now)
    return outcomes, after


def _apart(tried: Sequence[Tried]) -> Iterator[list[Tried]]:
    """What was sent in one transaction, each failure in another."""
    if sent := [t for t in tried if isinstance(t.result, Sent)]:
        yield sent
    for t in tried:
        if isinstance(t.result, SendError):
            yield [t]


def _send_all(ready: Sequence[tuple[Claimed, Outgoing]], carriers: Carriers) -> list[Tried]:
    if len(ready) == 1:
        return [_send(ready[0], carriers)]
    with ThreadPoolExecutor(min(AT_ONCE, len(ready)), "deliver") as threads:
        return list(threads.map(lambda one: _send(one, carriers), ready))


def _send(one: tuple[Claimed, Outgoing], carriers: Carriers) -> Tried:
    message, outgoing = one
    carrier = carriers.get(message.channel)
    if carrier is None:
        words = "Nothing is set up to send over this channel."
        return Tried(message, SendError(Kind.OURS, "no_carrier", words))
    try:
        return Tried(message, carrier.send(outgoing))
    except SendError as error:
        return Tried(message, error)
    except Exception:
        # A fault of ours, or the job's time was up: either way it may have been sent.
        _log.exception("send_fault", message=str(message.id))
        lost = policy("lost")
        return Tried(message, SendError(lost.kind, lost.code, lost.words))
