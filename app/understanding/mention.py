"""One time or option that a reply names."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.understanding.reading import Option
from app.understanding.slot_times import Test


@dataclass(frozen=True, slots=True)
class Mention:
    """One time or option number a reply names at tokens ``first`` to ``last``, wanted or refused.

    Mentions of one ``kind`` are alternatives (monday or tuesday), of several together a condition (monday, 2 pm).
    """

    kind: str
    first: int
    last: int
    test: Test | None = None
    option: str = ""
    refused: bool = False
    clause: int = 0
    sure: bool = True

    def fits(self, option: Option) -> bool:
        """Whether an option is what this mention names."""
        if self.option:
            return option.id == self.option
        return option.start is not None and self.test is not None and self.test(option.start)

    def judged(self, *, refused: bool) -> Mention:
        """The same, refused or not."""
        return replace(self, refused=True) if refused else self

    def freed(self) -> Mention:
        """The same, wanted and sure."""
        return replace(self, refused=False, sure=True)
