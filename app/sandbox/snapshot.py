"""Keeping threads over a restart of the demo: the state in one JSON file."""

from __future__ import annotations

import json
import logging
import os
from base64 import b64decode, b64encode
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from app.sandbox.carrier import Carrier
from app.sandbox.records import FINAL_CALL, FINAL_MESSAGE, Call, Media, Message
from app.sandbox.state import Phone

log = logging.getLogger("sandbox")
EVERY = 3.0
# The latest of each: the file is for a demo, and is written while texts come in.
KEPT = 1000
VERSION = 1
_TIMES = {"created", "updated", "sent", "started", "ended"}


class Snapshot:
    """Loads a carrier's state from a file when it is there, and keeps the file up to date."""

    def __init__(self, carrier: Carrier, path: Path) -> None:
        self._carrier = carrier
        self._path = path
        self._saved: tuple[int, ...] = ()
        if path.exists():
            self._load()
        self._again()

    def save(self) -> None:
        """Write the state, in one move, if it has changed since the last time."""
        state = self._carrier.state
        with state.lock:
            mark = (
                state.made,
                sum(len(message.history) for message in state.messages.values()),
                sum(len(call.transcript) + call.over for call in state.calls.values()),
                len(state.blocks),
            )
            if mark == self._saved:
                return
            told = _dump(self._carrier)
        text = json.dumps(told, ensure_ascii=False)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".new")
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, self._path)
        self._saved = mark

    def close(self) -> None:
        """Write the last state."""
        self.save()

    def _again(self) -> None:
        self._carrier.timeline.after(EVERY, self._tick)

    def _tick(self) -> None:
        self._carrier.errands.hand("snapshot", self.save)
        self._again()

    def _load(self) -> None:
        """A file that cannot be read is left aside: the demo starts empty rather than not at all."""
        try:
            _restore(self._carrier, json.loads(self._path.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError):
            log.exception("the sandbox's state could not be read and is left aside")
            self._path.replace(self._path.with_suffix(".unreadable"))


def _dump(carrier: Carrier) -> dict[str, Any]:
    state = carrier.state
    return {
        "version": VERSION,
        "made": state.made,
        "messages": [_plain(message) for message in list(state.messages.values())[-KEPT:]],
        "calls": [_plain(call) for call in list(state.calls.values())[-KEPT:]],
        "blocks": sorted(state.blocks),
        "phones": {number: [p.answers, p.line] for number, p in state.phones.items()},
    }


def _plain(record: Message | Call) -> dict[str, Any]:
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    for name in _TIMES & set(values):
        values[name] = values[name] and values[name].isoformat()
    if isinstance(record, Message):
        values["history"] = [[status, at.isoformat()] for status, at in record.history]
        values["media"] = [
            [m.sid, m.content_type, b64encode(m.data).decode(), m.created.isoformat()] for m in record.media
        ]
        values["quirks"] = {}
    else:
        values["callback_events"] = sorted(record.callback_events)
    return values


def _restore(carrier: Carrier, told: dict[str, Any]) -> None:
    if told["version"] != VERSION:
        raise ValueError(f"version {told['version']} of the sandbox's state is not known")
    state = carrier.state
    for each in told["messages"]:
        state.keep_message(_message(each))
    for each in told["calls"]:
        state.keep_call(_call(each))
    state.blocks.update((scope, number) for scope, number in told["blocks"])
    state.phones.update({number: Phone(*values) for number, values in told["phones"].items()})
    state.made = told["made"]


def _timed(values: dict[str, Any]) -> dict[str, Any]:
    return {k: datetime.fromisoformat(v) if k in _TIMES and v else v for k, v in values.items()}


def _message(values: dict[str, Any]) -> Message:
    """A message as it was; what was under way then stays `sent`."""
    message = Message(**_timed(values))
    message.history = [(status, datetime.fromisoformat(at)) for status, at in values["history"]]
    message.media = [
        Media(sid, kind, b64decode(data), datetime.fromisoformat(at))
        for sid, kind, data, at in values["media"]
    ]
    message.media_urls = tuple(values["media_urls"])
    if message.status not in FINAL_MESSAGE:
        message.status = "sent"
    return message


def _call(values: dict[str, Any]) -> Call:
    """A call as it was; one that was live ended when the carrier did."""
    call = Call(**_timed(values))
    call.callback_events = frozenset(values["callback_events"])
    if call.status not in FINAL_CALL:
        call.status, call.ended, call.awaiting = "failed", call.updated, None
    return call
