"""A practice on the telephone: our web server on a real port, the sandbox carrier on another, signatures and all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID
from wsgiref.types import StartResponse, WSGIEnvironment

import requests
from redis import Redis
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from app.channels.carriers import make_carriers
from app.channels.pace import Pace
from app.conversations.models import Conversation
from app.factory import create_app
from app.outbox.deliver import deliver
from app.outbox.models import Message
from app.outreach.consequences import follow_up
from app.patients.models import Site
from app.queues import ALERT
from app.sandbox.config import practice_line
from app.sandbox.server import create_sandbox
from app.security.signatures import sign
from app.services import Services
from app.settings import Settings
from app.store import begin, new_id
from app.understanding import Expectation, read
from tests.support.queues import Remembered
from tests.support.world import MARTHA, OURS, World

STAFF = "+13125550199"
BORN = "03141948"


@dataclass
class OnCall:
    """One call as its patient has it: `said` is what was heard since the last thing done."""

    line: Telephone
    sid: str
    heard: int = 0
    last: dict[str, Any] = field(default_factory=dict)

    def _now(self, view: dict[str, Any]) -> str:
        self.last = view
        lines = [one for one in view["transcript"] if one["who"] == "practice"]
        new, self.heard = lines[self.heard :], len(lines)
        return " ".join(one["text"] for one in new if one["kind"] in ("say", "play"))

    def do(self, act: str, **body: Any) -> str:
        """Do something on the call; what is heard then."""
        return self._now(self.line.api("POST", f"/calls/{self.sid}/{act}", **body))

    def look(self) -> str:
        """What was heard since."""
        return self._now(self.line.api("GET", f"/calls/{self.sid}"))

    def press(self, digits: str) -> str:
        return self.do("digits", digits=digits)

    def speak(self, text: str, **more: Any) -> str:
        return self.do("speech", text=text, **more)

    def silence(self) -> str:
        return self.do("silence")

    def hang_up(self) -> None:
        self.do("hangup")
        self.line.settle()

    @property
    def over(self) -> bool:
        self.look()
        return bool(self.last["over"])

    @property
    def awaiting(self) -> dict[str, Any]:
        return dict(self.last["awaiting"] or {})

    @property
    def spoken(self) -> list[dict[str, Any]]:
        """Every line of the practice, with its voice and language."""
        self.look()
        return [one for one in self.last["transcript"] if one["who"] == "practice" and one["kind"] == "say"]


@dataclass
class Telephone:
    """The practice's line. Time stands still; `world.clock` moves it."""

    world: World
    services: Services
    sandbox: str
    session: requests.Session
    remembered: Remembered

    def api(self, method: str, path: str, **body: Any) -> Any:
        """The sandbox's own API."""
        answer = self.session.request(
            method, f"{self.sandbox}/sandbox/api{path}", json=body or None, timeout=30
        )
        assert answer.ok, (answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def settle(self) -> None:
        """Everything the carrier had to tell us was told."""
        assert self.api("POST", "/settle")["settled"]

    def call_in(self, number: str = MARTHA) -> tuple[OnCall, str]:
        """A patient calls; the call and what is heard first."""
        call = OnCall(self, "")
        view = self.api("POST", "/calls", **{"from": number})
        call.sid = view["sid"]
        return call, call._now(view)

    def phone(self, answers: str, number: str = MARTHA) -> None:
        """How a phone behaves when it is called."""
        self.api("PUT", f"/phones/{number}", answers=answers)

    def texts_arrive(self) -> None:
        """Every text in the outbox has arrived; calls wait."""
        with begin(self.services.sessions) as session:
            texts = update(Message).where(Message.channel == "sms", Message.status == "queued")
            session.execute(texts.values(status="delivered", sent_at=self.services.clock.now()))

    def due_calls(self) -> list[UUID]:
        """Calls in the outbox."""
        with begin(self.services.sessions) as session:
            waiting = select(Message.id).where(Message.channel == "voice", Message.status == "queued")
            return list(session.scalars(waiting))

    def deliver(self) -> list[UUID]:
        """Place every call that waits in the outbox, by the real outbox over the real SDK."""
        placed = self.due_calls()
        carriers = make_carriers(self.services.settings)
        for message in placed:
            outcome = deliver(
                self.services.sessions,
                message,
                carriers=carriers,
                clock=self.services.clock,
                process_id=self.services.process_id,
            )
            assert outcome.kind == "sent", outcome
        return placed

    def call_out(self, answers: str = "human", number: str = MARTHA) -> tuple[OnCall, str]:
        """A call we placed reaches this phone; the call and what is heard first."""
        self.phone(answers, number)
        self.deliver()
        self.settle()
        call = OnCall(self, self.api("GET", "/calls?to=" + number.replace("+", "%2B"))["calls"][-1]["sid"])
        return call, call.look()

    def staff(self) -> OnCall:
        """The call at the practice's own telephone."""
        self.settle()
        found = self.api("GET", "/calls?to=" + STAFF.replace("+", "%2B"))["calls"]
        return OnCall(self, found[-1]["sid"])

    def post(self, path: str, **params: str) -> requests.Response:
        """A webhook with the carrier's signature, by hand."""
        url = f"{self.services.settings.public_url}/webhooks/twilio/{path}"
        signature = sign(url, params, str(self.services.settings.twilio_auth_token))
        return requests.post(url, data=params, headers={"X-Twilio-Signature": signature}, timeout=30)

    def failures(self) -> list[Any]:
        """What the carrier found wrong with our answers."""
        return list(self.api("GET", "/failures")["failures"])

    def alerted(self) -> list[str]:
        """The flags somebody is paged for."""
        return [args[0] for args in self.remembered.arguments(ALERT)]

    def followed_up(self) -> None:
        """What the sweep does with calls that did not get through."""
        with begin(self.services.sessions) as session:
            failed = select(Message.id).where(Message.status.in_(("undelivered", "failed", "skipped")))
            ids = list(session.scalars(failed.where(Message.consequence_at.is_(None))))
        for message in ids:
            with begin(self.services.sessions) as session:
                follow_up(session, message, kit=self.services.kit, now=self.services.clock.now())

    def site(self, **values: object) -> None:
        """Change the practice."""
        with begin(self.services.sessions) as session:
            site = session.get_one(Site, self.world.site_id)
            for name, value in values.items():
                setattr(site, name, value)

    def conversation(self) -> Conversation:
        """The only conversation, as it is now."""
        return self.world.all(Conversation)[0]

    def change(self, act: Callable[[Session], object]) -> None:
        """Something else happens in the practice meanwhile."""
        with begin(self.services.sessions) as session:
            act(session)


@contextmanager
def telephone(world: World, make_settings: Callable[..., Settings], redis: Redis) -> Iterator[Telephone]:
    """The practice's web server and its carrier, wired to each other."""
    apps: list[Any] = []

    def serve(environ: WSGIEnvironment, start: StartResponse) -> Any:
        return apps[0](environ, start)

    server = make_server("127.0.0.1", 0, serve, threaded=True)
    origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    settings = make_settings(PUBLIC_URL=origin)
    sandbox = create_sandbox(
        app_origin=origin,
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token,
        lines=(practice_line(OURS, origin, ""),),
    )
    with sandbox, requests.Session() as session:
        settings = make_settings(PUBLIC_URL=origin, TWILIO_API_ORIGIN=sandbox.origin)
        remembered = Remembered()
        engine = world.sessions.kw["bind"]
        services = Services(
            settings,
            engine,
            world.sessions,
            world.clock,
            redis,
            remembered,
            world.kit,
            new_id(),
            Pace(redis, 1),
        )
        apps.append(create_app(services=services))
        # As before a web process listens: a first turn that reads the lists may outlast the carrier's patience.
        read("ok", Expectation(), "en", None)
        thread.start()
        try:
            yield Telephone(world, services, sandbox.origin, session, remembered)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def discharged(line: Telephone, **more: Any) -> UUID:
    """A patient who went home and was asked the first question by text; the case."""
    world = line.world
    patient = world.patient(**more)
    case = world.trigger("discharge", patient)
    world.start_due()
    world.sent()
    world.clock.advance(timedelta(minutes=3))
    return case


def to_be_called(line: Telephone, **more: Any) -> UUID:
    """A patient who did not answer for a day, so that a call is due; the case."""
    case = discharged(line, **more)
    for hours in (4, 21):
        line.world.later(hours=hours)
        line.texts_arrive()
    assert line.due_calls()
    return case


def identified(line: Telephone) -> tuple[UUID, OnCall, str]:
    """A patient who was asked by text calls in and tells who they are: the case, the call, what is heard then."""
    case = discharged(line)
    call, _ = line.call_in()
    return case, call, call.press(BORN)


def because(line: Telephone, case: UUID) -> list[str]:
    """Why a person must see this case."""
    return [flag.because for flag in line.world.flags(case)]
