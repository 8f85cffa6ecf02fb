"""A patient's file, from the carrier into the database: sealed, once, whatever breaks on the way."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app.cases.models import Flag
from app.channels.base import Fetched, Files
from app.errors import NotFound
from app.media.fetch import LEASE, MOST_TRIES
from app.media.models import Media, MediaContent, MediaState
from app.media.queries import kept, to_fetch, to_remove
from app.outbox.models import Message
from app.store import Keyring, begin, make_engine, make_sessions
from app.store.keys import SealError
from app.store.reseal import reseal
from tests.media.conftest import ACCOUNT, Post
from tests.support.pictures import CARD, PDF, SAMPLE, SVG, png, sent, wav


def due(post: Post) -> list[UUID]:
    with begin(post.world.sessions) as session:
        return to_fetch(session, post.world.clock.now(), 100)


def to_delete(post: Post) -> list[UUID]:
    with begin(post.world.sessions) as session:
        return to_remove(session, post.world.clock.now(), 100)


def flags(post: Post) -> list[str]:
    with begin(post.world.sessions) as session:
        return [flag.because for flag in session.scalars(select(Flag).order_by(Flag.raised_at, Flag.id))]


def missing(post: Post) -> list[str]:
    """The flags that say a file is not here."""
    return [because for because in flags(post) if "is not here" in because]


def patient(post: Post) -> UUID:
    (message,) = (m for m in post.world.all(Message) if m.direction == "in")
    assert message.patient_id is not None
    return message.patient_id


def content(post: Post, media: Media) -> bytes:
    with begin(post.world.sessions) as session:
        return kept(session, patient(post), media.id)[1]


def test_a_picture_is_noted_with_its_text_and_kept_sealed(post: Post) -> None:
    sid, handled = post.text()
    assert [one.media for one in handled] == [due(post)]
    noted = post.one()
    assert (noted.state, noted.position, noted.told, noted.tries) == (MediaState.WAITING, 0, "image/jpeg", 0)
    assert post.fetch()
    media = post.one()
    assert (media.state, media.kind, media.content_type) == (MediaState.KEPT, "image", "image/jpeg")
    assert (media.size, media.sha256) == (len(SAMPLE), sha256(SAMPLE).hexdigest())
    assert content(post, media) == SAMPLE
    with begin(post.world.sessions) as session:
        raw = bytes(session.scalar(text("SELECT data FROM media_content")))
    assert len(raw) > len(SAMPLE)
    assert SAMPLE[:32] not in raw
    assert SAMPLE[200:232] not in raw
    assert due(post) == []
    assert "sent a picture, a file or a voice note" in flags(post)
    assert missing(post) == []
    assert post.there(sid) == 1


def test_a_text_may_bring_several_files_of_several_kinds(post: Post) -> None:
    files = [
        (SAMPLE, "image/jpeg"),
        (wav(), "audio/wav"),
        (PDF, "application/pdf"),
        (CARD, "text/x-vcard"),
        (png(), "image/jpeg"),
    ]
    post.text(*(sent(data, told) for data, told in files))
    for media in post.all():
        assert post.fetch(media.id)
    assert [media.kind for media in post.all()] == ["image", "audio", "pdf", "vcard", "image"]
    assert [content(post, media) for media in post.all()] == [data for data, _ in files]


def test_the_same_webhook_again_notes_and_fetches_nothing(post: Post) -> None:
    told = post.takes(sent(SAMPLE))
    post.again(told)
    assert post.fetch()
    post.again(told)
    assert not post.fetch()
    assert (len(post.all()), post.asked()) == (1, 1)


def test_a_file_somebody_is_fetching_is_not_fetched_by_another(post: Post) -> None:
    post.text()

    class Meanwhile:
        """While one fetches, the same job comes a second time."""

        def listed(self, message_sid: str) -> list[str]:
            return post.files.listed(message_sid)

        def fetch(self, message_sid: str, sid: str) -> Fetched:
            assert not post.fetch()
            return post.files.fetch(message_sid, sid)

        def remove(self, message_sid: str, sid: str) -> None:
            post.files.remove(message_sid, sid)

    assert post.fetch(files=Meanwhile())
    assert post.asked() == 1


class Killed:
    """Fetches for real, and then the process is gone before it can write anything down."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self.listed, self.remove = files.listed, files.remove

    def fetch(self, message_sid: str, sid: str) -> Fetched:
        self._files.fetch(message_sid, sid)
        raise SystemExit


def test_killed_between_fetch_and_commit_it_is_fetched_again_and_kept_once(post: Post) -> None:
    post.text()
    with pytest.raises(SystemExit):
        post.fetch(files=Killed(post.files))
    assert (post.one().state, due(post)) == (MediaState.WAITING, [])
    post.world.clock.advance(LEASE)
    assert due(post) == [post.one().id]
    assert post.fetch()
    assert (post.one().tries, post.asked(), content(post, post.one())) == (2, 2, SAMPLE)


def test_a_late_twin_keeps_nothing_twice(post: Post) -> None:
    post.text()

    class Slow(Killed):
        def fetch(self, message_sid: str, sid: str) -> Fetched:
            post.world.clock.advance(LEASE)
            assert post.fetch()
            return post.files.fetch(message_sid, sid)

    assert not post.fetch(files=Slow(post.files))
    with begin(post.world.sessions) as session:
        assert len(session.scalars(select(MediaContent)).all()) == 1


def test_a_file_that_kills_every_worker_is_given_up(post: Post) -> None:
    post.text()
    for _ in range(MOST_TRIES):
        with pytest.raises(SystemExit):
            post.fetch(files=Killed(post.files))
        post.world.clock.advance(LEASE)
    assert not post.fetch()
    assert post.one().state == MediaState.FAILED
    assert len(missing(post)) == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "status", "status": 404, "on": "media"}, "does not have it"),
        ({"kind": "status", "status": 403, "on": "media"}, "did not let us in"),
        ({"kind": "status", "status": 500, "on": "media"}, "in time"),
        ({"kind": "lost_response", "on": "media"}, "in time"),
    ],
)
def test_what_may_pass_is_tried_again_later(post: Post, fault: dict[str, Any], words: str) -> None:
    post.text()
    post.fault(**fault)
    assert not post.fetch()
    media = post.one()
    assert media.state == MediaState.WAITING
    assert words in str(media.reason)
    assert due(post) == []
    post.world.clock.advance(seconds=10)
    assert due(post) == [media.id]
    assert post.fetch()
    assert (post.one().reason, missing(post)) == (None, [])


@pytest.mark.parametrize(("status", "tries"), [(404, 4), (403, MOST_TRIES), (503, MOST_TRIES)])
def test_what_does_not_pass_is_given_up_and_a_person_asks_again(post: Post, status: int, tries: int) -> None:
    post.text()
    post.fault(kind="status", status=status, on="media", count=0)
    for _ in range(tries):
        assert post.one().state == MediaState.WAITING
        post.world.clock.advance(timedelta(days=1))
        assert not post.fetch()
    assert (post.one().state, post.one().due_at) == (MediaState.FAILED, None)
    assert missing(post) == [f"a picture the patient sent is not here: {post.one().reason}"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "media_large"}, "larger than we take"),
        ({"kind": "media_wrong"}, "not what it says it is"),
        ({"kind": "media_redirect", "url": "https://example.org/x.jpg"}, "an address we do not fetch from"),
        (
            {"kind": "media_redirect", "url": "http://169.254.169.254/latest"},
            "an address we do not fetch from",
        ),
    ],
)
def test_what_is_wrong_is_not_taken_and_a_person_is_told(
    post: Post, fault: dict[str, Any], words: str
) -> None:
    sid, _ = post.text()
    post.fault(**fault)
    assert not post.fetch(keep_there=False)
    media = post.one()
    assert (media.state, media.due_at, media.remove_at) == (MediaState.REFUSED, None, None)
    assert words in str(media.reason)
    assert len(missing(post)) == 1
    assert post.there(sid) == 1, "nobody else has it"
    with pytest.raises(NotFound):
        content(post, media)


@pytest.mark.parametrize(
    ("data", "told"), [(SVG, "image/svg+xml"), (SVG, "image/png"), (PDF, "image/jpeg"), (b"x", "")]
)
def test_what_is_not_on_the_list_is_not_kept(post: Post, data: bytes, told: str) -> None:
    post.text(sent(data, told))
    assert not post.fetch()
    assert post.one().state == MediaState.REFUSED
    with begin(post.world.sessions) as session:
        assert session.scalars(select(MediaContent)).all() == []


@pytest.mark.parametrize(
    "host", ["example.org", "169.254.169.254", "127.0.0.1:5432", "api.twilio.com.example.org"]
)
def test_an_address_elsewhere_is_never_asked(post: Post, host: str) -> None:
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/SM{'7' * 32}/Media/ME{'1' * 32}"
    post.world.text(
        "",
        sid=f"SM{'7' * 32}",
        NumMedia="1",
        MediaUrl0=f"https://{host}{path}",
        MediaContentType0="image/png",
    )
    assert (post.one().state, due(post)) == (MediaState.REFUSED, [])
    assert not post.fetch()
    assert "sent a picture, a file or a voice note" in flags(post)
    assert missing(post) == []


def test_files_whose_webhook_was_lost_are_asked_for(post: Post) -> None:
    told = post.takes(sent(SAMPLE), sent(PDF, "application/pdf"))
    post.world.text("", sid=told["sid"], NumMedia="2", Reconciled="true")
    first, second = post.all()
    assert (first.carrier_sid, second.carrier_sid) == (None, None)
    assert post.fetch(first.id, keep_there=False)
    # Although the first may be deleted by now, the second is still the second.
    post.files.remove(told["sid"], str(post.all()[0].carrier_sid))
    assert post.fetch(second.id)
    assert sorted(content(post, media) for media in post.all()) == sorted([SAMPLE, PDF])


def test_fewer_files_than_told_are_given_up_in_the_end(post: Post) -> None:
    told = post.takes(sent(SAMPLE))
    post.world.text("", sid=told["sid"], NumMedia="2", Reconciled="true")
    first, second = post.all()
    assert post.fetch(first.id)
    for _ in range(4):
        post.world.clock.advance(timedelta(days=1))
        assert not post.fetch(second.id)
    assert [media.state for media in post.all()] == [MediaState.KEPT, MediaState.FAILED]


def test_what_is_kept_is_deleted_at_the_carrier(post: Post) -> None:
    sid, _ = post.text()
    assert post.fetch(keep_there=False)
    assert to_delete(post) == [post.one().id]
    assert post.remove()
    assert (post.there(sid), to_delete(post)) == (0, [])
    assert post.one().removed_at == post.world.clock.now()
    assert not post.remove()


def test_deleting_that_fails_is_noted_and_done_later(post: Post) -> None:
    sid, _ = post.text()
    assert post.fetch(keep_there=False)
    post.fault(kind="status", status=503, on="media_deletes")
    assert not post.remove()
    assert (post.one().removes, post.one().remove_problem) == (1, "later: 20503")
    assert (post.there(sid), to_delete(post)) == (1, [])
    post.world.clock.advance(minutes=1)
    assert to_delete(post) == [post.one().id]
    assert post.remove()
    assert (post.there(sid), post.one().remove_problem) == (0, None)


def test_a_file_of_another_patient_is_not_found(post: Post) -> None:
    post.text()
    assert post.fetch()
    other = post.world.patient("+13125550112", name="Otto")
    with begin(post.world.sessions) as session, pytest.raises(NotFound):
        kept(session, other, post.one().id)


def test_bytes_that_were_swapped_for_anothers_are_not_shown(post: Post) -> None:
    post.text(sent(SAMPLE), sent(PDF, "application/pdf"))
    first, second = post.all()
    assert post.fetch(first.id)
    assert post.fetch(second.id)
    with begin(post.world.sessions) as session:
        mine, theirs = session.get_one(MediaContent, first.id), session.get_one(MediaContent, second.id)
        mine.data, theirs.data = theirs.data, mine.data
    with pytest.raises(SealError, match="not the one that was kept"):
        content(post, first)


def test_files_are_sealed_again_with_a_new_key(post: Post, database_url: str, keyring: Keyring) -> None:
    post.text(*(sent(SAMPLE + bytes([n])) for n in range(6)))
    for media in post.all():
        assert post.fetch(media.id)
    whose, ids = patient(post), [media.id for media in post.all()]
    fresh = ("new", b"n" * 32)
    both = make_engine(database_url, Keyring([fresh, ("t1", b"1" * 32), ("t0", b"0" * 32)], b"i" * 32))
    only = make_engine(database_url, Keyring([fresh], b"i" * 32))
    try:
        assert reseal(make_sessions(both))["media_content"] == 6
        with begin(make_sessions(only)) as session:
            assert {kept(session, whose, one)[1][:-1] for one in ids} == {SAMPLE}
    finally:
        both.dispose()
        only.dispose()
