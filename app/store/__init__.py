"""Tables' common ground: base class, column types, identifiers, keys, engine and sessions."""

from app.store.base import Base, Row
from app.store.database import Sessions, begin, make_engine, make_sessions, single, upgrade
from app.store.ids import new_id
from app.store.keys import Keyring, keyring_of
from app.store.once import once
from app.store.types import Choice, Json, Sealed, SealedBytes, SealedJson, UTCDateTime

__all__ = [
    "Base",
    "Choice",
    "Json",
    "Keyring",
    "Row",
    "Sealed",
    "SealedBytes",
    "SealedJson",
    "Sessions",
    "UTCDateTime",
    "begin",
    "keyring_of",
    "make_engine",
    "make_sessions",
    "new_id",
    "once",
    "single",
    "upgrade",
]
