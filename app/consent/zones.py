"""PURE. The time zones a patient may be in: all of them have to be awake."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from phonenumbers import timezone

MOST = 3
"""A number that may be in more zones than this (toll-free) says nothing about where somebody is."""
FALLBACK: Final = "America/New_York"


def zones_of(patient_zone: str | None, site_zone: str, number: str) -> frozenset[str]:
    """The patient's own zone, else the site's, and those of the number's area code where it is known."""
    own = next((zone for zone in (patient_zone, site_zone) if zone and _exists(zone)), FALLBACK)
    return frozenset({own, *area_zones(number)})


@lru_cache(maxsize=4096)
def area_zones(number: str) -> frozenset[str]:
    """The zones a number's area code lies in; empty when that says nothing."""
    try:
        found = timezone.time_zones_for_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return frozenset()
    known = frozenset(zone for zone in found if zone != timezone.UNKNOWN_TIMEZONE and _exists(zone))
    return known if len(known) <= MOST else frozenset()


@lru_cache(maxsize=512)
def _exists(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
