"""Invented files of a hospital and a clinic, of each kind and with each outcome, moved to any day."""

import re
from datetime import date, timedelta
from importlib.resources import files

ANCHOR = date(2026, 11, 2)
"""The Monday the files are written around."""

NAMES = ("hospital-discharges.hl7", "clinic-appointments.csv", "clinic-bundle.json")
_DATES = re.compile(
    r"(?P<hl7>\b20\d{6}(?=\d{4}|\b))|(?P<us>\b\d{2}/\d{2}/20\d{2}\b)|(?P<iso>\b20\d{2}-\d{2}-\d{2})"
)
_FORMS = {"hl7": "%Y%m%d", "us": "%m/%d/%Y", "iso": "%Y-%m-%d"}
_NEAR = timedelta(days=90)  # birth dates are older and stay


def _day(text: str, form: str) -> date:
    if form == "us":
        month, day, year = text.split("/")
        return date(int(year), int(month), int(day))
    digits = text.replace("-", "")
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def _moved(match: re.Match[str], days: int) -> str:
    form = match.lastgroup or "iso"
    found = _day(match[0], form)
    return (found + timedelta(days=days)).strftime(_FORMS[form]) if abs(found - ANCHOR) < _NEAR else match[0]


def demo_file(name: str, today: date | None = None) -> bytes:
    """One of NAMES as it is, or with its visits moved so that `today` stands where ANCHOR stood."""
    text = files("app.ehr.demo").joinpath(name).read_bytes().decode("utf-8")
    if today is None:
        return text.encode()
    days = (today - ANCHOR).days
    return _DATES.sub(lambda match: _moved(match, days), text).encode()
