"""A practice on each database, and a carrier at which patients' files lie."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
import requests

from app.channels.base import Files
from app.channels.twilio_media import make_files
from app.inbound.work import Handled
from app.media.fetch import fetch
from app.media.models import Media
from app.media.remove import remove
from app.sandbox.config import Line
from app.sandbox.server import Sandbox, create_sandbox
from app.settings import Settings
from tests.support.pictures import SAMPLE, sent
from tests.support.surroundings import ENVIRON
from tests.support.world import MARTHA, OURS, World

ACCOUNT = ENVIRON["TWILIO_ACCOUNT_SID"]


@dataclass
class Post:
    """Files on their way: from a phone to the carrier, and from there to us."""

    world: World
    sandbox: Sandbox
    files: Files
    session: requests.Session

    def api(self, method: str, path: str, **body: Any) -> Any:
        answer = self.session.request(
            method, f"{self.sandbox.origin}/sandbox/api{path}", json=body or None, timeout=30
        )
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def takes(self, *media: Any) -> Any:
        """The carrier gets a text with these files, and tells nobody."""
        return self.api("POST", "/texts", **{"from": MARTHA, "to": OURS, "body": "", "media": list(media)})

    def text(self, *media: Any, **params: str) -> tuple[str, list[Handled]]:
        """A text with these files comes in and is worked through; its id."""
        told = self.takes(*(media or [sent(SAMPLE)]))
        return told["sid"], self.again(told, **params)

    def again(self, told: Any, **params: str) -> list[Handled]:
        """The carrier's webhook of that text."""
        given = {"NumMedia": str(len(told["media"]))}
        for n, one in enumerate(told["media"]):
            path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{told['sid']}/Media/{one['sid']}"
            given |= {
                f"MediaUrl{n}": f"https://api.twilio.com{path}",
                f"MediaContentType{n}": one["content_type"],
            }
        return self.world.text("", sid=told["sid"], **{**given, **params})

    def fault(self, **fault: Any) -> None:
        self.sandbox.carrier.faults.add(fault)

    def fetch(
        self, media: UUID | None = None, *, files: Files | None = None, keep_there: bool = True
    ) -> bool:
        """What the job does with a file, the only one there is if none is named."""
        one = media or self.one().id
        return fetch(
            self.world.sessions, one, files=files or self.files, clock=self.world.clock, remove=not keep_there
        )

    def remove(self) -> bool:
        return remove(self.world.sessions, self.one().id, files=self.files, clock=self.world.clock)

    def one(self) -> Media:
        (media,) = self.world.all(Media)
        return media

    def all(self) -> list[Media]:
        return sorted(self.world.all(Media), key=lambda media: media.position)

    def there(self, sid: str) -> int:
        """How many files still lie at the carrier."""
        return len(self.files.listed(sid))

    def asked(self, what: str = "media_contents") -> int:
        return int(self.sandbox.carrier.state.counters[what])


@pytest.fixture
def post(world: World, make_settings: Callable[..., Settings]) -> Iterator[Post]:
    line = Line(number=OURS)  # without webhooks: the tests hand them over themselves
    token = ENVIRON["TWILIO_AUTH_TOKEN"]
    with create_sandbox(account_sid=ACCOUNT, auth_token=token, lines=(line,)) as sandbox:
        world.patient()
        settings = make_settings(TWILIO_API_ORIGIN=sandbox.origin, MEDIA_MAX_MB="1")
        with requests.Session() as session:
            yield Post(world, sandbox, make_files(settings), session)
