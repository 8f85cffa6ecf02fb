"""What follows a committed turn, in the same job: its texts go out at once, and people are told of danger."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from app.consent.may_send import Caps
from app.jobs.desk import carriers, desk
from app.outbox.deliver import deliver_many
from app.outreach.paging import page
from app.store import begin


def caps() -> Caps:
    """How often we may start something with a patient."""
    settings = desk().settings
    return Caps(settings.patient_daily_cap, settings.patient_weekly_cap)


def send(messages: Iterable[UUID]) -> None:
    """Hand these texts to their carriers now, in order. What fails stays in the outbox for the sweep."""
    services = desk()
    waiting = list(messages)
    if not waiting:
        return
    deliver_many(
        services.sessions,
        waiting,
        carriers=carriers(),
        clock=services.clock,
        process_id=services.process_id,
        caps=caps(),
    )


def tell(flags: Iterable[UUID]) -> None:
    """Page whoever is on duty for these flags."""
    services = desk()
    for flag_id in flags:
        with begin(services.sessions) as session:
            pages = page(session, flag_id, url=services.settings.public_url, now=services.clock.now())
        send(message.id for message in pages)
