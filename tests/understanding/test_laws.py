"""Laws of reading: it never raises, politeness and typing change nothing, an emergency stays one."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.understanding import CONTEXTS, Expectation, Option, Reading, Urgency, read
from app.understanding.score import read_row

DATA = Path(__file__).parent / "data"
NOW = datetime(2026, 11, 27, 10, 0)  # noqa: DTZ001 - a reply's local wall time, as the callers hand it in
OPTIONS = (
    Option("1", "Tue Dec 1 9:30 AM", datetime(2026, 12, 1, 9, 30)),  # noqa: DTZ001 - local wall time
    Option("2", "Wed Dec 2 2:00 PM", datetime(2026, 12, 2, 14, 0)),  # noqa: DTZ001 - local wall time
    Option("3", "none of these", none=True),
)
TAGS = [
    "en",
    "es",
    "zh",
    "vi",
    "tl",
    "ht",
    "fr",
    "pt",
    "ru",
    "ar",
    "ko",
    "",
    "xx",
    "en-US",
    "EN_us",
    "\ud800",
    "123",
]
ODD = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from(
            list("\u200f\u202e\u0000\u0007\ud83d\udc4d\ufe0f\u20e3\u0301٣３३①½ßİ'’`.,:;!?-/ 0123456789")
        ),
        st.sampled_from(list("noyesínãođкаلا아니请不")),
    ),
    max_size=80,
)


@settings(max_examples=300, deadline=None)
@given(
    text=ODD,
    context=st.sampled_from([*CONTEXTS, "unheard_of", ""]),
    tag=st.sampled_from(TAGS),
    some=st.booleans(),
)
def test_reading_never_raises_and_stays_in_its_ranges(text: str, context: str, tag: str, some: bool) -> None:
    reading = read(text, Expectation(context, "Any chest pain?", OPTIONS if some else ()), tag, NOW)
    assert isinstance(reading, Reading)
    assert 0 <= reading.confidence <= 1
    assert all(0 <= item.start <= item.end <= len(text) for item in reading.evidence)
    assert Reading.from_json(reading.to_json()) == reading


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\n", "?", "x" * 10_000, "\ud800\udfff", "\u202e", "0" * 9_000, "👍" * 500, "🏽", "\u0301"],
)
def test_odd_replies_are_read_in_every_context(context: str, text: str) -> None:
    assert isinstance(read(text, Expectation(context), "en", None), Reading)


def test_an_empty_or_unreadable_reply_answers_nothing_and_is_flagged() -> None:
    for text in ("", "   ", "ффф ыыы", "กขค งจฉ", "asdf qwer zxcv", "a" * 10_000, "\x00\x01", "\ud83d"):
        reading = read(text, Expectation("symptom_yes_no", "Are you having any chest pain?"), "en", NOW)
        assert reading.answer is None
        assert reading.flag


def rows(name: str) -> list[dict[str, object]]:
    found = []
    for path in sorted(DATA.glob(f"*_{name}.jsonl")):
        found += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return found


TUNING = rows("tuning")


def changed(row: dict[str, object], text: str) -> tuple[Reading, Reading]:
    return read_row(row), read_row({**row, "text": text})


@pytest.mark.parametrize("row", TUNING, ids=lambda row: row["id"])
def test_case_full_stops_and_spaces_change_nothing(row: dict[str, object]) -> None:
    text = str(row["text"])
    for other in (text.upper(), text + ".", text.replace(" ", "  "), "  " + text + "\n"):
        before, after = changed(row, other)
        assert (after.answer, after.urgency, after.intents) == (
            before.answer,
            before.urgency,
            before.intents,
        ), other


@pytest.mark.parametrize("row", [r for r in TUNING if r["lang"] == "en"], ids=lambda row: row["id"])
def test_thanks_changes_no_answer(row: dict[str, object]) -> None:
    before, after = changed(row, str(row["text"]) + ", thanks")
    assert after.answer == before.answer
    assert after.urgency == before.urgency


def test_skin_tones_change_nothing() -> None:
    asked = Expectation("confirm_appointment", "Reply 1 to confirm.", (Option("1", "confirm"),))
    assert read("👍🏽", asked, "en", NOW).answer == read("👍", asked, "en", NOW).answer == "confirm"


EMERGENCIES = [row for row in TUNING if row["expect"]["urgency"] == "emergency"]  # type: ignore[index]  # labels are objects


@pytest.mark.parametrize("row", EMERGENCIES, ids=lambda row: row["id"])
def test_an_emergency_stays_one_when_words_are_added(row: dict[str, object]) -> None:
    before = read_row(row)
    if before.urgency is not Urgency.EMERGENCY:
        pytest.fail("missed before any word was added")
    for other in (
        f"hello this is the patient. {row['text']}",
        f"{row['text']}. please answer",
        f"{row['text']}!!!",
    ):
        assert read_row({**row, "text": other}).urgency is Urgency.EMERGENCY, other
