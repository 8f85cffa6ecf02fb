"""The live stream of a page (server-sent events): ids of what changed, a sign of life every 15 seconds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from queue import Empty, Queue
from uuid import UUID

from flask import Response, current_app, request, session
from flask.typing import ResponseReturnValue

from app.console.access import SEEN, bp, me, needs
from app.console.live import EVERYTHING, Hub, News
from app.console.services import services_of
from app.security.models import Staff
from app.security.permissions import allowed
from app.security.sign_in import IDLE
from app.services import Services
from app.store.database import reading

PERMISSION = "queue:read"
PING_SECONDS = 15.0
LONGEST = timedelta(minutes=10)
"""The browser opens the stream again after that, with the session it has by then."""
OLDEST = timedelta(minutes=30)
"""Who was away for longer is told to look at everything."""


@bp.get("/events")
@needs(PERMISSION)
def events() -> ResponseReturnValue:
    """What changes, as it changes. `Last-Event-ID` continues an earlier stream without a gap."""
    application = current_app._get_current_object()  # type: ignore[attr-defined]  # Flask's way past its proxy
    hub: Hub = application.extensions["careloop_live"]
    if hub.full:
        # The browser gives up on the stream; its page then looks every few seconds by itself.
        return "", 204
    seen = datetime.fromtimestamp(float(session.get(SEEN, 0)), UTC)
    watch = Watch(services_of(application), me().id, me().session_epoch, seen)
    last = last_moment(request.headers.get("Last-Event-ID"))
    answer = Response(_stream(hub, watch, last), mimetype="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


class Watch:
    """Whether whoever reads the stream still may."""

    def __init__(self, services: Services, staff_id: UUID, epoch: int, seen: datetime) -> None:
        self._services, self._staff_id, self._epoch = services, staff_id, epoch
        self._until = min(services.clock.now() + LONGEST, seen + IDLE)

    def now(self) -> datetime:
        """The present."""
        return self._services.clock.now()

    def may_go_on(self) -> bool:
        """Whether the account is in use, in this epoch, still with the permission, and the time is not up."""
        if self.now() >= self._until:
            return False
        with reading(self._services.sessions) as database:
            staff = database.get(Staff, self._staff_id)
            return bool(
                staff
                and staff.active
                and staff.session_epoch == self._epoch
                and allowed(staff.roles, PERMISSION)
            )


def last_moment(text: str | None) -> datetime | None:
    """The moment in a `Last-Event-ID`; None when it is not one of ours."""
    try:
        return datetime.fromtimestamp(int(text or "") / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _stream(hub: Hub, watch: Watch, last: datetime | None) -> Iterator[str]:
    with hub.stream() as news:
        yield f"retry: 2000\nid: {_stamp(watch.now())}\nevent: hello\ndata: \n\n"
        if last is not None:
            recent = watch.now() - last < OLDEST
            yield from (
                _event(item, watch.now()) for item in (hub.changed_since(last) if recent else [EVERYTHING])
            )
        while watch.may_go_on():
            yield from _some(news, watch)


def _some(news: Queue[News], watch: Watch) -> Iterator[str]:
    """What comes in the next seconds, or a sign of life."""
    for _ in range(20):
        try:
            item = news.get(timeout=PING_SECONDS)
        except Empty:
            yield ": still here\n\n"
            return
        yield _event(item, watch.now())


def _event(item: News, now: datetime) -> str:
    return f"id: {_stamp(now)}\nevent: {item.topic}\ndata: {item.identifier}\n\n"


def _stamp(now: datetime) -> int:
    return int(now.timestamp() * 1000)
