"""A finished trie says what the built one says, and keeps equal places once."""

from __future__ import annotations

from collections.abc import Iterator

from app.understanding import patterns, places
from app.understanding.lexicon import LANGUAGES, load


def finished(text: str) -> places.Place:
    endings = [
        (path, ("signs", f"line {number}"))
        for number, line in enumerate(patterns.lines(text))
        for path in patterns.parse(line, lambda word: [word])
    ]
    return places.trie(endings, {})


def found(root: places.Place, text: str) -> list[tuple[int, int, str]]:
    words = [(word,) for word in text.split()]
    return [(first, last, name) for first, last, _, name in places.walk(root, words, [1] * len(words), [])]


def every(root: places.Place) -> Iterator[places.Place]:
    seen, stack = {root}, [root]
    while stack:
        yield (place := stack.pop())
        new = set(places.following(place)) - seen
        seen |= new
        stack += new


def test_places_that_lead_on_alike_are_one() -> None:
    assert len(list(every(finished("no pain today")))) == 4
    root = finished("(no|never|not) pain today")
    assert len(list(every(root))) == 4
    assert found(root, "it is never pain today") == [(2, 5, "line 0")]


def test_what_is_shared_is_told_apart_by_what_ends_there() -> None:
    root = finished("no pain; no fever; severe pain; severe")
    assert found(root, "no pain severe pain") == [(0, 2, "line 0"), (2, 3, "line 3"), (2, 4, "line 2")]
    assert found(root, "severe fever") == [(0, 1, "line 3")]


def test_every_word_is_known_wherever_it_stands() -> None:
    root = finished(
        "cannot breathe; (hard|difficult) to _ air; pain .. chest; sw*; ^ help $; (a |the )* stairs"
    )
    assert places.vocabulary(root) >= {
        "cannot",
        "breathe",
        "hard",
        "difficult",
        "air",
        "chest",
        "help",
        "stairs",
    }


def test_a_language_has_no_two_equal_places() -> None:
    """Half of the memory of all word lists: places are equal when they lead on in the same way."""
    for language in LANGUAGES:
        lexicon = load(language)
        assert lexicon is not None
        ends = [place.ends for place in every(lexicon.main) if place.ends and not places.following(place)]
        assert len(ends) == len(set(ends)), language
