"""Dial: joining a call with a second one, or with whoever waits in a queue."""

from __future__ import annotations

from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from app.sandbox.hearing import proceed
from app.sandbox.numbers import normal
from app.sandbox.progress import end
from app.sandbox.queueing import dequeue
from app.sandbox.records import Call, new_sid
from app.sandbox.resources import duration
from app.sandbox.ringing import dial_out
from app.sandbox.twiml import whole
from app.sandbox.walk import Walk

NOBODY = Element("Number")


def dial(walk: Walk, verb: Element) -> None:
    """Ring the first number (or take the first of a queue), and wait until that call is over."""
    noun = next(iter(verb), NOBODY)
    if noun.tag == "Queue":
        _dial_queue(walk, verb, (noun.text or "").strip())
        return
    text = (noun.text or verb.text or "").strip()
    number = normal(text) if noun.tag == "Number" else None
    if not number:
        walk.warn(f"the sandbox only dials telephone numbers and queues, not {noun.tag} {text!r}")
        return
    child = _child(walk, verb, noun, number)
    _join_legs(walk, verb, child)
    walk.wait({"verb": "Dial", "number": number, "call": child.sid, "bridged": False})
    dial_out(walk.carrier, child)


def _child(walk: Walk, verb: Element, noun: Element, number: str) -> Call:
    """The second leg; its own document is the whisper, which only the one who is called hears."""
    parent, now = walk.call, walk.carrier.timeline.now()
    whisper, callback = noun.get("url"), noun.get("statusCallback")
    return Call(
        sid=new_sid("CA"),
        number=walk.carrier.state.next_number(),
        to=number,
        sender=verb.get("callerId") or (parent.to if parent.direction == "inbound" else parent.sender),
        direction="outbound-dial",
        status="queued",
        created=now,
        updated=now,
        url=urljoin(walk.base, whisper) if whisper else "",
        callback=urljoin(walk.base, callback) if callback else "",
        callback_events=frozenset(noun.get("statusCallbackEvent", "completed").split()),
        timeout=whole(verb, "timeout", 30),
        time_limit=whole(verb, "timeLimit", 14400),
        parent=parent.sid,
    )


def _join_legs(walk: Walk, verb: Element, child: Call) -> None:
    carrier, leg = walk.carrier, Walk(walk.carrier, child, walk.verbs)
    leg.at_end = lambda: _bridge(walk, leg)
    leg.when_over.append(lambda: walk.tell(lambda: _dialled(walk, verb, child)))
    walk.when_over.append(lambda: _drop(walk, child))
    carrier.walks[child.sid] = leg
    carrier.state.keep_call(child)


def _drop(walk: Walk, child: Call) -> None:
    end(walk.carrier, child, "completed" if child.started else "canceled")


def _bridge(walk: Walk, leg: Walk) -> None:
    """Both legs hear each other."""
    leg.wait({"verb": "Bridge", "call": walk.call.sid})
    walk.wait({"verb": "Dial", "number": leg.call.to, "call": leg.call.sid, "bridged": True})


def _dialled(walk: Walk, verb: Element, child: Call) -> None:
    """The other leg is over: go on with the Dial's action, or with the verb after it."""
    if walk.call.over:
        return
    walk.wait_no_more()
    action = verb.get("action")
    if action is not None:
        walk.fetch(
            action,
            verb.get("method", "POST"),
            ("DialCallSid", child.sid),
            ("DialCallStatus", child.status),
            ("DialCallDuration", duration(child)),
            ("DialBridged", "true" if child.started else "false"),
        )
    proceed(walk)


def _dial_queue(walk: Walk, verb: Element, name: str) -> None:
    """Join with whoever has waited longest in a queue; go on at once when nobody does."""
    queued = [
        (w.queued.since, w.call.sid, w)
        for w in walk.carrier.walks.values()
        if w.queued and w.queued.name == name
    ]
    if not queued:
        return
    other = min(queued)[2]
    other.wait({"verb": "Bridge", "call": walk.call.sid})
    walk.wait({"verb": "Dial", "queue": name, "call": other.call.sid, "bridged": True})
    other.when_over.insert(0, lambda: walk.tell(lambda: _dialled(walk, verb, other.call)))
    walk.when_over.append(lambda: other.tell(lambda: _let_go(other)))


def _let_go(other: Walk) -> None:
    """The one who took a queued call hung up: the queued call goes on."""
    if not other.call.over:
        dequeue(other, "bridged")
        proceed(other)
