"""Reads one environment variable after the other and remembers what was wrong with each."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar, overload

T = TypeVar("T")
KEY_BYTES = 32


class Reader:
    """Typed look-ups in an environment: a wrong value gives its default and one sentence in `problems`.

    A variable that is set but empty counts as not set.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []

    @overload
    def text(self, name: str) -> str | None: ...
    @overload
    def text(self, name: str, default: str) -> str: ...
    def text(self, name: str, default: str | None = None) -> str | None:
        """The value without the spaces around it."""
        return self._environ.get(name, "").strip() or default

    def choice(self, name: str, choices: Sequence[str], default: str) -> str:
        """One of a few words, small or capital."""
        value = self.text(name, default)
        found = next((choice for choice in choices if choice.lower() == value.lower()), None)
        return found or self._wrong(name, f"must be one of {', '.join(choices)}", default)

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        """A whole number within bounds."""
        found = self.optional_number(name, least=least, most=most)
        return default if found is None else found

    def optional_number(self, name: str, *, least: int, most: int) -> int | None:
        """A whole number within bounds, or None where it is not set."""
        value = self.text(name)
        if value is None:
            return None
        if re.fullmatch(r"[0-9]{1,9}", value) and least <= int(value) <= most:
            return int(value)
        return self._wrong(name, f"must be a whole number from {least} to {most}", None)

    def path(self, name: str, default: Path) -> Path:
        """A folder, absolute or from where the command was started."""
        path = Path(self.text(name, str(default)))
        try:
            return path.expanduser()
        except RuntimeError:
            return self._wrong(
                name, "must be a folder that exists for this user (~name is nobody here)", default
            )

    @overload
    def url(self, name: str, schemes: Sequence[str]) -> str | None: ...
    @overload
    def url(self, name: str, schemes: Sequence[str], default: str) -> str: ...
    def url(self, name: str, schemes: Sequence[str], default: str | None = None) -> str | None:
        """An address that begins with one of the schemes (`postgresql+psycopg` counts as `postgresql`)."""
        value = self.text(name) or default
        if value is None or re.match(rf"({'|'.join(schemes)})(\+\w+)?:/", value):
            return value
        return self._wrong(name, f"must begin with {' or '.join(s + '://' for s in schemes)}", default)

    def matching(self, name: str, pattern: str, words: str) -> str | None:
        """A value of a certain form, which `words` describe."""
        value = self.text(name)
        if value is None or re.fullmatch(pattern, value):
            return value
        return self._wrong(name, f"must be {words}", None)

    def phone(self, name: str) -> str | None:
        """A telephone number in E.164: + and digits only."""
        return self.matching(name, r"\+[1-9][0-9]{6,14}", "a telephone number such as +13125550123")

    def several(self, name: str) -> tuple[str, ...]:
        """Values with commas between them, the current one first."""
        return tuple(part.strip() for part in (self.text(name) or "").split(",") if part.strip())

    def hosts(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """Names of machines with commas between them; one that begins with a dot stands for all below it."""
        found = tuple(part.lower() for part in self.several(name))
        if not all(re.fullmatch(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*", part) for part in found):
            return self._wrong(name, "must be names of machines, such as mms.example.com", default)
        return found or default

    def key(self, name: str, default: bytes) -> bytes:
        """32 bytes in base64."""
        value = self.text(name)
        if value is None:
            return default
        return _key(value) or self._wrong(name, f"must be base64 of {KEY_BYTES} random bytes", default)

    def keys(self, name: str, default: tuple[tuple[str, bytes], ...]) -> tuple[tuple[str, bytes], ...]:
        """Keys as `id:base64` with commas between them, the current one first; no id twice."""
        found = [self._named_key(name, part) for part in self.several(name)]
        good = tuple(pair for pair in found if pair is not None)
        if len({key_id for key_id, _ in good}) < len(good):
            self._wrong(name, "has the same key id twice", None)
        return good or default

    def _named_key(self, name: str, part: str) -> tuple[str, bytes] | None:
        key_id, _, encoded = part.partition(":")
        key = _key(encoded)
        if key is None or not re.fullmatch(r"[A-Za-z0-9_-]{1,16}", key_id):
            # The part itself is not repeated: it may be most of a key.
            return self._wrong(
                name, f"must be id:base64 of {KEY_BYTES} random bytes, with commas between keys", None
            )
        return key_id, key

    def _wrong(self, name: str, words: str, default: T) -> T:
        self.problems.append(f"{name} {words}.")
        return default


def _key(encoded: str) -> bytes | None:
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == KEY_BYTES else None
