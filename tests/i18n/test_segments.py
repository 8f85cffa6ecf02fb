"""SMS parts as the carriers count them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.i18n import LANGUAGES, segments, voice
from app.i18n.speech import SMS_NOTES, VOICES


@pytest.mark.parametrize(
    ("text", "encoding", "count"),
    [
        ("", "GSM-7", 0),
        ("x" * 160, "GSM-7", 1),
        ("x" * 161, "GSM-7", 2),
        ("x" * 306, "GSM-7", 2),
        ("x" * 307, "GSM-7", 3),
        ("^" * 80, "GSM-7", 1),
        ("^" * 153, "GSM-7", 3),
        ("é ñ ü ¿ ¡ Ç", "GSM-7", 1),
        ("í" * 70, "UCS-2", 1),
        ("í" * 71, "UCS-2", 2),
        ("😀" * 35, "UCS-2", 1),
        ("😀" * 36, "UCS-2", 2),
    ],
)
def test_counts(text: str, encoding: str, count: int) -> None:
    counted = segments(text)
    assert (counted.encoding, counted.count) == (encoding, count)


def test_what_makes_it_dear_is_named_once_each() -> None:
    assert segments("Sí, aquí está, también").offenders == ("í", "á")
    assert segments("Hello").offenders == ()


@given(st.text())
def test_never_raises(text: str) -> None:
    counted = segments(text)
    assert (counted.count == 0) == (text == "")


def test_every_language_has_a_voice_but_creole() -> None:
    assert {language for language in LANGUAGES if voice(language) is None} == {"ht"}
    assert set(VOICES) | {"ht"} == set(LANGUAGES) == set(SMS_NOTES)
    assert voice("nowhere") is None
    assert (voice("zh") or VOICES["en"]).gather_language == "cmn-Hans-CN"
