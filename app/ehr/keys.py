"""Numbers for things whose source gives none."""

import hashlib

from app.ehr.vocab import plain


def hidden_key(*parts: str) -> str:
    """A number made of words, for rows that have none of their own, without the words in it."""
    return hashlib.sha256("|".join(plain(part) for part in parts).encode()).hexdigest()[:24]
