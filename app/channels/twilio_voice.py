"""Calls over Twilio."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from twilio.rest import Client

from app.channels.base import TWILIO, Found, Outgoing, Sent
from app.channels.twilio_client import asked

EVENTS = ["initiated", "ringing", "answered", "completed"]
RING_SECONDS = 30
TALK_SECONDS = 1800
"""The whole call, with a person after us; our own part ends sooner (`app.inbound.voice.LONGEST`)."""
LOOK_BACK = 50


class TwilioVoice:
    """Calls from one number; what is said is asked for at our voice webhook, with `ref` in its query."""

    name = TWILIO

    def __init__(self, client: Client, *, public_url: str, sender: str | None) -> None:
        self._client = client
        self._webhooks = f"{public_url}/webhooks/twilio"
        self._sender = sender

    def send(self, outgoing: Outgoing) -> Sent:
        """Place the call (D/voice/api/call-resource); a machine is waited out before anything is said."""
        given: dict[str, Any] = {
            "to": outgoing.to,
            "from_": outgoing.sender or self._sender or "",
            "url": f"{self._webhooks}/voice?ref={outgoing.ref}",
            "method": "POST",
            "status_callback": f"{self._webhooks}/voice-status?ref={outgoing.ref}",
            "status_callback_method": "POST",
            "status_callback_event": EVENTS,
            "machine_detection": "DetectMessageEnd",
            "timeout": RING_SECONDS,
            "time_limit": TALK_SECONDS,
        }
        return asked(lambda: _sent(self._client.calls.create(**given)))

    def find(self, to: str, since: datetime) -> list[Found]:
        """Calls of ours to that number since then."""
        since = since.astimezone(UTC).replace(microsecond=0)
        return asked(lambda: [f for f in self._listed(to) if f.created >= since])

    def _listed(self, to: str) -> list[Found]:
        rows = self._client.calls.list(to=to, limit=LOOK_BACK, page_size=LOOK_BACK)
        return [
            Found(row.sid, row.status, row.date_created.astimezone(UTC))
            for row in rows
            if row.direction.startswith("outbound") and row.date_created
        ]


def _sent(made: Any) -> Sent:
    return Sent(made.sid.strip(), str(made.status))
