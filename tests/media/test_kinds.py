"""What a file is, by its bytes; and that what was announced may only agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.media.kinds import EXTENSIONS, INLINE, noun, recognise
from tests.support.pictures import CARD, PDF, SAMPLE, SVG, png, wav

BOXED = b"\0\0\0\x18ftyp%s\0\0\0\0"
KNOWN = [
    (SAMPLE, "image/jpeg", "image/jpeg"),
    (png(), "image/png", "image/png"),
    (b"GIF89a\1\0\1\0", "image/gif", "image/gif"),
    (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp", "image/webp"),
    (BOXED % b"heic", "image/heic", "image/heic"),
    (BOXED % b"mif1", "image/heif", "image/heic"),
    (BOXED % b"mp42", "video/mp4", "video/mp4"),
    (BOXED % b"mp42", "audio/mp4", "audio/mp4"),
    (BOXED % b"3gp4", "video/3gpp", "video/3gpp"),
    (BOXED % b"3gp4", "audio/3gpp", "audio/3gpp"),
    (BOXED % b"M4A ", "audio/x-m4a", "audio/mp4"),
    (BOXED % b"qt  ", "video/quicktime", "video/quicktime"),
    (b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x82\x84webm", "video/webm", "video/webm"),
    (b"ID3\4\0", "audio/mpeg", "audio/mpeg"),
    (b"#!AMR\n\x3c", "audio/amr", "audio/amr"),
    (b"OggS\0\2" + bytes(22) + b"\1\x13OpusHead", "audio/ogg; codecs=opus", "audio/ogg"),
    (wav(), "audio/x-wav", "audio/wav"),
    (PDF, "application/pdf", "application/pdf"),
    (b"\xef\xbb\xbf" + CARD, "text/x-vcard", "text/vcard"),
    (CARD, "text/directory", "text/vcard"),
]


@pytest.mark.parametrize(("data", "told", "content_type"), KNOWN)
def test_every_kind_on_the_list_is_known_by_its_bytes(data: bytes, told: str, content_type: str) -> None:
    for announced in (told, told.upper(), "", "application/octet-stream"):
        found = recognise(data, told, announced)
        assert found is not None
        assert found.content_type == content_type
    assert content_type in EXTENSIONS


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (SVG, "image/svg+xml"),
        (SVG, "image/png"),
        (b"<!doctype html><script>", "image/jpeg"),
        (b"<html>", "text/html"),
        (b"MZ\x90\0", "application/octet-stream"),
        (
            b"PK\3\4word/document.xml",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (b"", "image/jpeg"),
        (b"hello", "text/plain"),
        (BOXED % b"avif", "image/avif"),
        (b"RIFF\0\0\0\0AVI ", "video/avi"),
    ],
)
def test_everything_else_is_not_taken(data: bytes, told: str) -> None:
    assert recognise(data, told) is None


@pytest.mark.parametrize(
    ("data", "told"),
    [(PDF, "image/jpeg"), (SAMPLE, "application/pdf"), (CARD, "image/png"), (png(), "video/mp4")],
)
def test_a_disguise_is_not_taken_whoever_announced_it(data: bytes, told: str) -> None:
    assert recognise(data, told) is None
    assert recognise(data, "", told) is None


def test_one_picture_format_for_another_is_what_its_bytes_are() -> None:
    found = recognise(png(), "image/jpeg")
    assert found is not None
    assert found.content_type == "image/png"


@given(st.binary(max_size=80), st.sampled_from(["", "image/jpeg", "audio/amr", "text/vcard"]))
def test_whatever_is_taken_has_a_name_and_only_harmless_pictures_are_shown(data: bytes, told: str) -> None:
    found = recognise(data, told)
    if found is not None:
        assert found.content_type in EXTENSIONS
    assert not {"image/svg+xml", "text/html", "application/pdf", "image/heic"} & INLINE


def test_words() -> None:
    assert [
        noun(told) for told in ("image/png", "pdf", "audio/amr", "text/x-vcard", "application/zip", "")
    ] == [
        "picture",
        "PDF",
        "voice note or sound",
        "contact card",
        "file",
        "file",
    ]
