"""Carriers' error codes and what each one means for the patient: the data is in `errors.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from app.channels.base import Kind, SendError


class Consequence(StrEnum):
    """What has to happen because of a failure, beside not sending again.

    none: a person is told. opt_out, invalid_number, landline: kept of the number. retry_later: it may be tried in
    another way. voice, person: the question is asked by telephone, or a person asks. sender: our number cannot be
    used, for anybody. stop: nothing goes through this carrier.
    """

    NONE = "none"
    OPT_OUT = "opt_out"
    INVALID_NUMBER = "invalid_number"
    LANDLINE = "landline"
    RETRY_LATER = "retry_later"
    VOICE = "voice"
    PERSON = "person"
    SENDER = "sender"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Policy:
    """`kind` when the carrier answers with it, `consequence` whenever learnt, `words` for a coordinator."""

    code: str
    kind: Kind
    consequence: Consequence
    words: str


UNSURE = Consequence.PERSON
UNKNOWN_WORDS = "The carrier gave a reason we do not know. Look at it before writing to this number again."


def policy(code: str | int | None) -> Policy:
    """The policy of a carrier's code; one that nobody described is rejected and shown to a person."""
    return _table().get(str(code)) or Policy(str(code or ""), Kind.REJECT, UNSURE, UNKNOWN_WORDS)


def codes() -> tuple[str, ...]:
    """All codes with a policy."""
    return tuple(_table())


def answered(status: int, code: int | str | None) -> SendError:
    """The error for an HTTP answer that is not a success (twilio.md §3.7-9)."""
    known = _table().get(str(code))
    if status == 429:
        known = _table()["20429"]
    elif status >= 500 and (known is None or known.kind is not Kind.UNKNOWN):
        # The carrier failed after it had our request: it may have been carried out.
        known = _table()["20500"]
    elif status in (401, 403) and known is None:
        known = _table()["20003"]
    found = known or policy(code)
    return SendError(found.kind, found.code or str(status), found.words)


@cache
def _table() -> dict[str, Policy]:
    raw = json.loads(Path(__file__).with_name("errors.json").read_text("utf-8"))
    return {
        code: Policy(code, Kind(row["kind"]), Consequence(row["consequence"]), row["words"])
        for code, row in raw.items()
    }
