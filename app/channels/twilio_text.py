"""Texts over Twilio."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from twilio.rest import Client

from app.channels.base import TWILIO, Found, Outgoing, Received, Sent
from app.channels.twilio_client import asked

LONGEST_VALID = 36_000
SHORTEST_VALID = 5
INBOX_PAGE = 1000
LOOK_BACK = 100
"""How many of a number's newest messages are looked through: one patient never gets more in minutes."""


class TwilioText:
    """SMS (`prefix` "") or WhatsApp (`prefix` "whatsapp:") through a Messaging Service or from one number."""

    name = TWILIO

    def __init__(
        self, client: Client, *, public_url: str, service: str | None, sender: str | None, prefix: str = ""
    ) -> None:
        self._client = client
        self._callback = f"{public_url}/webhooks/twilio/message-status?ref="
        self._service = service
        self._sender = sender
        self._prefix = prefix

    def send(self, outgoing: Outgoing) -> Sent:
        """Create the message; its receipts carry `ref` back (D/messaging/api/message-resource)."""
        given: dict[str, Any] = {
            "to": self._prefix + outgoing.to,
            "body": outgoing.body,
            "status_callback": self._callback + outgoing.ref,
            **self._from(outgoing.sender),
        }
        if outgoing.valid is not None:
            given["validity_period"] = min(LONGEST_VALID, max(SHORTEST_VALID, outgoing.valid))
        made = asked(lambda: _sent(self._client.messages.create(**given)))
        return made

    def find(self, to: str, since: datetime) -> list[Found]:
        """Ours to that number since then. Not by DateSent, which what is still queued does not have."""
        since = since.astimezone(UTC).replace(microsecond=0)
        return asked(lambda: [f for f in self._listed(self._prefix + to) if f.created >= since])

    def _listed(self, to: str) -> list[Found]:
        rows = self._client.messages.list(to=to, limit=LOOK_BACK, page_size=LOOK_BACK)
        return [
            Found(
                row.sid, row.status, row.date_created.astimezone(UTC), row.body or "", _code(row.error_code)
            )
            for row in rows
            if row.direction.startswith("outbound")
        ]

    def received(self, to: str, since: datetime, until: datetime, most: int | None) -> list[Received] | None:
        """What patients wrote to that number in that time, webhook or no webhook (twilio.md §1.11)."""
        # The carrier goes by whole seconds.
        after, before = since.astimezone(UTC), until.astimezone(UTC) + timedelta(seconds=1)
        return asked(lambda: self._inbox(to, after, before, most))

    def _inbox(self, to: str, after: datetime, before: datetime, most: int | None) -> list[Received] | None:
        rows = self._client.messages.list(
            to=to, date_sent_after=after, date_sent_before=before, limit=most, page_size=INBOX_PAGE
        )
        if most is not None and len(rows) >= most:
            return None
        return [
            Received(
                row.sid,
                row.from_,
                row.to,
                row.body or "",
                int(row.num_media or 0),
                row.date_created.astimezone(UTC),
            )
            for row in rows
            if row.direction == "inbound"
        ]

    def _from(self, sender: str) -> dict[str, str]:
        own = sender or ("" if self._service else self._sender or "")
        given = {"from_": self._prefix + own} if own else {}
        if self._service and not self._prefix:
            given["messaging_service_sid"] = self._service
        return given


def _sent(made: Any) -> Sent:
    return Sent(made.sid.strip(), str(made.status))


def _code(code: int | None) -> str | None:
    return str(code) if code else None
