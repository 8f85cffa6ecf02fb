"""The one Twilio client of a process, and its errors in our terms."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from app.channels.base import Kind, SendError
from app.channels.errors import answered, policy
from app.channels.http import OriginClient
from app.errors import CareloopError
from app.settings import Settings

T = TypeVar("T")


class NotConfigured(CareloopError):
    """Sending needs settings that are not there."""

    code = "carrier_not_configured"


def make_client(settings: Settings) -> Client:
    """A client for this account, for all threads of this process; make it after a fork, never before."""
    account = settings.twilio_account_sid
    if not account or not settings.twilio_auth_token:
        raise NotConfigured("Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN to send texts and place calls.")
    user, secret = settings.twilio_api_key, settings.twilio_api_secret
    client = Client(
        user or account,
        secret or settings.twilio_auth_token,
        account,
        http_client=OriginClient(settings.twilio_api_origin, production=settings.production),
    )
    # Both build their part of the SDK on first use: now, not in front of the first patient.
    _ = client.messages, client.calls
    return client


def asked(call: Callable[[], T]) -> T:
    """The result of an SDK call; every way it can fail is a SendError that says what is known."""
    try:
        return call()
    except SendError:
        raise
    except TwilioException as error:
        status, code = getattr(error, "status", None), getattr(error, "code", None)
        if status is None:
            raise SendError(Kind.OURS, "sdk", "The carrier's library refused the request.") from error
        raise answered(int(status), code) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        # A success that does not parse: the carrier may well have taken it.
        known = policy("garbled")
        raise SendError(known.kind, known.code, known.words) from error
