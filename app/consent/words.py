"""The words that carriers and the law act on when they are the whole message (twilio.md §4)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final, Literal

Keyword = Literal["stop", "start", "help"]

STOP: Final = frozenset({"stop", "stopall", "unsubscribe", "end", "quit", "cancel", "revoke", "optout"})
"""47 CFR 64.1200(a)(10) and the carrier's own list; each ends everything, whatever was being asked."""
START: Final = frozenset({"start", "unstop"})
"""Not YES: to an old question it would sign somebody up again who only wanted to answer."""
HELP: Final = frozenset({"help", "info"})

_WORDS: Final[dict[str, Keyword]] = {
    **dict.fromkeys(STOP, "stop"),
    **dict.fromkeys(START, "start"),
    **dict.fromkeys(HELP, "help"),
}
LONGEST = 40


def keyword(text: str, params: Mapping[str, object] | None = None) -> Keyword | None:
    """The keyword a text consists of, in any case and punctuation, or that the carrier says it acted on.

    `params` are the webhook's: `OptOutType` there means the carrier has already answered the patient.
    """
    told = str((params or {}).get("OptOutType", "")).strip().lower()
    if told in ("stop", "start", "help"):
        return told  # type: ignore[return-value]  # one of the three, as just checked
    return _WORDS.get(bare(text)) if len(text) <= LONGEST else None


def bare(text: str) -> str:
    """Letters and digits alone: `Opt-out!` and `ＳＴＯＰ` are the words they look like."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum())
