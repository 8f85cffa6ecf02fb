"""What became of one try to deliver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Kind = Literal["sent", "skipped", "later", "retry", "unknown", "failed", "held", "waiting", "gone"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One message after a try.

    sent: the carrier has it. skipped: it may never go out. later: not before `at`. retry: the carrier was not
    reached, again at `at`. unknown: it may have been sent; the sweep finds out. failed: it will not go through.
    held: the carrier is stopped. waiting: an earlier text of its conversation is on its way, it goes right
    after. gone: somebody else has it, or had it. `reason` is for people.
    """

    message_id: UUID
    kind: Kind
    reason: str = ""
    at: datetime | None = None
