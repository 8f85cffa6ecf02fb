"""Whether this process is alive and ready, and its figures: `/healthz`, `/readyz`, `/metrics`."""

from __future__ import annotations

import hmac
from typing import Any, cast

from flask import Blueprint, Flask, Request, Response, current_app, jsonify, request
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.services import Services
from app.store.database import reading
from app.store.heads import newest
from app.webhooks import metrics

LOOPBACK = ("127.0.0.1", "::1")
bp = Blueprint("health", __name__)


def register(app: Flask) -> None:
    """Add the routes."""
    app.register_blueprint(bp)


@bp.get("/healthz")
def healthz() -> Response:
    """200 as long as this process answers at all; looks at nothing else, so it never fails for others."""
    return jsonify(status="alive")


@bp.get("/readyz")
def readyz() -> tuple[Response, int]:
    """200 with what was found of database, migrations and Redis; 503 only when the database cannot be used.

    With Redis away, webhooks are still stored and answered, and sweeps catch up: that is `degraded`.
    """
    database, migrations = _database()
    redis = _redis()
    usable = (database, migrations) == ("ok", "at head")
    status = "unusable" if not usable else "ready" if redis == "ok" else "degraded"
    found = {"status": status, "database": database, "migrations": migrations, "redis": redis}
    return jsonify(found | {"words": _words(found)}), 200 if usable else 503


@bp.get("/metrics")
def scrape() -> Response:
    """Prometheus text. With METRICS_TOKEN set it needs that bearer token, else this machine only."""
    services = _services()
    if not _may_scrape(request, services.settings.metrics_token):
        return Response("Give METRICS_TOKEN as a bearer token.\n", 401, {"WWW-Authenticate": "Bearer"})
    body, kind = metrics.exposition(services.sessions, services.redis, services.clock.now())
    return Response(body, content_type=kind)


def _services() -> Services:
    return cast(Services, current_app.extensions["careloop"])


def _database() -> tuple[str, str]:
    try:
        with reading(_services().sessions) as session:
            at = session.scalar(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError as problem:
        missing_table = "alembic_version" in str(problem)
        return ("ok", "never run") if missing_table else ("away", "unknown")
    return "ok", "at head" if at == newest() else f"at {at}, not {newest()}"


def _redis() -> str:
    try:
        _services().redis.ping()
    except (RedisError, OSError):
        return "away"
    return "ok"


def _words(found: dict[str, str]) -> str:
    if found["database"] != "ok":
        return "The database cannot be reached: nothing can be stored. Carriers will retry."
    if found["migrations"] != "at head":
        return f"The database's schema is {found['migrations']}: run `careloop db upgrade`."
    if found["redis"] != "ok":
        return "Redis cannot be reached: messages are stored, and worked on once it is back."
    return "Everything needed is there."


def _may_scrape(asked: Request, token: str | None) -> bool:
    if token is None:
        return asked.remote_addr in LOOPBACK
    given: Any = asked.authorization
    given_token = given.token if given is not None and given.type == "bearer" else None
    return given_token is not None and hmac.compare_digest(given_token.encode(), token.encode())
