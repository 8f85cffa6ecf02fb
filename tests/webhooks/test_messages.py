"""The message webhooks: only the carrier's, kept once, answered fast, whatever is away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from app.inbound.models import InboundEvent
from app.outbox.models import Message, MessageStatus, Purpose, Receipt
from app.outbox.queue import queue_text
from app.patients.models import Site
from app.queues import REPLIED
from app.settings import Settings
from app.store import begin
from tests.support.queues import Remembered
from tests.support.world import MARTHA, OURS, World
from tests.webhooks.conftest import Post

MESSAGE, STATUS = "/webhooks/twilio/message", "/webhooks/twilio/message-status"
TEXT = {"MessageSid": "SM" + "1" * 32, "From": MARTHA, "To": OURS, "Body": "  yes  ", "NumMedia": "0"}


def kept(world: World) -> list[InboundEvent]:
    with begin(world.sessions) as session:
        return list(session.scalars(select(InboundEvent)))


def test_a_text_is_kept_with_every_parameter_and_put_on_the_queue(
    post: Post, world: World, queues: Remembered
) -> None:
    answer = post(MESSAGE, **TEXT, FromCity="", Brandnew="x")
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert answer.text.endswith("<Response/>")
    assert kept(world)[0].params == {**TEXT, "FromCity": "", "Brandnew": "x"}
    assert queues.arguments(REPLIED) == [()]


def test_the_same_text_again_is_answered_and_kept_once(post: Post, world: World, queues: Remembered) -> None:
    for _ in range(3):
        assert post(MESSAGE, **TEXT).status_code == 200
    assert len(kept(world)) == 1
    assert len(queues.calls) == 1


@pytest.mark.parametrize("signature", ["", "nonsense", "L/OH5YylLD5NRKLltdqwSvS0BnU=", "é"])
def test_a_wrong_signature_is_refused_in_words_and_keeps_nothing(
    post: Post, world: World, signature: str
) -> None:
    answer = post(MESSAGE, signature=signature.encode("latin-1").decode("latin-1"), **TEXT)
    assert answer.status_code == 403
    assert "PUBLIC_URL" in answer.text
    assert kept(world) == []


def test_an_odd_address_is_checked_as_it_was_sent(client: FlaskClient, post: Post, world: World) -> None:
    assert post(f"{MESSAGE}?a=%C3%A9&e=%7Eq&f=%3Ctag%3E&g=a%2Fb", **TEXT).status_code == 200


def test_a_parameter_given_twice_is_signed_twice(client: FlaskClient, settings: Settings) -> None:
    params = MultiDict([*TEXT.items(), ("Label", "b"), ("Label", "a")])
    url = settings.public_url + MESSAGE
    signed = RequestValidator(settings.twilio_auth_tokens[0]).compute_signature(url, params)
    answer = client.post(
        MESSAGE, data=params, headers={"X-Twilio-Signature": signed}, environ_overrides={"RAW_URI": MESSAGE}
    )
    assert answer.status_code == 200


def test_an_empty_or_enormous_request_is_told_what_is_wrong(post: Post) -> None:
    assert post(MESSAGE).status_code == 400
    assert post(MESSAGE, **{**TEXT, "Body": "x" * 70_000}).status_code == 413


def test_a_get_is_no_text(client: FlaskClient) -> None:
    assert client.get(MESSAGE).status_code == 405


def test_without_a_database_the_carrier_is_told_to_come_again(post: Post, engine: Engine, app: Flask) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE inbound_event")
    answer = post(MESSAGE, **TEXT)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


def outgoing(world: World) -> Message:
    with begin(world.sessions) as session:
        return queue_text(
            session,
            patient=None,
            site=session.get_one(Site, world.site_id),
            number=MARTHA,
            body="Hello",
            purpose=Purpose.REPLY,
            now=world.clock.now(),
            business_key="k",
        )


@pytest.mark.parametrize(
    "order", [("sent", "delivered"), ("delivered", "sent"), ("delivered", "sent", "queued")]
)
def test_receipts_in_any_order_end_at_delivered(post: Post, world: World, order: tuple[str, ...]) -> None:
    message = outgoing(world)
    for status in order:
        answer = post(f"{STATUS}?ref={message.id.hex}", MessageSid="SM" + "2" * 32, MessageStatus=status)
        assert answer.status_code == 200
    found = world.all(Message)[0]
    assert (found.status, found.carrier_sid) == (MessageStatus.DELIVERED, "SM" + "2" * 32)


def test_a_receipt_for_nothing_we_know_is_kept(post: Post, world: World) -> None:
    assert post(f"{STATUS}?ref=zzz", MessageSid="SM" + "3" * 32, MessageStatus="sent").status_code == 200
    with begin(world.sessions) as session:
        assert session.scalar(select(func.count()).select_from(Receipt)) == 1


def test_a_failed_text_keeps_its_code_for_the_person_who_follows_up(post: Post, world: World) -> None:
    message = outgoing(world)
    ref = f"{STATUS}?ref={message.id.hex}"
    post(ref, MessageSid="SM" + "4" * 32, MessageStatus="undelivered", ErrorCode="30003")
    world.clock.advance(timedelta(seconds=1))
    post(ref, MessageSid="SM" + "4" * 32, MessageStatus="sent")
    found = world.all(Message)[0]
    assert (found.status, found.error_code) == (MessageStatus.UNDELIVERED, "30003")
