"""What the patient does in a call: keys, words, silence, hanging up."""

from __future__ import annotations

from typing import Any

from app.sandbox.progress import end, note
from app.sandbox.queueing import hold
from app.sandbox.walk import Walk

SURE = 0.93


def proceed(walk: Walk) -> None:
    """Do verbs; where a machine is at the other end, its silence answers every prompt."""
    walk.run()
    while (
        walk.machine and not walk.call.over and (walk.call.awaiting or {}).get("verb") in ("Gather", "Record")
    ):
        silence(walk)


def press(walk: Walk, keys: str, *, more: bool = False) -> None:
    """The patient presses keys; with `more` others may follow until the Gather's timeout."""
    awaiting = walk.call.awaiting or {}
    if awaiting.get("verb") == "Record":
        _finish_recording(walk, awaiting, next((k for k in keys if k in awaiting["finish_on_key"]), ""))
    elif awaiting.get("verb") != "Gather" or "dtmf" not in awaiting["input"]:
        _unheard(walk, "digits", keys)
    elif not _complete(walk, awaiting, keys):
        _not_complete(walk, awaiting, more)


def say(walk: Walk, words: str, confidence: float = SURE) -> None:
    """The patient speaks; only a Gather for speech, a Record or a joined call listens."""
    awaiting = walk.call.awaiting or {}
    verb = awaiting.get("verb")
    if verb == "Record":
        awaiting["words"].append(words)
        note(walk.carrier, walk.call, "patient", "recorded", words)
    elif verb in ("Dial", "Bridge"):
        _across(walk, awaiting, words)
    elif verb != "Gather" or "speech" not in awaiting["input"]:
        _unheard(walk, "speech", words)
    else:
        walk.heard()
        note(walk.carrier, walk.call, "patient", "speech", words, confidence=confidence)
        _submit(
            walk,
            awaiting,
            ("SpeechResult", words),
            ("Confidence", f"{confidence:.8f}"),
            ("Language", awaiting["language"]),
        )


def silence(walk: Walk) -> None:
    """The patient lets the time run out."""
    awaiting = walk.call.awaiting or {}
    verb = awaiting.get("verb")
    if verb == "Record":
        _finish_recording(walk, awaiting, "")
    elif verb == "Enqueue":
        hold(walk)
        proceed(walk)
    elif verb == "Gather" and walk.call.typed:
        _submit_keys(walk, awaiting, "")
    elif verb == "Gather":
        note(walk.carrier, walk.call, "patient", "silence")
        if awaiting["action_on_empty_result"]:
            _submit(walk, awaiting, *_nothing(awaiting))
        else:
            walk.go_on()


def hang_up(walk: Walk, who: str = "patient") -> None:
    """The patient hangs up: at once, whatever the application is still working on."""
    awaiting = walk.call.awaiting or {}
    if not walk.call.over:
        note(walk.carrier, walk.call, who, "hangup")
    end(walk.carrier, walk.call)
    if awaiting.get("verb") == "Record" and awaiting["words"]:
        walk.tell(lambda: _finish_recording(walk, awaiting, "hangup"))


def _complete(walk: Walk, awaiting: dict[str, Any], keys: str) -> bool:
    """Take keys one by one; True when the Gather had what it wanted."""
    walk.heard()
    for key in keys:
        if key == awaiting["finish_on_key"]:
            _finish_key(walk, awaiting, key)
            return True
        walk.call.typed += key
        if awaiting["num_digits"] and len(walk.call.typed) >= awaiting["num_digits"]:
            _submit_keys(walk, awaiting, "")
            return True
    return False


def _finish_key(walk: Walk, awaiting: dict[str, Any], key: str) -> None:
    if walk.call.typed:
        _submit_keys(walk, awaiting, key)
    else:
        silence(walk)


def _not_complete(walk: Walk, awaiting: dict[str, Any], more: bool) -> None:
    if not more:
        _submit_keys(walk, awaiting, "")
        return
    typed = walk.call.typed

    def late() -> None:
        if walk.call.awaiting is awaiting and walk.call.typed == typed:
            _submit_keys(walk, awaiting, "")

    carrier, sid = walk.carrier, walk.call.sid
    carrier.timeline.after(awaiting["timeout"], lambda: carrier.errands.hand(sid, lambda: walk.tell(late)))


def _submit_keys(walk: Walk, awaiting: dict[str, Any], finished: str) -> None:
    keys = walk.call.typed
    note(walk.carrier, walk.call, "patient", "digits", keys)
    _submit(walk, awaiting, ("Digits", keys), ("FinishedOnKey", finished))


def _submit(walk: Walk, awaiting: dict[str, Any], *told: tuple[str, object]) -> None:
    walk.wait_no_more()
    walk.fetch(awaiting["action"], awaiting["method"], *told)
    proceed(walk)


def _nothing(awaiting: dict[str, Any]) -> list[tuple[str, object]]:
    digits: list[tuple[str, object]] = [("Digits", "")] if "dtmf" in awaiting["input"] else []
    return digits + ([("SpeechResult", "")] if "speech" in awaiting["input"] else [])


def _unheard(walk: Walk, kind: str, text: str) -> None:
    note(walk.carrier, walk.call, "patient", kind, text, heard=False)


def _across(walk: Walk, awaiting: dict[str, Any], words: str) -> None:
    """In a joined call the other side hears it too."""
    note(walk.carrier, walk.call, "patient", "speech", words)
    other = walk.carrier.walks.get(str(awaiting.get("call")))
    if other is not None:
        note(walk.carrier, other.call, "other", "speech", words)


def _finish_recording(walk: Walk, awaiting: dict[str, Any], key: str) -> None:
    """End a recording; without a word said the action is not asked and the next verb follows."""
    walk.wait_no_more()
    if not awaiting["words"]:
        proceed(walk)
        return
    account, sid = walk.carrier.config.account_sid, awaiting["recording"]
    walk.fetch(
        awaiting["action"],
        awaiting["method"],
        ("RecordingSid", sid),
        ("RecordingUrl", f"https://api.twilio.com/2010-04-01/Accounts/{account}/Recordings/{sid}"),
        ("RecordingDuration", max(1, len(" ".join(awaiting["words"])) // 12)),
        ("Digits", key),
    )
    proceed(walk)
