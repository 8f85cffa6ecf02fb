"""HL7 v2 over MLLP, with a real socket."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.clock import FixedClock
from app.conversations.kit import Kit
from app.ehr.demo import demo_file
from app.ehr.hl7_message import messages
from app.ehr.listen import Answer, receiver, serve
from app.ehr.run import Sender
from app.patients.models import Site
from app.store import Sessions

SENT = [found.text.encode() for found in messages(demo_file("hospital-discharges.hl7").decode())]


@pytest.fixture
def answer(sessions: Sessions, kit: Kit, site: Site, clock: FixedClock) -> Answer:
    return receiver(sessions, kit, Sender("hospital", site.id, actor="mllp"), clock)


def talk(answer: Answer, data: bytes, answers: int) -> list[bytes]:
    """Everything is sent at once; as many answers as are wanted are read, then it hangs up."""

    async def both() -> list[bytes]:
        server = await serve(answer, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(data)
        try:
            return [(await reader.readuntil(b"\x1c\r"))[1:-2] for _ in range(answers)]
        finally:
            writer.close()
            await writer.wait_closed()
            server.close()
            await server.wait_closed()

    return asyncio.run(both())


def framed(*sent: bytes) -> bytes:
    return b"".join(b"\x0b" + one + b"\r\x1c\r\n" for one in sent)


def code(ack: bytes) -> tuple[str, str]:
    fields = ack.decode().split("\r")[1].split("|")
    return fields[1], fields[2]


def test_each_message_is_stored_and_answered_in_its_order(answer: Answer, session: Session) -> None:
    acks = talk(answer, framed(*SENT), len(SENT))
    assert [code(ack)[1] for ack in acks] == [f"LGH{number:05d}" for number in range(1, 12)]
    assert [code(ack)[0] for ack in acks] == ["AA"] * 10 + ["AE"]
    assert session.scalar(select(func.count()).select_from(Case)) == 6


def test_a_repeated_message_gets_the_same_answer_and_no_second_case(answer: Answer, session: Session) -> None:
    first, again = talk(answer, framed(SENT[0], SENT[0]), 2)
    assert code(first) == code(again) == ("AA", "LGH00001")
    assert session.scalar(select(func.count()).select_from(Case)) == 1


def test_what_is_no_message_is_refused_and_the_next_one_is_taken(answer: Answer) -> None:
    acks = talk(answer, b"\x0bhello\x1c\r\x0b\x1c\r" + framed(SENT[1]), 3)
    assert [code(ack)[0] for ack in acks] == ["AR", "AR", "AA"]


def test_what_cannot_be_stored_is_not_answered(answer: Answer) -> None:
    def broken(data: bytes) -> bytes:
        raise OSError("the database is away")

    with pytest.raises(asyncio.IncompleteReadError):
        talk(broken, framed(SENT[0]), 1)
