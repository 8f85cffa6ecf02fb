"""The signature of a webhook, made the way the carrier makes it.

The sandbox is the other side of the wire, so it signs by the published rule and not with the SDK's checker
(https://www.twilio.com/docs/usage/security); the tests check its signatures with the SDK's checker.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha1
from urllib.parse import urlsplit, urlunsplit


def signature(token: str, url: str, params: Iterable[tuple[str, str]]) -> str:
    """X-Twilio-Signature of a form POST to `url`; for a GET `params` is empty."""
    text = url + "".join(name + value for name, value in sorted(set(params)))
    return b64encode(hmac.new(token.encode(), text.encode(), sha1).digest()).decode()


def signed_url(url: str, *, voice: bool) -> str:
    """The URL that is signed: no fragment, no user, and for voice over HTTPS no port."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if voice and parts.scheme == "https":
        host = host.partition(":")[0]
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
