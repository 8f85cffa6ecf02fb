"""The page: patients' phones in the browser."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from flask import Blueprint, Response, render_template

from app.sandbox.numbers import shown
from app.sandbox.people import PEOPLE
from app.sandbox.rest import the_carrier
from app.sandbox.stories import KINDS
from app.sandbox.views import person_view

page = Blueprint("page", __name__)
LANGUAGES = {"en": "English", "es": "Spanish"}


@page.app_template_filter("month_first")
def month_first(iso: str) -> str:
    """A birth date as the practice asks for it: "03/14/1948"."""
    return f"{date.fromisoformat(iso):%m/%d/%Y}"


@page.get("/")
def phones() -> str:
    """The list of phones; the module opens them side by side."""
    carrier = the_carrier()
    return render_template(
        "phones.html",
        people=[person_view(person) for person in PEOPLE],
        languages=LANGUAGES,
        stories=KINDS,
        app_origin=carrier.config.origin,
        lines=[shown(line.number) for line in carrier.state.lines.values()],
    )


@page.get("/healthz")
def alive() -> Response:
    """Whether the process answers."""
    return Response("ok\n", mimetype="text/plain")


@page.after_request
def strict(response: Response) -> Response:
    """Nothing inline, nothing from elsewhere but the recordings the application plays."""
    parts = urlsplit(the_carrier().config.origin)
    media = f"'self' {parts.scheme}://{parts.netloc}"
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        f"media-src {media}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
