"""Delivering: claim and commit, send with no transaction open, settle and commit. Nothing else sends.

A process that dies in between leaves a claim whose truth is unknown; `sweep.recover` finds out.
"""

from __future__ import annotations

import time
from collections import deque
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
    return next(outcome for outcome in outcomes if outcome.message_id == message_id)


def deliver_many(
    sessions: Sessions,
    ids: Iterable[UUID],
    *,
    carriers: Carriers,
    clock: Clock,
    process_id: UUID,
    caps: Caps = DEFAULT_CAPS,
) -> list[Outcome]:
    """Deliver many, in batches, for at most half a minute; what is left then stays queued for the sweep.

    Gives one outcome for each message that was tried, also for those of their conversations that went along.
    """
    run = _Run(sessions, carriers, clock, process_id, caps)
    wanted = list(dict.fromkeys(ids))
    waves = deque(wanted[n : n + BATCH] for n in range(0, len(wanted), BATCH))
    stop = time.monotonic() + MOST_SECONDS
    while waves and (not run.outcomes or time.monotonic() < stop):
        if wave := run.open(waves.popleft()):
            waves.extendleft(reversed(run.deliver(wave)))
    return list(run.outcomes.values())


class _Run:
    """One delivery of some messages: what became of each so far."""

    def __init__(
        self, sessions: Sessions, carriers: Carriers, clock: Clock, process_id: UUID, caps: Caps
    ) -> None:
        self.sessions, self.carriers, self.clock = sessions, carriers, clock
        self.process_id, self.caps = process_id, caps
        self.outcomes: dict[UUID, Outcome] = {}

    def open(self, wave: Sequence[UUID]) -> list[UUID]:
        """Those of a wave that are not decided yet."""
        return [i for i in wave if i not in self.outcomes or self.outcomes[i].kind == "waiting"]

    def deliver(self, wave: Sequence[UUID]) -> list[list[UUID]]:
        """Deliver what can be; the waves to go on with, each with one message of a conversation at most."""
        with begin(self.sessions) as session:
            now = self.clock.now()
            taken = claim(session, wave, process_id=self.process_id, now=now, caps=self.caps)
            missed = [why_not(session, message, now) for message in taken.missed]
        self._keep([*taken.outcomes, *(outcome for outcome, _ in missed)])
        heads = list(
            dict.fromkeys(head for _, head in missed if head is not None and head not in self.outcomes)
        )
        waiting = [outcome.message_id for outcome, head in missed if head in heads]
        waves = [heads, waiting] if heads else []
        if taken.ready:
            waves.insert(0, self._send(taken.ready))
        return waves

    def _send(self, ready: Sequence[tuple[Claimed, Outgoing]]) -> list[UUID]:
        """Send and settle; what follows in the same conversations."""
        after: list[UUID] = []
        for tried in _apart(_send_all(ready, self.carriers)):
            with begin(self.sessions) as session:
                now = self.clock.now()
                self._keep(settle(session, tried, process_id=self.process_id, now=now))
                after += following(session, {t.message.conversation_id for t in tried}, now)
        return after

    def _keep(self, outcomes: Iterable[Outcome]) -> None:
        self.outcomes |= {outcome.message_id: outcome for outcome in outcomes}


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
