"""HL7 v2 files and messages: taking a file apart, and reading fields without ever failing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import hl7

from app.ehr.records import RowError

_LINE = re.compile(r"\r\n|\r|\n")
_HEADER = re.compile(r"^MSH[^A-Za-z0-9\s]")
_SEGMENT = re.compile(r"^[A-Z][A-Z0-9]{2}([^A-Za-z0-9\s]|$)")
_ENVELOPE = re.compile(r"^(FHS|BHS|BTS|FTS)([^A-Za-z0-9\s]|$)")
_MLLP = dict.fromkeys(map(ord, "\x0b\x1c"), "\n")


@dataclass(frozen=True, slots=True)
class RawMessage:
    """One message of a file: its segments with carriage returns between them, and where it began."""

    text: str
    number: int
    line: int

    @property
    def where(self) -> str:
        """How a person finds the message."""
        return f"message {self.number} (line {self.line})"


def messages(text: str) -> Iterator[RawMessage]:
    """The messages of a file: any line ends, blank lines, MLLP framing, batch envelopes.

    A line that is no segment continues the one before it (a note with a line break in it).
    """
    lines: list[str] = []
    number, started = 0, 1
    for place, line in enumerate(_LINE.split(text.translate(_MLLP)), start=1):
        line = line.strip("\ufeff \t\0")
        if not line or _ENVELOPE.match(line):
            continue
        if _HEADER.match(line):
            if lines:
                number += 1
                yield RawMessage("\r".join(lines), number, started)
            lines, started = [line], place
        elif _SEGMENT.match(line) or not lines:
            lines.append(line)
        else:
            lines[-1] += f" {line}"
    if lines:
        yield RawMessage("\r".join(lines), number + 1, started)


class Segment:
    """One segment of a message; every reader answers the empty text where there is nothing."""

    def __init__(self, message: hl7.Message, segment: hl7.Segment) -> None:
        self._message, self._segment = message, segment

    @property
    def name(self) -> str:
        """Its three letters."""
        return str(self._segment[0])

    def repeats(self, field: int) -> int:
        """How many repetitions a field has; 0 when it is not there or empty."""
        if field >= len(self._segment) or not str(self._segment[field]):
            return 0
        return len(self._segment[field])

    def get(self, field: int, component: int = 1, repeat: int = 1, sub: int = 1) -> str:
        """One subcomponent without its escapes and the spaces around it; `""` (HL7's delete) is nothing."""
        if repeat > self.repeats(field):
            return ""
        try:
            value = self._segment.extract_field(1, field, repeat, component, sub)
        except (LookupError, TypeError, AttributeError):
            return ""
        try:
            value = self._message.unescape(str(value or ""))
        except (ValueError, LookupError):
            value = str(value or "")
        return "" if value == '""' else value.strip()

    def whole(self, field: int) -> str:
        """A field as it stands, separators included."""
        return str(self._segment[field]) if field < len(self._segment) else ""


class Message:
    """A parsed message: its type, and its segments in order."""

    def __init__(self, raw: RawMessage) -> None:
        try:
            self._parsed = hl7.parse(raw.text)
        except (hl7.HL7Exception, LookupError, ValueError, AssertionError) as error:
            raise RowError("This is not an HL7 version 2 message: it cannot be taken apart.") from error
        if not _HEADER.match(raw.text) or len(raw.text) < 8:
            raise RowError("This is not an HL7 version 2 message: it does not begin with MSH.")
        self.raw = raw
        self.segments = tuple(
            Segment(self._parsed, segment) for segment in self._parsed if str(segment[0]).strip()
        )

    @property
    def header(self) -> Segment:
        """Its MSH."""
        return self.segments[0]

    @property
    def kind(self) -> str:
        """What it tells (ADT, SIU, ...)."""
        return self.header.get(9, 1).upper()

    @property
    def event(self) -> str:
        """The trigger event (A03, S12, ...) of MSH-9, or where that is missing of EVN-1.

        MSH decides: real senders leave a wrong event in EVN.
        """
        return (self.header.get(9, 2) or self.value("EVN", 1)).upper()

    @property
    def control_id(self) -> str:
        """The sender's number of the message (MSH-10)."""
        return self.header.get(10)

    def first(self, name: str) -> Segment | None:
        """The first segment of a name."""
        return next(iter(self.all(name)), None)

    def all(self, name: str) -> list[Segment]:
        """Every segment of a name, in order."""
        return [segment for segment in self.segments if segment.name == name]

    def value(self, name: str, field: int, component: int = 1) -> str:
        """A value of the first segment of a name, or the empty text."""
        segment = self.first(name)
        return segment.get(field, component) if segment else ""
