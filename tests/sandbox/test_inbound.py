"""Texts patients send: the webhook as Twilio posts it, opt-outs, replies in TwiML, retries and fallback."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from app.sandbox.config import practice_line
from app.sandbox.optout import START, STOP, ruling
from app.sandbox.server import Sandbox
from tests.sandbox.outside import ACCOUNT, LINE, OTHER, PATIENT, SERVICE, TOKEN, Api
from tests.sandbox.practice import Practice

WEBHOOK = "/webhooks/twilio/message"


def send(client: Client, body: str = "Hello") -> str:
    return client.messages.create(to=PATIENT, from_=LINE, body=body).sid or ""


def refused(client: Client) -> int:
    with pytest.raises(TwilioRestException) as caught:
        send(client)
    return caught.value.code or 0


def test_a_text_is_posted_with_everything_twilio_posts(api: Api, practice: Practice) -> None:
    told = api.text("¿Sí?")
    (asked,) = practice.at(WEBHOOK)
    assert asked.signed
    assert asked.headers["I_TWILIO_IDEMPOTENCY_TOKEN"]
    assert asked["Body"] == "¿Sí?"
    assert asked["MessageSid"] == asked["SmsSid"] == asked["SmsMessageSid"] == told["sid"]
    assert (asked["From"], asked["To"], asked["AccountSid"]) == (PATIENT, LINE, ACCOUNT)
    assert (asked["NumMedia"], asked["NumSegments"], asked["SmsStatus"]) == ("0", "1", "received")
    assert asked["ApiVersion"] == "2010-04-01"
    for end in ("From", "To"):
        assert {f"{end}City", f"{end}State", f"{end}Zip", f"{end}Country"} <= set(asked.form)
    assert told["webhook"] == {
        "url": practice.origin + WEBHOOK,
        "status": 200,
        "error": "",
        "error_code": None,
        "attempts": 1,
    }


def test_half_a_character_arrives_as_a_question_mark(api: Api, practice: Practice) -> None:
    assert api.text("ok \ud83d")["body"] == "ok ?"
    assert [posted["Body"] for posted in practice.at("/webhooks/twilio/message")] == ["ok ?"]


def test_a_number_of_a_service_says_so(make: Callable[..., Sandbox], practice: Practice) -> None:
    sandbox = make(lines=(practice_line(LINE, practice.origin, SERVICE),))
    with requests.post(f"{sandbox.origin}/sandbox/api/texts", json={"from": PATIENT, "body": "x"}, timeout=5):
        assert practice.at(WEBHOOK)[0]["MessagingServiceSid"] == SERVICE


def test_the_public_address_is_signed_and_the_local_one_reached(
    make: Callable[..., Sandbox], practice: Practice
) -> None:
    practice.public = "https://careloop.example"
    sandbox = make(public_url=practice.public, lines=(practice_line(LINE, practice.public, ""),))
    with requests.post(
        f"{sandbox.origin}/sandbox/api/texts", json={"from": PATIENT, "body": "x"}, timeout=5
    ) as answer:
        assert answer.json()["webhook"]["status"] == 200
    (asked,) = practice.at(WEBHOOK)
    assert asked.signed
    assert asked.headers["HOST"] == "careloop.example"


def test_pictures_come_with_addresses_that_need_the_account(
    api: Api, practice: Practice, sandbox: Sandbox, client: Client
) -> None:
    data = b64encode(b"\x89PNG").decode()
    told = api.text("", media=[{"content_type": "image/png", "data": data}])
    (asked,) = practice.at(WEBHOOK)
    assert told["sid"].startswith("MM")
    assert (asked["NumMedia"], asked["MediaContentType0"], asked["Body"]) == ("1", "image/png", "")
    assert asked["MediaUrl0"].startswith("https://api.twilio.com/2010-04-01/Accounts/")
    path = asked["MediaUrl0"].removeprefix("https://api.twilio.com")
    assert requests.get(sandbox.origin + path, timeout=5).status_code == 401
    sent_on = requests.get(sandbox.origin + path, auth=(ACCOUNT, TOKEN), timeout=5, allow_redirects=False)
    assert sent_on.status_code == 307
    there = sent_on.headers["Location"]
    assert requests.get(there, timeout=5).content == b"\x89PNG"
    assert requests.get(there, auth=(ACCOUNT, TOKEN), timeout=5).status_code == 400, "no credentials there"
    assert requests.get(there[:-1], timeout=5).status_code == 403
    api("POST", "/advance", seconds=4 * 3600 + 2)
    assert requests.get(there, timeout=5).status_code == 403, "its time is over"
    media = client.messages(told["sid"]).media.list()
    assert [m.content_type for m in media] == ["image/png"]
    assert media[0].delete()
    assert client.messages(told["sid"]).media.list() == []


@pytest.mark.parametrize("word", [*sorted(STOP), "stop", " Stop "])
def test_the_carriers_words_block_the_pair(client: Client, api: Api, practice: Practice, word: str) -> None:
    api.text(word)
    assert practice.at(WEBHOOK)[0]["Body"] == word, "the practice still receives it"
    assert refused(client) == 21610
    thread = api("GET", f"/threads/{PATIENT}")
    assert thread["blocked"]
    assert [m["origin"] for m in thread["messages"]] == ["patient", "carrier"]
    assert "unsubscribed" in thread["messages"][1]["body"]
    assert client.messages.create(to=OTHER, from_=LINE, body="others still get theirs").sid


@pytest.mark.parametrize("word", [*sorted(START), "start"])
def test_and_others_open_it_again(client: Client, api: Api, word: str) -> None:
    api.text("STOP")
    api.text(word)
    assert send(client)
    assert "re-subscribed" in api("GET", f"/threads/{PATIENT}")["messages"][-2]["body"]


@pytest.mark.parametrize("body", ["STOP PLEASE", "please stop", "yes", "Yes I can", "stopp"])
def test_other_texts_change_nothing(client: Client, api: Api, body: str) -> None:
    api.text(body)
    assert send(client)
    assert all(m["origin"] != "carrier" for m in api("GET", f"/threads/{PATIENT}")["messages"])


def test_help_is_answered_by_the_carrier(api: Api) -> None:
    api.text("HELP")
    assert api("GET", f"/threads/{PATIENT}")["messages"][1]["origin"] == "carrier"


def test_yes_does_not_end_an_opt_out_on_a_toll_free_number() -> None:
    assert ruling("YES", "+18885550100", blocked=True).kind == ""
    assert ruling("UNSTOP", "+18885550100", blocked=True).kind == "START"


def test_a_block_covers_the_whole_service_and_may_be_told_later(
    make: Callable[..., Sandbox], practice: Practice, connect: Callable[[Sandbox], Client]
) -> None:
    second = "+13125550101"
    lines = tuple(practice_line(number, practice.origin, SERVICE) for number in (LINE, second))
    sandbox = make(lines=lines)
    client = connect(sandbox)
    api = Api(sandbox.origin)
    api("PUT", f"/services/{SERVICE}", advanced_opt_out=True)
    api.text("STOP", to=second)
    assert practice.at(WEBHOOK)[0]["OptOutType"] == "STOP"
    sid = client.messages.create(to=PATIENT, messaging_service_sid=SERVICE, body="x").sid or ""
    assert sandbox.carrier.settle(5)
    after = client.messages(sid).fetch()
    assert (after.status, after.error_code) == ("failed", 21610)
    api("PUT", f"/services/{SERVICE}")
    with pytest.raises(TwilioRestException):
        client.messages.create(to=PATIENT, messaging_service_sid=SERVICE, body="x")
    api.session.close()


def test_a_reply_in_twiml_is_sent(api: Api, practice: Practice) -> None:
    practice.answers[WEBHOOK] = (
        "<Response><Message>One</Message><Message><Body>Two</Body></Message></Response>"
    )
    api.text("hello")
    api.settle()
    thread = api("GET", f"/threads/{PATIENT}")["messages"]
    assert [(m["origin"], m["body"]) for m in thread] == [
        ("patient", "hello"),
        ("app", "One"),
        ("app", "Two"),
    ]
    assert thread[1]["status"] == "delivered"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ("<Response><Message>a & b</Message></Response>", 12100),
        ("<Response><Message>\x0b</Message></Response>", 12100),
        ("<Response>" + " " * 65536 + "</Response>", 11750),
        ("<Response><Massage>typo</Massage></Response>", 12200),
        ((500, ""), 11200),
        ((403, ""), 11200),
    ],
)
def test_what_the_practice_answers_wrong_is_recorded(
    api: Api, practice: Practice, reply: str | tuple[int, str], code: int
) -> None:
    practice.answers[WEBHOOK] = reply
    api.text("hello")
    assert [f["code"] for f in api("GET", "/failures")["failures"]] == [code]


@pytest.mark.parametrize("reply", [(204, ""), (202, ""), "", "<Response/>"])
def test_nothing_to_say_is_fine(api: Api, practice: Practice, reply: str | tuple[int, str]) -> None:
    practice.answers[WEBHOOK] = reply
    api.text("hello")
    assert api("GET", "/failures")["failures"] == []


def test_by_default_an_error_is_not_tried_again(api: Api, practice: Practice) -> None:
    practice.answers[WEBHOOK] = (500, "")
    assert api.text("hello")["webhook"]["attempts"] == 1
    assert len(practice.at(WEBHOOK)) == 1


def test_the_fragment_asks_for_retries_with_the_same_token(api: Api, practice: Practice) -> None:
    api("PUT", f"/numbers/{LINE}", sms_url=f"{practice.origin}/in#rc=3&rp=ct,5xx")
    practice.answers["/in"] = [(500, ""), (503, ""), "<Response/>"]
    assert api.text("hello")["webhook"]["attempts"] == 3
    asked = practice.at("/in")
    assert len({a.headers["I_TWILIO_IDEMPOTENCY_TOKEN"] for a in asked}) == 1
    assert len({a["MessageSid"] for a in asked}) == 1
    assert all(a.signed for a in asked)


def test_the_fallback_gets_the_same_text_and_why(api: Api, practice: Practice) -> None:
    fallback = f"{practice.origin}/fallback"
    api("PUT", f"/numbers/{LINE}", sms_fallback_url=fallback)
    practice.answers[WEBHOOK] = (500, "")
    practice.answers["/fallback"] = "<Response><Message>Sorry</Message></Response>"
    told = api.text("hello")
    (asked,) = practice.at("/fallback")
    assert asked["MessageSid"] == told["sid"]
    assert (asked["ErrorCode"], asked["ErrorUrl"]) == ("11200", practice.origin + WEBHOOK)
    assert asked.signed


def test_nobody_listening_is_tried_again_once(make: Callable[..., Sandbox], practice: Practice) -> None:
    sandbox = make(lines=(practice_line(LINE, "http://127.0.0.1:1", ""),))
    with requests.post(
        f"{sandbox.origin}/sandbox/api/texts", json={"from": PATIENT, "body": "x"}, timeout=5
    ) as answer:
        assert answer.json()["webhook"]["error"] == "connect"
        assert answer.json()["webhook"]["attempts"] == 2


def test_a_redirect_in_twiml_keeps_the_form(api: Api, practice: Practice) -> None:
    practice.answers[WEBHOOK] = "<Response><Redirect>/next</Redirect></Response>"
    api.text("hello")
    assert practice.at("/next")[0]["Body"] == "hello"


def test_a_redirect_in_http_loses_it(api: Api, practice: Practice) -> None:
    practice.answers[WEBHOOK] = (302, "", "text/plain", "/next")
    api.text("hello")
    (asked,) = practice.at("/next")
    assert (asked.method, asked.form, asked.signed) == ("GET", {}, True)


def test_twice_later_and_out_of_order(api: Api, practice: Practice) -> None:
    api.text("doubled", duplicate=2)
    assert len({a["MessageSid"] for a in practice.at(WEBHOOK)}) == 1
    assert len(practice.at(WEBHOOK)) == 3
    practice.asked.clear()
    api.text("first", out_of_order=True)
    api.text("second")
    assert [a["Body"] for a in practice.at(WEBHOOK)] == ["second", "first"]
    practice.asked.clear()
    api.text("slow", delay=60)
    api.text("quick")
    api("POST", "/advance", seconds=61)
    assert [a["Body"] for a in practice.at(WEBHOOK)] == ["quick", "slow"]


def test_not_waiting_for_the_practice(api: Api, practice: Practice) -> None:
    told = [api.text(str(number), wait=False) for number in range(5)]
    assert all(t["webhook"] is None for t in told)
    api.settle()
    assert [a["Body"] for a in practice.at(WEBHOOK)] == ["0", "1", "2", "3", "4"]


def test_whatsapp(api: Api, practice: Practice, client: Client) -> None:
    api.text("hola", sender=f"whatsapp:{PATIENT}", to=f"whatsapp:{LINE}")
    (asked,) = practice.at(WEBHOOK)
    assert (asked["From"], asked["To"]) == (f"whatsapp:{PATIENT}", f"whatsapp:{LINE}")
    assert (asked["WaId"], asked["ProfileName"]) == (PATIENT[1:], "Martha Ellison")
    ends = {"to": f"whatsapp:{PATIENT}", "from_": f"whatsapp:{LINE}"}
    made = [client.messages.create(body="x", **ends)]
    api("POST", "/advance", seconds=25 * 3600)
    made += [client.messages.create(body="x", **ends), client.messages.create(content_sid="HX1", **ends)]
    api.settle()
    codes = [client.messages(m.sid or "").fetch().error_code for m in made]
    assert codes == [None, 63016, None]


def test_the_practice_finds_inbound_texts_it_never_got(api: Api, practice: Practice, client: Client) -> None:
    practice.answers[WEBHOOK] = (500, "")
    sid = api.text("lost?", sid="SM" + "7" * 32)["sid"]
    found = client.messages.list(to=LINE)
    assert [(m.sid, m.direction, m.status) for m in found] == [(sid, "inbound", "received")]


@pytest.mark.parametrize(
    ("given", "code"),
    [({"from": "nobody", "body": "x"}, 21212), ({"from": PATIENT, "to": OTHER, "body": "x"}, 21606)],
)
def test_texts_that_cannot_be(api: Api, given: dict[str, str], code: int) -> None:
    assert api("POST", "/texts", expect=400, **given)["code"] == code
