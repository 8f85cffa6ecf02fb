"""Who is calling? Only the carrier, and only with a signature over exactly the address and the parameters it sent."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from flask import Request, abort

from app.security.signatures import signed_by_twilio
from app.services import Services
from app.webhooks.metrics import REFUSED

BIGGEST = 64 * 1024
log = structlog.get_logger("careloop.webhooks")


def parameters(request: Request, services: Services) -> Mapping[str, str]:
    """The parameters of a verified webhook. 413 for a body over 64 kB, 403 for a missing or wrong signature.

    The address is rebuilt from PUBLIC_URL and the raw request target: behind a proxy, and after decoding, the one
    Flask shows is not the one that was signed.
    """
    if (request.content_length or 0) > BIGGEST:
        REFUSED.labels("too_big").inc()
        abort(413, "The request is larger than any the carrier sends.")
    params = request.form
    url = services.settings.public_url.rstrip("/") + raw_target(request)
    signature = request.headers.get("X-Twilio-Signature", "")
    if not signed_by_twilio(url, params, signature, tokens=services.settings.twilio_auth_tokens):
        REFUSED.labels("signature").inc()
        log.warning("webhook_refused", path=request.path, names=sorted(params)[:40])
        abort(403, "The signature does not match. Check TWILIO_AUTH_TOKEN and PUBLIC_URL.")
    return (params or request.args).to_dict()


def raw_target(request: Request) -> str:
    """The request's path and query exactly as they came over the wire."""
    raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI")
    if raw:
        return str(raw)
    query = request.query_string.decode("latin-1")
    return request.path + (f"?{query}" if query else "")
