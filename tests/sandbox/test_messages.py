"""Texts, as the unmodified SDK sees them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from app.sandbox.config import practice_line
from app.sandbox.server import Sandbox
from tests.sandbox.outside import ACCOUNT, LINE, OTHER, PATIENT, SERVICE, TOKEN, Api
from tests.sandbox.practice import Practice


def code_of(call: Callable[[], object]) -> tuple[int, int]:
    with pytest.raises(TwilioRestException) as caught:
        call()
    return caught.value.status, caught.value.code or 0


def test_a_text_runs_through_its_states_with_signed_receipts_in_order(
    client: Client, practice: Practice, api: Api
) -> None:
    made = client.messages.create(
        to=PATIENT, from_=LINE, body="Hello", status_callback=f"{practice.origin}/status?ref=ob_1"
    )
    assert made.sid is not None
    assert (made.status, made.direction, made.num_segments) == ("queued", "outbound-api", "1")
    assert made.sid.startswith("SM")
    assert len(made.sid) == 34
    assert made.account_sid == ACCOUNT
    api.settle()
    after = client.messages(made.sid).fetch()
    assert after.status == "delivered"
    assert after.date_sent is not None
    assert after.date_sent.tzinfo is not None
    receipts = practice.at("/status")
    assert [r["MessageStatus"] for r in receipts] == ["sent", "delivered"]
    assert all(r.signed and r.query == "ref=ob_1" and r["MessageSid"] == made.sid for r in receipts)
    assert {"SmsSid", "SmsStatus", "To", "From", "AccountSid", "ApiVersion"} <= set(receipts[0].form)
    assert "RawDlrDoneDate" in receipts[1].form


def test_a_messaging_service_accepts_first_and_picks_the_sender(
    make: Callable[..., Sandbox], practice: Practice, connect: Callable[[Sandbox], Client]
) -> None:
    sandbox = make(lines=(practice_line(LINE, practice.origin, SERVICE),))
    client = connect(sandbox)
    made = client.messages.create(
        to=PATIENT,
        messaging_service_sid=SERVICE,
        body="Hello",
        status_callback=f"{practice.origin}/status",
    )
    assert (made.status, made.from_, made.num_segments) == ("accepted", None, "0")
    assert sandbox.carrier.settle(5)
    after = client.messages(made.sid or "").fetch()
    assert (after.from_, after.num_segments, after.messaging_service_sid) == (LINE, "1", SERVICE)
    statuses = [r["MessageStatus"] for r in practice.at("/status")]
    assert statuses == ["queued", "sent", "delivered"]
    assert practice.at("/status")[0]["MessagingServiceSid"] == SERVICE


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "", "from_": LINE, "body": "x"}, 21604),
        ({"to": "nonsense", "from_": LINE, "body": "x"}, 21211),
        ({"to": PATIENT, "body": "x"}, 21603),
        ({"to": PATIENT, "from_": LINE}, 21619),
        ({"to": PATIENT, "from_": LINE, "body": ""}, 21602),
        ({"to": PATIENT, "from_": LINE, "body": "x" * 1601}, 21617),
        ({"to": PATIENT, "from_": "+13125550199", "body": "x"}, 21606),
        ({"to": PATIENT, "messaging_service_sid": "MG" + "f" * 32, "body": "x"}, 21705),
        ({"to": PATIENT, "messaging_service_sid": SERVICE, "body": "x"}, 21703),
        ({"to": PATIENT, "from_": LINE, "body": "x", "status_callback": "http://a_b.example/x"}, 21609),
        ({"to": PATIENT, "from_": LINE, "body": "x", "status_callback": "/status"}, 21609),
        ({"to": "+15005550001", "from_": LINE, "body": "x"}, 21211),
        ({"to": "+15005550002", "from_": LINE, "body": "x"}, 21612),
        ({"to": "+15005550003", "from_": LINE, "body": "x"}, 21408),
        ({"to": "+15005550004", "from_": LINE, "body": "x"}, 21610),
        ({"to": "+15005550009", "from_": LINE, "body": "x"}, 21614),
        ({"to": PATIENT, "from_": "+15005550007", "body": "x"}, 21606),
        ({"to": PATIENT, "from_": "+15005550008", "body": "x"}, 21611),
    ],
)
def test_what_is_refused(client: Client, api: Api, fields: dict[str, str], code: int) -> None:
    assert code_of(lambda: client.messages.create(**fields)) == (400, code)
    assert api("GET", "/messages")["messages"] == []
    assert api("GET", "/requests")["counters"][f"refused_{code}"] == 1


def test_a_refusal_has_the_four_fields(sandbox: Sandbox) -> None:
    url = f"{sandbox.origin}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    answer = requests.post(url, data={"To": "x"}, auth=(ACCOUNT, TOKEN), timeout=5)
    assert answer.json() == {
        "code": 21211,
        "message": "Invalid 'To' Phone Number: x",
        "more_info": "https://www.twilio.com/docs/errors/21211",
        "status": 400,
    }


def test_who_is_let_in(make: Callable[..., Sandbox]) -> None:
    key = "SK" + "1" * 32
    sandbox = make(api_keys={key: "secret"})
    url = f"{sandbox.origin}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert requests.get(url, auth=(key, "secret"), timeout=5).status_code == 200
    assert requests.get(url, auth=(key, "wrong"), timeout=5).json()["code"] == 20003
    assert requests.get(url, timeout=5).status_code == 401
    other = url.replace(ACCOUNT, "AC" + "9" * 32)
    assert requests.get(other, auth=(ACCOUNT, TOKEN), timeout=5).json()["code"] == 20404


def test_what_is_not_there(client: Client) -> None:
    assert code_of(lambda: client.messages("SM" + "0" * 32).fetch()) == (404, 20404)
    assert code_of(lambda: client.messages("SM" + "0" * 32).delete()) == (404, 20404)


def test_redacting_and_deleting(client: Client) -> None:
    sid = client.messages.create(to=PATIENT, from_=LINE, body="private").sid or ""
    assert client.messages(sid).update(body="").body == ""
    assert client.messages(sid).delete()
    assert code_of(lambda: client.messages(sid).fetch()) == (404, 20404)


def test_lists_by_number_and_time_newest_first(client: Client, api: Api) -> None:
    bodies = ["one", "two", "three"]
    for body in bodies:
        client.messages.create(to=PATIENT, from_=LINE, body=body)
    client.messages.create(to=OTHER, from_=LINE, body="other")
    api.settle()
    found = client.messages.list(to=PATIENT)
    assert [m.body for m in found] == bodies[::-1]
    assert len(client.messages.list(from_=LINE)) == 4
    now = datetime.now(UTC)
    hour, day = timedelta(hours=1), timedelta(days=1)
    assert len(client.messages.list(to=PATIENT, date_sent_after=now - hour)) == 3
    assert client.messages.list(to=PATIENT, date_sent_after=now + hour) == []
    assert len(client.messages.list(to=PATIENT, date_sent_before=now + hour)) == 3
    assert client.messages.list(to=PATIENT, date_sent=date(2001, 1, 1)) == []
    assert len(client.messages.list(date_sent_after=(now - day).date())) == 4


def test_pages_follow_each_other_while_new_texts_come(client: Client) -> None:
    for number in range(7):
        client.messages.create(to=PATIENT, from_=LINE, body=str(number))
    first = client.messages.page(to=PATIENT, page_size=3)
    seen = [m.body for m in first]
    client.messages.create(to=PATIENT, from_=LINE, body="late")
    second = first.next_page()
    assert second is not None
    seen += [m.body for m in second]
    third = second.next_page()
    assert third is not None
    seen += [m.body for m in third]
    assert seen == ["6", "5", "4", "3", "2", "1", "0"]
    assert third.next_page() is None
    assert client.messages.list(to=PATIENT, page_size=2)[0].body == "late"


def test_scheduling(
    make: Callable[..., Sandbox], practice: Practice, connect: Callable[[Sandbox], Client]
) -> None:
    sandbox = make(lines=(practice_line(LINE, practice.origin, SERVICE),))
    client = connect(sandbox)
    now = sandbox.carrier.timeline.now()
    common = {"to": PATIENT, "body": "later", "schedule_type": "fixed"}
    soon, good = now + timedelta(seconds=100), now + timedelta(hours=1)
    assert code_of(lambda: client.messages.create(from_=LINE, send_at=good, **common))[1] == 35118
    assert code_of(lambda: client.messages.create(messaging_service_sid=SERVICE, **common))[1] == 35111
    early = code_of(lambda: client.messages.create(messaging_service_sid=SERVICE, send_at=soon, **common))
    assert early == (400, 35114)
    one = client.messages.create(messaging_service_sid=SERVICE, send_at=good, **common)
    two = client.messages.create(messaging_service_sid=SERVICE, send_at=good, **common)
    assert one.status == "scheduled"
    assert client.messages(two.sid or "").update(status="canceled").status == "canceled"
    sandbox.carrier.timeline.advance(timedelta(hours=2))
    assert sandbox.carrier.settle(5)
    assert client.messages(one.sid or "").fetch().status == "delivered"
    assert client.messages(two.sid or "").fetch().status == "canceled"
    assert code_of(lambda: client.messages(one.sid or "").update(status="canceled")) == (400, 30409)


@pytest.mark.parametrize(
    ("line", "code"), [("landline", 30006), ("unreachable", 30003), ("unknown", 30005), ("filtered", 30007)]
)
def test_numbers_that_take_no_texts(
    client: Client, api: Api, practice: Practice, line: str, code: int
) -> None:
    api("PUT", f"/phones/{PATIENT}", line=line)
    sid = client.messages.create(
        to=PATIENT, from_=LINE, body="x", status_callback=f"{practice.origin}/status"
    ).sid
    api.settle()
    after = client.messages(sid or "").fetch()
    assert (after.status, after.error_code) == ("undelivered", code)
    assert practice.at("/status")[-1]["ErrorCode"] == str(code)


def test_a_landline_may_be_refused_at_once(client: Client, api: Api) -> None:
    api("PUT", f"/phones/{PATIENT}", line="landline_refused")
    assert code_of(lambda: client.messages.create(to=PATIENT, from_=LINE, body="x")) == (400, 21614)


@pytest.mark.parametrize(
    ("body", "parts"),
    [("a" * 160, "1"), ("a" * 161, "2"), ("á" + "a" * 69, "1"), ("á" + "a" * 159, "3"), ("^" * 153, "3")],
)
def test_segments_as_billed(client: Client, body: str, parts: str) -> None:
    assert client.messages.create(to=PATIENT, from_=LINE, body=body).num_segments == parts


def test_media_make_it_an_mms(client: Client) -> None:
    made = client.messages.create(to=PATIENT, from_=LINE, media_url=["https://example.com/a.png"])
    assert (made.sid or "")[:2] == "MM"
    assert made.num_media == "1"
