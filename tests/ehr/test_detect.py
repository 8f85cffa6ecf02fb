"""What a file is, by its content."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ehr.detect import Kind, detect
from app.ehr.records import Quarantined, Skipped
from tests.ehr.support import read

MESSAGE = "MSH|^~\\&|A|B|C|D|20261101||ADT^A03|1|P|2.5\r"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", Kind.EMPTY), (b" \r\n\t ", Kind.EMPTY), (b"\xef\xbb\xbf", Kind.EMPTY),
        (MESSAGE.encode(), Kind.HL7), (b"\xef\xbb\xbf" + MESSAGE.encode(), Kind.HL7),
        (b"\x0b" + MESSAGE.encode() + b"\x1c\r", Kind.HL7), (("\n\n" + MESSAGE).encode("utf-16"), Kind.HL7),
        (b"FHS|^~\\&|A\rBHS|^~\\&|A\r" + MESSAGE.encode(), Kind.HL7), (b"MSH#^~\\&#A", Kind.HL7),
        (b'{"resourceType":"Patient"}', Kind.FHIR), (b'[{"resourceType":"Patient"}]', Kind.FHIR),
        (b'{"resourceType":"Patient"}\n{"resourceType":"Slot"}\n', Kind.NDJSON),
        (b"MRN,Name\n1,Ana\n", Kind.CSV), (b"Title\nMRN,Name\n1,Ana\n2,Eva\n", Kind.CSV),
        (b"PK\x03\x04rest", Kind.UNKNOWN), (b"%PDF-1.7", Kind.UNKNOWN),
        (b"<ClinicalDocument/>", Kind.UNKNOWN),
        (b'{"resourceType":', Kind.UNKNOWN), (b"Dear colleague", Kind.UNKNOWN),
        (b"\x89PNG\r\n", Kind.UNKNOWN),
    ],
)  # fmt: skip
def test_kinds(data: bytes, kind: Kind) -> None:
    found = detect(data)
    assert found.kind is kind
    assert bool(found.reason) == (kind in (Kind.UNKNOWN, Kind.EMPTY))


@given(st.binary(max_size=300))
def test_no_bytes_ever_raise_or_disappear(data: bytes) -> None:
    assert read(data)


@given(st.text(alphabet="MSHPID|^~\\&,;\"'\r\n{}[]:0129/-.ADTA03 \t\x0b\x1c", max_size=200))
def test_no_text_ever_raises(text: str) -> None:
    for head in ("", MESSAGE, "MRN,Name,DOB,Date,Time\n", '{"resourceType":"Patient"}\n'):
        for row in read(head + text):
            assert row.where
            assert not isinstance(row, Quarantined | Skipped) or row.reason
