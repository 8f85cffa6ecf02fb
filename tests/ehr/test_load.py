"""Records into the store: once, in order, and only what may be followed up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.ehr.demo import NAMES, demo_file
from app.ehr.intake import Outcome
from app.ehr.models import ImportRow, ImportRun
from app.ehr.report import as_text
from app.outreach.models import Attempt, Trigger
from app.patients.identity import known_as
from app.patients.models import ContactPoint, Patient, PatientIdentifier
from app.scheduling.models import Appointment, Slot
from app.store import Base
from tests.ehr.conftest import TakeIn
from tests.ehr.support import FILES

DISCHARGES, APPOINTMENTS, BUNDLE = (demo_file(name) for name in NAMES)


def patient(session: Session, mrn: str) -> Patient:
    (found,) = known_as(session, [("clinic/mrn", mrn)])
    return found


def open_cases(session: Session, mrn: str) -> list[str]:
    query = select(Case.lane_key).where(Case.patient_id == patient(session, mrn).id, Case.closed_at.is_(None))
    return sorted(session.scalars(query))


def everything(session: Session) -> dict[str, int]:
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
        if table.name not in ("import_run", "import_row", "audit_event")
    }


def test_the_hospitals_discharges(take: TakeIn, store: Session) -> None:
    report = take(DISCHARGES)
    for mrn in ("SB-1001", "SB-1007", "SB-1004", "SB-2002", "SB-2003"):
        assert open_cases(store, mrn) == ["discharge"], mrn
    for mrn in ("SB-1010", "SB-2001", "SB-1006"):
        assert open_cases(store, mrn) == [], mrn
    assert patient(store, "SB-2001").status == "deceased"
    assert patient(store, "SB-2002").status == "minor"
    reasons = " ".join(line.reason for line in report.lines)
    for words in (
        "nursing facility", "died during the stay", "is a minor", "Follow-up withdrawn: The discharge was cancelled.",
        "no number to reach", "not used for follow-up", "no patient number",
    ):  # fmt: skip
        assert words in reasons, words
    case = store.scalars(select(Case).where(Case.patient_id == patient(store, "SB-1001").id)).one()
    assert case.occurred_at == datetime(2026, 11, 1, 16, 5, tzinfo=UTC)


def test_the_clinics_appointments(take: TakeIn, store: Session) -> None:
    report = take(APPOINTMENTS)
    assert open_cases(store, "SB-1002") == ["confirmation"]
    assert open_cases(store, "SB-1005") == ["no_show"]
    assert open_cases(store, "SB-2004") == []
    assert patient(store, "SB-1005").missed_visits == 1
    assert patient(store, "SB-1009").language == "es"
    assert store.scalars(select(Appointment).where(Appointment.external_id == "A-503")).one().video
    assert report.counts["quarantined"] == 2
    assert not known_as(store, [("clinic/mrn", "SB-9999")])
    point = store.scalars(
        select(ContactPoint).where(ContactPoint.patient_id == patient(store, "SB-2006").id)
    ).one()
    assert point.state == "invalid"


def test_the_clinics_bundle(take: TakeIn, store: Session) -> None:
    take(BUNDLE)
    assert open_cases(store, "SB-1009") == ["confirmation", "discharge"]
    assert open_cases(store, "SB-1002") == ["no_show"]
    assert patient(store, "SB-2009").id == patient(store, "SB-1002").id
    assert patient(store, "SB-2007").status == "deceased"
    child = patient(store, "SB-2008")
    assert (child.status, child.contacts[0]["phones"]) == ("minor", ["+13125550176"])
    free = store.scalars(select(Slot).where(Slot.status == "free")).all()
    assert {(slot.visit, slot.practitioner, slot.location) for slot in free} == {
        ("follow-up", "Dr. Helena Marsh", "Northside Clinic")
    }


@pytest.mark.parametrize("name", [*NAMES, *(path.name for path in FILES.iterdir())])
def test_the_same_file_again_changes_nothing(take: TakeIn, store: Session, name: str) -> None:
    data = demo_file(name) if name in NAMES else FILES.joinpath(name).read_bytes()
    take(data)
    first = everything(store)
    states = sorted(map(str, store.execute(select(Case.id, Case.status, Case.close_reason, Case.version))))
    again = take(data)
    assert everything(store) == first
    assert states == sorted(
        map(str, store.execute(select(Case.id, Case.status, Case.close_reason, Case.version)))
    )
    assert not [line for line in again.lines if line.outcome is Outcome.TAKEN and "opened" in line.reason]


def test_a_dry_run_reports_the_same_and_stores_nothing(take: TakeIn, store: Session) -> None:
    empty = everything(store)
    dry = take(DISCHARGES, dry_run=True)
    assert everything(store) == empty
    assert store.scalar(select(func.count()).select_from(ImportRun)) == 0
    real = take(DISCHARGES)
    assert [(line.where, line.outcome, line.reason) for line in dry.lines] == [
        (line.where, line.outcome, line.reason) for line in real.lines
    ]


def test_the_report_is_kept_with_the_raw_row_only_where_it_is_quarantined(
    take: TakeIn, store: Session
) -> None:
    report = take(DISCHARGES)
    run = store.get_one(ImportRun, report.run_id)
    assert (run.format, run.counts) == ("hl7", report.counts)
    rows = store.scalars(select(ImportRow).where(ImportRow.run_id == run.id).order_by(ImportRow.place)).all()
    assert len(rows) == len(report.lines)
    assert [row.raw is not None for row in rows] == [row.outcome == "quarantined" for row in rows]
    assert "LGH00011" in next(row.raw for row in rows if row.raw)
    text = as_text(report)
    assert "quarantined" in text
    assert "Ellison" not in text


MESSAGE = (
    "MSH|^~\\&|ADT|L|C|N|{told}-0600||ADT^{event}|{n}|P|2.5\rEVN|{event}|{told}-0600\r"
    "PID|1||{mrn}^^^^MR||{name}||19480314|F|||x^^Chicago^IL^60614||{phone}||EN\r"
    "PV1|1|I|||||||||||||||||V-1^^^^VN|||||||||||||||||{disposition}||||||||202610281420-0600|{left}\r"
)


def adt(event: str, told: str, left: str = "", disposition: str = "01", **changed: str) -> str:
    given = {"mrn": "M1", "name": "Ellison^Martha", "phone": "3125550111^PRN^CP", **changed}
    return MESSAGE.format(event=event, told=told, n=told, left=left, disposition=disposition, **given)


def test_a_discharge_after_a_cancelled_one_is_followed_up_again_and_a_late_repeat_is_not(
    take: TakeIn, store: Session
) -> None:
    first = adt("A03", "202611010900", "202611010855-0600")
    take(first)
    take(adt("A13", "202611011000"))
    assert open_cases(store, "M1") == []
    assert take(first).lines[-1].outcome is Outcome.SKIPPED
    assert open_cases(store, "M1") == []
    take(adt("A03", "202611011500", "202611011455-0600"))
    assert open_cases(store, "M1") == ["discharge"]
    case = store.scalars(select(Case).where(Case.closed_at.is_(None))).one()
    assert case.occurred_at == datetime(2026, 11, 1, 20, 55, tzinfo=UTC)


def test_a_corrected_discharge_time_or_place_moves_the_one_case(take: TakeIn, store: Session) -> None:
    take(adt("A03", "202611010900", "202611010855-0600"))
    take(adt("A08", "202611010930", "202611010915-0600"))
    assert store.scalar(select(func.count()).select_from(Trigger)) == 1
    report = take(adt("A08", "202611011000", "202611010915-0600", disposition="03"))
    assert "nursing facility" in report.lines[-1].reason
    assert open_cases(store, "M1") == []


def test_an_old_discharge_opens_nothing_and_one_in_the_future_is_quarantined(take: TakeIn) -> None:
    assert "more than 30 days ago" in take(adt("A03", "202609010900", "202609010855")).lines[-1].reason
    wrong = take(adt("A03", "202611010900", "202711010855", mrn="M2")).lines[-1]
    assert (wrong.outcome, "future" in wrong.reason) == (Outcome.QUARANTINED, True)


def test_a_death_stops_what_was_open_and_stays(take: TakeIn, store: Session) -> None:
    take(adt("A03", "202611010900", "202611010855-0600"))
    died = adt("A08", "202611011200").replace("||EN\r", "||EN|||||||||||||||Y\r")
    report = take(died)
    assert "nothing is sent" in report.lines[0].reason
    assert patient(store, "M1").status == "deceased"
    assert open_cases(store, "M1") == []
    assert store.scalars(select(Attempt)).one().outcome == "skipped"
    take(adt("A08", "202611011300"))
    assert patient(store, "M1").status == "deceased"


def test_a_number_that_is_suddenly_somebody_else_is_quarantined(take: TakeIn, store: Session) -> None:
    take(adt("A03", "202611010900", "202611010855-0600"))
    stranger = adt("A03", "202611011000", "202611010955-0600", name="Okafor^Devon").replace(
        "19480314", "19861102"
    )
    (line,) = take(stranger).lines
    assert "another name and another birth date" in line.reason
    assert patient(store, "M1").given_name == "Martha"


def test_a_number_the_source_does_not_give_any_more_is_old_and_what_patients_told_us_stays(
    take: TakeIn, store: Session
) -> None:
    take(adt("A03", "202611010900", "202611010855-0600"))
    point = store.scalars(select(ContactPoint)).one()
    point.state = "wrong_person"
    patient(store, "M1").language = "es"
    store.commit()
    take(adt("A08", "202611011000", phone="3125550111^PRN^CP~3125550112^PRN^PH"))
    assert {p.value: p.state for p in store.scalars(select(ContactPoint))} == {
        "+13125550111": "wrong_person", "+13125550112": "ok",
    }  # fmt: skip
    assert patient(store, "M1").language == "es"
    take(adt("A08", "202611011100", phone="3125550113^PRN^CP"))
    assert {p.value: p.state for p in store.scalars(select(ContactPoint))} == {
        "+13125550111": "old", "+13125550112": "old", "+13125550113": "ok",
    }  # fmt: skip


MERGE = (
    "MSH|^~\\&|ADT|L|C|N|{told}-0600||ADT^A40|{told}|P|2.5\rEVN|A40|{told}-0600\r"
    "PID|1||M1^^^^MR||Ellison^Martha||19480314|F|||x^^Chicago^IL^60614||3125550111^PRN^CP||EN\rMRG|M9^^^^MR\r"
)


def test_a_merge_moves_everything_and_one_follow_up_goes_on(take: TakeIn, store: Session) -> None:
    take(adt("A03", "202611010900", "202611010855-0600"))
    other = adt(
        "A03", "202611010901", "202611010856-0600", mrn="M9", name="Elison^Marta", phone="3125550119^PRN^CP"
    )
    take(other.replace("V-1^", "V-2^"))
    assert open_cases(store, "M9") == ["discharge"]
    report = take(MERGE.format(told="202611011000"))
    assert report.lines[-1].reason == "Two records are one patient now."
    assert patient(store, "M9").id == patient(store, "M1").id
    assert open_cases(store, "M1") == ["discharge"]
    numbers = {
        p.value for p in store.scalars(select(ContactPoint)) if p.patient_id == patient(store, "M1").id
    }
    assert numbers == {"+13125550111", "+13125550119"}
    assert {row.patient_id for row in store.scalars(select(PatientIdentifier))} == {patient(store, "M1").id}
    assert store.scalars(select(Patient.status).order_by(Patient.status)).all() == ["active", "merged"]
    again = take(MERGE.format(told="202611011100"))
    assert again.lines[-1].outcome is Outcome.KNOWN


def test_a_merge_before_the_other_record_is_known_is_remembered(take: TakeIn, store: Session) -> None:
    take(MERGE.format(told="202611011000"))
    take(adt("A03", "202611011100", "202611011055-0600", mrn="M9"))
    assert open_cases(store, "M1") == ["discharge"]


def test_the_life_of_an_appointment(take: TakeIn, store: Session, now: datetime) -> None:
    booked, moved, changed, missed, *other = (
        FILES.joinpath("siu-life-of-a-visit.hl7").read_text().split("MSH|")[1:]
    )
    take(f"MSH|{booked}")
    visit = store.scalars(select(Appointment)).one()
    visit.answer = "accepted"
    store.commit()
    assert [case.lane_key for case in store.scalars(select(Case))] == ["confirmation"]
    take(f"MSH|{moved}")
    visit = store.scalars(select(Appointment).execution_options(populate_existing=True)).one()
    assert (visit.start_at, visit.answer) == (datetime(2026, 11, 6, 16, 15, tzinfo=UTC), None)
    open_ = store.scalars(select(Case).where(Case.closed_at.is_(None))).all()
    assert [case.lane_key for case in open_] == ["confirmation"]
    assert "under way already" not in take(f"MSH|{changed}").lines[-1].reason
    report = take(f"MSH|{missed}", at=now + timedelta(days=5))
    assert "Recovery of the missed visit opened." in report.lines[-1].reason
    cases = store.scalars(select(Case.lane_key).where(Case.closed_at.is_(None))).all()
    assert cases == ["no_show"]
    for message in other:
        take(f"MSH|{message}")
    assert store.scalars(select(Case.lane_key).where(Case.closed_at.is_(None))).all() == ["no_show"]


def test_a_visit_that_was_no_miss_after_all_is_not_recovered(take: TakeIn, store: Session) -> None:
    head = "MRN,Name,DOB,Cell,Appt ID,Date,Time,Status\n"
    row = "7,Eva Ruiz,1961-01-01,3125550142,A-7,2026-10-30,9:00 AM,{}\n"
    take(head + row.format("No show"))
    assert (patient(store, "7").missed_visits, open_cases(store, "7")) == (1, ["no_show"])
    report = take(head + row.format("Checked out"))
    assert "Follow-up withdrawn" in report.lines[-1].reason
    assert (patient(store, "7").missed_visits, open_cases(store, "7")) == (0, [])


def test_visits_may_come_before_their_patient_in_the_file_or_the_next_one(
    take: TakeIn, store: Session
) -> None:
    early = take(FILES.joinpath("bulk.ndjson").read_bytes().split(b"\n", 1)[1])
    assert "Send the patient first" in " ".join(line.reason for line in early.lines)
    assert store.scalar(select(func.count()).select_from(Case)) == 0
    take(FILES.joinpath("bulk.ndjson").read_bytes())
    lanes = store.scalars(select(Case.lane_key).order_by(Case.lane_key)).all()
    assert lanes == ["discharge", "no_show"]


def test_a_slot_booked_here_stays_booked_until_the_source_shows_it(take: TakeIn, store: Session) -> None:
    head = "Slot ID,Provider,Slot Date,Slot Time,Duration,Slot Status\n"
    take(head + "S1,Osei,2026-11-24,9:00 AM,30,Open\n")
    take(MERGE.format(told="202611011000"))
    slot = store.scalars(select(Slot)).one()
    slot.status, slot.booked_for = "busy", patient(store, "M1").id
    store.commit()
    take(head + "S1,Osei,2026-11-24,9:00 AM,20,Open\n")
    store.expire_all()
    assert (slot.status, slot.minutes) == ("busy", 20)
    take(head + "S1,Osei,2026-11-24,9:00 AM,20,Blocked\n")
    store.expire_all()
    assert slot.status == "busy-unavailable"


def test_a_language_without_texts_asks_for_an_interpreter(take: TakeIn, store: Session) -> None:
    report = take("MRN,Name,DOB,Cell,Language\n7,Eva Ruiz,1961-01-01,3125550142,Dutch\n")
    assert "interpreter is needed" in report.lines[0].reason
    assert (patient(store, "7").language, patient(store, "7").interpreter) == ("en", True)


def test_a_message_marked_as_training_is_left_out(take: TakeIn, store: Session) -> None:
    report = take(adt("A03", "202611010900", "202611010855-0600").replace("|P|2.5", "|T|2.5"))
    assert {line.outcome for line in report.lines} == {Outcome.SKIPPED}
    assert store.scalar(select(func.count()).select_from(Patient)) == 0


def test_two_sources_that_tell_of_one_discharge_open_one_follow_up(take: TakeIn, store: Session) -> None:
    take(adt("A03", "202611010900", "202611010855-0600"))
    again = adt("A03", "202611011000", "202611010905-0600").replace("V-1^", "H-77^")
    assert "followed up already" in take(again).lines[-1].reason
    assert store.scalar(select(func.count()).select_from(Case)) == 1


def test_a_visit_that_another_source_has_told_of_gets_no_second_follow_up(
    take: TakeIn, store: Session, now: datetime
) -> None:
    head = "MRN,Name,DOB,Cell,Appt ID,Date,Time,Status,Provider\n"
    row = "7,Eva Ruiz,1961-01-01,3125550142,A-7,2026-11-20,9:00 AM,Booked,{}\n"
    take(head + row.format("Osei"))
    trigger = store.scalars(select(Trigger)).one()
    trigger.source, trigger.external_id = "elsewhere", "their own number"
    store.commit()
    assert "under way already" in take(head + row.format("Marsh")).lines[-1].reason
    assert store.scalar(select(func.count()).select_from(Case)) == 1


def test_each_way_of_telling_has_its_own_view_of_a_patients_numbers(take: TakeIn, store: Session) -> None:
    take("MRN,Name,DOB,Cell,Home phone\nM1,Martha Ellison,1948-03-14,3125550111,3125550112\n")
    take(adt("A03", "202611010900", "202611010855-0600"))
    assert {p.value: p.state for p in store.scalars(select(ContactPoint))} == {
        "+13125550111": "ok", "+13125550112": "ok",
    }  # fmt: skip
    take("MRN,Name,DOB,Cell,Home phone\nM1,Martha Ellison,1948-03-14,3125550111,\n")
    assert {p.value: p.state for p in store.scalars(select(ContactPoint))} == {
        "+13125550111": "ok", "+13125550112": "old",
    }  # fmt: skip


def test_somebody_who_may_be_there_already_is_pointed_out(take: TakeIn) -> None:
    take("MRN,Name,DOB,Cell\n1,Martha Ellison,1948-03-14,3125550111\n")
    report = take("MRN,Name,DOB,Cell\n2,MARTHA ELLISON,1948-03-14,3125550111\n")
    assert "perhaps one person twice" in report.lines[0].reason
