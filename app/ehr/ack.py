"""The answer to an HL7 v2 message (chapter 2.9.2, original mode): taken, in error, or refused."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from app.ehr.hl7_message import Message, RawMessage
from app.ehr.intake import Outcome
from app.ehr.records import RowError
from app.ehr.report import Line

USUAL = "|^~\\&"


class AckCode(StrEnum):
    """MSA-1 (HL7 table 0008)."""

    ACCEPT = "AA"
    ERROR = "AE"
    REJECT = "AR"


def ack_code(lines: Iterable[Line]) -> tuple[AckCode, str]:
    """How to answer for what a message became, and why: quarantined is an error, all else is accepted."""
    reason = next((line.reason for line in lines if line.outcome is Outcome.QUARANTINED), "")
    return (AckCode.ERROR, reason) if reason else (AckCode.ACCEPT, "")


def _escaped(words: str, separators: str) -> str:
    escape = separators[3]
    codes = dict(zip(separators, "FSRET", strict=True))
    plain = " ".join(words.split())
    return "".join(f"{escape}{codes[letter]}{escape}" if letter in codes else letter for letter in plain)


def _separators(header: str) -> str:
    """Field, component, repeat, escape and subcomponent separators; the usual ones where MSH is short."""
    told = header[4:].split(header[3], 1)[0]
    return header[3] + (told + USUAL[1 + len(told) :])[:4]


def _refusal(words: str, stamp: str) -> bytes:
    msh = f"MSH|{USUAL[1:]}|||||{stamp}||ACK|{stamp}|P|2.5"
    return f"{msh}\rMSA|{AckCode.REJECT}||{_escaped(words, USUAL)}\r".encode()


def acknowledge(raw: RawMessage, code: AckCode, words: str = "", *, now: datetime) -> bytes:
    """The ACK for a message, without MLLP framing: MSA-2 repeats its MSH-10, MSH-10 is that with `-ACK`.

    `now` is aware UTC. What cannot be taken apart is answered with AR and no control id.
    """
    stamp = now.strftime("%Y%m%d%H%M%S+0000")
    try:
        message = Message(raw)
    except RowError as error:
        return _refusal(str(error), stamp)
    header, separators = message.header, _separators(raw.text)
    field, component = separators[0], separators[1]
    sender, receiver = (header.whole(3), header.whole(4)), (header.whole(5), header.whole(6))
    kind = component.join(("ACK", message.event, "ACK")) if message.event else "ACK"
    top = ("MSH", separators[1:], *receiver, *sender, stamp, "", kind, f"{message.control_id}-ACK")
    msh = field.join((*top, header.whole(11) or "P", header.whole(12) or "2.5"))
    msa = field.join(("MSA", code, message.control_id, _escaped(words, separators))).rstrip(field)
    return f"{msh}\r{msa}\r".encode()
