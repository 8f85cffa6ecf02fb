"""Claiming, handing back, documenting and closing."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.closing import close_by_bot, withdraw
from app.cases.flags import flags_of, raise_flag
from app.cases.models import Barrier, Case, Note, Promise
from app.cases.notes import NoteForm, NoteRefused, vague
from app.cases.work import (
    acknowledge,
    claim,
    close,
    keep_promise,
    open_barrier,
    reassign,
    reclassify,
    release,
    reopen,
    resolve_barrier,
    seen,
    snooze,
    write_note,
)
from app.errors import Conflict, Invalid, NotFound
from app.security.models import Staff
from app.store import new_id

NEXT = "Call her after the pharmacy has answered"


def form(now: datetime, **changed: object) -> NoteForm:
    """A note that says enough."""
    fields: dict[str, object] = {
        "outcome": "spoke_with_patient",
        "barrier": "none",
        "understanding": "teach_back",
        "next_action": NEXT,
        "next_owner": "Ana Marin",
        "next_due": now + timedelta(days=1),
    }
    return NoteForm(**{**fields, **changed})  # type: ignore[arg-type]  # one field is changed by its name


def test_the_first_to_claim_has_it_and_the_second_is_told_who(
    session: Session, case: Case, ana: Staff, ben: Staff, now: datetime
) -> None:
    claim(session, case.id, ana, now + timedelta(hours=1, minutes=32))
    with pytest.raises(Conflict) as refused:
        claim(session, case.id, ben, now + timedelta(hours=2))
    assert refused.value.words == "Ana has this since 10:32."


def test_claiming_twice_changes_nothing(session: Session, case: Case, ana: Staff, now: datetime) -> None:
    claim(session, case.id, ana, now)
    claim(session, case.id, ana, now + timedelta(minutes=1))
    assert case.claimed_at == now


def test_claiming_acknowledges_flags_but_not_an_emergency(
    session: Session, case: Case, ana: Staff, now: datetime
) -> None:
    raise_flag(session, case, urgency=2, because="fever", source="m1", now=now)
    raise_flag(session, case, urgency=3, because="chest pain", source="m2", now=now)
    claim(session, case.id, ana, now)
    session.expire_all()
    assert [(flag.urgency, flag.acknowledged_at is None) for flag in flags_of(session, case.id)] == [
        (3, True),
        (2, False),
    ]
    with pytest.raises(Conflict, match="emergency"):
        release(session, case.id, ana, now)
    assert acknowledge(session, case.id, ana, now) == 1
    release(session, case.id, ana, now)
    assert (case.claimed_by, case.needs_person, case.urgency) == (None, False, 0)


def test_what_is_left_after_an_emergency_is_due_in_its_own_time(
    session: Session, case: Case, ana: Staff, now: datetime
) -> None:
    raise_flag(session, case, urgency=3, because="chest pain", source="m1", now=now)
    claim(session, case.id, ana, now)
    acknowledge(session, case.id, ana, now)
    raise_flag(session, case, urgency=1, because="asks a question", source="m2", now=now)
    release(session, case.id, ana, now)
    assert (case.urgency, case.because, case.due_at > now) == (1, "asks a question", True)


def test_back_in_the_queue_it_keeps_needing_a_person(
    session: Session, case: Case, ana: Staff, now: datetime
) -> None:
    raise_flag(session, case, urgency=2, because="fever", source="m1", now=now)
    claim(session, case.id, ana, now)
    release(session, case.id, ana, now, to_queue=True)
    assert (case.claimed_by, case.needs_person, case.because) == (None, True, "fever")


def test_only_a_manager_takes_a_case_from_somebody(
    session: Session, case: Case, ana: Staff, ben: Staff, now: datetime
) -> None:
    claim(session, case.id, ana, now)
    with pytest.raises(Conflict, match="Ana has this"):
        release(session, case.id, ben, now)
    release(session, case.id, ben, now, force=True)
    assert case.claimed_by is None


def test_a_flag_of_another_case_is_not_acknowledged(
    session: Session, case: Case, ana: Staff, now: datetime
) -> None:
    with pytest.raises(NotFound):
        acknowledge(session, case.id, ana, now, new_id())


@pytest.mark.parametrize("case_id", [UUID(int=0)])
def test_a_case_that_is_not_there(session: Session, ana: Staff, now: datetime, case_id: UUID) -> None:
    with pytest.raises(NotFound):
        claim(session, case_id, ana, now)


def test_a_note_leaves_a_promise_and_a_barrier(
    session: Session, case: Case, ana: Staff, now: datetime
) -> None:
    write_note(session, case.id, ana, now, form(now, barrier="transport"))
    promise = session.scalars(select(Promise)).one()
    assert (promise.who, promise.what, promise.due_at) == ("Ana Marin", NEXT, now + timedelta(days=1))
    barrier = session.scalars(select(Barrier)).one()
    assert (barrier.kind, barrier.resolved_at, case.reached) == ("transport", None, True)
    keep_promise(session, promise.id, ana, now)
    resolve_barrier(session, barrier.id, ana, now)
    assert promise.done_at == now
    assert barrier.resolved_by == ana.id


@pytest.mark.parametrize(
    "words",
    ["", "left voicemail", "Left VM.", "spoke with patient", "Spoke w/ pt", "called patient, left message",
    "LVM x2", "n/a",
     "f/u", "tried to call", "..."],
)  # fmt: skip
def test_words_that_say_nothing_are_refused(
    session: Session, case: Case, ana: Staff, now: datetime, words: str
) -> None:
    assert vague(words)
    with pytest.raises(NoteRefused) as refused:
        write_note(session, case.id, ana, now, form(now, outcome="left_voicemail", next_action=words))
    assert set(refused.value.problems) == {"next_action"}
    assert session.scalars(select(Note)).all() == []


@pytest.mark.parametrize(
    "words", ["Ana calls again on Tuesday", "Patient will call back tomorrow", "fax the referral"]
)
def test_words_that_say_something_are_taken(words: str) -> None:
    assert not vague(words)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"outcome": ""}, "outcome"),
        ({"outcome": "made up"}, "outcome"),
        ({"barrier": ""}, "barrier"),
        ({"understanding": ""}, "understanding"),
        ({"understanding": "not_reached"}, "understanding"),
        ({"next_owner": " "}, "next_owner"),
        ({"next_due": None}, "next_due"),
        ({"nothing_more": True, "words": "spoke with patient"}, "words"),
    ],
)
def test_every_field_of_the_template_is_asked_for(
    session: Session, case: Case, ana: Staff, now: datetime, changed: dict[str, object], field: str
) -> None:
    with pytest.raises(NoteRefused) as refused:
        write_note(session, case.id, ana, now, form(now, **changed))
    assert set(refused.value.problems) == {field}


def test_a_promise_lies_ahead(session: Session, case: Case, ana: Staff, now: datetime) -> None:
    with pytest.raises(NoteRefused, match="passed"):
        write_note(session, case.id, ana, now, form(now, next_due=now))


def test_nothing_more_to_do_needs_a_sentence_and_no_promise(
    session: Session, case: Case, ana: Staff, now: datetime
) -> None:
    words = "She has her medicines and a visit on Friday"
    write_note(
        session, case.id, ana, now, form(now, nothing_more=True, words=words, next_action="", next_due=None)
    )
    assert session.scalars(select(Promise)).all() == []


def test_an_escalation_goes_to_the_nurses(session: Session, case: Case, ana: Staff, now: datetime) -> None:
    claim(session, case.id, ana, now)
    write_note(
        session, case.id, ana, now, form(now, escalate=True, words="Weight up four pounds since Friday")
    )
    flag = flags_of(session, case.id)[0]
    assert (flag.because, flag.words, flag.urgency) == (
        "escalated by Ana Marin",
        "Weight up four pounds since Friday",
        2,
    )
    assert (case.status, flag.climbs) == ("escalated", 2)


def test_somebody_elses_case_is_not_written_in(
    session: Session, case: Case, ana: Staff, ben: Staff, now: datetime
) -> None:
    claim(session, case.id, ana, now)
    with pytest.raises(Conflict, match="Ana has this"):
        write_note(session, case.id, ben, now, form(now))
    with pytest.raises(Conflict, match="Ana has this"):
        close(session, case.id, ben, now, "completed", resolution="All questions answered")


def test_closing_needs_a_reason_of_the_lane(session: Session, case: Case, ana: Staff, now: datetime) -> None:
    with pytest.raises(Invalid, match="reason"):
        close(session, case.id, ana, now, "confirmed", resolution="All questions answered")


def test_closing_needs_a_note_or_a_resolution(
    session: Session, case: Case, ana: Staff, now: datetime
) -> None:
    with pytest.raises(Invalid, match="note"):
        close(session, case.id, ana, now, "completed", resolution="left voicemail")
    write_note(
        session, case.id, ana, now, form(now, nothing_more=True, words="All her questions are answered")
    )
    close(session, case.id, ana, now, "completed")
    assert (case.closed_at, case.close_reason, case.status, case.needs_person) == (
        now,
        "completed",
        "closed",
        False,
    )


def test_all_done_is_not_said_over_an_open_barrier_or_promise(
    session: Session, case: Case, ana: Staff, now: datetime
) -> None:
    write_note(session, case.id, ana, now, form(now, barrier="cost"))
    with pytest.raises(Invalid, match="barrier “Cost”; promise “Call her"):
        close(session, case.id, ana, now, "completed")
    close(session, case.id, ana, now, "unreachable")


def test_closing_waits_for_an_emergency(session: Session, case: Case, ana: Staff, now: datetime) -> None:
    raise_flag(session, case, urgency=3, because="chest pain", source="m1", now=now)
    with pytest.raises(Conflict, match="emergency"):
        close(session, case.id, ana, now, "escalated", resolution="Ambulance has her, told the nurse")


def test_a_closed_case_is_only_opened_again(session: Session, case: Case, ana: Staff, now: datetime) -> None:
    close(session, case.id, ana, now, "completed", resolution="All questions answered")
    with pytest.raises(Conflict, match="closed"):
        claim(session, case.id, ana, now)
    reopen(session, case.id, ana, now, because="daughter called")
    with pytest.raises(Invalid, match="note"):
        close(session, case.id, ana, now + timedelta(minutes=1), "completed")


def test_the_bot_closes_only_what_nobody_has_to_see(session: Session, case: Case, now: datetime) -> None:
    open_barrier(session, case.id, "cost", now)
    assert not close_by_bot(session, case, "completed", now)
    assert case.because is not None
    assert "Cost" in case.because
    assert not withdraw(session, case, "discharge cancelled", now)


def test_the_bot_closes_what_is_done(session: Session, case: Case, now: datetime) -> None:
    assert close_by_bot(session, case, "completed", now)
    assert not close_by_bot(session, case, "completed", now)


def test_a_barrier_is_open_once_and_opens_again(
    session: Session, case: Case, ana: Staff, now: datetime
) -> None:
    first = open_barrier(session, case, "transport", now)
    assert open_barrier(session, case.id, "transport", now).id == first.id
    resolve_barrier(session, first.id, ana, now)
    assert open_barrier(session, case, "transport", now).resolved_at is None
    assert open_barrier(session, case, "no such thing", now).kind == "other"


def test_owner_lane_and_snooze(session: Session, case: Case, ana: Staff, ben: Staff, now: datetime) -> None:
    reassign(session, case.id, ana, now, owner=ben.id)
    assert (case.owner_id, case.backup_id) == (ben.id, None)
    reclassify(session, case.id, ana, now, lane_key="no_show", because="it was the missed visit")
    assert case.lane_key == "no_show"
    with pytest.raises(Invalid, match="ahead"):
        snooze(session, case.id, ana, now, until=now, because="a fax")
    with pytest.raises(NotFound):
        reclassify(session, case.id, ana, now, lane_key="nothing", because="it was the missed visit")
    with pytest.raises(Invalid, match="account"):
        reassign(session, case.id, ana, now, owner=new_id())


def test_reading_forgets_the_unread(session: Session, case: Case) -> None:
    assert not seen(session, case)
    case.unread = 2
    session.flush()
    assert seen(session, case)
    assert case.unread == 0
