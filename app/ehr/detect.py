"""What a file is, by its content: encoding, line ends, and which reader it is for."""

import codecs
import json
import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Which reader a file is for; UNKNOWN comes with a reason."""

    CSV = "csv"
    FHIR = "fhir"
    NDJSON = "ndjson"
    HL7 = "hl7"
    EMPTY = "empty"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Detected:
    """A file's kind and text (line ends as they were); `reason` says why an UNKNOWN one cannot be taken."""

    kind: Kind
    text: str
    encoding: str
    reason: str = ""


_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAVE_AS = "In Excel choose Save As, CSV UTF-8, and import that."
_BINARY = (
    (b"PK\x03\x04", f"This is an Excel workbook or a zip file. {_SAVE_AS}"),
    (b"\xd0\xcf\x11\xe0", f"This is an old Excel or Word file. {_SAVE_AS}"),
    (b"%PDF", "This is a PDF. Ask for the same list as CSV, FHIR or HL7."),
    (b"\x1f\x8b", "This file is compressed (gzip). Unpack it first."),
    (b"\x89PNG", "This is a picture."),
    (b"\xff\xd8\xff", "This is a picture."),
)
_SEARCHED_LINES = 20
_SEGMENT = re.compile(r"^[\x0b\s]*(MSH|FHS|BHS)[^A-Za-z0-9\s]", re.ASCII)


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file and the encoding it was read in; never raises.

    A byte order mark decides; else UTF-8, else UTF-16 by its zero bytes, else Windows-1252.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace"), encoding
    head = data[:2000]
    if len(head) > 3 and b"\0" in head:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if max(even, odd) > len(head) // 5:
            encoding = "utf-16-be" if even > odd else "utf-16-le"
            return data.decode(encoding, errors="replace"), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), "cp1252"


def _is_json(text: str) -> Kind | None:
    if _whole(text):
        return Kind.FHIR
    lines = [line for line in text.splitlines()[:_SEARCHED_LINES] if line.strip().startswith("{")]
    return Kind.NDJSON if any(_whole(line) for line in lines) else None


def _whole(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _kind(text: str) -> tuple[Kind, str]:
    head = text.lstrip("\x0b\x1c\ufeff \t\r\n")
    if not head:
        return Kind.EMPTY, "The file is empty."
    if _SEGMENT.match(head):
        return Kind.HL7, ""
    if head[0] in "{[":
        kind = _is_json(head)
        return (kind, "") if kind else (Kind.UNKNOWN, "This looks like JSON but is cut off or damaged.")
    if head[0] == "<":
        return Kind.UNKNOWN, "This is XML or a web page. Ask for FHIR as JSON, HL7 version 2 or CSV."
    first = head.splitlines()[0]
    if any(mark in first for mark in ",;\t|"):
        return Kind.CSV, ""
    return _later_lines(head)


def _later_lines(text: str) -> tuple[Kind, str]:
    lines = text.splitlines()[:_SEARCHED_LINES]
    if any(_SEGMENT.match(line) for line in lines):
        return Kind.HL7, ""
    if sum(1 for line in lines if re.search(r"[^,;\t|]+[,;\t|][^,;\t|]", line)) >= max(2, len(lines) // 2):
        return Kind.CSV, ""
    return Kind.UNKNOWN, "This is not a table (CSV), FHIR (JSON) or HL7 version 2 file that we can recognise."


def detect(data: bytes) -> Detected:
    """What this file is, by its content and never by its name; never raises."""
    if not data.strip():
        return Detected(Kind.EMPTY, "", "utf-8", "The file is empty.")
    for mark, reason in _BINARY:
        if data.startswith(mark):
            return Detected(Kind.UNKNOWN, "", "binary", reason)
    text, encoding = decode(data)
    kind, reason = _kind(text)
    return Detected(kind, text.lstrip("\ufeff"), encoding, reason)
