"""Times, urgencies and readings in the words the pages use. Pure: the present is handed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

URGENCIES = ("waiting", "routine", "urgent", "emergency")
URGENCY_WORDS = ("No flag", "Routine", "Urgent", "Emergency")
LANGUAGE_WORDS = {
    "en": "English",
    "es": "Spanish",
    "zh": "Chinese",
    "vi": "Vietnamese",
    "tl": "Tagalog",
    "ht": "Haitian Creole",
    "fr": "French",
    "pt": "Portuguese",
    "ru": "Russian",
    "ar": "Arabic",
    "ko": "Korean",
}
CHANNEL_WORDS = {
    "sms": "Text",
    "voice": "Phone",
    "whatsapp": "WhatsApp",
    "email": "E-mail",
    "web": "Web page",
}
INTENT_WORDS = {
    "opt_out": "wants no more messages",
    "opt_in": "wants messages again",
    "help_keyword": "asks for help",
    "wrong_number": "says this is the wrong number",
    "deceased": "says the patient has died",
    "wants_human": "wants a person",
    "call_me_back": "wants a call back",
    "question": "asks something",
    "thanks": "says thanks",
    "language_switch": "wants another language",
    "repeat": "asks to hear it again",
    "running_late": "is running late",
    "transport_barrier": "has no way to get there",
    "cost_barrier": "worries about the cost",
    "insurance_barrier": "has insurance trouble",
    "medication_problem": "has trouble with medicines",
    "confusion": "is confused",
    "complaint": "is unhappy with us",
}
STATUS_WORDS = {
    "queued": "Waiting to go out",
    "sending": "Going out",
    "unknown": "Checking with the carrier",
    "accepted": "Handed to the carrier",
    "sent": "Sent",
    "delivered": "Delivered",
    "read": "Read",
    "undelivered": "Not delivered",
    "failed": "Failed",
    "canceled": "Stopped",
    "skipped": "Not sent",
    "received": "",
    "spoken": "Spoken on the call",
}
MEDIA_WORDS = {
    "image": "a picture",
    "audio": "a voice note or sound",
    "video": "a video",
    "text": "a contact or text",
}
TROUBLE = frozenset({"undelivered", "failed", "canceled", "skipped", "unknown"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; `mark` when it is evidence."""

    text: str
    mark: bool = False


def due_words(due: datetime, now: datetime, zone: ZoneInfo) -> str:
    """When something is due, as one would say it: "due in 20 min", "overdue 2 h", "due tomorrow 09:20"."""
    left = due - now
    if left < timedelta(0):
        return f"overdue {span_words(-left)}" if left <= timedelta(minutes=-1) else "due now"
    if left < timedelta(minutes=1):
        return "due now"
    if left < timedelta(hours=8):
        return f"due in {span_words(left)}"
    return f"due {day_words(due, now, zone)} {due.astimezone(zone):%H:%M}"


def span_words(span: timedelta) -> str:
    """A length of time in its largest unit: "20 min", "2 h", "3 days"; to the half hour below five hours."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 5 * 60:
        rest = minutes % 60
        return f"{minutes // 60} h" if rest < 15 else f"{minutes // 60} h {rest} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} days"


def ago_words(then: datetime, now: datetime) -> str:
    """How long ago something was: "just now", "20 min ago"."""
    return "just now" if now - then < timedelta(minutes=1) else f"{span_words(now - then)} ago"


def day_words(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """The day of a moment: today, tomorrow, yesterday, a weekday of this week, or a date."""
    day, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((day - today).days)
    if near:
        return near
    return f"{day:%A}" if 0 < (day - today).days < 7 else date_words(day, today)


def date_words(day: date, today: date) -> str:
    """A date, with its year when that is another one: "Mon, Nov 2"."""
    words = f"{day:%a, %b} {day.day}"
    return words if day.year == today.year else f"{words}, {day.year}"


def when_words(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A moment as a clock time, with the day unless it is today."""
    local = moment.astimezone(zone)
    if local.date() == now.astimezone(zone).date():
        return f"{local:%H:%M}"
    return f"{date_words(local.date(), now.astimezone(zone).date())}, {local:%H:%M}"


def marked(words: str, evidence: Iterable[Mapping[str, Any]] | None) -> list[Piece]:
    """A text cut where evidence begins and ends; spans that do not fit the text are left out, overlaps joined."""
    spans = sorted(
        (int(item["start"]), int(item["end"]))
        for item in evidence or ()
        if isinstance(item.get("start"), int) and isinstance(item.get("end"), int)
    )
    pieces, at = [], 0
    for start, end in spans:
        start = max(start, at)
        if start >= end or end > len(words):
            continue
        pieces += [Piece(words[at:start]), Piece(words[start:end], True)]
        at = end
    pieces.append(Piece(words[at:]))
    return [piece for piece in pieces if piece.text]


def reading_words(reading: Mapping[str, Any] | None) -> str:
    """What the bot understood a reply to mean: "read as yes, wants a person"; empty when it said nothing.

    A reply in another language than the patient's says which: whoever calls back may need an interpreter.
    """
    if not reading:
        return ""
    said = []
    answer = reading.get("chosen") or reading.get("answer")
    if answer is not None and answer != "":
        said.append(f"“{str(answer).replace('_', ' ')}”")
    intents: Sequence[str] = reading.get("intents") or ()
    said += [INTENT_WORDS.get(intent, intent.replace("_", " ")) for intent in intents]
    urgency = reading.get("urgency")
    if urgency in ("urgent", "emergency"):
        said.append(str(urgency))
    written = (
        LANGUAGE_WORDS.get(str(reading.get("language") or "")) if "language_switch" not in intents else None
    )
    tongue = f" (in {written})" if written else ""
    if said:
        return f"read as {', '.join(said)}{tongue}"
    return f"{'read as nothing to act on' if reading.get('flag') is False else 'not understood'}{tongue}"


def attachment_words(media: Iterable[Mapping[str, Any]]) -> str:
    """What hangs on a text, by the kind of each file: "a picture (image/jpeg)"; empty without any."""
    kinds = [str(item.get("type") or "") for item in media]
    return ", ".join(
        f"{MEDIA_WORDS.get(kind.split('/')[0], 'a file')} ({kind or 'kind not told'})" for kind in kinds
    )


def size_words(size: int) -> str:
    """How large a file is: "17 kB", "2.4 MB"."""
    return f"{size / 1e6:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"


def spoken_words(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A moment as one says it, for who only hears the page: "9:14 AM", "9:14 AM on Mon, Nov 2"."""
    local = moment.astimezone(zone)
    clock, today = f"{local:%I:%M %p}".lstrip("0"), now.astimezone(zone).date()
    return clock if local.date() == today else f"{clock} on {date_words(local.date(), today)}"


def age(born: str | None, today: date) -> int | None:
    """Full years since a birth date in ISO form; None when it is no date."""
    try:
        day = date.fromisoformat(born or "")
    except ValueError:
        return None
    return today.year - day.year - ((today.month, today.day) < (day.month, day.day))


def parts_words(count: int, units: int, encoding: str, offenders: Sequence[str]) -> str:
    """How many texts a text takes, and what makes it dearer: "2 texts (because of “á”)"."""
    if not count:
        return ""
    words = "1 text" if count == 1 else f"{count} texts"
    if encoding == "UCS-2" and count > 1 and offenders:
        shown = " ".join(offenders[:6])
        words += f" (shorter without {shown})"
    return f"{words}, {units} characters"
