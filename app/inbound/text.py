"""One text as it came, in our words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.inbound.models import InboundEvent

MOST_MEDIA = 20


@dataclass(frozen=True, slots=True)
class InboundText:
    """A patient's text: who sent it to which of our numbers, its words, and what hangs on it."""

    event_id: UUID
    sid: str
    number: str
    our_number: str
    body: str
    media: tuple[dict[str, str], ...]
    params: Mapping[str, Any]
    received_at: datetime

    @property
    def key(self) -> str:
        """What makes this text one: the event key of every turn and flag it causes."""
        return f"in:{self.sid}"


def of_event(event: InboundEvent) -> InboundText:
    """The text in a stored webhook. A button's text counts as the words; missing parts are empty, never an error."""
    params = event.params
    count = _number(params.get("NumMedia"))
    media = tuple(
        {"url": str(params.get(f"MediaUrl{n}", "")), "type": str(params.get(f"MediaContentType{n}", ""))}
        for n in range(min(count, MOST_MEDIA))
    )
    return InboundText(
        event_id=event.id,
        sid=event.dedupe,
        number=str(params.get("From", "")),
        our_number=str(params.get("To", "")),
        body=str(params.get("Body") or params.get("ButtonText") or ""),
        media=media,
        params=params,
        received_at=event.received_at,
    )


def _number(value: object) -> int:
    try:
        return max(0, int(str(value)))
    except ValueError:
        return 0
