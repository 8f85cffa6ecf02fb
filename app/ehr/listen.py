"""HL7 v2 over MLLP: every message is stored before it is acknowledged; a sender repeats what was not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog

from app.clock import Clock
from app.conversations.kit import Kit
from app.ehr.ack import AckCode, ack_code, acknowledge
from app.ehr.detect import Kind, decode
from app.ehr.hl7_message import RawMessage, messages
from app.ehr.run import Sender, take_in
from app.store import Sessions

START, END = b"\x0b", b"\x1c"
MOST_BYTES = 4 * 1024 * 1024
Answer = Callable[[bytes], bytes]
_log = structlog.get_logger("careloop.mllp")


def receiver(sessions: Sessions, kit: Kit, sender: Sender, clock: Clock) -> Answer:
    """A function that takes one frame's bytes in and gives its ACK; it raises when nothing could be stored."""

    def answer(data: bytes) -> bytes:
        now = clock.now()
        raw = next(messages(decode(data)[0]), RawMessage("", 1, 1))
        (report,) = take_in(sessions, kit, sender, [(raw.where, data)], now=now)
        if report.format != Kind.HL7:
            return acknowledge(raw, AckCode.REJECT, "This is no HL7 version 2 message.", now=now)
        code, words = ack_code(report.lines)
        return acknowledge(raw, code, words, now=now)

    return answer


async def serve(answer: Answer, host: str, port: int) -> asyncio.Server:
    """Listen; each connection's messages are answered one after the other, in their order.

    Where a message cannot be stored the connection is closed without an answer, so that its sender repeats it.
    """

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _talk(reader, writer, answer)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError) as end:
            _log.info("mllp_connection_ended", problem=type(end).__name__)
        except Exception as error:  # the next connection must find us listening
            _log.error("mllp_message_not_stored", problem=type(error).__name__)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    return await asyncio.start_server(connected, host, port, limit=MOST_BYTES)


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Answer) -> None:
    # The hl7 package's own reader refuses a frame after a stray line end, which real senders put between two.
    while frame := await _frame(reader):
        reply = await asyncio.to_thread(answer, frame)
        writer.write(START + reply + END + b"\r")
        await writer.drain()


async def _frame(reader: asyncio.StreamReader) -> bytes:
    """The next frame's content, or nothing when the sender has hung up between two."""
    try:
        read = await reader.readuntil(END)
    except asyncio.IncompleteReadError as end:
        if end.partial.strip():
            raise
        return b""
    return read[: -len(END)].rpartition(START)[2] or b"\r"
