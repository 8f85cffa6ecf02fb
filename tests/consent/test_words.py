"""The words that end, begin and explain, and those that only look like them."""

from __future__ import annotations

import pytest

from app.consent.words import keyword


@pytest.mark.parametrize(
    "text",
    [
        "STOP",
        "stop",
        " Stop. ",
        "«stop»",
        "STOP!!!",
        "ＳＴＯＰ",
        "Opt-out",
        "OPT OUT",
        "stop all",
        "Cancel",
        "END",
        "quit",
        "Revoke",
        "UNSUBSCRIBE",
        "STOP 🛑",
        "\u200bstop\n",
        "“Stop”",
    ],
)
def test_stop(text: str) -> None:
    assert keyword(text, {}) == "stop"


@pytest.mark.parametrize(
    "text",
    [
        "stop please",
        "please cancel",
        "cancel my appointment Tuesday",
        "don't stop",
        "yes",
        "YES",
        "the end",
        "",
        "1",
        "stopped",
        "STOP " * 50,
        "informed",
        "👍",
    ],
)
def test_nothing(text: str) -> None:
    assert keyword(text) is None


@pytest.mark.parametrize(
    ("text", "word"), [("START", "start"), ("Unstop", "start"), ("help?", "help"), ("INFO", "help")]
)
def test_the_others(text: str, word: str) -> None:
    assert keyword(text) == word


@pytest.mark.parametrize(("told", "word"), [("STOP", "stop"), ("START", "start"), ("HELP", "help")])
def test_what_the_carrier_acted_on_counts(told: str, word: str) -> None:
    assert keyword("para ya", {"OptOutType": told}) == word


def test_an_opt_out_type_nobody_knows_is_ignored() -> None:
    assert keyword("STOP", {"OptOutType": "OTHER"}) == "stop"
    assert keyword("hello", {"OptOutType": ""}) is None
