"""Kept corrections as labelled lines: what `careloop read --score` measures, from this practice's own replies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.teaching.answers import OPEN
from app.teaching.models import KEPT, Correction

OWN_ID: Final = "own-"
"""How the id of a practice's own line begins; its correction's id follows."""


def kept_examples(session: Session) -> list[dict[str, Any]]:
    """Every kept correction as a labelled line, oldest first. They hold patients' words."""
    query = select(Correction).where(Correction.state == KEPT).order_by(Correction.at, Correction.id)
    return [labelled(correction) for correction in session.scalars(query)]


def correction_id(row: Mapping[str, Any]) -> UUID | None:
    """The correction a labelled line was made from; None for an example that ships."""
    name = str(row.get("id") or "")
    return UUID(name.removeprefix(OWN_ID)) if name.startswith(OWN_ID) else None


def labelled(correction: Correction) -> dict[str, Any]:
    """A correction as one labelled line: the reply beside its question, and what it means.

    Nobody was asked about the intents, so those that were read are right or wrong without counting.
    """
    meant, asked = correction.meant, correction.asked
    seen = bool(meant["flag"]) or meant["urgency"] in ("urgent", "emergency")
    return {
        "id": f"{OWN_ID}{correction.id}",
        "lang": correction.language,
        "channel": correction.channel,
        "context": correction.context,
        "prompt": asked.get("prompt") or "",
        "options": asked.get("options") or [],
        "now": asked.get("now"),
        "script": asked.get("script") or "",
        "text": correction.words,
        "expect": {
            "answer": None if correction.context in OPEN else _value(correction.context, meant),
            "intents": [],
            "intents_ok": list(correction.read_as.get("intents") or ()),
            "urgency": meant["urgency"],
        },
        "must_flag": seen,
        "flag_ok": seen,
        "hard_negative": False,
        "tags": ["own"],
    }


def _value(context: str, meant: Mapping[str, Any]) -> str | int | None:
    answer = meant["answer"]
    return int(answer) if context == "scale_0_10" and answer is not None else answer
