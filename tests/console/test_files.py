"""Patients' files on the case page: each state in words, and an address only for who may see the case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.clock import FixedClock
from app.media.models import MediaState
from app.services import Services
from app.store import begin, new_id
from tests.console.conftest import Practice
from tests.console.pages import Browser
from tests.console.pictures import came, failed, fetched
from tests.support.pictures import CARD, PDF, SAMPLE, png, wav

AMR = b"#!AMR\n" + bytes(40)


@pytest.fixture
def put(services: Services, practice: Practice, now: datetime) -> Callable[..., UUID]:
    """A file of Rosa's, fetched if there are bytes."""

    def one(data: bytes | None = SAMPLE, told: str = "image/jpeg", who: str = "rosa") -> UUID:
        with begin(services.sessions) as session:
            (media,) = came(session, practice.cases[who], now, told)
            if data is not None:
                fetched(session, media, data)
            return media

    return one


def trail(services: Services) -> list[AuditEvent]:
    with begin(services.sessions) as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.subject_kind == "media")))


def test_a_picture_stands_in_the_thread_under_its_time(
    ana: Browser, practice: Practice, put: Callable[..., UUID]
) -> None:
    address = f"/cases/{practice.cases['rosa']}/files/{put()}"
    page = ana.get(f"/cases/{practice.cases['rosa']}")
    assert f'src="{address}" alt="Picture sent by the patient at 9:00 AM"' in page.html
    assert "JPG, 16 kB" in page.words
    answer = ana.client.get(address)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, SAMPLE, "image/jpeg")
    headers = answer.headers
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Content-Disposition"] == "inline; filename=image-2026-11-02-1.jpg"
    assert "ETag" not in headers
    saved = ana.client.get(f"{address}?download")
    assert saved.headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("data", "told", "tag", "disposition"),
    [
        (png(), "image/png", "<img ", "inline"),
        (wav(), "audio/wav", "<audio ", "inline"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "video/mp4", "<video ", "inline"),
        (AMR, "audio/amr", "", "attachment"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "image/heic", "", "attachment"),
        (PDF, "application/pdf", "", "attachment"),
        (CARD, "text/vcard", "", "attachment"),
    ],
)
def test_each_kind_is_shown_played_or_saved(
    ana: Browser,
    practice: Practice,
    put: Callable[..., UUID],
    data: bytes,
    told: str,
    tag: str,
    disposition: str,
) -> None:
    address = f"/cases/{practice.cases['rosa']}/files/{put(data, told)}"
    page = ana.get(f"/cases/{practice.cases['rosa']}")
    shown = [one for one in ("<img ", "<audio ", "<video ") if one in page.html]
    assert shown == ([tag] if tag else [])
    assert f"{address}?download" in page.links
    answer = ana.client.get(address)
    assert answer.data == data
    assert answer.headers["Content-Disposition"].startswith(disposition)


def test_a_player_may_ask_for_a_part(
    ana: Browser, practice: Practice, put: Callable[..., UUID], services: Services
) -> None:
    address = f"/cases/{practice.cases['rosa']}/files/{put(wav(), 'audio/wav')}"
    part = ana.client.get(address, headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.data) == (206, wav()[4:8])
    for more in ("bytes=0-", "bytes=8-"):
        assert ana.client.get(address, headers={"Range": more}).status_code == 206
    assert [row.action for row in trail(services)] == ["file.view"]
    ana.client.get(address)
    assert len(trail(services)) == 2


@pytest.mark.parametrize("pieces", ["bytes=-40", "bytes=1-", "bytes= 0-", "items=0-", "bytes=0-3,4-", ""])
def test_no_way_of_asking_for_a_file_goes_unrecorded(
    ana: Browser, practice: Practice, put: Callable[..., UUID], services: Services, pieces: str
) -> None:
    address = f"/cases/{practice.cases['rosa']}/files/{put(wav(), 'audio/wav')}"
    assert ana.client.get(address, headers={"Range": pieces}).status_code < 500
    assert ana.client.get(f"{address}?download", headers={"Range": pieces}).status_code < 500
    assert [row.action for row in trail(services)] == ["file.view", "file.download"]


def test_a_file_that_lies_open_for_long_is_another_look(
    ana: Browser, practice: Practice, put: Callable[..., UUID], services: Services, clock: FixedClock
) -> None:
    address = f"/cases/{practice.cases['rosa']}/files/{put(wav(), 'audio/wav')}"
    for minutes in (0, 8, 8, 8):
        clock.advance(minutes=minutes)
        with ana.client.session_transaction() as session:
            session["seen"] = clock.now().timestamp()
        ana.client.get(address, headers={"Range": "bytes=4-7"})
    assert len(trail(services)) == 2


@pytest.mark.parametrize(
    ("state", "reason", "words"),
    [
        (None, "", "Picture: being fetched …"),
        (
            MediaState.WAITING,
            "the carrier did not let us in",
            "Picture that could not be fetched yet: the carrier did not let us in. It is tried again at 09:10.",
        ),
        (
            MediaState.FAILED,
            "the carrier does not have it",
            "Picture that could not be fetched: the carrier does not have it. Ask the patient to send it again.",
        ),
        (
            MediaState.REFUSED,
            "it is larger than we take",
            "Picture that was not kept: it is larger than we take. Ask the patient what it is,",
        ),
    ],
)
def test_what_is_not_here_says_why_and_what_to_do(
    ana: Browser,
    practice: Practice,
    services: Services,
    put: Callable[..., UUID],
    state: MediaState | None,
    reason: str,
    words: str,
) -> None:
    media = put(None)
    if state is not None:
        with begin(services.sessions) as session:
            failed(session, media, state, reason)
    assert words in ana.get(f"/cases/{practice.cases['rosa']}").words
    ana.get(f"/cases/{practice.cases['rosa']}/files/{media}", status=404)
    assert trail(services) == []


def test_several_files_are_told_apart(
    ana: Browser, practice: Practice, services: Services, now: datetime
) -> None:
    with begin(services.sessions) as session:
        first, _ = came(session, practice.cases["rosa"], now, "image/jpeg", "image/jpeg", body="My foot")
        fetched(session, first, SAMPLE)
    page = ana.get(f"/cases/{practice.cases['rosa']}")
    assert "Picture 1 of 2 sent by the patient at 9:00 AM" in page.html
    assert "Picture 2 of 2: being fetched …" in page.words


def test_each_look_is_in_the_trail(
    ana: Browser, practice: Practice, put: Callable[..., UUID], services: Services
) -> None:
    media = put()
    address = f"/cases/{practice.cases['rosa']}/files/{media}"
    ana.client.get(address)
    ana.client.get(f"{address}?download")
    looks = trail(services)
    assert [one.action for one in looks] == ["file.view", "file.download"]
    assert {one.actor for one in looks} == {str(practice.staff["ana"])}
    assert looks[0].subject_id == str(media)
    assert looks[0].detail == {
        "case": str(practice.cases["rosa"]),
        "patient": str(practice.patients["rosa"]),
        "kind": "image",
    }


@pytest.mark.parametrize("who", ["ada", "aud"])
def test_other_roles_are_refused(
    who: str,
    somebody: Callable[[str], Browser],
    practice: Practice,
    put: Callable[..., UUID],
    services: Services,
) -> None:
    browser = somebody(who)
    browser.get(f"/cases/{practice.cases['rosa']}/files/{put()}", status=403)
    assert trail(services) == []


def test_a_file_opens_only_through_a_case_of_its_patient_one_may_see(
    ana: Browser, somebody: Callable[[str], Browser], practice: Practice, put: Callable[..., UUID]
) -> None:
    rosas, zoes = put(), put(who="zoe")
    ana.get(f"/cases/{practice.cases['james']}/files/{rosas}", status=404)
    ana.get(f"/cases/{practice.cases['rosa']}/files/{new_id()}", status=404)
    ana.get(f"/cases/{new_id()}/files/{rosas}", status=404)
    ben = somebody("ben")  # works at the other site only
    ben.get(f"/cases/{practice.cases['zoe']}/files/{zoes}", status=404)
    ben.get(f"/cases/{practice.cases['rosa']}/files/{zoes}", status=404)


def test_nobody_signed_in_is_asked_to_sign_in(
    browser: Browser, practice: Practice, put: Callable[..., UUID]
) -> None:
    answer = browser.client.get(f"/cases/{practice.cases['rosa']}/files/{put()}")
    assert (answer.status_code, "sign-in" in answer.headers["Location"]) == (303, True)


def test_a_picture_that_arrives_by_itself_keeps_no_session_alive(
    ana: Browser, practice: Practice, put: Callable[..., UUID], clock: FixedClock
) -> None:
    address = f"/cases/{practice.cases['rosa']}/files/{put()}"
    for _ in range(3):
        clock.advance(minutes=6)
        ana.client.get(address)
    assert ana.client.get(address).status_code == 303
