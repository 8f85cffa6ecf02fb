"""Enqueue and Leave: a call that waits in a queue with its waiting document."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from app.sandbox.progress import await_patient
from app.sandbox.records import new_sid
from app.sandbox.walk import Queued, Walk


def enqueue(walk: Walk, verb: Element) -> None:
    """Put the call into a queue until it is taken, leaves or hangs up."""
    walk.queued = Queued(
        name=(verb.text or "").strip(),
        sid=new_sid("QU"),
        action=verb.get("action", ""),
        method=verb.get("method", "POST"),
        wait_url=verb.get("waitUrl", ""),
        since=walk.carrier.timeline.now(),
    )
    walk.when_over.append(lambda: dequeue(walk, "hangup"))
    hold(walk)


def hold(walk: Walk) -> None:
    """Let a queued call hear its waiting document (again)."""
    queued = walk.queued
    if queued is None:
        return
    await_patient(walk.carrier, walk.call, None)
    if queued.wait_url:
        walk.fetch(queued.wait_url, "POST", ("QueueSid", queued.sid), hold=True)
    else:
        walk.wait(queued.awaiting())


def leave(walk: Walk, verb: Element) -> None:
    """Take the call out of its queue."""
    dequeue(walk, "leave")


def dequeue(walk: Walk, result: str) -> None:
    """Tell the Enqueue's action how the waiting ended, and walk into what it answers."""
    queued, walk.queued = walk.queued, None
    if queued is None:
        return
    walk.frames = [frame for frame in walk.frames if not frame.hold]
    await_patient(walk.carrier, walk.call, None)
    if not queued.action:
        return
    waited = int((walk.carrier.timeline.now() - queued.since).total_seconds())
    told = (("QueueResult", result), ("QueueSid", queued.sid), ("QueueTime", waited))
    walk.fetch(queued.action, queued.method, *told)
