"""Sign-in cookies are the console's: carriers and other systems prove who they are with each request."""

from __future__ import annotations

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

OTHERS = ("/webhooks/", "/api/", "/ehr/", "/healthz", "/readyz", "/metrics")


class ConsoleSessions(SecureCookieSessionInterface):
    """Flask's signed cookies, opened only where they are used: they cost a webhook a tenth of its own work."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a console's request; None, which nothing can be written to, for all others."""
        return None if request.path.startswith(OTHERS) else super().open_session(app, request)
