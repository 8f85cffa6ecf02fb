"""Telephone numbers as people write them, read with phonenumbers; an impossible one is kept, with why."""

import re

import phonenumbers
from phonenumbers import timezone

from app.ehr.records import Phone
from app.ehr.vocab import plain

REGION = "US"
_NOTHING = {
    "", "none", "na", "n a", "no", "no phone", "no number", "null", "unknown", "unk", "not provided",
    "declined", "refused", "same", "tbd", "disconnected", "x", "ninguno", "no tiene",
}  # fmt: skip
_USES = (
    ("mobile", re.compile(r"\b(cell\w*|mobile|mob|movil|c|m|text|sms)\b")),
    ("home", re.compile(r"\b(home|house|casa|h)\b")),
    ("work", re.compile(r"\b(work|office|business|trabajo|w)\b")),
)
_EXCEL_NUMBER = re.compile(r"^\s*\d(\.\d+)?[eE]\+\d+\s*$")


def is_excel_number(text: str) -> bool:
    """Whether a spreadsheet turned a long number into scientific notation (1.23E+11): its digits are lost."""
    return bool(_EXCEL_NUMBER.match(text))


def _label(text: str) -> str:
    words = plain(text)
    return next((use for use, pattern in _USES if pattern.search(words)), "")


def _problem(cell: str) -> str:
    digits = re.sub(r"\D", "", cell)
    if is_excel_number(cell):
        return "the spreadsheet changed the number to scientific notation; its digits are lost"
    if digits and len(set(digits)) == 1:
        return "all its digits are the same"
    if not digits:
        return "it holds no digits"
    return f"it has {len(digits)} digits and is not a number anyone can be reached at"


def _phone(number: phonenumbers.PhoneNumber, raw: str, use: str, rank: int | None) -> Phone:
    valid = phonenumbers.is_valid_number(number)
    kind = phonenumbers.number_type(number)
    mobile = True if use == "mobile" or kind == phonenumbers.PhoneNumberType.MOBILE else None
    if use != "mobile" and kind == phonenumbers.PhoneNumberType.FIXED_LINE:
        mobile = False
    return Phone(
        raw=raw,
        e164=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if valid else None,
        use=use,
        rank=rank,
        mobile=mobile,
        extension=number.extension or "",
        problem="" if valid else "its area code or exchange is not in use",
    )


def _matches(cell: str) -> list[tuple[phonenumbers.PhoneNumber, str, str]]:
    found, end = [], 0
    for match in phonenumbers.PhoneNumberMatcher(cell, REGION, leniency=phonenumbers.Leniency.POSSIBLE):
        after = re.match(r"\s*\(([A-Za-z]+)\)", cell[match.end :])
        label = _label(after.group(1)) if after else _label(cell[end : match.start])
        found.append((match.number, match.raw_string, label))
        end = match.end
    return found


def _whole(cell: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(cell, REGION)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def parse_phones(cell: str, *, use: str = "", rank: int | None = None) -> tuple[Phone, ...]:
    """Every number in a cell (`312-555-0142 x12; cell (773) 555-0188`), nothing for `none`.

    A number that cannot exist comes back with its `problem`, never dropped.
    """
    cell = re.sub(r"^\s*(\d{7,15})\.0\s*$", r"\1", cell).strip()
    if plain(cell) in _NOTHING:
        return ()
    matches = _matches(cell)
    if matches:
        return tuple(_phone(number, raw, use or label, rank) for number, raw, label in matches)
    number = None if is_excel_number(cell) else _whole(cell)
    if number:
        return (_phone(number, cell, use, rank),)
    return (Phone(raw=cell, use=use, rank=rank, problem=_problem(cell)),)


def phone_notes(phones: tuple[Phone, ...]) -> tuple[str, ...]:
    """One sentence for every number that cannot be used; the digits themselves are not repeated."""
    told = (
        f"A {phone.use + ' ' if phone.use else ''}phone number cannot be used: {phone.problem}."
        for phone in phones
        if phone.problem
    )
    return tuple(dict.fromkeys(told))


def unique(phones: tuple[Phone, ...]) -> tuple[Phone, ...]:
    """The phones in their order, each number once."""
    kept: dict[str, Phone] = {}
    for phone in phones:
        kept.setdefault(phone.e164 or phone.raw, phone)
    return tuple(kept.values())


def area_zones(e164: str) -> tuple[str, ...]:
    """The time zones a number's area code lies in; empty where that is not known."""
    zones = timezone.time_zones_for_number(phonenumbers.parse(e164))
    return tuple(zone for zone in zones if zone != "Etc/Unknown")
