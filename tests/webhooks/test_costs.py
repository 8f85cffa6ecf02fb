"""What one webhook may ask of the database: the ceilings behind its budget."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select, text

from app.inbound.models import InboundEvent
from app.outbox.models import Message, MessageStatus, Receipt
from app.store import begin, single
from tests.support.queues import Remembered
from tests.support.world import MARTHA, OURS, World
from tests.webhooks.conftest import Post
from tests.webhooks.test_messages import outgoing

TEXT = {"MessageSid": "SM" + "2" * 32, "From": MARTHA, "To": OURS, "Body": "yes", "NumMedia": "0"}


@contextmanager
def told(engine: Engine) -> Iterator[list[str]]:
    """Everything that goes over to the database: statements by their verb, transactions begun outside the driver."""
    asked: list[str] = []

    def statement(_connection: Any, _cursor: Any, words: str, *_: Any) -> None:
        asked.append(words.split(None, 1)[0])

    event.listen(engine, "before_cursor_execute", statement)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", statement)


def test_a_text_is_one_statement_and_one_job(
    post: Post, engine: Engine, world: World, queues: Remembered
) -> None:
    post("/webhooks/twilio/message", **TEXT)
    with told(engine) as asked:
        assert post("/webhooks/twilio/message", **{**TEXT, "MessageSid": "SM3"}).status_code == 200
    assert asked == (["INSERT"] if engine.dialect.name == "postgresql" else ["BEGIN", "INSERT"])
    assert len(queues.calls) == 2


def test_a_receipt_is_two_statements_and_nothing_is_read(post: Post, engine: Engine, world: World) -> None:
    sent = outgoing(world)
    status = {"MessageSid": "SM9", "MessageStatus": "delivered", "From": OURS, "To": MARTHA}
    post(f"/webhooks/twilio/message-status?ref={sent.id.hex}", **{**status, "MessageStatus": "sent"})
    with told(engine) as asked:
        assert post(f"/webhooks/twilio/message-status?ref={sent.id.hex}", **status).status_code == 200
    assert [verb for verb in asked if verb != "BEGIN"] == ["UPDATE", "INSERT"]
    with begin(world.sessions) as session:
        assert session.get_one(Message, sent.id).status is MessageStatus.DELIVERED
        receipts = session.scalars(select(Receipt).order_by(Receipt.id)).all()
        assert [(one.message_id, one.applied, one.params["MessageStatus"]) for one in receipts] == [
            (sent.id, True, "sent"),
            (sent.id, True, "delivered"),
        ]


def test_after_a_single_statement_a_transaction_is_one_again(post: Post, world: World) -> None:
    post("/webhooks/twilio/message", **TEXT)
    with single(world.sessions) as connection:
        assert connection.execute(text("SELECT count(*) FROM inbound_event")).scalar() == 1
    with suppress(RuntimeError), begin(world.sessions) as session:
        session.connection().execute(text("DELETE FROM inbound_event"))
        raise RuntimeError
    with begin(world.sessions) as session:
        assert session.scalar(select(func.count()).select_from(InboundEvent)) == 1


def test_a_connection_that_is_cut_harms_no_later_text(post: Post, engine: Engine, world: World) -> None:
    if engine.dialect.name != "postgresql":
        return
    assert post("/webhooks/twilio/message", **TEXT).status_code == 200
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                " AND datname = current_database()"
            )
        )
    answers = [post("/webhooks/twilio/message", **{**TEXT, "MessageSid": f"SM{n}"}) for n in range(6)]
    assert {answer.status_code for answer in answers} <= {200, 503}
    assert [answer.status_code for answer in answers[-2:]] == [200, 200]
    kept = len([answer for answer in answers if answer.status_code == 200])
    with begin(world.sessions) as session:
        assert session.scalar(select(func.count()).select_from(InboundEvent)) == 1 + kept


def test_carriers_and_other_systems_get_no_cookie(client: FlaskClient, post: Post) -> None:
    assert "Set-Cookie" not in post("/webhooks/twilio/message", **TEXT).headers
    assert "Vary" not in client.get("/healthz").headers
    assert "Set-Cookie" in client.get("/sign-in").headers
