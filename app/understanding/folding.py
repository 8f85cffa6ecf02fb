"""Per language: split words at apostrophes, fold letters, and give each word the forms it may be matched by."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from app.understanding.normal import Token, strip_marks
from app.understanding.patterns import Path, Step, is_term
from app.understanding.schema import Normalise

_LONG = re.compile(r"([^\W\d_])\1{2,}")
_GROAN = re.compile(r"([aeis])\1+")
"""A drawn-out sound, or a finger left on a key: "aaaaaa" is no long "aha"."""
_ARABIC = str.maketrans("أإآٱىةؤئکی", "ااااي\u0647ويكي", "\u0670")  # letters that are written in several ways
_CYRILLIC = str.maketrans({"ё": "е"})
_MIN_STEM = 3
_AND = "و"
"""Arabic writes "and" onto the shortest words too: وما, ولا, ومش."""
_MOSTLY = 0.4
UNMARKED, LOOSE = "~", "≈"


class Folder:
    """Folds the words of one language, in the word lists and in replies alike."""

    def __init__(self, settings: Normalise) -> None:
        self._fold = settings.fold
        self._split = settings.apostrophe == "split"
        self._prefixes = tuple(sorted(settings.prefixes, key=len, reverse=True))
        pairs = settings.variants.split()
        self._variants = str.maketrans({pair[0]: pair[1] for pair in pairs if len(pair) == 2})
        self._sounds = _replacements(settings.sounds)
        self._endings = _replacements(settings.endings)
        self._short = {strip_marks(short): self.word(whole) for short, whole in settings.short.items()}
        self._together = {strip_marks(one): several.split() for one, several in settings.together.items()}
        self._cached = lru_cache(maxsize=8192)(self._forms)

    def adapt(self, tokens: list[Token]) -> list[Token]:
        """The tokens as this language counts them: ``j'ai`` and ``jai`` are two words in French."""
        if not any((self._split and "'" in token.text) or token.text in self._together for token in tokens):
            return tokens
        out: list[Token] = []
        for token in tokens:
            parts = token.text.split("'") if self._split and token.kind == "word" else [token.text]
            parts = [word for part in parts for word in self._together.get(part, [part])]
            for index, part in enumerate(parts):
                out.append(
                    replace(token, text=part, glued=token.glued or index > 0, brk=0 if index else token.brk)
                )
        return out

    def word(self, word: str) -> str:
        """The one folded form under which the word stands in the trie."""
        word = word.replace("'", "")
        if self._fold in ("latin", "han", "hangul", "none"):
            word = strip_marks(word)
        if self._fold == "cyrillic":
            word = word.translate(_CYRILLIC)
        if self._fold == "arabic":
            word = word.translate(_ARABIC)
        if self._variants:
            word = word.translate(self._variants)
        for sound, spelt in self._sounds:
            word = sound.sub(spelt, word)
        return word

    def forms(self, word: str, *, loose: bool = False) -> tuple[str, ...]:
        """Every form by which a word of a reply may match, the plain one first.

        ``loose``: the reply is typed mostly without marks, so a marked word may match an unmarked phrase too.
        """
        return self._cached(word, loose)

    def unmarked(self, tokens: list[Token]) -> bool:
        """Whether a reply in a marked script is typed mostly without its marks."""
        if self._fold != "vietnamese":
            return False
        words = [token.text for token in tokens if token.kind == "word"]
        return sum(strip_marks(word) != word for word in words) < _MOSTLY * len(words)

    def _forms(self, word: str, loose: bool) -> tuple[str, ...]:
        plain = self.word(word)
        forms = [plain]
        if _LONG.search(plain) and not _GROAN.fullmatch(plain):
            forms += [_LONG.sub(r"\1", plain), _LONG.sub(r"\1\1", plain)]
        if self._fold == "vietnamese":
            for form in tuple(forms):
                bare = strip_marks(form)
                if bare == form:
                    forms += [LOOSE + bare, UNMARKED + bare]
                elif loose:
                    forms.append(LOOSE + bare)
        for prefix in self._prefixes:
            shortest = _MIN_STEM - (prefix == _AND)
            if plain.startswith(prefix) and len(plain) - len(prefix) >= shortest:
                forms.append(plain[len(prefix) :])
        forms += [ending.sub(listed, plain) for ending, listed in self._endings]
        whole = self._short.get(strip_marks(word))
        if whole:
            forms.append(whole)
        return tuple(dict.fromkeys(forms))

    def variants(self, path: Path) -> list[Path]:
        """The paths under which a pattern is stored: Vietnamese is also found when typed without its marks."""
        if self._fold != "vietnamese":
            return [path]
        literal = [step for step in path if step[0] in ("lit", "pre", "set")]
        mark = LOOSE if len(literal) > 1 else UNMARKED
        loose: Path = tuple(_loosen(step, mark) for step in path)
        return [path, loose] if literal else [path]


def _replacements(pairs: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    split = (pair.partition(">") for pair in pairs)
    return tuple((re.compile(old), new) for old, _, new in split)


def _loosen(step: Step, mark: str) -> Step:
    kind, value = step
    if kind in ("set", "fill"):
        words = value.split(" ")
        loose = [word if is_term(word) or word == "_" else mark + strip_marks(word) for word in words]
        return (kind, " ".join(dict.fromkeys(loose)))
    return (kind, mark + strip_marks(value)) if kind in ("lit", "pre") else step
