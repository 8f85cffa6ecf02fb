"""The one place that wires a web process: Flask, store, queues, clock, scripts and every address it answers."""

from __future__ import annotations

import os

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import console, logs
from app.api import routes as api
from app.clock import Clock
from app.services import Services, make_services
from app.settings import Settings
from app.webhooks import health, messages, metrics, voice

BIGGEST_REQUEST = 10 * 1024 * 1024


def create_app(
    settings: Settings | None = None, *, clock: Clock | None = None, services: Services | None = None
) -> Flask:
    """A web application for these settings (by default, the environment's). Connects to nothing until asked."""
    if services is None:
        settings = settings or Settings.from_env(os.environ)
        logs.configure(settings.log_level)
        services = make_services(settings, clock=clock)
    app = Flask("careloop", static_folder=None)
    app.extensions["careloop"] = services
    app.config.update(
        SECRET_KEY=services.settings.secret_key,
        MAX_CONTENT_LENGTH=BIGGEST_REQUEST,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=services.settings.public_url.startswith("https://"),
    )
    if services.settings.trusted_proxies:
        hops = services.settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # Flask's documented way
    metrics.measure(app)
    app.register_blueprint(messages.blueprint)
    app.register_blueprint(voice.blueprint)
    health.register(app)
    api.register(app)
    console.register(app)
    return app
