"""How many parts a text takes as SMS, and which characters make it dear."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import smsutil
from smsutil.codecs import is_valid_gsm

_LONE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Segments:
    """`count` parts in this encoding, of `units` septets or UTF-16 units; `offenders` are what forced
    UCS-2."""

    encoding: Literal["GSM-7", "UCS-2"]
    count: int
    units: int
    offenders: tuple[str, ...]


def segments(text: str) -> Segments:
    """Parts of a text as the carriers count them (GSM-7 160/153, UCS-2 70/67; twilio.md §3.13)."""
    text = _LONE.sub("\ufffd", text)
    if not text:
        return Segments("GSM-7", 0, 0, ())
    split = smsutil.split(text)
    gsm = is_valid_gsm(text)
    units = split.total_bytes if gsm else split.total_bytes // 2
    offenders = () if gsm else tuple(dict.fromkeys(c for c in text if not is_valid_gsm(c)))
    return Segments("GSM-7" if gsm else "UCS-2", len(split.parts), units, offenders)
