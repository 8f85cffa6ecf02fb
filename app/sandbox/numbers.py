"""Telephone numbers as the carrier sees them."""

from __future__ import annotations

from functools import lru_cache

import phonenumbers

# Twilio's test numbers (https://www.twilio.com/docs/iam/test-credentials).
MAGIC_TO = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
MAGIC_FROM = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
MAGIC_GOOD = "+15005550006"
TOLL_FREE = ("800", "833", "844", "855", "866", "877", "888")


@lru_cache(maxsize=65536)
def normal(text: str) -> str | None:
    """E.164 of a number (without a country it is North American), None when it is none."""
    if text.startswith("whatsapp:"):
        rest = normal(text.removeprefix("whatsapp:"))
        return rest and f"whatsapp:{rest}"
    try:
        parsed = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=65536)
def shown(number: str) -> str:
    """The number as people write it in its own country: (312) 555-0123."""
    try:
        parsed = phonenumbers.parse(number, "US")
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


def toll_free(number: str) -> bool:
    """Whether this is a North American toll-free number, where YES does not end an opt-out."""
    return number.startswith("+1") and number[2:5] in TOLL_FREE
