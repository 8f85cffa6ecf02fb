"""Times, readings and evidence in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.console import paging, phrases
from app.console.thread_calls import call_words
from app.outbox.models import Call

ZONE = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (timedelta(minutes=20), "due in 20 min"),
        (timedelta(seconds=30), "due now"),
        (timedelta(seconds=-30), "due now"),
        (timedelta(hours=-2), "overdue 2 h"),
        (timedelta(hours=-2, minutes=-40), "overdue 2 h 40 min"),
        (timedelta(minutes=-5), "overdue 5 min"),
        (timedelta(days=-3), "overdue 3 days"),
        (timedelta(hours=7), "due in 7 h"),
        (timedelta(hours=10), "due today 19:00"),
        (timedelta(hours=24, minutes=20), "due tomorrow 09:20"),
        (timedelta(days=3), "due Thursday 09:00"),
        (timedelta(days=30), "due Wed, Dec 2 09:00"),
    ],
)
def test_when_something_is_due(after: timedelta, words: str) -> None:
    assert phrases.due_words(NOW + after, NOW, ZONE) == words


def test_moments() -> None:
    assert phrases.when_words(NOW, NOW, ZONE) == "09:00"
    assert phrases.when_words(NOW - timedelta(days=1), NOW, ZONE) == "Sun, Nov 1, 09:00"
    assert phrases.when_words(NOW - timedelta(days=400), NOW, ZONE) == "Sun, Sep 28, 2025, 10:00"
    assert phrases.ago_words(NOW, NOW) == "just now"
    assert phrases.ago_words(NOW - timedelta(minutes=3), NOW) == "3 min ago"


def test_readings() -> None:
    assert phrases.reading_words(None) == ""
    assert phrases.reading_words({"answer": None, "intents": []}) == "not understood"
    reading = {"answer": "about_same", "intents": ["wants_human", "new_one"], "urgency": "urgent"}
    assert phrases.reading_words(reading) == "read as “about same”, wants a person, new one, urgent"
    assert (
        phrases.reading_words({"urgency": "emergency", "language": "zh"}) == "read as emergency (in Chinese)"
    )
    assert phrases.reading_words({"answer": None, "language": "ru"}) == "not understood (in Russian)"
    asked = {"intents": ["language_switch"], "language": "es"}
    assert phrases.reading_words(asked) == "read as wants another language"


def test_ages() -> None:
    assert phrases.age("1950-11-03", date(2026, 11, 2)) == 75
    assert phrases.age("1950-11-02", date(2026, 11, 2)) == 76
    assert phrases.age("unknown", date(2026, 11, 2)) is None
    assert phrases.age(None, date(2026, 11, 2)) is None


spans = st.fixed_dictionaries({"start": st.integers(-5, 40), "end": st.integers(-5, 40)})


@given(st.text(max_size=30), st.lists(spans, max_size=6))
def test_marking_evidence_never_changes_the_words(words: str, evidence: list[dict[str, int]]) -> None:
    assert "".join(piece.text for piece in phrases.marked(words, evidence)) == words


def test_marks_stand_where_the_evidence_is() -> None:
    pieces = phrases.marked(
        "no chest pain", [{"start": 3, "end": 13}, {"start": 5, "end": 8}, {"start": "x"}]
    )
    assert [(piece.text, piece.mark) for piece in pieces] == [("no ", False), ("chest pain", True)]


FORGED = (
    *(None, True, 2**40, -1, 1.5, [], {}, "x", "2026-01-01", "2026-01-01T00:00:00"),
    *("9999-12-31T23:59:59-12:00", "2026-01-01T00:00:00Z", str(UUID(int=7))),
)
forged = st.lists(st.sampled_from(FORGED), max_size=4)


@given(st.text(max_size=40) | forged.map(lambda values: paging.cursor(*values)))
def test_a_cursor_of_somebody_elses_is_none(text: str) -> None:
    values = paging.parse(text, int, *paging.MOMENT)
    assert values is None or [type(value) for value in values] == [int, datetime, UUID]


def test_a_cursor_comes_back() -> None:
    found = paging.parse(paging.cursor(3, NOW, UUID(int=7)), int, *paging.MOMENT)
    assert found == [3, NOW, UUID(int=7)]
    assert paging.parse("W1tb" * 100_000, int) is None


def test_calls() -> None:
    call = Call(direction="in", status="no-answer", answered_by=None, duration=None)
    assert call_words(call) == "Patient called: no answer"
    assert call_words(Call(direction="out", status="completed", duration=0)) == "Call placed"


def test_parts() -> None:
    assert phrases.parts_words(0, 0, "GSM-7", ()) == ""
    assert phrases.parts_words(1, 12, "GSM-7", ()) == "1 text, 12 characters"
