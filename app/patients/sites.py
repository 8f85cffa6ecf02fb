"""Setting up a practice location: what is said of it is checked, because nobody sees a wrong number or hour later."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

import holidays
import phonenumbers
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Conflict, Invalid, NotFound
from app.i18n.languages import LANGUAGES
from app.patients.models import Site

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOSED: Final = "closed"
REGION: Final = "US"
_KEY: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_SPAN: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)")
HOW: Final = "Write hours like “mon-fri 08:00-12:00 13:00-17:00”, “sat 09:00-12:00” or “sun closed”"


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a site; None leaves what is known."""

    name: str | None = None
    phone: str | None = None
    time_zone: str | None = None
    languages: Sequence[str] | None = None
    hours: Sequence[str] | None = None
    texting: Sequence[str] | None = None
    holidays: str | None = None
    numbers: Sequence[str] | None = None
    transfer: str | None = None


def add_site(session: Session, key: str, about: About) -> Site:
    """A new site; Invalid says what is wrong with what is said of it, Conflict that the key is taken."""
    if not _KEY.fullmatch(key):
        raise Invalid("The key of a site is a short word of small letters and digits, such as north-side.")
    if session.scalar(select(Site.id).where(Site.key == key)) is not None:
        raise Conflict(f"There is a site {key!r} already. Change it with `careloop site change {key}`.")
    if about.name is None or about.phone is None or about.time_zone is None:
        raise Invalid("A site needs a name, a telephone number and a time zone.")
    site = Site(key=key, settings={}, **_checked(about))
    session.add(site)
    session.flush()
    return site


def change_site(session: Session, key: str, about: About) -> Site:
    """Change what is given of a site; NotFound when there is none of that key."""
    site = session.scalars(select(Site).where(Site.key == key).with_for_update()).one_or_none()
    if site is None:
        raise NotFound(f"There is no site {key!r}.")
    for name, value in _checked(about).items():
        setattr(site, name, value)
    session.flush()
    return site


def _checked(about: About) -> dict[str, Any]:
    """The columns that are given, as they are stored."""
    found: dict[str, Any] = {
        "name": None if about.name is None else _name(about.name),
        "phone": None if about.phone is None else _shown(about.phone),
        "time_zone": None if about.time_zone is None else _zone(about.time_zone),
        "languages": None if about.languages is None else _languages(about.languages),
        "hours": None if about.hours is None else weekly(about.hours),
        "window": None if about.texting is None else weekly(about.texting),
        "holidays": None if about.holidays is None else _calendar(about.holidays),
        "numbers": None if about.numbers is None else [number(one) for one in about.numbers],
        "transfer_number": None if about.transfer is None else number(about.transfer),
    }
    return {name: value for name, value in found.items() if value is not None}


def number(written: str) -> str:
    """A telephone number as carriers want it (E.164); Invalid when it is none."""
    try:
        read = phonenumbers.parse(written, REGION)
    except phonenumbers.NumberParseException as problem:
        raise Invalid(f"{written!r} is no telephone number: write it like +13125550100.") from problem
    if not phonenumbers.is_valid_number(read):
        raise Invalid(f"{written!r} is no telephone number: write it like +13125550100.")
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)


def weekly(lines: Iterable[str]) -> dict[str, list[list[str]]]:
    """Hours of the week, from lines like `mon-fri 08:00-12:00 13:00-17:00`; a later line replaces a day's earlier one.

    Days that no line names are left out.
    """
    found: dict[str, list[list[str]]] = {}
    for line in lines:
        days, *spans = line.lower().split() or [""]
        hours = [] if spans == [CLOSED] else [_span(span) for span in spans]
        if spans != [CLOSED] and (not hours or any(a[1] > b[0] for a, b in pairwise(hours))):
            raise Invalid(f"{line!r} names no hours, or hours that overlap. {HOW}.")
        found |= dict.fromkeys(_days(days), hours)
    return {day: found[day] for day in DAYS if day in found}


def _days(written: str) -> list[str]:
    named: list[str] = []
    for part in written.split(","):
        first, _, last = part.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise Invalid(f"{written!r} names no days of the week. {HOW}.")
        named += DAYS[DAYS.index(first) : DAYS.index(last or first) + 1]
    if not named:
        raise Invalid(f"{written!r} names no days of the week. {HOW}.")
    return named


def _span(written: str) -> list[str]:
    opens, _, closes = written.partition("-")
    if not _SPAN.fullmatch(written) or opens >= closes:
        raise Invalid(f"{written!r} is no span of a day. {HOW}.")
    return [opens, closes]


def _name(written: str) -> str:
    name = " ".join(written.split())
    if not name or len(name) > 120:
        raise Invalid("Give the name of the site as patients know it.")
    return name


def _shown(written: str) -> str:
    """A number patients are told, in the form the practice writes it."""
    number(written)
    return written.strip()[:24]


def _zone(written: str) -> str:
    try:
        return ZoneInfo(written).key
    except (ValueError, OSError, KeyError) as problem:
        raise Invalid(f"{written!r} is no time zone: write it like America/Chicago.") from problem


def _languages(written: Sequence[str]) -> list[str]:
    if unknown := [one for one in written if one not in LANGUAGES]:
        raise Invalid(f"There is no language {unknown[0]!r}. There are: {', '.join(LANGUAGES)}.")
    return list(dict.fromkeys(written))


def _calendar(written: str) -> str:
    if written == "none":
        return ""
    country, _, part = written.partition("-")
    known = holidays.list_supported_countries()
    if country not in known or (part and part not in known[country]):
        raise Invalid(f"There are no holidays for {written!r}: write US, US-IL or none.")
    return written
