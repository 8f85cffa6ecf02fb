"""Delivering: claim and commit, send with no transaction open, settle and commit. Nothing else sends.

A process that dies in between leaves a claim whose truth is unknown; `sweep.recover` finds out.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack
from uuid import UUID

from app.channels.base import Outgoing, SendError, Sent
from app.channels.carriers import Carriers
from app.channels.pace import Pace
from app.clock import Clock
from app.consent.may_send import DEFAULT_CAPS, Caps
from app.outbox.claim import Claimed, Taken, claim, why_not
from app.outbox.line import Line, send
from app.outbox.outcome import Outcome
from app.outbox.settle import Tried, following, settle
from app.store.database import Sessions, begin

BATCH = 32
AT_ONCE = 32
"""Messages that wait for the carrier's answer at the same time."""
LINE = 32
"""While so many are with the carrier or next in line for it, no more are claimed."""
MOST_SECONDS = 20.0
"""After this no further batch is begun: with the last one's sends the job still ends in its time."""


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
    pace: Pace | None = None,
) -> list[Outcome]:
    """Deliver many, in batches, for at most half a minute; what is left then stays queued for the sweep.

    Gives one outcome for each message that was tried, also for those of their conversations that went along.
    """
    with Sending(
        sessions, carriers=carriers, clock=clock, process_id=process_id, caps=caps, pace=pace
    ) as sending:
        sending.add(ids)
    return list(sending.outcomes.values())


class Sending:
    """A delivery that goes on while more is added: the next are claimed while the carrier has the ones before.

    So a slow carrier is kept busy, and never more than LINE and one batch are in our hands. Leaving the block waits
    for what the carrier has.
    """

    def __init__(
        self,
        sessions: Sessions,
        *,
        carriers: Carriers,
        clock: Clock,
        process_id: UUID,
        caps: Caps = DEFAULT_CAPS,
        threads: Executor | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.outcomes: dict[UUID, Outcome] = {}
        self._sessions, self._carriers, self._clock = sessions, carriers, clock
        self._process_id, self._caps, self._pace = process_id, caps, pace
        self._threads, self._own = threads, ExitStack()
        self._waves: deque[Sequence[UUID]] = deque()
        self._line = Line(carriers)
        self._stop = time.monotonic() + MOST_SECONDS

    def __enter__(self) -> Sending:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self._own:
            if kind is None:
                self._go_on(at_most=0)
            else:
                # Out of time, or broken: what the carrier has not answered by now is looked into later.
                self._settle(self._line.answers(down_to=self._line.length))

    def add(self, ids: Iterable[UUID], taken: Taken | None = None) -> None:
        """Deliver these too: each is with the carrier, or in line for it, when this returns.

        `taken` is what this process has claimed already, in a transaction that is committed.
        """
        wanted = list(dict.fromkeys(ids))
        self._waves.extend(wanted[n : n + BATCH] for n in range(0, len(wanted), BATCH))
        if taken is not None:
            if self._waves or taken.missed:
                taken = self.hand_over(taken)
            self._claim((), taken)
        self._go_on(at_most=LINE)

    def hand_over(self, taken: Taken) -> Taken:
        """Put what is claimed in line for the carrier, before anything that may fail or wait; gives what is left of it.

        Nobody else sends it, and for minutes nobody finds out that we did not.
        """
        self._join(taken.ready)
        return Taken([], taken.outcomes, taken.missed)

    def _go_on(self, at_most: int) -> None:
        """Work until nothing more can be claimed and at most so many are with the carrier."""
        while True:
            while self._waves and self._line.length <= LINE and not self._over():
                self._claim(self._waves.popleft())
            more = bool(self._waves) and not self._over()
            if self._line.length <= at_most and not more:
                return
            self._settle(self._line.answers(down_to=LINE if more else at_most))

    def _over(self) -> bool:
        """Whether nothing more is begun: the time is up, and something was tried."""
        return bool(self.outcomes) and time.monotonic() > self._stop

    def _claim(self, wave: Sequence[UUID], taken: Taken | None = None) -> None:
        """Claim what can be sent and hand it over, with what is `taken`; what has to leave before goes before."""
        taken = taken or Taken()
        wave = [i for i in wave if i not in self.outcomes or self.outcomes[i].kind == "waiting"]
        missed = []
        if wave or taken.missed:
            with begin(self._sessions) as session:
                now = self._clock.now()
                if wave:
                    taken += claim(
                        session,
                        wave,
                        process_id=self._process_id,
                        now=now,
                        caps=self._caps,
                        pace=self._pace,
                    )
                missed = [why_not(session, message, now) for message in taken.missed]
        self._keep([*taken.outcomes, *(outcome for outcome, _ in missed)])
        heads = list(
            dict.fromkeys(head for _, head in missed if head is not None and head not in self.outcomes)
        )
        if heads:
            waiting = [outcome.message_id for outcome, head in missed if head in heads]
            self._waves.extendleft([waiting, heads])
        if len(taken.ready) == 1 and not self._line.length:
            self._settle([send(taken.ready[0], self._carriers)])
        else:
            self._join(taken.ready)

    def _join(self, ready: Sequence[tuple[Claimed, Outgoing]]) -> None:
        if self._threads is None:
            self._threads = self._own.enter_context(ThreadPoolExecutor(AT_ONCE, "deliver"))
        for one in ready:
            self._line.join(one, self._threads)

    def _settle(self, answered: Sequence[Tried]) -> None:
        """Write down what became of these; what follows in the same conversations is next."""
        after: list[UUID] = []
        for tried in _apart(answered):
            with begin(self._sessions) as session:
                now = self._clock.now()
                self._keep(settle(session, tried, process_id=self._process_id, now=now))
                after += following(session, {t.message.conversation_id for t in tried}, now)
        if after:
            self._waves.appendleft(after)

    def _keep(self, outcomes: Iterable[Outcome]) -> None:
        self.outcomes |= {outcome.message_id: outcome for outcome in outcomes}


def _apart(tried: Sequence[Tried]) -> Iterator[list[Tried]]:
    """What was sent in one transaction, each failure in another."""
    if sent := [t for t in tried if isinstance(t.result, Sent)]:
        yield sent
    for t in tried:
        if isinstance(t.result, SendError):
            yield [t]
