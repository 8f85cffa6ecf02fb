"""Publishing what the reader is taught: checked, tried on every example, frozen, and taken back by another revision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit import trail
from app.errors import Conflict, Invalid, NotFound
from app.security.models import Staff
from app.teaching.examples import kept_examples
from app.teaching.limits import limit_faults
from app.teaching.models import WordRevision
from app.teaching.trial import Trial, trial
from app.understanding.additions import faults, normal

Place = tuple[str, str, str]
"""Where a phrase belongs: language, section, name."""
WHY_LEAST = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change to a practice's phrases: some for one meaning in, some of its own out."""

    put: Mapping[Place, Sequence[str]] = field(default_factory=dict)
    out: Sequence[tuple[Place, str]] = ()

    def applied(self, words: Mapping[str, Any]) -> dict[str, Any]:
        """The practice's phrases with this change made; `words` stay as they are."""
        gone = set(self.out)
        sets: dict[Place, set[str]] = {
            place: {phrase for phrase in listed if (place, phrase) not in gone}
            for place, listed in flat(words).items()
        }
        for place, more in self.put.items():
            sets.setdefault(place, set()).update(more)
        nested: dict[str, Any] = {}
        for (language, section, name), phrases in sets.items():
            nested.setdefault(language, {}).setdefault(section, {})[name] = sorted(phrases)
        return normal(nested)


def flat(words: Mapping[str, Any]) -> dict[Place, list[str]]:
    """A practice's phrases by place."""
    return {
        (language, section, name): list(listed)
        for language, sections in words.items()
        for section, names in sections.items()
        for name, listed in names.items()
    }


def newest(session: Session) -> tuple[int, dict[str, Any]]:
    """The number and content of the revision in force; 0 and nothing before the first."""
    row = session.scalars(select(WordRevision).order_by(WordRevision.number.desc()).limit(1)).first()
    return (row.number, dict(row.content)) if row is not None else (0, {})


def revisions(session: Session, most: int = 30) -> list[WordRevision]:
    """The newest revisions, the one in force first."""
    return list(session.scalars(select(WordRevision).order_by(WordRevision.number.desc()).limit(most)))


def tried(session: Session, before: Mapping[str, Any], after: Mapping[str, Any]) -> Trial:
    """What a new content would do to the examples that ship and to this practice's own."""
    return trial(kept_examples(session), before, after)


def publish(
    session: Session,
    content: Mapping[str, Any],
    outcome: Trial,
    *,
    based_on: int,
    why: str,
    staff: Staff,
    now: datetime,
) -> WordRevision:
    """Put a new content in force, whole; `outcome` is its trial against revision `based_on`, made outside this
    transaction because it takes seconds.

    Conflict when somebody published since; Invalid when a phrase or limit is faulty, nothing changes, no reason is
    given, or an emergency among the examples would no longer be read as one.
    """
    number, old = newest(session)
    if number != based_on:
        raise Conflict(
            "Somebody has published in the meantime: look at what is there now, then try yours again."
        )
    if _whole(content) == _whole(old):
        raise Invalid("Nothing would change: that is in force already.")
    wrong = faults(content.get("words") or {})
    if wrong:
        raise Invalid(f"“{wrong[0].phrase}”: {wrong[0].words}")
    loose = limit_faults(content.get("limits") or {})
    if loose:
        raise Invalid(loose[0])
    if outcome.lost:
        raise Invalid(lost_words(len(outcome.lost)))
    return _freeze(session, content, number + 1, why, staff, now, restores=None)


def go_back(
    session: Session, number: int, *, based_on: int, why: str, staff: Staff, now: datetime
) -> WordRevision:
    """Put an earlier revision in force again, as a new one; 0 is what shipped. The way out: nothing stops it."""
    at, _ = newest(session)
    if at != based_on:
        raise Conflict("Somebody has published in the meantime: look at what is there now first.")
    earlier = session.get(WordRevision, number) if number else None
    if (earlier is None and number) or number == at:
        raise NotFound("There is no such earlier revision.")
    content = dict(earlier.content) if earlier is not None else {}
    return _freeze(session, content, at + 1, why, staff, now, restores=number)


def lost_words(count: int) -> str:
    """Why nothing was published, and what to do."""
    some = "One emergency among the examples" if count == 1 else f"{count} emergencies among the examples"
    return (
        f"{some} would no longer be read as an emergency. Nothing was published: make the phrase longer "
        "or take it out, then try again."
    )


def _whole(content: Mapping[str, Any]) -> tuple[Any, Any]:
    return content.get("words") or {}, content.get("limits") or {}


def _freeze(
    session: Session,
    content: Mapping[str, Any],
    number: int,
    why: str,
    staff: Staff,
    now: datetime,
    *,
    restores: int | None,
) -> WordRevision:
    why = why.strip()[:300]
    if len(why) < WHY_LEAST:
        raise Invalid("Say in a few words why: it stands in the history.")
    row = WordRevision(number=number, content=dict(content), why=why, by=staff.id, at=now, restores=restores)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise Conflict("Somebody has published at the same moment: look at what is there now.") from None
    trail.record(
        session,
        actor_kind=trail.STAFF,
        actor=str(staff.id),
        action="words.publish" if restores is None else "words.go_back",
        subject_kind="word_revision",
        subject_id=str(number),
        now=now,
        detail={
            "restores": restores,
            "phrases": sum(len(listed) for listed in flat(content.get("words") or {}).values()),
        },
    )
    return row
