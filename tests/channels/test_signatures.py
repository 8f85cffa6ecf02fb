"""The carrier's signature: its published example, rotation, and what strangers may send instead."""

from __future__ import annotations

from typing import Any

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from app.security.signatures import signed_by_twilio

URL = "https://example.com/myapp.php?foo=1&bar=2"
PARAMS = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675310",
    "Digits": "1234",
    "From": "+14158675310",
    "To": "+18005551212",
}
SIGNATURE = "L/OH5YylLD5NRKLltdqwSvS0BnU="


def test_the_published_example() -> None:
    assert signed_by_twilio(URL, PARAMS, SIGNATURE, tokens=["12345"])


@pytest.mark.parametrize(
    ("url", "params", "signature"),
    [
        (URL, {**PARAMS, "Digits": "1235"}, SIGNATURE),
        (URL, {**PARAMS, "New": "1"}, SIGNATURE),
        (URL.replace("foo=1", "foo=2"), PARAMS, SIGNATURE),
        (URL, PARAMS, ""),
        (URL, PARAMS, None),
        (URL, PARAMS, "ÿ"),
        ("https://host:abc/", PARAMS, SIGNATURE),
        ("https://[::1", PARAMS, SIGNATURE),
        (URL, {"Body": None}, SIGNATURE),
    ],
)
def test_anything_else_is_a_no(url: str, params: dict[str, Any], signature: str | None) -> None:
    assert not signed_by_twilio(url, params, signature, tokens=["12345"])


def test_two_tokens_while_rotating_and_none_at_all() -> None:
    assert signed_by_twilio(URL, PARAMS, SIGNATURE, tokens=["new", "12345"])
    assert not signed_by_twilio(URL, PARAMS, SIGNATURE, tokens=["new"])
    assert not signed_by_twilio(URL, PARAMS, SIGNATURE, tokens=[])


def test_repeated_parameters_all_count() -> None:
    params = MultiDict([("A", "2"), ("A", "1"), ("B", "ü 👋")])
    signature = RequestValidator("t").compute_signature(URL, params)
    assert signed_by_twilio(URL, params, signature, tokens=["t"])
    assert not signed_by_twilio(URL, MultiDict([("A", "1"), ("B", "ü 👋")]), signature, tokens=["t"])
