"""Small files of every kind patients send: just enough bytes to be what they are."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from pathlib import Path
from typing import Any

SAMPLE = (Path(__file__).parents[2] / "app/sandbox/static/sample-picture.jpg").read_bytes()


def png(width: int = 2, height: int = 2) -> bytes:
    """A white picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def wav(seconds: float = 0.1) -> bytes:
    """Silence."""
    data = b"\x80" * int(8000 * seconds)
    form = struct.pack("<4sIHHIIHH4sI", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8, b"data", len(data))
    return b"RIFF" + struct.pack("<I", 4 + len(form) + len(data)) + b"WAVE" + form + data


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
CARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Riverside Pharmacy\r\nTEL:+13125550177\r\nEND:VCARD\r\n"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


def sent(data: bytes, content_type: str = "image/jpeg") -> dict[str, Any]:
    """An attachment as the sandbox's API takes it."""
    return {"content_type": content_type, "data": b64encode(data).decode()}
