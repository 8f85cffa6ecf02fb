"""Filling a text's placeholders: `{practice.name}`, `{appointment.start:datetime}`.

Dates are written by Babel in the patient's language and time zone. Nothing here raises on a value: what is
missing or strange is left out, because a patient must never see braces. Checks refuse unknown names earlier
(`require_known`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list

from app.i18n.languages import locale

PLACEHOLDER: Final = re.compile(r"\{\s*([a-z_]+(?:\.[a-z_]+)*)\s*(?::\s*([a-z]+)\s*)?\}")
FORMATS: Final = ("datetime", "date", "time", "weekday", "short")
_BRACES = re.compile(r"\{[^{}\n]{0,80}\}|[{}]")
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_FOLD: Final = str.maketrans({"\u202f": " ", "\u00a0": " ", "\u2009": " ", "\t": " "})
_E164 = re.compile(r"^\+[1-9]\d{6,14}$")
_GAP = re.compile(r" +([,.!?;:)])")
_SPACES = re.compile(r" {2,}")


def placeholders(template: str) -> list[tuple[str, str]]:
    """The (name, format) pairs of a text, in order; the format is "" where none is written."""
    return [(found[1], found[2] or "") for found in PLACEHOLDER.finditer(template)]


def require_known(template: str, known: Collection[str]) -> None:
    """ValueError naming each placeholder that is not among `known`, has a strange format, or is not well
    formed."""
    wrong = [
        f"{{{name}{':' + form if form else ''}}}"
        for name, form in placeholders(template)
        if name not in known or (form and form not in FORMATS)
    ]
    wrong += _BRACES.findall(PLACEHOLDER.sub("", template))
    if wrong:
        raise ValueError("unknown placeholder " + ", ".join(wrong))


def render(
    template: str,
    values: Mapping[str, Any],
    language: str,
    time_zone: str | tzinfo,
    channel: str = "sms",
) -> str:
    """The text with its placeholders filled in for this patient. Never raises, never leaves a brace."""
    writer = _Writer(values, language, _zone(time_zone), channel)
    filled = _BRACES.sub("", PLACEHOLDER.sub(writer.fill, template))
    if writer.missed:
        filled = _SPACES.sub(" ", _GAP.sub(r"\1", filled))
    return clean(filled)


def clean(text: str) -> str:
    """Fold the spaces that would make a text UCS-2, and drop control characters and direction overrides."""
    return _CONTROLS.sub("", text.translate(_FOLD))


def _zone(time_zone: str | tzinfo) -> tzinfo:
    if isinstance(time_zone, tzinfo):
        return time_zone
    try:
        return ZoneInfo(time_zone)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


class _Writer:
    """Writes values one by one; `missed` tells that something was left out."""

    def __init__(self, values: Mapping[str, Any], language: str, zone: tzinfo, channel: str) -> None:
        self.values, self.zone = values, zone
        self.language, self.locale, self.voice = language, locale(language), channel == "voice"
        self.missed = False

    def fill(self, found: re.Match[str]) -> str:
        written = self.write(self.values.get(found[1]), found[2] or "")
        self.missed = self.missed or not written
        follows = found.string[found.end() : found.end() + 1]
        return written[:-1] if written.endswith(".") and follows == "." else written

    def write(self, value: Any, form: str) -> str:
        if value is None or isinstance(value, bool):
            return ""
        if isinstance(value, list | tuple):
            parts = [part for part in (self.write(one, form) for one in value) if part]
            return clean(format_list(parts, locale=self.locale)) if parts else ""
        moment = moment_of(value, self.zone) if form or not isinstance(value, str) else None
        if moment is not None:
            return clean(_FORMS.get(form or _natural(value), _datetime)(moment, self.locale, self.voice))
        if form:
            return ""
        if isinstance(value, str) and _E164.match(value):
            return phone(value, voice=self.voice)
        return one_line(str(value))


def one_line(value: str) -> str:
    """A value that came from outside, on one line, with nothing that could break a text or a call."""
    return " ".join(clean(value.replace("{", "(").replace("}", ")")).split())


def moment_of(value: Any, zone: tzinfo) -> datetime | None:
    """A date or time as local wall time: aware ones are moved to the zone, ISO text and naive ones are local
    already."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value.astimezone(zone) if value.tzinfo else value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=zone)
    return None


def phone(number: str, *, voice: bool = False) -> str:
    """An E.164 number as people write it; digit by digit for a voice."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if parsed.country_code == 1
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    written = phonenumbers.format_number(parsed, style)
    if not voice:
        return written
    groups = re.findall(r"\d+", written)
    return ", ".join(" ".join(group) for group in groups)


def _natural(value: Any) -> str:
    return "date" if isinstance(value, date) and not isinstance(value, datetime) else "datetime"


def _date(moment: datetime, where: Locale, voice: bool) -> str:
    if where.language == "en":
        return format_date(moment, "EEEE, MMMM d" if voice else "EEE MMM d", locale=where)
    if where.language == "es":
        return format_date(moment, "EEEE d 'de' MMMM", locale=where)
    return format_skeleton("MMMMEEEEd" if voice else "MMMEd", moment, locale=where)


def _time(moment: datetime, where: Locale, voice: bool) -> str:
    if voice and where.language == "es":
        return _spoken_spanish(moment)
    return format_time(moment, "short", locale=where)


def _spoken_spanish(moment: datetime) -> str:
    """As it is said: "2:15 de la tarde"; a voice reads "p. m." letter by letter."""
    part = "de la mañana" if moment.hour < 12 else "de la tarde" if moment.hour < 20 else "de la noche"
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes} {part}"


def _datetime(moment: datetime, where: Locale, voice: bool) -> str:
    joint = {"en": " at " if voice else ", ", "es": " a las " if moment.hour % 12 != 1 else " a la "}
    return _date(moment, where, voice) + joint.get(where.language, ", ") + _time(moment, where, voice)


def _short(moment: datetime, where: Locale, voice: bool) -> str:
    if voice or where.language == "en":
        return _datetime(moment, where, voice)
    if where.language == "es":
        return format_date(moment, "EEE d MMM", locale=where) + ", " + _time(moment, where, voice)
    return format_skeleton("MMMEd", moment, locale=where) + ", " + _time(moment, where, voice)


def _weekday(moment: datetime, where: Locale, _voice: bool) -> str:
    return format_date(moment, "EEEE", locale=where)


_FORMS: Final[dict[str, Callable[[datetime, Locale, bool], str]]] = {
    "datetime": _datetime,
    "date": _date,
    "time": _time,
    "weekday": _weekday,
    "short": _short,
}
