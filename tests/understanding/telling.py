"""Reading one reply in the tests: with what was asked, or with a day and the actions a visit is answered by."""

from __future__ import annotations

from app.understanding import Expectation, Reading, read
from app.understanding.score import read_row

_ACTIONS = [{"id": str(i), "label": name} for i, name in enumerate(("confirm", "reschedule", "cancel"), 1)]


def told(text: str, language: str = "en", context: str = "none", prompt: str = "") -> Reading:
    """What the reader makes of a reply, at no time of day and with nothing offered."""
    return read(text, Expectation(context, prompt), language, None)


def told_to(context: str, prompt: str, text: str, language: str) -> Reading:
    """What the reader makes of a reply on 1 December 2026 at nine; a visit may be confirmed, moved or cancelled."""
    row = {"id": "t", "lang": language, "context": context, "prompt": prompt, "text": text}
    options = _ACTIONS if context == "confirm_appointment" else []
    return read_row({**row, "channel": "sms", "options": options, "now": "2026-12-01T09:00"})
