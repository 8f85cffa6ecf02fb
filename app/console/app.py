"""Putting the console into the web application."""

from __future__ import annotations

from flask import Flask

from app.console import (
    account,
    audit,
    case,
    case_acts,
    case_forms,
    correcting,
    errors,
    events,
    examples,
    file,
    headers,
    import_runs,
    imports,
    limits,
    live,
    queue,
    settings,
    sign_in,
    staff,
    template_words,
    words,
)
from app.console.access import bp, login
from app.console.services import CSRF, SignInLimit, services_of
from app.console.sessions import ConsoleSessions

PAGES = (
    account,
    audit,
    case,
    case_acts,
    case_forms,
    correcting,
    events,
    examples,
    file,
    import_runs,
    imports,
    limits,
    queue,
    settings,
    sign_in,
    staff,
    words,
)
"""The modules whose routes make up the console; importing them adds the routes."""

# Once for the blueprint, which every application of this process shares.
headers.install(bp)
errors.answer_errors(bp)


def register(app: Flask) -> None:
    """Add the console's pages, its sign-in, its protection against forged forms and its headers to the app."""
    found = services_of(app)
    app.config.setdefault("SECRET_KEY", found.settings.secret_key)
    # Forms are checked for the console's own pages only: webhooks and the API have their own signatures.
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None, SESSION_COOKIE_NAME="careloop")
    app.session_interface = ConsoleSessions()
    CSRF.init_app(app)
    login.init_app(app)
    app.extensions["careloop_sign_in_limit"] = SignInLimit(found.settings.redis_url)
    app.extensions["careloop_live"] = live.Hub(found)
    template_words.install(app)
    errors.install(app)
    app.register_blueprint(bp)
