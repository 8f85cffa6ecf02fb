"""A practice's own phrases: they only add, what is faulty is told in plain words, and reading never stops for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli.read import main
from app.understanding import Expectation, Urgency, read
from app.understanding.additions import LONGEST, Additions, fault, faults, from_yaml, normal
from app.understanding.errors import LexiconError
from app.understanding.lexicon import LANGUAGES, load
from app.understanding.offered import GROUPS, OFFERED
from app.understanding.rules import rules

ANYTHING = Expectation("open_text", "How are you today?")
OWN = Additions(
    {
        "en": {"signs": {"chest_pain": ["purple pigeon"]}, "answers": {"yes": ["okie dokie artichokie"]}},
        "es": {"intents": {"opt_out": ["adios palomita gris"]}},
        "ko": {"signs": {"chest_pain": ["비둘기 왈츠*"]}},
        "ar": {"signs": {"chest_pain": ["حمامة راقصة زرقاء"]}},
    }
)


@pytest.mark.parametrize(
    ("text", "language", "urgency"),
    [
        ("I have a purple pigeon since noon", "en", Urgency.EMERGENCY),
        ("no purple pigeon", "en", Urgency.NONE),
        ("비둘기 왈츠예요", "ko", Urgency.EMERGENCY),
        ("حمامة راقصة زرقاء", "ar", Urgency.EMERGENCY),
    ],
)
def test_added_signs_are_signs_with_all_their_scopes(text: str, language: str, urgency: Urgency) -> None:
    assert read(text, ANYTHING, language, None).urgency is not Urgency.EMERGENCY
    found = read(text, ANYTHING, language, None, additions=OWN)
    assert found.urgency is urgency
    assert any("chest_pain" in item.rule for item in found.evidence)


def test_added_answers_and_wishes_are_found() -> None:
    asked = Expectation("yes_no", "Do you have a ride to your visit?")
    assert read("okie dokie artichokie", asked, "en", None).answer is None
    assert read("okie dokie artichokie", asked, "en", None, additions=OWN).answer == "yes"
    assert "opt_out" not in read("adios palomita gris", ANYTHING, "es", None).intents
    assert "opt_out" in read("adios palomita gris", ANYTHING, "es", None, additions=OWN).intents


@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_what_no_added_phrase_matches_is_read_as_before(text: str, language: str) -> None:
    never = Additions({language: {"signs": {"chest_pain": ["zzqzz vvkvv"]}}})
    assert read(text, ANYTHING, language, None, additions=never) == read(text, ANYTHING, language, None)


def test_a_term_list_of_the_language_may_be_named() -> None:
    english = load("en")
    assert english is not None
    name = sorted(english.term_names)[0]
    assert fault("en", "signs", "symptom", f"my {name}") == ""


@pytest.mark.parametrize(
    ("phrase", "told"),
    [
        ("(my chest", "A bracket is missing"),
        ("TIGHT chest", "write “tight” in small letters"),
        ("_ ..", "almost anything"),
        ("a*", "almost anything"),
        (" ".join(["(a b|c d)"] * 10), "two or three phrases"),
        ("one; two", "one phrase a line"),
        ("x" * (LONGEST + 1), "Write it shorter"),
        ("?", "at least one whole word"),
    ],
)
def test_a_faulty_phrase_is_told_with_what_to_do(phrase: str, told: str) -> None:
    assert told in fault("en", "signs", "chest_pain", phrase)


def test_a_list_that_is_not_offered_is_refused() -> None:
    assert "no list phrases can be added to" in fault("en", "signs", "alarm", "uh oh")
    assert "no word lists" in fault("xx", "signs", "chest_pain", "uh oh")


def test_a_faulty_phrase_among_good_ones_does_not_stop_the_reading() -> None:
    mixed = Additions({"en": {"signs": {"chest_pain": ["(broken", "purple pigeon"]}}})
    assert [found.phrase for found in faults(mixed.words)] == ["(broken"]
    assert read("a purple pigeon", ANYTHING, "en", None, additions=mixed).urgency is Urgency.EMERGENCY


def test_what_is_offered_exists_and_has_a_name() -> None:
    assert set(OFFERED) == set(GROUPS)
    assert set(OFFERED["signs"]) <= set(rules().signs)
    for names in OFFERED.values():
        assert len(set(names.values())) == len(names)


@given(
    st.dictionaries(
        st.sampled_from(["en", "es"]), st.just({"signs": {"fever": ["hot hot", " hot  hot ", ""]}})
    )
)
def test_the_same_phrases_have_one_form(words: dict[str, dict[str, dict[str, list[str]]]]) -> None:
    once = normal(words)
    assert normal(once) == once
    assert all(names["signs"]["fever"] == ["hot hot"] for names in once.values())


def test_a_file_of_words_is_tried_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        "en:\n  signs:\n    chest_pain: |\n      purple pigeon\n      pigeon waltz\n", encoding="utf-8"
    )
    asked = ["--explain", "pigeon waltz", "--context", "open_text"]
    assert main([*asked]) == 0
    assert "urgency     emergency" not in capsys.readouterr().out
    assert main([*asked, "--words", str(path)]) == 0
    assert "urgency     emergency" in capsys.readouterr().out
    path.write_text("en: {signs: {chest_pain: ['(oops']}}", encoding="utf-8")
    assert main([*asked, "--words", str(path)]) == 2
    assert "A bracket is missing" in capsys.readouterr().err
    path.write_text("[", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"own\.yaml"):
        from_yaml(path)
