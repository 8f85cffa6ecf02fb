"""A language's word lists: loaded from ``locales/<lang>/replies.yaml``, checked, compiled and cached."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypedDict

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from app.understanding import kept, patterns, places
from app.understanding.errors import LexiconError
from app.understanding.folding import Folder
from app.understanding.hoist import Hoist
from app.understanding.normal import Token, tokenize
from app.understanding.packing import pack, unpack
from app.understanding.places import Place
from app.understanding.schema import SECTIONS, Normalise, RepliesFile
from app.understanding.typos import Typos

LOCALES = Path(__file__).resolve().parents[2] / "locales"
SIGN_BY_SIGN = ("han", "hangul")
LANGUAGES: tuple[str, ...] = ("en", "es", "zh", "vi", "tl", "ht", "fr", "pt", "ru", "ar", "ko")


@dataclass(frozen=True, slots=True)
class Hit:
    """A matched pattern: which tokens, where in the reply, of which section and name of which language."""

    first: int
    last: int
    start: int
    end: int
    section: str
    name: str
    language: str


@dataclass(slots=True)
class Scan:
    """One reply seen through one language: its tokens and everything that language's patterns matched."""

    language: str
    tokens: list[Token]
    hits: dict[str, list[Hit]]
    lists_ordinary: bool = False
    """Whether the language lists its everyday words, which tell nothing."""
    _named: dict[str, dict[str, list[Hit]]] = field(default_factory=dict, init=False, repr=False)

    def of(self, section: str) -> list[Hit]:
        """The hits of a section, in reading order."""
        return self.hits.get(section, [])

    def named(self, section: str, name: str) -> list[Hit]:
        """The hits of one name of a section."""
        named = self._named.get(section)
        if named is None:
            # Sorted once: they are asked for a hundred times a reply.
            named = self._named[section] = {}
            for hit in self.of(section):
                named.setdefault(hit.name, []).append(hit)
        return list(named.get(name, ()))

    def leave(self, section: str, hits: list[Hit]) -> None:
        """Let only those hits of a section count."""
        self.hits[section] = hits
        self._named.pop(section, None)

    def inside(self, section: str, name: str) -> set[int]:
        """The tokens that stand inside the hits of one name of a section."""
        return {index for hit in self.named(section, name) for index in range(hit.first, hit.last)}

    def within(self, *names: str) -> set[int]:
        """The tokens inside the hits of any of these names, written ``section.name``."""
        return {index for name in names for index in self.inside(*name.split(".", 1))}


@dataclass(slots=True)
class Lexicon:
    """One language's compiled word lists; immutable once built, safe to share between threads."""

    language: str
    folder: Folder
    terms: Place
    main: Place
    typos: Typos
    function_words: frozenset[str] = field(default_factory=frozenset)
    polite: frozenset[str] = field(default_factory=frozenset)
    lists_ordinary: bool = False
    term_names: frozenset[str] = field(default_factory=frozenset)

    def scan(self, tokens: list[Token], added: Place | None = None, *, strict: bool = False) -> Scan:
        """Match every pattern of this language, and those ``added`` to it, against the tokens of a reply.

        ``strict``: no slip is mended.
        """
        adapted = self.folder.adapt(tokens)
        loose = self.folder.unmarked(adapted)
        forms = [self._forms(token, loose, strict=strict) for token in adapted]
        breaks = [patterns.GLUED if token.glued else token.brk for token in adapted]
        ends: patterns.TermEnds = [{} for _ in adapted]
        for first, last, _, name in places.walk(self.terms, forms, breaks, []):
            ends[first].setdefault(name, []).append(last)
        tail = self._tail(adapted, forms)
        found = places.walk(self.main, forms, breaks, ends, tail)
        if added is not None:
            more = places.walk(added, forms, breaks, ends, tail)
            # In reading order, each once, wherever it stands in the lists.
            found = sorted(dict.fromkeys([*found, *more]), key=lambda match: match[0]) if more else found
        hits: dict[str, list[Hit]] = {}
        for first, last, section, name in found:
            start, end = adapted[first].start, adapted[last - 1].end
            hits.setdefault(section, []).append(Hit(first, last, start, end, section, name, self.language))
        return Scan(self.language, adapted, hits, self.lists_ordinary)

    def knows(self, word: str) -> bool:
        """Whether that word is one of this language's lists."""
        return self.typos.knows(self.folder.forms(word))

    def _tail(self, tokens: list[Token], forms: list[tuple[str, ...]]) -> int:
        """Where nothing but thanks and emoji follow; 0 is never such a place."""
        tail = len(tokens)
        while tail > 1 and (tokens[tail - 1].kind == "emoji" or self.polite.intersection(forms[tail - 1])):
            tail -= 1
        return tail

    def _forms(self, token: Token, loose: bool, *, strict: bool) -> tuple[str, ...]:
        forms = self.folder.forms(token.text, loose=loose)
        if token.kind == "word" and not strict:
            fixed = self.typos.corrections(forms)
            if fixed:
                return forms + fixed
        return forms


class Words(TypedDict):
    """The plain words of a language beside its patterns, folded, and how words are folded."""

    settings: dict[str, Any]
    known: list[str]
    function_words: list[str]
    polite: list[str]
    terms: list[str]
    ordinary: bool


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a language's file is made into, before anything is read with it."""

    words: Words
    terms: Place
    main: Place

    def lexicon(self, language: str) -> Lexicon:
        """Ready to scan replies."""
        settings = Normalise.model_validate(self.words["settings"])
        function_words = frozenset(self.words["function_words"])
        typos = Typos(
            lambda: places.vocabulary(self.terms) | places.vocabulary(self.main),
            frozenset(self.words["known"]) | function_words,
            enabled=settings.typos,
        )
        return Lexicon(
            language,
            Folder(settings),
            self.terms,
            self.main,
            typos,
            function_words,
            frozenset(self.words["polite"]),
            self.words["ordinary"],
            frozenset(self.words["terms"]),
        )


def compile_file(file: RepliesFile) -> Compiled:
    """The compiled word lists of a validated file; ``LexiconError`` names the section of a bad pattern."""
    folder = Folder(file.normalise)

    @cache
    def split(item: str) -> tuple[str, ...]:
        return tuple(folder.word(token.text) for token in folder.adapt(tokenize(item)))

    hoist = Hoist() if file.normalise.fold in SIGN_BY_SIGN else None
    raw_terms = {
        name: _paths(f"terms.{name}", block, split) for name, block in file.terms.items() if block.strip()
    }
    blocks = [
        (section, name, hoist.block(block) if hoist else block)
        for section in SECTIONS
        for name, block in _blocks(file, section)
    ]
    for name, block in hoist.blocks.items() if hoist else ():
        raw_terms[name] = _paths(name, block, split)
    terms: list[places.Ending] = []
    main: list[places.Ending] = []
    for name in raw_terms:
        terms += _endings(_flatten(name, raw_terms, ()), ("terms", name), folder)
    for section, name, block in blocks:
        paths = _paths(f"{section}.{name}", block, split)
        for path in paths:
            _known_terms(path, raw_terms, f"{section}.{name}")
        main += _endings(paths, (section, name), folder)
    known_places: places.Known = {}
    all_terms, all_main = places.trie(terms, known_places), places.trie(main, known_places)
    patterns.forget()
    polite = (
        word
        for path in _paths("intents.thanks", file.intents.get("thanks", ""), split)
        for step in path
        for word in _words_of(step, raw_terms)
    )
    words = Words(
        settings=file.normalise.model_dump(),
        known=[folder.word(word) for word in file.known.split()],
        function_words=[folder.word(word) for word in file.function_words.split()],
        polite=sorted(set(polite)),
        terms=list(file.terms),
        ordinary="ordinary" in file.scopes,
    )
    return Compiled(words, all_terms, all_main)


def parsed(known: Lexicon, place: str, phrase: str) -> list[patterns.Path]:
    """Every path of one more pattern of a language, which may name its term lists; ``LexiconError`` at ``place``."""
    folder = known.folder
    paths = _paths(
        place, phrase, lambda item: tuple(folder.word(token.text) for token in folder.adapt(tokenize(item)))
    )
    for path in paths:
        _known_terms(path, known.term_names, place)
    return paths


def compile_phrases(known: Lexicon, phrases: Iterable[tuple[str, str, str]]) -> Place:
    """The trie of more patterns of a language, each as (section, name, pattern), to be scanned beside its own."""
    endings = [
        ending
        for section, name, phrase in phrases
        for ending in _endings(parsed(known, f"{section}.{name}", phrase), (section, name), known.folder)
    ]
    return places.trie(endings, {})


def _words_of(step: patterns.Step, raw: dict[str, list[patterns.Path]]) -> list[str]:
    kind, value = step
    if kind == "term":
        return [word for path in _flatten(value, raw, ()) for kind, word in path if kind == "lit"]
    return [word for word in value.split(" ") if not patterns.is_term(word)] if kind in ("lit", "set") else []


def _endings(
    paths: list[patterns.Path], payload: patterns.Payload, folder: Folder
) -> Iterator[places.Ending]:
    return ((variant, payload) for path in paths for variant in folder.variants(path))


def _blocks(file: RepliesFile, section: str) -> list[tuple[str, str]]:
    if section == "topics":
        return [
            (f"{topic}.{part}", block)
            for topic, parts in file.topics.items()
            for part, block in parts.items()
        ]
    blocks: dict[str, str] = getattr(file, section)
    return list(blocks.items())


def _paths(place: str, block: str, split: patterns.Splitter) -> list[patterns.Path]:
    try:
        return [path for line in patterns.lines(block) for path in patterns.parse(line, split)]
    except LexiconError as error:
        raise LexiconError(f"{place}: {error}") from error


def _flatten(name: str, raw: dict[str, list[patterns.Path]], above: tuple[str, ...]) -> list[patterns.Path]:
    if name in above:
        raise LexiconError(f"terms.{name} refers to itself")
    if name not in raw:
        raise LexiconError(f"terms.{above[-1] if above else name} refers to unknown term {name}")
    done: list[patterns.Path] = []
    for path in raw[name]:
        grown: list[patterns.Path] = [()]
        for step in path:
            inner = _flatten(step[1], raw, (*above, name)) if step[0] == "term" else [(step,)]
            grown = [left + right for left in grown for right in inner]
        done.extend(grown)
    return done


def _known_terms(path: patterns.Path, raw: Container[str], place: str) -> None:
    for kind, value in path:
        names = value.split(" ") if kind in ("term", "set", "fill") else []
        for name in names:
            if patterns.is_term(name) and name not in raw:
                raise LexiconError(f"{place} refers to unknown term {name}")


def read_file(path: Path) -> RepliesFile | None:
    """A validated ``replies.yaml``, None when it holds only comments; ``LexiconError`` lists every fault."""
    try:
        data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        if data is None:
            return None
        return RepliesFile.model_validate(data)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()
        )
        raise LexiconError(f"{path.parent.name}/{path.name}: {faults}") from error
    except (OSError, YAMLError) as error:
        raise LexiconError(f"{path.parent.name}/{path.name}: {error}") from error


@lru_cache(maxsize=64)
def load(language: str, locales: Path = LOCALES) -> Lexicon | None:
    """The lexicon of a language, read once a process; None where there is none.

    What a file was made into is kept beside it (``kept``), for the next process.
    """
    if language not in LANGUAGES:
        return None
    path = locales / language / "replies.yaml"
    if not path.is_file():
        return None
    place = kept.name_of(path, path.read_bytes())
    packed = kept.recall(place)
    if packed is not None:
        words: Words = next(packed)
        return Compiled(words, *unpack(packed)).lexicon(language)
    file = read_file(path)
    if file is None:
        return None
    compiled = compile_file(file)
    kept.keep(place, [compiled.words, *pack([compiled.terms, compiled.main])])
    return compiled.lexicon(language)


@lru_cache(maxsize=64)
def usable(language: str) -> Lexicon | None:
    """The lexicon of a language, or None when its file is missing or faulty.

    Reading must go on when one language's file is broken: English and Spanish safety lists still run. The fault
    itself is told by ``load``, which the checks call for every language before anything is published.
    """
    try:
        return load(language)
    except LexiconError:
        return None
