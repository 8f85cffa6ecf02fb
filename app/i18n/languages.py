"""The languages Careloop speaks, their own names, and the locale that writes their dates."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from babel import Locale

SOURCE: Final = "en"
LANGUAGES: Final = ("en", "es", "zh", "vi", "tl", "ht", "fr", "pt", "ru", "ar", "ko")

OWN_NAMES: Final[dict[str, str]] = {
    "en": "English",
    "es": "Español",
    "zh": "中文",
    "vi": "Tiếng Việt",
    "tl": "Tagalog",
    "ht": "Kreyòl",
    "fr": "Français",
    "pt": "Português",
    "ru": "Русский",
    "ar": "العربية",
    "ko": "한국어",
}

_LOCALES: Final[dict[str, str]] = {
    "en": "en_US",
    "es": "es_US",
    "zh": "zh_Hans_CN",
    "vi": "vi_VN",
    "tl": "fil_PH",
    "ht": "fr_HT",
    "fr": "fr_FR",
    "pt": "pt_BR",
    "ru": "ru_RU",
    "ar": "ar",
    "ko": "ko_KR",
}


@lru_cache(maxsize=32)
def locale(language: str) -> Locale:
    """Babel's locale for a language; English for one we do not know.

    CLDR has no Creole dates: French ones stand in.
    """
    return Locale.parse(_LOCALES.get(language, _LOCALES[SOURCE]))
