"""The invented patients of the sandbox; every number is from 555-01xx, which is kept for fiction."""

from __future__ import annotations

from dataclasses import dataclass

PRACTICE_NUMBER = "+13125550100"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist: how the practice knows them, and the number of their phone."""

    mrn: str
    given_name: str
    family_name: str
    date_of_birth: str
    sex: str
    language: str
    number: str
    time_zone: str
    postal_code: str
    state: str
    about: str

    @property
    def name(self) -> str:
        """The full name, as shown."""
        return f"{self.given_name} {self.family_name}"


PEOPLE = (
    Person(
        "SB-1001", "Martha", "Ellison", "1948-03-14", "female", "en", "+13125550111",
        "America/Chicago", "60614", "IL", "Home after pneumonia, lives alone",
    ),
    Person(
        "SB-1002", "Devon", "Okafor", "1986-11-02", "male", "en", "+17735550127",
        "America/Chicago", "60640", "IL", "Hypertension, misses morning visits",
    ),
    Person(
        "SB-1003", "Priya", "Raman", "1991-07-23", "female", "en", "+12175550134",
        "America/Chicago", "62701", "IL", "Asthma, travels for work",
    ),
    Person(
        "SB-1004", "Walter", "Lindqvist", "1939-09-30", "male", "en", "+16125550148",
        "America/Chicago", "55406", "MN", "Heart failure, prefers calls",
    ),
    Person(
        "SB-1005", "Tasha", "Greenleaf", "1975-01-08", "female", "en", "+16025550152",
        "America/Phoenix", "85004", "AZ", "Diabetes, shares a phone with her son",
    ),
    Person(
        "SB-1006", "Colin", "Abernathy", "2001-05-19", "male", "en", "+12065550163",
        "America/Los_Angeles", "98118", "WA", "After knee surgery",
    ),
    Person(
        "SB-1007", "Lucía", "Marroquín", "1968-12-12", "female", "es", "+17085550119",
        "America/Chicago", "60402", "IL", "Home after gallbladder surgery",
    ),
    Person(
        "SB-1008", "Efraín", "Quiroga", "1957-04-27", "male", "es", "+19155550142",
        "America/Denver", "79901", "TX", "Diabetes, needs a ride",
    ),
    Person(
        "SB-1009", "Yesenia", "Tovar", "1994-08-05", "female", "es", "+13055550176",
        "America/New_York", "33125", "FL", "Prenatal visits",
    ),
    Person(
        "SB-1010", "Anselmo", "Ibarra", "1943-02-21", "male", "es", "+15595550185",
        "America/Los_Angeles", "93721", "CA", "COPD, hard of hearing",
    ),
)  # fmt: skip

BY_NUMBER = {person.number: person for person in PEOPLE}
