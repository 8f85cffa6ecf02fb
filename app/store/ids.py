"""Identifiers of rows: ordered by time, so indexes grow at one end, and opaque to whoever sees one in a URL."""

from __future__ import annotations

import os
import time
from uuid import UUID


def new_id() -> UUID:
    """A fresh UUID version 7 (RFC 9562): 48 bits of milliseconds, 74 random bits.

    The machine's clock only orders the index here; what happened when is always the `now` handed in.
    """
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | (0x7 << 76)
    return UUID(int=value & ~(0x3 << 62) | (0x2 << 62))
