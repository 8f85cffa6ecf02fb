"""A route and its description in one place: who may call it, what it takes and answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from types import UnionType
from typing import Any, Final, TypeVar, cast

from flask import Blueprint, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from app.api.problems import Refused
from app.security import api_keys
from app.security.models import ApiKey
from app.services import Services
from app.store.database import reading

View = Callable[..., ResponseReturnValue]
M = TypeVar("M", bound=BaseModel)
Answers = type[BaseModel] | UnionType


@dataclass(frozen=True, slots=True)
class Operation:
    """What OpenAPI says of a route: `answers` by status, a union where it depends on what came; `many` where a list
    is a batch; `files` where FHIR, HL7 or CSV may come, which also needs FILE_SCOPE.
    """

    name: str
    method: str
    path: str
    scope: str
    summary: str
    answers: Mapping[int, Answers]
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    many: bool = False
    files: bool = False

    def matches(self, path: str) -> bool:
        """Whether an address is this route's."""
        return re.fullmatch(re.sub(r"{\w+}", "[^/]+", self.path), path) is not None


OPERATIONS: list[Operation] = []
FILE_SCOPE: Final = "ehr:write"
"""Needed for every file, whichever route it comes to: it may hold records of any kind, not only the route's."""


def operation(
    bp: Blueprint, method: str, rule: str, *, scope: str, **described: Any
) -> Callable[[View], View]:
    """Make a view a route of the API that only keys with `scope` may call; its docstring is its summary."""

    def bind(view: View) -> View:
        path = (bp.url_prefix or "") + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)
        summary = (view.__doc__ or "").splitlines()[0]
        OPERATIONS.append(Operation(view.__name__, method, path, scope, summary, **described))

        @wraps(view)
        def guarded(**parts: Any) -> ResponseReturnValue:
            g.careloop_key = _key()
            require(scope)
            return view(**parts)

        guarded.scope = scope  # type: ignore[attr-defined] # read by the test that every route names who may call it
        bp.add_url_rule(rule, view.__name__, guarded, methods=[method])
        return guarded

    return bind


def services() -> Services:
    """What the app was made with."""
    return cast(Services, current_app.extensions["careloop"])


def caller() -> ApiKey:
    """The key this request came with."""
    return cast(ApiKey, g.careloop_key)


def asked(model: type[M]) -> M:
    """The query of this request, checked; a parameter that is not there is refused."""
    return model.model_validate(request.args.to_dict())


def answer(model: BaseModel, status: int = 200) -> ResponseReturnValue:
    """A model as the response."""
    return jsonify(model.model_dump(mode="json")), status


def require(scope: str) -> None:
    """Refused (403) when the key of this request lacks the scope."""
    if not api_keys.may(caller(), scope):
        raise Refused(403, f"This key may not do that: it lacks the scope {scope}.", "scope")


def _key() -> ApiKey:
    given: Any = request.authorization
    token = given.token if given is not None and given.type == "bearer" else None
    if not token:
        raise Refused(401, "Send your key as `Authorization: Bearer …`.", "no_key")
    found = services()
    with reading(found.sessions) as session:
        key = api_keys.authenticate(session, token, found.clock.now())
    if key is None:
        raise Refused(401, "This key is not known, or was revoked.", "unknown_key")
    return key
