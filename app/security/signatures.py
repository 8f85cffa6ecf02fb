"""Is this webhook the carrier's own? The SDK's check, made safe for everything that may be sent to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from twilio.request_validator import RequestValidator

log = structlog.get_logger("careloop.signatures")


def signed_by_twilio(
    url: str, params: Mapping[str, Any], signature: str | None, *, tokens: Sequence[str]
) -> bool:
    """Whether one of our tokens signed this address with these parameters (twilio.md §2). Never raises.

    `url` is the public address with its query exactly as it was sent; `params` a form's MultiDict, empty for a GET.
    Several tokens hold while one is being replaced by the next. Without a token nothing is believed.
    """
    if not signature:
        return False
    return any(_valid(token, url, params, signature) for token in tokens)


def _valid(token: str, url: str, params: Mapping[str, Any], signature: str) -> bool:
    try:
        return bool(RequestValidator(token).validate(url, params, signature))
    except (TypeError, ValueError, IndexError, KeyError, AttributeError) as problem:
        # The SDK's check trips over what no carrier sends (§2.6): that is a no.
        log.warning("signature_unreadable", problem=type(problem).__name__)
        return False


def sign(url: str, params: Mapping[str, Any], token: str) -> str:
    """The signature the carrier would send with this request: for load tests, which speak as the carrier does."""
    return str(RequestValidator(token).compute_signature(url, params))
