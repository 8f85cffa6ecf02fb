"""Patients' files all the way: a webhook, the queue, the carrier, the database, with and without Redis."""

from __future__ import annotations

import pytest
from redis import Redis
from sqlalchemy import select, text

from app.inbound.models import InboundEvent
from app.media.models import Media, MediaState
from app.media.queries import kept
from app.outbox.models import Message
from app.queues import FETCH, SWEEP_MEDIA
from app.store import begin
from tests.jobs.conftest import Shop
from tests.support.pictures import SAMPLE, sent
from tests.support.world import MARTHA


def only(shop: Shop) -> Media:
    (media,) = shop.world.all(Media)
    return media


def counted(shop: Shop, what: str) -> int:
    return int(shop.sandbox.carrier.state.counters[what])


def content(shop: Shop) -> bytes:
    (message,) = (m for m in shop.world.all(Message) if m.direction == "in")
    assert message.patient_id is not None
    with begin(shop.world.sessions) as session:
        return kept(session, message.patient_id, only(shop).id)[1]


def there(shop: Shop, sid: str) -> int:
    """How many files of a text still lie at the carrier."""
    return len(shop.sandbox.carrier.state.messages[sid].media)


def test_a_picture_arrives_once_and_is_deleted_at_the_carrier(shop: Shop) -> None:
    shop.world.patient()
    told = shop.text("", media=[sent(SAMPLE)], duplicate=3)
    shop.work()
    shop.sweep()
    media = only(shop)
    assert (media.state, media.tries, content(shop)) == (MediaState.KEPT, 1, SAMPLE)
    assert (counted(shop, "media_requests"), counted(shop, "media_contents")) == (1, 1)
    assert (there(shop, told["sid"]), media.removed_at is not None) == (0, True)


def test_no_byte_of_it_stands_in_the_database_or_in_redis(shop: Shop, redis: Redis) -> None:
    shop.world.patient()
    shop.text("", media=[sent(SAMPLE)])
    with begin(shop.world.sessions) as session:
        assert session.scalar(text("SELECT count(*) FROM media")) == 0, "a webhook only keeps what came"
    shop.work()
    with begin(shop.world.sessions) as session:
        raw = bytes(session.scalar(text("SELECT data FROM media_content")))
        row = str(session.execute(text("SELECT * FROM media")).one())
    pieces = [SAMPLE[at : at + 24] for at in range(0, len(SAMPLE) - 24, 24)]
    assert [piece for piece in pieces if piece in raw] == []
    assert MARTHA not in row
    assert [key for key in redis.scan_iter() if b"media" in key] == []


def test_when_redis_forgets_the_sweep_fetches(shop: Shop, redis: Redis) -> None:
    shop.world.patient()
    shop.text("", media=[sent(SAMPLE)])
    with begin(shop.world.sessions) as session:
        event = session.scalars(select(InboundEvent.id)).one()
    shop.world.work(event)
    redis.flushall()
    assert only(shop).state == MediaState.WAITING
    shop.put(SWEEP_MEDIA)
    shop.work()
    assert only(shop).state == MediaState.KEPT


def test_a_fetch_put_on_the_queue_many_times_is_done_once(shop: Shop) -> None:
    shop.world.patient()
    shop.fault(kind="status", status=503, on="media")
    shop.text("", media=[sent(SAMPLE)])
    shop.work()
    assert only(shop).state == MediaState.WAITING
    shop.services.clock.advance(seconds=11)
    for _ in range(5):
        shop.put(FETCH, str(only(shop).id))
        shop.put(SWEEP_MEDIA)
    shop.work()
    assert (only(shop).state, only(shop).tries, counted(shop, "media_contents")) == (MediaState.KEPT, 2, 1)


def test_deleting_at_the_carrier_is_tried_until_it_works(shop: Shop) -> None:
    shop.world.patient()
    shop.fault(kind="status", status=500, on="media_deletes")
    told = shop.text("", media=[sent(SAMPLE)])
    shop.work()
    assert (only(shop).state, there(shop, told["sid"])) == (MediaState.KEPT, 1)
    shop.sweep()
    assert there(shop, told["sid"]) == 1, "not before its time"
    shop.services.clock.advance(minutes=2)
    shop.sweep()
    assert there(shop, told["sid"]) == 0


@pytest.mark.parametrize("stop", ["STOP", "wrong number"])
def test_a_picture_with_any_words_is_fetched(shop: Shop, stop: str) -> None:
    shop.discharged()
    shop.text(stop, media=[sent(SAMPLE)])
    shop.work()
    assert only(shop).state == MediaState.KEPT
