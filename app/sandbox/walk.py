"""Executing TwiML: one call walks through documents, verb by verb, until it waits or ends."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from app.sandbox.carrier import Carrier
from app.sandbox.progress import await_patient, end, note, voice_params
from app.sandbox.records import Call
from app.sandbox.twiml import Document, TwimlError, parse_voice
from app.sandbox.webhooks import Delivered

log = logging.getLogger("sandbox")

# Documents a call may fetch in a row without its patient doing anything: more is a loop.
PATIENCE = 25
APPLICATION_ERROR = "We are sorry, an application error has occurred. Goodbye."

Act = Callable[[], None]
Verb = Callable[["Walk", Element], None]


@dataclass(slots=True)
class Frame:
    """A document being executed: the verb that comes next, and the URL relative ones are resolved against."""

    document: Document
    url: str
    at: int = 0
    hold: bool = False  # music while queued: its end does not end the call


@dataclass(frozen=True, slots=True)
class Queued:
    """A place in a queue, and what its Enqueue wanted."""

    name: str
    sid: str
    action: str
    method: str
    wait_url: str
    since: datetime

    def awaiting(self) -> dict[str, Any]:
        """What the API shows of it."""
        return {"verb": "Enqueue", "queue": self.name, "queue_sid": self.sid}


class Walk:
    """The execution of one call. Acts are done one at a time; an interrupting one ends the verb in hand.

    `machine` says that nobody answers prompts; `at_end` what to do after the last verb (hang up by default);
    `when_over` is called once when the call has ended.
    """

    def __init__(self, carrier: Carrier, call: Call, verbs: Mapping[str, Verb]) -> None:
        self.carrier = carrier
        self.call = call
        self.verbs = verbs
        self.frames: list[Frame] = []
        self.machine = False
        self.at_end: Act | None = None
        self.when_over: list[Act] = []
        self.queued: Queued | None = None
        self.base = call.url
        self.fetched = 0
        self._mail: deque[Act] = deque()
        self._busy = False
        self._interrupted = False
        self._idle = threading.Condition()

    def tell(self, act: Act, *, interrupt: bool = False) -> None:
        """Do `act` after what is in hand: here and now when the walk is idle, else on the thread at work."""
        with self._idle:
            self._mail.append(act)
            self._interrupted |= interrupt
            if self._busy:
                return
            self._busy = True
        self._work()

    def rest(self, timeout: float = 30.0) -> bool:
        """Wait until nothing is in hand."""
        with self._idle:
            return self._idle.wait_for(lambda: not self._busy, timeout)

    def fetch(self, url: str, method: str, *extra: tuple[str, object], hold: bool = False) -> None:
        """Ask the application for the next document and walk into it."""
        self.fetched += 1
        url = urljoin(self.base, url) if url else self.base
        if self.fetched > PATIENCE:
            self.fail(0, f"a loop: {PATIENCE} documents in a row without the patient", url)
            return
        params = voice_params(self.carrier, self.call, *extra)
        done = self.carrier.webhooks.fetch(
            url, params, method=method, fallback=self.call.fallback_url, voice=True
        )
        self._log(done, dict(extra))
        if self.call.over:
            return
        if done.error_code:
            self.fail(done.error_code, "the voice webhook failed", url)
        else:
            self.base = done.url
            self.read(done.answer.body, done.answer.content_type, hold=hold)

    def read(self, body: bytes, content_type: str = "text/xml", *, hold: bool = False) -> None:
        """Begin a document in place of the one before."""
        try:
            document = parse_voice(body, content_type)
        except TwimlError as error:
            self.fail(error.code, str(error), self.base)
            return
        for problem in document.problems:
            self._record(12200, problem, self.base)
        kept = self.frames if hold else []
        self.frames = [*kept, Frame(document, self.base, hold=hold)]

    def fail(self, code: int, words: str, url: str) -> None:
        """What Twilio does when it cannot go on: record it, apologise, hang up."""
        self._record(code, words, url)
        note(self.carrier, self.call, "carrier", "say", APPLICATION_ERROR, language="en-US")
        self.frames = []
        end(self.carrier, self.call)

    def warn(self, words: str) -> None:
        """Record what the sandbox cannot do or the application got slightly wrong; the call goes on."""
        self._record(12200, words, self.base)

    def heard(self) -> None:
        """The patient did something: the documents fetched so far were no loop."""
        self.fetched = 0

    def run(self) -> None:
        """Do verbs until the call waits, ends, or something more urgent is to be done."""
        while not (self.call.over or self.call.awaiting or self._interrupted):
            verb = self._next()
            if verb is None:
                self._out()
            elif (do := self.verbs.get(verb.tag)) is not None:
                do(self, verb)
            else:
                self.warn(f"the sandbox does not simulate {verb.tag}")

    def wait(self, awaiting: dict[str, Any]) -> None:
        """Stop until the patient does something."""
        await_patient(self.carrier, self.call, awaiting)

    def wait_no_more(self) -> None:
        """What was awaited is no longer awaited."""
        await_patient(self.carrier, self.call, None)

    def go_on(self) -> None:
        """Stop waiting and do the next verbs."""
        self.wait_no_more()
        self.run()

    def _next(self) -> Element | None:
        frame = self.frames[-1] if self.frames else None
        if frame is None or frame.at >= len(frame.document.verbs):
            return None
        frame.at += 1
        return frame.document.verbs[frame.at - 1]

    def _out(self) -> None:
        """After the last verb of a document."""
        frame = self.frames.pop() if self.frames else None
        if frame is not None and frame.hold and self.queued:
            self.wait(self.queued.awaiting())
        elif self.at_end is not None:
            at_end, self.at_end = self.at_end, None
            at_end()
        else:
            end(self.carrier, self.call)

    def _work(self) -> None:
        while True:
            with self._idle:
                if not self._mail:
                    self._busy = False
                    self._idle.notify_all()
                    return
                act = self._mail.popleft()
                self._interrupted = False
            try:
                act()
            except Exception:
                log.exception("a call's step failed")
                end(self.carrier, self.call, "failed")

    def _log(self, done: Delivered, extra: Mapping[str, object]) -> None:
        with self.carrier.state.lock:
            self.call.requests.append({**done.to_json(), "params": dict(extra)})

    def _record(self, code: int, words: str, url: str) -> None:
        failure = self.carrier.fail(code, words, sid=self.call.sid, url=url)
        with self.carrier.state.lock:
            self.call.failures.append(failure)
