"""From a `Speak` effect to the words of one message: translated, filled in, its choices listed.

Also builds what the understanding must know about the question (prompt, options), so that a text and its
reading can never disagree about what "2" means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Final

from app.flow import builtin
from app.flow.effects import Choice, Speak, Text
from app.i18n import OWN_NAMES, Catalogs, Translated, render
from app.i18n.languages import SOURCE
from app.understanding import Expectation, Option

GREETINGS: Final = ("builtin/voice_greeting", "builtin/voice_inbound")
MAX_KEYS: Final = 9


@dataclass(frozen=True, slots=True)
class Worded:
    """One message ready to go: `text` with the choices listed, `prompt` without them, and their language.

    `language` differs from the patient's where the words fell back: an interpreter is needed. `approved` is
    true when every piece of it was approved by somebody.
    """

    text: str
    options: tuple[Option, ...]
    prompt: str
    language: str
    approved: bool


def wording(
    speak: Speak,
    catalogs: Catalogs,
    values: Mapping[str, Any],
    language: str,
    time_zone: str | tzinfo,
    channel: str,
) -> Worded:
    """The words of this effect for one patient.

    Never raises; falls back as a whole to the scripts' language.
    """
    writer = _Writer(catalogs, values, language, time_zone, channel, safety=_safety(speak))
    worded = writer.write(speak)
    if writer.fell_back and language != SOURCE:
        worded = _Writer(catalogs, values, SOURCE, time_zone, channel, safety=_safety(speak)).write(speak)
    return worded


def shared(
    key: str,
    catalogs: Catalogs,
    values: Mapping[str, Any],
    language: str,
    time_zone: str | tzinfo,
    channel: str = "sms",
) -> Worded:
    """One of the shared texts by its key (`safety_911`, `opted_out`, …) for one patient."""
    speak = Speak((builtin.text(key, channel),), "")
    return wording(speak, catalogs, values, language, time_zone, channel)


def expectation(context: str, worded: Worded) -> Expectation:
    """What a reply to this message is to be read against."""
    return Expectation(context, worded.prompt, worded.options)


def _safety(speak: Speak) -> bool:
    return speak.safety or any(builtin.is_safety(text.context) for text in speak.texts)


class _Writer:
    """Writes one message in one language; `fell_back` tells that the language lacked words for it."""

    def __init__(
        self,
        catalogs: Catalogs,
        values: Mapping[str, Any],
        language: str,
        time_zone: str | tzinfo,
        channel: str,
        *,
        safety: bool,
    ) -> None:
        self.catalogs, self.values, self.language = catalogs, values, language
        self.time_zone, self.channel, self.safety = time_zone, channel, safety
        self.fell_back, self.approved = False, True

    def write(self, speak: Speak) -> Worded:
        known = {name: self.say(one) if isinstance(one, Text) else one for name, one in speak.values}
        self.values = {**self.values, **known}
        prompt = self._joint.join(part for part in self.texts(speak) if part)
        options = self.options(speak)
        parts = [prompt, *self.listing(options), *self.endings(speak, options)]
        text = self._joint.join(part for part in parts if part)
        return Worded(text, options, prompt, self.language, self.approved)

    def texts(self, speak: Speak) -> Iterator[str]:
        """Its texts; the keys of a call are told between who we are and the question, which comes last."""
        for text in speak.texts:
            yield self.say(text)
            if self.voice and speak.question_id and text.context in GREETINGS:
                yield self.say(builtin.text("voice_menu_hint"))

    @property
    def voice(self) -> bool:
        return self.channel == "voice"

    @property
    def _joint(self) -> str:
        return " " if self.voice else "\n"

    def say(self, text: Text, **more: str) -> str:
        found = self.find(text)
        values = {**self.values, **more} if more else self.values
        return render(
            found.text, values, text.language or self.language, self.time_zone, self.channel
        ).strip()

    def find(self, text: Text) -> Translated:
        language = text.language or self.language
        found = self.catalogs.text(language, text.context, text.source, safety=self.safety)
        self.fell_back = self.fell_back or found.language != language
        self.approved = self.approved and found.approved
        return found

    # What may be answered.

    def options(self, speak: Speak) -> tuple[Option, ...]:
        if speak.context == "language_choice":
            return tuple(
                Option(str(n), OWN_NAMES[code], lang=code, value=code)
                for n, code in enumerate(self.offered_languages(), start=1)
            )
        return tuple(self.option(choice) for choice in speak.choices)

    def offered_languages(self) -> list[str]:
        offered = self.values.get("practice.languages") or self.catalogs.languages
        return [code for code in OWN_NAMES if code in offered]

    def option(self, choice: Choice) -> Option:
        none = choice.value == "none_of_these"
        if not choice.start:
            label = self.say(choice.label) if choice.label else choice.value
            return Option(choice.key, label, none=none, value=choice.value)
        label = render("{slot:short}", {"slot": choice.start}, self.language, self.time_zone, self.channel)
        return Option(choice.key, label, start=_start(choice.start), value=choice.value)

    # How the channel shows it.

    def listing(self, options: tuple[Option, ...]) -> list[str]:
        if not self.voice:
            return [f"{option.id} {option.label}" for option in options]
        press = builtin.text("voice_press")
        keyed = [option for option in options if len(option.id) == 1]
        return [self.say(press, label=option.label, key=option.id) for option in keyed]

    def endings(self, speak: Speak, options: tuple[Option, ...]) -> list[str]:
        if not self.voice:
            return self.text_endings(options)
        keys = ["voice_or_say"] if options else []
        if speak.context == "open_text":
            keys = ["in_own_words"]
        return [self.say(builtin.text(key, self.channel)) for key in keys]

    def text_endings(self, options: tuple[Option, ...]) -> list[str]:
        if not options:
            return []
        if len(options) == 2:
            return [self.say(builtin.text("reply_one_or_two"))]
        return [self.say(builtin.text("reply_with_number"), last=options[-1].id)]


def _start(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written).replace(tzinfo=None)
    except ValueError:
        return None
