"""Languages: catalogs of texts, rendering with names and dates, SMS parts, speech. Pure."""

from app.i18n.catalogs import Catalogs, Translated
from app.i18n.languages import LANGUAGES, OWN_NAMES
from app.i18n.render import render
from app.i18n.segments import Segments, segments
from app.i18n.speech import Voice, voice

__all__ = [
    "LANGUAGES",
    "OWN_NAMES",
    "Catalogs",
    "Segments",
    "Translated",
    "Voice",
    "render",
    "segments",
    "voice",
]
