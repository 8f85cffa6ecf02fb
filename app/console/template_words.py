"""What every template may use: words for times and readings, who is signed in, and addresses of our own files."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, url_for
from flask_login import current_user

from app.cases.words import BARRIER_WORDS, CLOSE_WORDS, OUTCOME_WORDS, UNDERSTANDING_WORDS
from app.console import key_words, phrases
from app.console.access import home, may
from app.console.queue import unclaimed_emergencies
from app.console.services import now
from app.console.stopped import sending_stopped
from app.security.sign_in import IDLE

STATIC = Path(__file__).with_name("static")
WARN_BEFORE = timedelta(minutes=2)


def install(app: Flask) -> None:
    """Add the words to the app's templates."""
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.globals.update(
        stopped=sending_stopped,
        asset=asset,
        flag_pieces=lambda flag: phrases.marked(flag.words, flag.evidence),
        people_options=lambda staff: {str(person.id): person.name for person in staff},
        lane_options=lambda lanes: {lane.key: lane.title for lane in lanes},
        close_options=lambda lane: {key: CLOSE_WORDS.get(key, key) for key in lane.close_reasons},
        emergencies=unclaimed_emergencies,
        home=home,
        may=may,
        now=now,
        urgency_key=lambda urgency: phrases.URGENCIES[urgency],
        urgency_word=lambda urgency: phrases.URGENCY_WORDS[urgency],
        idle_seconds=int(IDLE.total_seconds()),
        warn_seconds=int(WARN_BEFORE.total_seconds()),
        BARRIERS=BARRIER_WORDS,
        OUTCOMES=OUTCOME_WORDS,
        UNDERSTANDINGS=UNDERSTANDING_WORDS,
        CLOSINGS=CLOSE_WORDS,
        STATUSES=phrases.STATUS_WORDS,
        TROUBLE=phrases.TROUBLE,
    )
    env.filters.update(
        when=lambda moment, zone: phrases.when_words(moment, now(), ZoneInfo(zone)),
        spoken=lambda moment, zone: phrases.spoken_words(moment, now(), ZoneInfo(zone)),
        ago=lambda moment: phrases.ago_words(moment, now()),
        due=lambda moment, zone: phrases.due_words(moment, now(), ZoneInfo(zone)),
        language=lambda code: phrases.LANGUAGE_WORDS.get(code, code),
        channel=lambda name: phrases.CHANNEL_WORDS.get(name, name),
        read_as=phrases.reading_words,
        in_words=key_words.in_words,
        detail=key_words.detail_words,
        counted=lambda number, most: f"{most - 1}+" if number >= most else str(number),
        iso=lambda moment: moment.isoformat(timespec="seconds"),
    )
    app.context_processor(_signed_in)


def _signed_in() -> dict[str, Any]:
    staff = current_user.staff if current_user and current_user.is_authenticated else None
    return {"person": staff}


def asset(name: str) -> str:
    """The address of one of our own files, with the digest of its content: a changed file has another address."""
    return url_for("console.static", filename=name, v=_digest(name))


@lru_cache(maxsize=64)
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def local_input(moment: datetime, zone: str) -> str:
    """A moment as a `datetime-local` field wants it."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")
