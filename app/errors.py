"""The root of every error Careloop raises on purpose."""

from __future__ import annotations

from typing import ClassVar


class CareloopError(Exception):
    """Something went wrong that a person can be told about.

    `words` is one or more plain sentences for that person (no stack, no patient data);
    `code` is a short, stable name for programs, tests and metrics.
    """

    code: ClassVar[str] = "error"

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class NotFound(CareloopError):
    """What was asked for by its id is not there (or not for this person)."""

    code = "not_found"


class Forbidden(CareloopError):
    """This person may not do that."""

    code = "forbidden"


class Conflict(CareloopError):
    """Somebody else was there first; look again and decide again."""

    code = "conflict"


class Invalid(CareloopError):
    """What was given cannot be taken; `words` say which part and why."""

    code = "invalid"
