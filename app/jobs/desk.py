"""This worker's services, made at the first job; and its heartbeat, by which others know that it lives."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Final

import structlog

from app.channels.base import Files, Inbox
from app.channels.carriers import Carriers, make_carriers
from app.channels.twilio_media import make_files
from app.outbox.deliver import AT_ONCE
from app.outbox.processes import beat
from app.services import Services, make_services
from app.settings import Settings
from app.store import begin

BEAT_SECONDS: Final = 5.0


@lru_cache(maxsize=1)
def desk() -> Services:
    """The services of this process; the first call starts its heartbeat."""
    services = make_services(Settings.from_env(os.environ), kind="worker")
    _beat(services)
    threading.Thread(target=_beat_for_ever, args=(services,), daemon=True, name="heartbeat").start()
    return services


@lru_cache(maxsize=1)
def carriers() -> Carriers:
    """The carriers of this process, made once: their connections are kept open."""
    return make_carriers(desk().settings)


@lru_cache(maxsize=1)
def threads() -> ThreadPoolExecutor:
    """The threads of this process that wait for carriers."""
    return ThreadPoolExecutor(AT_ONCE, "deliver")


@lru_cache(maxsize=1)
def files() -> Files:
    """Where this process fetches patients' files, made once."""
    return make_files(desk().settings)


def inbox() -> Inbox | None:
    """What can tell us of texts whose webhook was lost; None where texts go over a carrier that cannot."""
    carrier = carriers()["sms"]
    return carrier if isinstance(carrier, Inbox) else None


def _beat(services: Services) -> None:
    with begin(services.sessions) as session:
        beat(session, services.process_id, "worker", services.clock.now())


def _beat_for_ever(services: Services) -> None:
    log = structlog.get_logger("careloop.heartbeat")
    pause = threading.Event()
    while not pause.wait(BEAT_SECONDS):
        try:
            _beat(services)
        except Exception as problem:
            # Others will take over what we hold; when the database is back, we go on. A heart must not stop.
            log.warning("heartbeat_failed", problem=type(problem).__name__)
