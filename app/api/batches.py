"""One thing or many through the same act: each row a transaction of its own, each with its own status."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask.typing import ResponseReturnValue
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.api import problems, requests
from app.api.answers import BatchOut, RowOut, Taken
from app.api.operations import answer, caller, services
from app.audit import trail
from app.store.database import begin

B = TypeVar("B", bound=BaseModel)
Act = Callable[[Session, B], Taken]


def take(model: type[B], act: Act[B], what: str) -> ResponseReturnValue:
    """Take the request's JSON: one thing answers 201, or 200 for a repeat; a batch 207, row by row."""
    body = requests.as_json()
    rows = requests.rows(body)
    if rows is None:
        taken = _one(model, act, what, body)
        return answer(taken, _status(taken))
    done = [_row(model, act, what, place, row) for place, row in enumerate(rows)]
    good = sum(row.taken is not None for row in done)
    return answer(BatchOut(taken=good, refused=len(done) - good, rows=done), 207)


def _row(model: type[B], act: Act[B], what: str, place: int, row: Any) -> RowOut:
    try:
        taken = _one(model, act, what, row)
    except Exception as error:  # one row must never cost the others
        found = problems.of_row(error)
        return RowOut(index=place, status=found[0], problem=problems.as_json(*found))
    return RowOut(index=place, status=_status(taken), taken=taken)


def _one(model: type[B], act: Act[B], what: str, value: Any) -> Taken:
    body = model.model_validate(value)
    try:
        return _committed(act, what, body)
    except IntegrityError:
        # The same thing came twice at once and the other one won: now it is there, so this is a repeat.
        return _committed(act, what, body)


def _committed(act: Act[B], what: str, body: B) -> Taken:
    found = services()
    with begin(found.sessions) as session:
        taken = act(session, body)
        trail.record(
            session,
            actor_kind=trail.PROGRAM,
            actor=str(caller().id),
            action="api.take",
            subject_kind=what,
            subject_id=str(taken.id),
            now=found.clock.now(),
            detail={"outcome": taken.outcome},
        )
    return taken


def _status(taken: Taken) -> int:
    return 201 if taken.outcome == "created" else 200
