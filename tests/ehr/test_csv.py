"""CSV as practices really export it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.ehr.csv_dates import Order, parse_clock, parse_moment
from app.ehr.records import (
    AppointmentRecord,
    BookingStatus,
    Disposition,
    EncounterRecord,
    PatientRecord,
    Quarantined,
    RowError,
    Skipped,
    SlotRecord,
    SlotStatus,
    VisitStatus,
)
from tests.ehr.support import every, only, read, reasons

HEAD = "MRN,Last Name,First Name,DOB,Cell,Appt Date,Appt Time,Status,Provider\n"


def appointment(**changed: str) -> str:
    row = {
        "mrn": "0071", "last": "Vega", "first": "Inés", "dob": "1960-04-02", "cell": "312-555-0142",
        "date": "2026-11-24", "time": "9:30 AM", "status": "Scheduled", "provider": "Dr. Osei", **changed,
    }  # fmt: skip
    return HEAD + ",".join(row.values()) + "\n"


def test_a_plain_row_is_a_patient_and_an_appointment() -> None:
    patient, visit = read(appointment())
    assert isinstance(patient, PatientRecord)
    assert isinstance(visit, AppointmentRecord)
    assert (patient.identifiers[0].value, patient.name.full) == ("0071", "Inés Vega")
    assert patient.birth_date == date(1960, 4, 2)
    assert (patient.phones[0].e164, patient.phones[0].use, patient.zone_hint) == (
        "+13125550142", "mobile", "America/Chicago",
    )  # fmt: skip
    assert visit.start == datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
    assert (visit.status, visit.where, visit.patient) == (BookingStatus.BOOKED, "row 2", patient.identifiers)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_ends_do_not_matter(
    encoding: str, delimiter: str, newline: str
) -> None:
    text = appointment().replace(",", delimiter).replace("\n", newline)
    patient = only(read(text.encode(encoding)), PatientRecord)
    assert patient.name.given == "Inés"


def test_a_quoted_line_break_is_one_row_and_rows_are_counted_as_a_spreadsheet_does() -> None:
    text = appointment(provider='"Dr. Osei\nNorthside"') + "0072,Ruiz,Eva,1961-01-01,,not a date,9:00 AM,,\n"
    rows = read(text)
    assert only(rows, AppointmentRecord).practitioner == "Dr. Osei\nNorthside"
    assert only(rows, Quarantined).where == "row 3"


def test_title_lines_above_the_headings_are_passed_over() -> None:
    assert (
        only(read("Daily report\nPrinted 11/02/2026\n" + appointment()), AppointmentRecord).where == "row 4"
    )


def test_month_or_day_first_is_decided_by_the_whole_column() -> None:
    more = "0072,Ruiz,Eva,1961-01-01,,{},9:00 AM,,\n"
    month_first = read(appointment(date="03/04/2026") + more.format("03/25/2026"))
    day_first = read(appointment(date="03/04/2026") + more.format("25/03/2026"))
    assert every(month_first, AppointmentRecord)[0].start.date() == date(2026, 3, 4)
    assert every(day_first, AppointmentRecord)[0].start.date() == date(2026, 4, 3)


def test_another_date_column_of_the_file_may_tell() -> None:
    rows = read(appointment(date="03/04/2026", dob="04/25/1960"))
    assert only(rows, AppointmentRecord).start.date() == date(2026, 3, 4)


def test_a_date_that_could_be_two_days_is_quarantined_with_what_to_do() -> None:
    reason = only(read(appointment(date="03/04/2026")), Quarantined).reason
    assert "month/day or day/month" in reason
    assert "2026-03-04" in reason
    told = read(appointment(date="03/04/2026"), order=Order.DAY_FIRST)
    assert only(told, AppointmentRecord).start.date() == date(2026, 4, 3)


def test_a_column_with_both_orders_is_only_trusted_where_a_date_can_be_read_one_way() -> None:
    more = "0072,Ruiz,Eva,1961-01-01,,{},9:00 AM,,\n"
    text = (
        appointment(date="03/04/2026")
        + more.format("03/25/2026")
        + more.replace("0072", "0073").format("25/03/2026")
    )
    rows = read(text)
    assert only(rows, Quarantined).where == "row 2"
    assert len(every(rows, AppointmentRecord)) == 2


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-11-24", date(2026, 11, 24)), ("20261124", date(2026, 11, 24)), ("11/24/26", None),
        ("Nov 24, 2026", date(2026, 11, 24)), ("24-Nov-2026", date(2026, 11, 24)),
        ("46350", date(2026, 11, 24)),
        ("Tue, November 24 2026", date(2026, 11, 24)), ("24 de noviembre de 2026", date(2026, 11, 24)),
        ("11/24/58", date(1958, 11, 24)), ("2026-11-24 00:00:00", date(2026, 11, 24)), ("02/30/2026", None),
        ("soon", None), ("2026-13-01", None), ("1126-11-24", None),
    ],
)  # fmt: skip
def test_dates_as_they_are_written(cell: str, expected: date | None) -> None:
    if expected is None:
        with pytest.raises(RowError):
            parse_moment(cell, Order.MONTH_FIRST)
    else:
        moment = parse_moment(cell, Order.MONTH_FIRST)
        assert (moment.day, moment.clock) == (expected, None)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("9:30 AM", "09:30"), ("9:30pm", "21:30"), ("0930", "09:30"), ("1430", "14:30"), ("9a", "09:00"),
        ("12:00 AM", "00:00"), ("12 pm", "12:00"), ("14:30:00", "14:30"), ("0.395833333", "09:30"),
        ("9:30 a.m.", "09:30"), ("02:30", "02:30"), ("9:30 PST", "09:30"), ("930 AM EST", "09:30"),
    ],
)  # fmt: skip
def test_times_as_they_are_written(cell: str, expected: str) -> None:
    clock = parse_clock(cell).clock
    assert clock is not None
    assert f"{clock:%H:%M}" == expected


@pytest.mark.parametrize("cell", ["2:30", "25:00", "13:00 PM", "9", "noonish", "9:30 XYZ"])
def test_times_that_cannot_be_read_one_way_are_refused(cell: str) -> None:
    with pytest.raises(RowError):
        parse_clock(cell)
    assert only(read(appointment(time=cell)), Quarantined).reason


def test_a_time_without_am_or_pm_says_so() -> None:
    assert "AM or PM" in only(read(appointment(time="2:30")), Quarantined).reason


def test_date_and_time_may_stand_in_one_column_and_an_offset_wins_over_the_site() -> None:
    text = "MRN,Name,Appointment\n1,Eva Ruiz,2026-11-24T09:30:00-05:00\n2,Ana Gil,11/24/2026 9:30 AM\n"
    starts = [visit.start.hour for visit in every(read(text), AppointmentRecord)]
    assert starts == [14, 15]


def test_wall_times_are_the_sites_or_their_own_zones() -> None:
    rows = ("1,Eva Ruiz,2026-07-01,9:00 AM,America/Denver", "2,Ana Gil,2026-07-01,9:00 AM,ET")
    text = "\n".join(("MRN,Name,Date,Time,Time zone", *rows))
    assert [visit.start.hour for visit in every(read(text), AppointmentRecord)] == [15, 13]
    assert only(read(appointment(), zone=ZoneInfo("America/Los_Angeles")), AppointmentRecord).start.hour == 17


def test_a_wall_time_that_the_clock_change_skips_is_quarantined() -> None:
    reason = only(read(appointment(date="2026-03-08", time="02:30")), Quarantined).reason
    assert "does not exist" in reason


def test_numbers_destroyed_by_a_spreadsheet_are_quarantined() -> None:
    reason = only(read(appointment(mrn="1.23E+11")), Quarantined).reason
    assert "Set that column to Text" in reason


def test_a_number_with_a_decimal_tail_is_the_number() -> None:
    assert only(read(appointment(mrn="7100.0")), PatientRecord).identifiers[0].value == "7100"


def test_the_same_row_twice_is_one_record() -> None:
    line = appointment().splitlines()[1]
    rows = read(appointment() + line + "\n")
    assert len(every(rows, AppointmentRecord)) == 1
    assert "row 2" in only(rows, Skipped).reason


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("No Show", BookingStatus.NOSHOW), ("N/S", BookingStatus.NOSHOW),
        ("Canceled", BookingStatus.CANCELLED),
        ("R/S", BookingStatus.CANCELLED), ("Checked-In", BookingStatus.ARRIVED), ("", BookingStatus.BOOKED),
        ("CHECKED OUT", BookingStatus.FULFILLED), ("Confirmed", BookingStatus.BOOKED),
    ],
)  # fmt: skip
def test_status_words(word: str, status: BookingStatus) -> None:
    assert only(read(appointment(status=word)), AppointmentRecord).status is status


def test_a_status_nobody_knows_is_quarantined_not_guessed() -> None:
    assert "'Glorp' is not known" in only(read(appointment(status="Glorp")), Quarantined).reason


def test_an_impossible_phone_is_a_note_and_the_row_is_taken() -> None:
    patient, _ = read(appointment(cell="555-0142-99999"))
    assert isinstance(patient, PatientRecord)
    assert patient.phones[0].e164 is None
    assert "cannot be used" in patient.notes[0]
    assert "0142" not in patient.notes[0]


def test_a_discharge_list() -> None:
    text = (
        "MRN;Patient Name;DOB;Admit Date;Discharge Date;Discharge Disposition;Facility\n"
        '9;"Vega, Inés";1960-04-02;2026-10-28;2026-11-01 11:05;01;Lakeside General\n'
        '8;"Gil, Ana";1961-04-02;2026-10-28;;Still a patient;Lakeside General\n'
        '7;"Ruiz, Eva";1962-04-02;2026-10-28;2026-11-01;Discharged to SNF;Lakeside General\n'
    )
    home, still, nursing = every(read(text), EncounterRecord)
    assert (home.status, home.disposition) == (VisitStatus.FINISHED, Disposition.HOME)
    assert home.end == datetime(2026, 11, 1, 17, 5, tzinfo=UTC)
    assert still.status is VisitStatus.ACTIVE
    assert nursing.disposition is Disposition.SNF


def test_free_slots() -> None:
    heads = "Provider,Location,Slot Date,Slot Time,End Time,Slot Status"
    text = f"{heads}\nDr. Osei,North,2026-11-24,9:00 AM,9:30 AM,Open\n"
    slot = only(read(text), SlotRecord)
    assert (slot.minutes, slot.status, slot.practitioner) == (30, SlotStatus.FREE, "Dr. Osei")


def test_a_person_without_a_number_goes_by_name_and_birth_date_and_never_by_less() -> None:
    with_both = "Last,First,DOB,Phone\nVega,Inés,1960-04-02,312-555-0142\n"
    number = only(read(with_both), PatientRecord).identifiers[0]
    assert number == only(read(with_both.upper()), PatientRecord).identifiers[0]
    assert "vega" not in number.value
    assert "no patient number" in only(read("Last,First,Phone\nVega,Inés,312-555-0142\n"), Quarantined).reason


def test_people() -> None:
    text = (
        "MRN,Name,DOB,Phones,Language,Deceased,Zip,State,Guardian,Guardian phone,Interpreter\n"
        "1,Inés de la Vega,1960-04-02,none,Español,N,2134,MA,,,Yes\n"
        "2,ZZTEST Patient,1990-01-01,3125550199,SPA,,60614,IL,,,\n"
        "3,Leo Gil,2015-02-03,312-555-0142 x12 / (773) 555-0188,zh-TW,Y,60614,IL,Ana Gil,312-555-0143,\n"
    )
    first, test, child = every(read(text), PatientRecord)
    assert (first.name.family, first.language, first.phones, first.interpreter) == (
        "de la Vega",
        "es",
        (),
        True,
    )
    assert first.zip_code == "02134"
    assert (first.zone_hint, first.deceased) == ("America/New_York", False)
    assert read(text)[1] == test
    assert [phone.e164 for phone in child.phones] == ["+13125550142", "+17735550188"]
    assert (child.phones[0].extension, child.deceased, child.language) == ("12", True, "zh")
    assert (child.contacts[0].guardian, child.contacts[0].phones[0].e164) == (True, "+13125550143")


def test_a_file_that_is_no_list_says_what_is_looked_for() -> None:
    (reason,) = reasons(read("folder,licence\nx,MIT\n"))
    assert "No heading row was recognised" in reason
    (reason,) = reasons(read("Provider,Doctor,Email\nx,y,z\n"))
    assert "columns are not enough" in reason
    assert "too many" not in reason
    (reason,) = reasons(read(HEAD))
    assert "no rows" in reason


def test_a_row_with_a_cell_too_many_is_quarantined() -> None:
    assert "more cells" in only(read(appointment(provider="Osei, Grace, MD")), Quarantined).reason
