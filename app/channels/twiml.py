"""What a call is told to do, as TwiML: only verbs and attributes that exist, only characters XML can hold.

Over the SDK's builders, which pass misspelt attributes and control characters on to the carrier (twilio.md §8.5).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from twilio.twiml import TwiML
from twilio.twiml.voice_response import Gather, Say, VoiceResponse

from app.errors import CareloopError

BIGGEST = 64_000
"""Bytes of an answer the carrier takes (64 kB; error 11750)."""
LONGEST_SAY = 4000
"""Characters of one `<Say>` (the carrier's limit is 4,096)."""
MOST_HINTS = 500
LONGEST_HINT = 100
SILENCE_SECONDS = 6
PAUSE_AFTER_SPEECH = 3
SLOW_RATE = "80%"
RING_SECONDS = 20

_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMBER: Final = re.compile(
    r"(?<![\d$€.,:/-])"
    r"(?:(?:\+?1[-. ]?)?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}|\d{5,6}|[59]11|988)"
    r"(?![\d:/%]|[.,-]\d)"
)
_SENTENCE: Final = re.compile(r"(?<=[.!?。！？؟])\s*(?=\S)")


class TwimlError(CareloopError):
    """The answer is more than the carrier takes."""

    code = "twiml"


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks, in which language (the carrier's names, `app.i18n.speech`)."""

    name: str
    language: str

    @property
    def changes_pace(self) -> bool:
        """Whether this voice obeys SSML's rate; basic and generative ones do not."""
        known = self.name.startswith(("Polly.", "Google."))
        return known and not any(kind in self.name for kind in ("Generative", "Chirp"))


@dataclass(frozen=True, slots=True)
class Listening:
    """How to listen: always to keys, and to speech in `language` unless nobody understands it.

    `digits` ends a keyed answer by itself after so many keys; None waits for # or silence. `hints` are words
    that are likely to be said.
    """

    language: str
    digits: int | None = 1
    hints: tuple[str, ...] = ()
    speech: bool = True
    timeout: int = SILENCE_SECONDS


@dataclass(frozen=True, slots=True)
class Recording:
    """A recorded voice at a public URL, for a language no other voice speaks."""

    url: str


Speech = tuple[str, Voice] | Recording
"""A text with the voice that says it, or a recording."""


class Twiml:
    """One answer to the carrier, built verb by verb; `xml()` is what is sent."""

    def __init__(self) -> None:
        self._response = VoiceResponse()

    def speak(self, said: Iterable[Speech], *, slow: bool = False) -> None:
        """Say or play all of these."""
        for one in said:
            _utter(self._response, one, slow)

    def say(self, text: str, voice: Voice, *, slow: bool = False) -> None:
        """Speak a text; slower by the voice's own rate, else with a pause after each sentence."""
        _speak(self._response, text, voice, slow)

    def play(self, url: str) -> None:
        """Play a recording from a public URL."""
        self._response.play(url)

    def pause(self, seconds: int = 1) -> None:
        """Say nothing for so many seconds."""
        self._response.pause(length=seconds)

    def listen(
        self, said: Iterable[Speech], listening: Listening, action: str, *, slow: bool = False
    ) -> None:
        """Ask, and post what is keyed or spoken to `action`; silence is posted there, too, as an empty answer."""
        # Speech would otherwise come with stars for rude words, and those may be the ones that matter.
        heard = {
            "language": listening.language,
            "hints": _hints(listening.hints),
            "speech_timeout": PAUSE_AFTER_SPEECH,
            "profanity_filter": False,
        }
        gather = Gather(
            input="dtmf speech" if listening.speech else "dtmf",
            action=action,
            method="POST",
            timeout=listening.timeout,
            num_digits=listening.digits,
            finish_on_key="#",
            action_on_empty_result=True,
            **(heard if listening.speech else {}),
        )
        for one in said:
            _utter(gather, one, slow)
        self._response.append(gather)

    def dial(self, number: str, *, action: str, whisper: str, caller_id: str | None = None) -> None:
        """Connect to a number, which first hears what `whisper` answers; how it ended is posted to `action`."""
        dial = self._response.dial(
            action=action, method="POST", timeout=RING_SECONDS, answer_on_bridge=True, caller_id=caller_id
        )
        dial.number(number, url=whisper, method="POST")

    def redirect(self, url: str) -> None:
        """Go on with what this URL answers."""
        self._response.redirect(url, method="POST")

    def hang_up(self) -> None:
        """End the call."""
        self._response.hangup()

    def xml(self) -> str:
        """The document; TwimlError when it is bigger than the carrier takes."""
        made = str(self._response.to_xml())
        if len(made.encode()) > BIGGEST:
            raise TwimlError("What is to be said on this call is longer than the carrier takes.")
        return made


def parts(text: str, longest: int = LONGEST_SAY) -> list[str]:
    """A text in pieces the carrier speaks, cut after sentences, else between words, else anywhere."""
    pieces: list[str] = []
    current = ""
    for piece in _pieces(_NOT_XML.sub("", text).strip(), longest):
        if current and len(current) + 1 + len(piece) > longest:
            pieces.append(current)
            current = piece
        else:
            current = f"{current} {piece}" if current else piece
    return [*pieces, current] if current else pieces


def _pieces(text: str, longest: int) -> Iterable[str]:
    for sentence in _SENTENCE.split(text):
        if len(sentence) <= longest:
            yield sentence
            continue
        for word in sentence.split():
            yield from (word[n : n + longest] for n in range(0, len(word), longest))


def by_digit(text: str) -> str:
    """A text with emergency, short and telephone numbers spaced, so that a voice says each digit: 911 is no sum."""
    return _NUMBER.sub(lambda found: ", ".join(" ".join(g) for g in re.findall(r"\d+", found[0])), text)


def _utter(parent: VoiceResponse | Gather, said: Speech, slow: bool) -> None:
    if isinstance(said, Recording):
        parent.play(said.url)
    else:
        _speak(parent, said[0], said[1], slow)


def _speak(parent: TwiML, text: str, voice: Voice, slow: bool) -> None:
    for part in parts(by_digit(text)):
        if slow and not voice.changes_pace:
            _sentence_by_sentence(parent, part, voice)
            continue
        say = Say(None if slow else part, voice=voice.name, language=voice.language)
        if slow:
            say.prosody(part, rate=SLOW_RATE)
        parent.append(say)


def _sentence_by_sentence(parent: VoiceResponse | Gather, text: str, voice: Voice) -> None:
    for number, sentence in enumerate(_SENTENCE.split(text)):
        if number:
            parent.pause(length=1)
        parent.append(Say(sentence, voice=voice.name, language=voice.language))


def _hints(hints: Iterable[str]) -> str | None:
    phrases = (_NOT_XML.sub("", hint).replace(",", " ").strip()[:LONGEST_HINT] for hint in hints)
    known = [phrase for phrase in dict.fromkeys(phrases) if phrase]
    return ", ".join(known[:MOST_HINTS]) or None
