"""Which voice speaks a language on a call, and which recogniser hears it.

The two name languages differently (`cmn-CN` to speak, `cmn-Hans-CN` to hear), so both stand here.
Source: the carrier's lists of voices and of speech recognition languages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Voice:
    """`say_voice` and `say_language` for speaking, `gather_language` for listening."""

    say_voice: str
    say_language: str
    gather_language: str


VOICES: Final[dict[str, Voice]] = {
    "en": Voice("Polly.Joanna-Neural", "en-US", "en-US"),
    "es": Voice("Polly.Lupe-Neural", "es-US", "es-US"),
    "zh": Voice("Polly.Zhiyu", "cmn-CN", "cmn-Hans-CN"),
    "vi": Voice("Google.vi-VN-Standard-A", "vi-VN", "vi-VN"),
    "tl": Voice("Google.fil-PH-Standard-A", "fil-PH", "fil-PH"),
    "fr": Voice("Polly.Lea", "fr-FR", "fr-FR"),
    "pt": Voice("Polly.Camila", "pt-BR", "pt-BR"),
    "ru": Voice("Polly.Tatyana", "ru-RU", "ru-RU"),
    "ar": Voice("Polly.Zeina", "arb", "ar-SA"),
    "ko": Voice("Polly.Seoyeon", "ko-KR", "ko-KR"),
}

SMS_NOTES: Final[dict[str, str]] = {
    "en": "GSM-7: 160 characters a part.",
    "es": "GSM-7 while no á í ó ú is in it (é ñ ü ¿ ¡ are free); else 70 a part.",
    "zh": "UCS-2: 70 characters a part.",
    "vi": "UCS-2: 70 characters a part.",
    "tl": "Mostly GSM-7: 160 characters a part.",
    "ht": "GSM-7 with è é ò à; no voice speaks it: a person calls.",
    "fr": "UCS-2 when ê ç â î ô û or œ is in it; é è à ù are free.",
    "pt": "UCS-2 when ã õ ç á í ó ú is in it.",
    "ru": "UCS-2: 70 characters a part.",
    "ar": "UCS-2: 70 characters a part.",
    "ko": "UCS-2: 70 characters a part.",
}


def voice(language: str) -> Voice | None:
    """The voice of a language; None for Haitian Creole, which no voice speaks: a person has to call."""
    return VOICES.get(language)
