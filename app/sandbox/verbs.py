"""What each TwiML verb does to a call (https://www.twilio.com/docs/voice/twiml)."""

from __future__ import annotations

from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from app.sandbox.dialing import dial
from app.sandbox.progress import end, note
from app.sandbox.queueing import enqueue, leave
from app.sandbox.records import new_sid
from app.sandbox.twiml import spoken, whole
from app.sandbox.walk import Verb, Walk


def _say(walk: Walk, verb: Element) -> None:
    note(
        walk.carrier,
        walk.call,
        "practice",
        "say",
        spoken(verb),
        voice=verb.get("voice"),
        language=verb.get("language", "en-US"),
    )


def _play(walk: Walk, verb: Element) -> None:
    path = (verb.text or "").strip()
    url = urljoin(walk.base, path) if path else None
    note(walk.carrier, walk.call, "practice", "play", url or "", url=url, digits=verb.get("digits"))


def _pause(walk: Walk, verb: Element) -> None:
    note(walk.carrier, walk.call, "practice", "pause", seconds=whole(verb, "length", 1))


def _gather(walk: Walk, verb: Element) -> None:
    for child in verb:
        if (do := PROMPTS.get(child.tag)) is not None:
            do(walk, child)
    walk.wait(
        {
            "verb": "Gather",
            "input": verb.get("input", "dtmf").split(),
            "num_digits": whole(verb, "numDigits", 0) or None,
            "finish_on_key": verb.get("finishOnKey", "#"),
            "timeout": whole(verb, "timeout", 5),
            "language": verb.get("language", "en-US"),
            "hints": verb.get("hints", ""),
            "action": verb.get("action", ""),
            "method": verb.get("method", "POST"),
            "action_on_empty_result": verb.get("actionOnEmptyResult", "false") == "true",
        }
    )


def _record(walk: Walk, verb: Element) -> None:
    walk.wait(
        {
            "verb": "Record",
            "recording": new_sid("RE"),
            "action": verb.get("action", ""),
            "method": verb.get("method", "POST"),
            "finish_on_key": verb.get("finishOnKey", "1234567890*#"),
            "timeout": whole(verb, "timeout", 5),
            "words": [],
        }
    )


def _redirect(walk: Walk, verb: Element) -> None:
    walk.fetch((verb.text or "").strip(), verb.get("method", "POST"))


def _hangup(walk: Walk, verb: Element) -> None:
    note(walk.carrier, walk.call, "practice", "hangup")
    end(walk.carrier, walk.call)


def _reject(walk: Walk, verb: Element) -> None:
    end(walk.carrier, walk.call, "busy" if verb.get("reason") == "busy" else "no-answer")


PROMPTS: dict[str, Verb] = {"Say": _say, "Play": _play, "Pause": _pause}
VERBS: dict[str, Verb] = {
    **PROMPTS,
    "Gather": _gather,
    "Record": _record,
    "Redirect": _redirect,
    "Hangup": _hangup,
    "Reject": _reject,
    "Dial": dial,
    "Enqueue": enqueue,
    "Leave": leave,
}
