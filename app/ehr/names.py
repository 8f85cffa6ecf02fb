"""Names written in one cell, taken apart."""

import re

from app.ehr.records import Name

_PARTICLES = {
    "de", "del", "de la", "la", "las", "los", "da", "do", "dos", "das", "van", "von", "der", "den", "di",
    "al", "el", "bin", "ibn", "le", "du", "y", "st", "st.", "san", "santa", "mc", "mac",
}  # fmt: skip
_SUFFIX = re.compile(r"^(jr|sr|ii|iii|iv|md|phd|rn)\.?$", re.I)
_PREFIX = re.compile(r"^(mr|mrs|ms|miss|dr|sr|sra|srta)\.?$", re.I)


def _with_suffix(words: list[str]) -> tuple[list[str], str]:
    return (words[:-1], words[-1]) if len(words) > 1 and _SUFFIX.match(words[-1]) else (words, "")


def _family_start(words: list[str]) -> int:
    start = len(words) - 1
    while start > 1 and words[start - 1].casefold() in _PARTICLES:
        start -= 1
    return start


def split_name(cell: str) -> Name:
    """A name in one cell (`Lopez, Maria`, `Maria Elena de la Cruz Jr.`); a single word is the family name."""
    cell = " ".join(cell.split())
    if "," in cell:
        family, _, rest = cell.partition(",")
        words, suffix = _with_suffix(rest.replace(",", " ").split())
        words = words[1:] if len(words) > 1 and _PREFIX.match(words[0]) else words
        return Name(family.strip(), words[0] if words else "", " ".join(words[1:]), suffix=suffix)
    words, suffix = _with_suffix(cell.split())
    prefix = words[0] if len(words) > 2 and _PREFIX.match(words[0]) else ""
    words = words[1:] if prefix else words
    if len(words) < 2:
        return Name(family=" ".join(words), prefix=prefix, suffix=suffix)
    start = _family_start(words)
    return Name(" ".join(words[start:]), words[0], " ".join(words[1:start]), prefix, suffix)
