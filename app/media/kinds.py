"""What a file is, by its own bytes. Pure. What the carrier announced may only agree with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PICTURE, SOUND, VIDEO, PAPER, CARD = "image", "audio", "video", "pdf", "vcard"
INLINE: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
"""Pictures every browser shows, and none of them can carry a script."""
EXTENSIONS: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "audio/mpeg": "mp3",
    "audio/aac": "aac",
    "audio/amr": "amr",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/mp4": "m4a",
    "audio/3gpp": "3gp",
    "audio/webm": "weba",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/3gpp": "3gp",
    "video/webm": "webm",
    "video/ogg": "ogv",
    "application/pdf": "pdf",
    "text/vcard": "vcf",
}
_STARTS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf2", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"\xff\xf9", "audio/aac"),
    (b"#!AMR", "audio/amr"),
    (b"%PDF-", "application/pdf"),
)
_HEIC: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_MP4: Final = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash", b"M4V ", b"MSNV"}
)
_CARDS: Final = frozenset({"text/vcard", "text/x-vcard", "text/directory", "text/plain"})
_SAYS_NOTHING: Final = frozenset({"", "application/octet-stream", "binary/octet-stream"})


@dataclass(frozen=True, slots=True)
class FileKind:
    """A file of a kind we take: `kind` is image, audio, video, pdf or vcard."""

    kind: str
    content_type: str


def recognise(data: bytes, *told: str) -> FileKind | None:
    """What these bytes are, if that is on the list and no announced content type speaks against it; else None."""
    announced = [one for one in map(_plain, told) if one not in _SAYS_NOTHING]
    found = _by_bytes(data, sounds=any(one.startswith("audio/") for one in announced))
    if found is None or not all(_agrees(found, one) for one in announced):
        return None
    return found


def noun(kind: str) -> str:
    """A file of this kind, or announced as this content type, in a word or two."""
    words = {
        PICTURE: "picture",
        SOUND: "voice note or sound",
        VIDEO: "video",
        PAPER: "PDF",
        CARD: "contact card",
    }
    return words.get(_family(_plain(kind)), "file")


def _plain(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _family(content_type: str) -> str:
    if content_type in _CARDS:
        return CARD
    return PAPER if content_type.endswith("/pdf") else content_type.partition("/")[0]


def _agrees(found: FileKind, announced: str) -> bool:
    # One picture format for another is a carrier's carelessness; another family is a disguise.
    return _family(announced) == found.kind


def _by_bytes(data: bytes, *, sounds: bool) -> FileKind | None:
    content_type = _content_type(data, sounds)
    return FileKind(_family(content_type), content_type) if content_type else None


def _content_type(data: bytes, sounds: bool) -> str:
    """The content type; containers that hold either are sound when they were announced as sound."""
    for start, content_type in _STARTS:
        if data.startswith(start):
            return content_type
    either = "audio" if sounds else "video"
    if data[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(data[8:12], "")
    if data[4:8] == b"ftyp":
        return _boxed(data[8:12], either)
    if data.startswith(b"OggS"):
        return "audio/ogg" if sounds or b"vorbis" in data[:64] or b"Opus" in data[:64] else "video/ogg"
    if data.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in data[:64]:
        return f"{either}/webm"
    return "text/vcard" if _is_card(data) else ""


def _boxed(brand: bytes, either: str) -> str:
    if brand in _HEIC:
        return "image/heic"
    if brand.startswith(b"M4A"):
        return "audio/mp4"
    if brand in _MP4:
        return f"{either}/mp4"
    if brand.startswith(b"3g"):
        return f"{either}/3gpp"
    return "video/quicktime" if brand == b"qt  " else ""


def _is_card(data: bytes) -> bool:
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:11].upper()
    return start == b"BEGIN:VCARD" and b"\0" not in data
