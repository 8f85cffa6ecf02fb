"""One wrong letter in a long word: found by deletions, never in short words, never in a word that is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable

MIN_LENGTH = 5


class Typos:
    """Finds the listed word that an unknown word is one slip away from (swap, miss, extra, other letter).

    The first letter must agree: "never" is not a slip for "fever".
    """

    def __init__(self, words: Callable[[], Iterable[str]], known: frozenset[str], *, enabled: bool) -> None:
        """``words`` is asked once, when the first long word is looked at."""
        self._source = words
        self._known = known
        self._words: frozenset[str] | None = None
        self._deletes: dict[str, tuple[str, ...]] | None = None if enabled else {}

    def corrections(self, forms: tuple[str, ...]) -> tuple[str, ...]:
        """Listed words one slip away from a word whose forms are all unknown."""
        word = forms[0]
        if len(word) < MIN_LENGTH:
            return ()
        if self._deletes is None:
            # Sorted: which three of several count must not depend on the process.
            self._deletes = _index(sorted(self._listed()))
        if not self._deletes or self.knows(forms):
            return ()
        found = dict.fromkeys(self._deletes.get(word, ()))
        for cut in _cuts(word):
            if cut in self._listed() and len(cut) >= MIN_LENGTH:
                found[cut] = None
            for listed in self._deletes.get(cut, ()):
                if _one_slip(word, listed):
                    found[listed] = None
        return tuple(listed for listed in found if listed[0] == word[0])[:3]

    def knows(self, forms: tuple[str, ...]) -> bool:
        """Whether a word of those forms is written so in the lists."""
        return any(form in self._listed() or form in self._known for form in forms)

    def _listed(self) -> frozenset[str]:
        if self._words is None:
            self._words = frozenset(self._source())
        return self._words


def _index(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for word in words:
        if len(word) >= MIN_LENGTH and word.isalpha():
            for cut in _cuts(word):
                table.setdefault(cut, []).append(word)
    return {cut: tuple(listed) for cut, listed in table.items()}


def _cuts(word: str) -> list[str]:
    return list(dict.fromkeys(word[:index] + word[index + 1 :] for index in range(1, len(word))))


def _one_slip(word: str, listed: str) -> bool:
    """Same length: one letter other, or two neighbours swapped."""
    if len(word) != len(listed):
        return False
    wrong = [index for index, (left, right) in enumerate(zip(word, listed, strict=True)) if left != right]
    if len(wrong) == 1:
        return True
    swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1
    return swapped and word[wrong[0]] == listed[wrong[1]] and word[wrong[1]] == listed[wrong[0]]
