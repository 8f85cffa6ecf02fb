"""What goes wrong, in words, on a page that leads on."""

from __future__ import annotations

from flask import Blueprint, Flask, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import Forbidden as HttpForbidden
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import NotFound as HttpNotFound

from app.console.headers import secure
from app.errors import CareloopError, Conflict, Forbidden, Invalid, NotFound

STATUS: tuple[tuple[type[CareloopError], int], ...] = (
    (NotFound, 404),
    (Forbidden, 403),
    (Conflict, 409),
    (Invalid, 422),
)
PAGES = {
    403: (
        "You may not open this page",
        "Your role does not include it. If you need it for your work, ask an admin.",
    ),
    404: ("Page not found", "There is nothing at this address, or it is not yours to see."),
    405: (
        "That does not work here",
        "This address takes no such request. Go back and use the page’s own buttons.",
    ),
    413: (
        "That file is too large",
        "Files of up to 10 MB can be brought in. Split it and bring the parts in one by one.",
    ),
    429: ("Too many tries", "Wait a minute, then try again."),
}
ELSEWHERE = ("/api/", "/webhooks/", "/ehr/", "/healthz", "/readyz", "/metrics")
"""Addresses programs use: they get the plain answer, not a page."""


def answer_errors(bp: Blueprint) -> None:
    """Answer errors of the console's own pages with a page."""
    bp.register_error_handler(CareloopError, _ours)
    bp.register_error_handler(CSRFError, _stale_form)
    bp.register_error_handler(HTTPException, _http)


def install(app: Flask) -> None:
    """Answer addresses nobody has with a page."""
    app.register_error_handler(404, _anywhere)
    app.register_error_handler(405, _anywhere)


def status_of(error: CareloopError) -> int:
    """The HTTP status of one of our own errors."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 400)


def _ours(error: CareloopError) -> ResponseReturnValue:
    status = status_of(error)
    if isinstance(error, NotFound):
        return _http(HttpNotFound())
    if isinstance(error, Forbidden):
        return _http(HttpForbidden())
    return _page("That did not work", error.words, status)


def _stale_form(error: CSRFError) -> ResponseReturnValue:
    words = "Your session has ended, or the page was open for too long. Go back, load the page again and repeat it."
    return _page("That form could not be checked", words, 400)


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error
    title, words = PAGES.get(
        status, ("That did not work", "Go back and try again. If it happens again, tell an admin.")
    )
    return _page(title, words, status)


def _anywhere(error: HTTPException) -> ResponseReturnValue:
    if request.path.startswith(ELSEWHERE):
        return error
    return secure(make_response(_http(error)))


def _page(title: str, words: str, status: int) -> ResponseReturnValue:
    return render_template("console/error.html", title=title, words=words), status
