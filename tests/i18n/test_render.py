"""Placeholders are filled in; nothing a patient should not see gets through."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.i18n import LANGUAGES, render, segments
from app.i18n.render import FORMATS, placeholders, require_known

ZONE = "America/Chicago"
VISIT = datetime(2026, 11, 28, 20, 15, tzinfo=UTC)
VALUES: dict[str, Any] = {
    "practice.name": "Riverside Clinic",
    "practice.phone": "+13125550123",
    "patient.first_name": "Elena",
    "appointment.start": VISIT,
    "slot.start": "2026-11-30T08:15",
    "appointment.others": [VISIT, datetime(2026, 11, 28, 22, 0, tzinfo=UTC)],
    "appointment.count": 2,
    "discharge.date": date(2026, 11, 20),
}


def text(template: str, language: str = "en", channel: str = "sms", **values: Any) -> str:
    return render(template, {**VALUES, **values}, language, ZONE, channel)


@pytest.mark.parametrize(
    ("template", "language", "channel", "wanted"),
    [
        ("{appointment.start:datetime}", "en", "sms", "Sat Nov 28, 2:15 PM"),
        ("{appointment.start:datetime}", "en", "voice", "Saturday, November 28 at 2:15 PM"),
        ("{appointment.start:datetime}", "es", "sms", "sábado 28 de noviembre a las 2:15 p.m."),
        ("{appointment.start:short}", "es", "sms", "sáb 28 nov, 2:15 p.m."),
        ("{appointment.start:short}", "ko", "sms", "11월 28일 (토), PM 2:15"),
        ("{appointment.start:date}", "en", "sms", "Sat Nov 28"),
        ("{appointment.start:time}", "en", "sms", "2:15 PM"),
        ("{appointment.start:weekday}", "es", "sms", "sábado"),
        ("{appointment.start}", "en", "sms", "Sat Nov 28, 2:15 PM"),
        ("{discharge.date}", "en", "sms", "Fri Nov 20"),
        ("{slot.start:datetime}", "en", "sms", "Mon Nov 30, 8:15 AM"),
        ("{appointment.others:time}", "en", "sms", "2:15 PM and 4:00 PM"),
        ("{appointment.others:time}", "es", "sms", "2:15 p.m. y 4:00 p.m."),
        ("{practice.phone}", "en", "sms", "(312) 555-0123"),
        ("{practice.phone}", "en", "voice", "3 1 2, 5 5 5, 0 1 2 3"),
        ("{appointment.count} visits", "en", "sms", "2 visits"),
    ],
)
def test_values_are_written_for_the_patient(template: str, language: str, channel: str, wanted: str) -> None:
    assert text(template, language, channel) == wanted


def test_one_oclock_in_spanish_is_singular() -> None:
    one = datetime(2026, 11, 28, 19, 0, tzinfo=UTC)
    assert text("{appointment.start:datetime}", "es", **{"appointment.start": one}).endswith("a la 1:00 p.m.")


def test_the_time_zone_is_the_patients() -> None:
    late = datetime(2026, 11, 29, 4, 30, tzinfo=UTC)
    assert render("{x:datetime}", {"x": late}, "en", "America/Chicago") == "Sat Nov 28, 10:30 PM"
    assert render("{x:datetime}", {"x": late}, "en", "America/New_York") == "Sat Nov 28, 11:30 PM"
    assert render("{x:datetime}", {"x": late}, "en", "Nowhere/Land") == "Sun Nov 29, 4:30 AM"


class TestWhatMustNotGetThrough:
    @pytest.mark.parametrize(
        "template", ["{unknown.name}", "{patient.first name}", "{", "}", "{}", "{x:}", "{a{b}c}"]
    )
    def test_braces(self, template: str) -> None:
        written = text(f"Hello {template}.")
        assert "{" not in written
        assert "}" not in written

    def test_a_missing_name_leaves_no_gap(self) -> None:
        assert (
            text("Hello {patient.nickname}, welcome to {practice.name}.")
            == "Hello, welcome to Riverside Clinic."
        )

    def test_a_full_stop_is_not_doubled(self) -> None:
        assert text("Su cita: {appointment.start:time}. Gracias.", "es") == "Su cita: 2:15 p.m. Gracias."

    def test_control_characters_and_direction_overrides(self) -> None:
        written = text(
            "Hello {patient.first_name}!", **{"patient.first_name": "A\x0bn\u202ea\n\x00{practice.phone}"}
        )
        assert written == "Hello Ana (practice.phone)!"

    def test_a_truth_is_no_word(self) -> None:
        assert text("It is {x}.", x=True) == "It is."

    def test_a_date_that_is_none(self) -> None:
        assert text("On {patient.first_name:date}.") == "On."

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("channel", ["sms", "voice"])
    def test_spaces_that_would_make_a_text_dear(self, language: str, channel: str) -> None:
        for form in FORMATS:
            written = text(f"{{appointment.start:{form}}}", language, channel)
            assert written
            assert not set(written) & {"\u202f", "\u00a0", "\u2009"}
        if language in ("en", "tl"):
            assert segments(text("{appointment.start:datetime}", language)).encoding == "GSM-7"


class TestKnownPlaceholders:
    def test_are_listed_with_their_formats(self) -> None:
        assert placeholders("{a.b} and {c.d:date}") == [("a.b", ""), ("c.d", "date")]

    @pytest.mark.parametrize("template", ["{nope}", "{a.b:clock}", "{a.b", "{a.B}", "{{a.b}}"])
    def test_others_are_refused(self, template: str) -> None:
        with pytest.raises(ValueError, match="unknown placeholder"):
            require_known(template, {"a.b"})

    def test_known_ones_are_let_be(self) -> None:
        require_known("Hello {a.b:date}, {a.b}", {"a.b"})


anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=30), st.datetimes(), st.dates()
)


@given(st.text(max_size=80), anything, st.sampled_from(LANGUAGES), st.sampled_from(["sms", "voice"]))
def test_never_raises_and_never_shows_a_brace(template: str, value: Any, language: str, channel: str) -> None:
    written = render(template + "{x} {x:datetime} {x:short}", {"x": value}, language, ZONE, channel)
    assert "{" not in written
    assert not any(ord(c) < 32 and c != "\n" for c in written)
