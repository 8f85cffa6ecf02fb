"""What a call does next, as TwiML: words in parts a Say can hold, a Gather that always takes digits.

Built with the SDK's classes; every attribute we use is named here, because the SDK lets misspelt ones pass.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

LONGEST_SAY: Final = 3000
"""Characters of one Say; the carrier takes 4,096 (twilio.md §5.2)."""
BIGGEST: Final = 64 * 1024
HINTS: Final = 50
HINT_LENGTH: Final = 100
TIMEOUT: Final = 6
DIAL_SECONDS: Final = 25
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+")


@dataclass(frozen=True, slots=True)
class Voice:
    """How words are spoken: the carrier's voice and language."""

    voice: str
    language: str


@dataclass(frozen=True, slots=True)
class Listening:
    """How an answer is taken: the recogniser's language, how many keys (None: until pound), words to expect."""

    language: str
    keys: int | None = 1
    hints: Sequence[str] = ()
    speech: bool = True


class Twiml:
    """One answer to a voice webhook, built from the front to the back."""

    def __init__(self) -> None:
        self._response = VoiceResponse()

    def say(self, text: str, voice: Voice, *, slow: bool = False) -> None:
        """Say these words; slowly means a pause after each sentence, which every voice can do."""
        _say(self._response, text, voice, slow)

    def listen(
        self, said: Sequence[tuple[str, Voice]], listening: Listening, action: str, *, slow: bool = False
    ) -> None:
        """Say these words and take keys or speech; silence comes to `action` as well, with nothing in it."""
        finish = "" if listening.keys else "#"
        gather = Gather(
            input="dtmf speech" if listening.speech else "dtmf",
            action=action,
            method="POST",
            timeout=TIMEOUT,
            num_digits=listening.keys,
            finish_on_key=finish,
            speech_timeout="auto",
            language=listening.language,
            hints=_hints(listening.hints) or None,
            action_on_empty_result=True,
            barge_in=True,
        )
        for text, voice in said:
            _say(gather, text, voice, slow)
        self._response.append(gather)

    def dial(self, number: str, *, action: str, whisper: str) -> None:
        """Connect with a person: what `whisper` gives is said to them first, `action` is asked when they are done."""
        dial = Dial(action=action, method="POST", timeout=DIAL_SECONDS, answer_on_bridge=True)
        dial.number(number, url=whisper, method="POST")
        self._response.append(dial)

    def pause(self, seconds: int = 1) -> None:
        """Say nothing for a while."""
        self._response.pause(length=seconds)

    def hang_up(self) -> None:
        """End the call."""
        self._response.hangup()

    def xml(self) -> str:
        """The document; ValueError when it is larger than the carrier reads (11750)."""
        text = str(self._response)
        if len(text.encode()) > BIGGEST:
            raise ValueError("the answer to the call is larger than 64 kB")
        return text


def clean(text: str) -> str:
    """The text without characters that XML does not allow."""
    return _CONTROL.sub("", text)


def _say(node: VoiceResponse | Gather, text: str, voice: Voice, slow: bool) -> None:
    for sentence in _pieces(clean(text), slow):
        node.say(sentence, voice=voice.voice, language=voice.language)
        if slow:
            node.pause(length=1)


def _pieces(text: str, slow: bool) -> list[str]:
    """The text in parts no longer than a Say takes; one part a sentence when it is to be slow."""
    pieces: list[str] = []
    for sentence in _SENTENCE.split(text):
        if pieces and not slow and len(pieces[-1]) + len(sentence) < LONGEST_SAY:
            pieces[-1] = f"{pieces[-1]} {sentence}"
        else:
            pieces += [sentence[n : n + LONGEST_SAY] for n in range(0, len(sentence), LONGEST_SAY)]
    return [piece for piece in pieces if piece.strip()]


def _hints(hints: Sequence[str]) -> str:
    return ", ".join(clean(hint).replace(",", " ")[:HINT_LENGTH] for hint in list(hints)[:HINTS])
