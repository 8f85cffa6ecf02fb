"""Who is asking, and may they: sessions that end when they lie idle, and one named permission on every route."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, Response, abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_login.mixins import UserMixin

from app.console.services import CSRF, now, services
from app.security.models import Staff
from app.security.permissions import PERMISSIONS, allowed
from app.security.sign_in import IDLE
from app.store.database import reading

bp = Blueprint(
    "console", __name__, template_folder="templates", static_folder="static", static_url_path="/static"
)
login = LoginManager()
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

LIVE_HEADER = "X-Careloop-Live"
"""Sent by a page that refreshes itself: such a request is nobody's doing, so it keeps no session alive."""
BY_ITSELF = ("console.static", "console.case_file")
"""What a page fetches without anybody's doing: a picture that arrives keeps no session alive either."""
SEEN = "seen"
PUBLIC = "public"
HOMES = (
    ("queue:read", "console.queue"),
    ("staff:manage", "console.staff"),
    ("audit:read", "console.audit"),
    ("self", "console.account"),
)
SITE_PERMISSIONS = frozenset(PERMISSIONS) | {PUBLIC}


class Person(UserMixin):  # type: ignore[misc]  # flask-login ships without types
    """A signed-in member of staff. The session names them with their epoch: a new epoch ends the session."""

    def __init__(self, staff: Staff) -> None:
        self.staff = staff

    def get_id(self) -> str:
        """The id and the epoch, as the session keeps them."""
        return f"{self.staff.id}:{self.staff.session_epoch}"


@login.user_loader  # type: ignore[untyped-decorator]  # flask-login ships without types
def load(identity: str) -> Person | None:
    """The person of a session, unless it was ended or has lain idle for too long."""
    text, _, epoch = identity.partition(":")
    with reading(services().sessions) as database:
        staff = database.get(Staff, UUID(text))
    if staff is None or not staff.active or str(staff.session_epoch) != epoch or idle():
        return None
    return Person(staff)


def idle() -> bool:
    """Whether nobody has done anything in this session for longer than is allowed."""
    seen = session.get(SEEN)
    return seen is None or now() - datetime.fromtimestamp(float(seen), UTC) > IDLE


def me() -> Staff:
    """Who is signed in; only for routes with a permission."""
    staff: Staff = current_user.staff
    return staff


def start(staff: Staff) -> None:
    """Begin a session of this person; nothing of an earlier one is left."""
    session.clear()
    session[SEEN] = now().timestamp()
    login_user(Person(staff))


def end() -> None:
    """End this session."""
    logout_user()
    session.clear()


def may(permission: str) -> bool:
    """Whether whoever is signed in holds the permission."""
    return bool(current_user.is_authenticated) and allowed(me().roles, permission)


def home() -> str:
    """The address of the first page this person may see."""
    if not current_user.is_authenticated:
        return url_for("console.sign_in")
    return url_for(next(endpoint for permission, endpoint in HOMES if may(permission)))


def needs(permission: str) -> Callable[[View], View]:
    """Name the permission a route needs (`public`: none). Others are asked to sign in, or get the 403 page."""
    if permission not in SITE_PERMISSIONS:
        raise KeyError(f"there is no permission {permission!r}")

    def named(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            refused = None if permission == PUBLIC else _refusal(permission)
            return refused if refused is not None else view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the test that walks all routes
        return guarded  # type: ignore[return-value]  # wraps keeps the view's own signature

    return named


@bp.before_request
def protect() -> None:
    """Check every form's token, and keep the session alive when a person asked for something."""
    g.live = LIVE_HEADER in request.headers
    CSRF.protect()
    if request.endpoint not in BY_ITSELF and not g.live and current_user.is_authenticated:
        session[SEEN] = now().timestamp()


def _refusal(permission: str) -> Response | None:
    if not current_user.is_authenticated:
        return _sign_in_first()
    if not allowed(me().roles, permission):
        abort(403)
    return None


def _sign_in_first() -> Response:
    timed_out = SEEN in session and idle()
    end()
    if g.live:
        return Response(status=401)
    where = request.path if request.method == "GET" else None
    answer = redirect(url_for("console.sign_in", next=where, idle="1" if timed_out else None), 303)
    assert isinstance(answer, Response)
    return answer
