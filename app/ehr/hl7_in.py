"""HL7 v2 in: admissions, discharges, updates and merges (ADT), appointments (SIU), from any v2.1 to v2.8."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from app.ehr.detect import decode
from app.ehr.hl7_message import Message, RawMessage, messages
from app.ehr.hl7_patient import merges, patient
from app.ehr.hl7_visits import appointment, encounter
from app.ehr.records import Parsed, PatientRecord, Quarantined, Record, RowError, RowSkip, Skipped

VISITS = ("A01", "A03", "A04", "A08", "A11", "A13")
PEOPLE = ("A28", "A31")
MERGES = ("A34", "A40")
APPOINTMENTS = ("S12", "S13", "S14", "S15", "S16", "S17", "S26")
_RAW_LIMIT = 20_000
_KNOWN = {
    "ORU": "a result", "REF": "a referral", "MDM": "a document", "ORM": "an order", "DFT": "a charge",
    "VXU": "a vaccination", "ACK": "an acknowledgement", "BAR": "a bill", "MFN": "a list of codes",
}  # fmt: skip


def _patient(message: Message, source: str, zone: ZoneInfo) -> PatientRecord:
    segment = message.first("PID")
    if segment is None:
        raise RowError("The message names no patient (there is no PID segment).")
    return patient(message, segment, source, zone)


def records_of(message: Message, source: str, zone: ZoneInfo) -> Iterator[Record]:
    """What one message tells; RowSkip when it is a kind that is not used, RowError when it is not usable."""
    event = message.event
    if message.kind == "ADT" and event in MERGES:
        yield from merges(message, source, zone)
    elif message.kind == "ADT" and event in (*VISITS, *PEOPLE):
        person = _patient(message, source, zone)
        yield person
        stay = encounter(message, person, source, zone) if event in VISITS else None
        if stay:
            yield stay
    elif message.kind == "SIU" and event in APPOINTMENTS:
        person = _patient(message, source, zone)
        yield person
        yield appointment(message, person, source, zone)
    elif not message.kind:
        raise RowError("The message does not say what it is (MSH-9 is empty).")
    else:
        told = _KNOWN.get(message.kind)
        raise RowSkip(f"{message.kind}^{event}{f' is {told} and' if told else ''} is not used for follow-up.")


def parse_message(raw: RawMessage, *, source: str, default_zone: ZoneInfo) -> Iterator[Parsed]:
    """One message as records, or quarantined or skipped with the reason; never raises."""
    try:
        yield from tuple(records_of(Message(raw), source, default_zone))
    except RowSkip as skip:
        yield Skipped(str(skip), raw.text[:_RAW_LIMIT], raw.where)
    except RowError as error:
        yield Quarantined(str(error), raw.text[:_RAW_LIMIT], raw.where)


def parse(data: bytes, *, source: str, default_zone: ZoneInfo) -> Iterator[Parsed]:
    """Every message of an HL7 v2 file, in its order, as records, or quarantined or skipped; never raises.

    Takes LF, CR or CRLF, byte order marks, blank lines, MLLP framing and batch envelopes. Times without an
    offset are wall times in `default_zone`.
    """
    for raw in messages(decode(data)[0]):
        yield from parse_message(raw, source=source, default_zone=default_zone)
