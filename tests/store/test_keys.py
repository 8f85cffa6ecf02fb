"""Sealed columns: only with their key, only in their column; looked up blind; sealed again when a key is retired."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text

from app.inbound.models import InboundEvent
from app.patients.models import Patient, Site
from app.store import Keyring, Sessions, begin, make_engine, make_sessions
from app.store.keys import SealError
from app.store.reseal import reseal, sealed_otherwise, sealed_tables

OLD, NEW = ("old", b"o" * 32), ("new", b"n" * 32)


@given(st.text(), st.sampled_from(["patient.given_name", "message.body"]))
def test_what_is_sealed_opens_in_its_column_only(value: str, column: str) -> None:
    ring = Keyring([OLD], b"index")
    raw = value.encode("utf-8", "surrogatepass")
    sealed = ring.seal(column, raw)
    assert ring.open(column, sealed) == raw
    with pytest.raises(SealError, match="changed or moved"):
        ring.open("other.column", sealed)


def test_a_key_that_is_not_there_is_named_as_the_problem() -> None:
    sealed = Keyring([OLD], b"index").seal("a.b", b"x")
    with pytest.raises(SealError, match="ENCRYPTION_KEYS"):
        Keyring([NEW], b"index").open("a.b", sealed)


def test_an_index_is_the_same_whatever_key_seals() -> None:
    assert Keyring([OLD], b"i").blind("phone", "+1") == Keyring([NEW, OLD], b"i").blind("phone", "+1")
    assert Keyring([OLD], b"i").blind("phone", "+1") != Keyring([OLD], b"i").blind("name", "+1")


def patient(sessions: Sessions, now: datetime) -> UUID:
    with begin(sessions) as session:
        site = Site(key="s", name="Site", phone="1", time_zone="America/Chicago")
        session.add(site)
        session.flush()
        row = Patient(
            site_id=site.id,
            given_name="Martha",
            family_name="Ellison",
            name_index="",
            birth_date="1948-03-14",
            created_at=now,
            updated_at=now,
        )
        session.add(row)
        session.add(
            InboundEvent(
                kind="text", dedupe="SM1", number_index="", params={"Body": "héllo"}, received_at=now
            )
        )
        session.flush()
        return row.id


@pytest.fixture
def with_keys(database_url: str) -> Iterator[Callable[..., Sessions]]:
    """Sessions on the test's database with these keys, the current one first."""
    engines: list[Engine] = []

    def build(*keys: tuple[str, bytes]) -> Sessions:
        engines.append(make_engine(database_url, Keyring(keys, b"index")))
        return make_sessions(engines[-1])

    yield build
    for engine in engines:
        engine.dispose()


def test_names_are_not_readable_in_the_database(with_keys: Callable[..., Sessions], now: datetime) -> None:
    sessions = with_keys(OLD)
    patient(sessions, now)
    with begin(sessions) as session:
        raw = bytes(session.scalar(text("SELECT given_name FROM patient")))
    assert b"Martha" not in raw


def test_a_retired_key_can_be_taken_out_after_sealing_again(
    with_keys: Callable[..., Sessions], now: datetime
) -> None:
    found = patient(with_keys(OLD), now)
    changed = reseal(with_keys(NEW, OLD))
    assert (changed["patient"], changed["inbound_event"]) == (1, 1)
    assert sum(reseal(with_keys(NEW, OLD)).values()) == 0
    with begin(with_keys(NEW)) as session:
        row = session.get_one(Patient, found)
        assert (row.given_name, row.family_name, row.birth_date) == ("Martha", "Ellison", "1948-03-14")
        assert session.scalars(select(InboundEvent)).one().params == {"Body": "héllo"}


def test_what_is_still_sealed_with_another_key_is_counted(
    with_keys: Callable[..., Sessions], now: datetime
) -> None:
    """As when a process that was not started again writes behind the sealing."""
    sessions = with_keys(NEW, OLD)
    assert sealed_otherwise(sessions) == {}
    patient(with_keys(OLD, NEW), now)
    assert sealed_otherwise(sessions) == {"patient": 1, "inbound_event": 1}
    reseal(sessions)
    assert sealed_otherwise(sessions) == {}
    assert sealed_otherwise(with_keys(OLD, NEW)) == {"patient": 1, "inbound_event": 1}


def test_every_table_with_sealed_columns_is_sealed_again() -> None:
    names = {table.name for table in sealed_tables()}
    assert {
        "patient",
        "contact_point",
        "message",
        "conversation",
        "flag",
        "inbound_event",
        "import_row",
    } <= names
