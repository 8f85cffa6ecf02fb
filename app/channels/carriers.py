"""The carriers of a process, by channel."""

from __future__ import annotations

from collections.abc import Mapping

from app.channels.base import Carrier
from app.channels.twilio_client import make_client
from app.channels.twilio_text import TwilioText
from app.channels.twilio_voice import TwilioVoice
from app.settings import Settings

Carriers = Mapping[str, Carrier]


def make_carriers(settings: Settings) -> Carriers:
    """What sends `sms`, `voice` and, where set up, `whatsapp`; NotConfigured when the account is missing."""
    client = make_client(settings)
    url, sender = settings.public_url, settings.twilio_from_number
    service = settings.twilio_messaging_service_sid
    carriers: dict[str, Carrier] = {
        "sms": TwilioText(client, public_url=url, service=service, sender=sender),
        "voice": TwilioVoice(client, public_url=url, sender=settings.twilio_voice_number or sender),
    }
    if settings.twilio_whatsapp_number:
        carriers["whatsapp"] = TwilioText(
            client, public_url=url, service=None, sender=settings.twilio_whatsapp_number, prefix="whatsapp:"
        )
    return carriers
