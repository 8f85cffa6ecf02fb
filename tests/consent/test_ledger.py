"""The newest matching decision stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.consent.ledger import opt_in, opt_out, standing
from app.store import keyring_of

NUMBER = "+13125550123"


def decide(session: Session, decision: str, at: datetime, **given: Any) -> None:
    write = {"out": opt_out, "in": opt_in}[decision]
    asked: dict[str, Any] = {
        "number": NUMBER,
        "patient_id": None,
        "source": "text",
        "words": "w",
        "sid": "SM1",
    }
    write(session, **{**asked, **given}, now=at)


def may(session: Session, channel: str = "sms", programme: str = "*", number: str = NUMBER) -> bool:
    return standing(session, keyring_of(session).blind("phone", number), channel, programme)


def test_nothing_said_is_a_yes(session: Session) -> None:
    assert may(session)


def test_stop_means_every_channel_and_programme(session: Session, now: datetime) -> None:
    decide(session, "out", now)
    assert not may(session)
    assert not may(session, "voice", "no-show")
    assert may(session, number="+13125550199")


def test_one_channel_or_programme_only(session: Session, now: datetime) -> None:
    decide(session, "out", now, channel="voice")
    decide(session, "out", now, programme="no-show")
    assert may(session, "sms")
    assert not may(session, "voice")
    assert not may(session, "sms", "no-show")
    assert may(session, "sms", "discharge")


def test_start_after_stop_and_stop_after_start(session: Session, now: datetime) -> None:
    decide(session, "out", now)
    decide(session, "in", now + timedelta(seconds=1), channel="sms")
    assert may(session, "sms")
    assert not may(session, "voice")
    decide(session, "out", now + timedelta(seconds=2))
    assert not may(session, "sms")


def test_in_the_same_instant_the_refusal_counts(session: Session, now: datetime) -> None:
    decide(session, "out", now)
    decide(session, "in", now)
    assert not may(session)
