"""The page, in a real browser: threads, calls, stories, nothing inline, usable by keyboard and at 390 px."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from app.sandbox.config import Pace
from app.sandbox.server import Sandbox
from tests.sandbox.outside import ACCOUNT, LINE, PATIENT, TOKEN, Api
from tests.sandbox.practice import Practice

# How long a busy machine may take to show what is on its way; nothing waits longer than it must.
expect.set_options(timeout=20_000)

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SPANISH = "+17085550119"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser, sandbox: Sandbox) -> Iterator[Callable[..., Page]]:
    pages: list[Page] = []
    said: list[str] = []

    def open_page(*numbers: str, width: int = 1280) -> Page:
        page = browser.new_page(viewport={"width": width, "height": 860})
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda message: said.append(message.text) if "Policy" in message.text else None)
        pages.append(page)
        page.goto(sandbox.origin)
        expect(page.locator(".link.up")).to_be_visible()
        for number in numbers:
            page.locator(f'[data-number="{number}"]').click()
        return page

    yield open_page
    for page in pages:
        page.close()
    assert said == []


def rest(sandbox: Sandbox, what: str, **form: str) -> Any:
    url = f"{sandbox.origin}/2010-04-01/Accounts/{ACCOUNT}/{what}.json"
    form = {"To": PATIENT, "From": LINE, **form}
    return requests.post(url, data=form, auth=(ACCOUNT, TOKEN), timeout=5).json()


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {n['html'][:120]}" for v in found for n in v["nodes"]]


def test_a_conversation_by_text(
    opened: Callable[..., Page], sandbox: Sandbox, practice: Practice, api: Api
) -> None:
    practice.answers["/webhooks/twilio/message"] = "<Response><Message>Thank you</Message></Response>"
    page = opened(PATIENT, SPANISH)
    rest(sandbox, "Messages", Body="How do you feel?")
    first, second = page.locator(".phone").all()
    expect(first.get_by_text("How do you feel?")).to_be_visible()
    box = first.get_by_label("Text to the practice")
    box.fill("Better")
    box.press("Enter")
    box.press("Enter")
    expect(first.get_by_text("Thank you")).to_be_visible()
    assert [asked["Body"] for asked in practice.at("/webhooks/twilio/message")] == ["Better"]
    expect(second.locator(".bubble")).to_have_count(0)
    assert second.locator(".thread").get_attribute("lang") == "es"


def test_two_taps_send_once(opened: Callable[..., Page], practice: Practice) -> None:
    page = opened(PATIENT)
    page.get_by_label("Text to the practice").fill("Once")
    page.get_by_role("button", name="Send").dblclick()
    expect(page.locator(".bubble.patient")).to_have_count(1)
    assert len(practice.at("/webhooks/twilio/message")) == 1


def test_stop_is_seen(opened: Callable[..., Page]) -> None:
    page = opened(PATIENT)
    box = page.get_by_label("Text to the practice")
    box.fill("STOP")
    box.press("Enter")
    expect(page.locator(".bubble.carrier")).to_contain_text("unsubscribed")
    expect(page.get_by_text("opted out")).to_be_visible()


def test_a_call_with_keys_and_words(
    opened: Callable[..., Page], sandbox: Sandbox, practice: Practice, api: Api
) -> None:
    practice.answers["/voice"] = (
        "<Response><Gather input='dtmf speech' numDigits='1' action='/turn'>"
        "<Say>Press 1</Say></Gather></Response>"
    )
    practice.answers["/turn"] = (
        "<Response><Gather input='dtmf speech' action='/turn'><Say>And now?</Say></Gather></Response>"
    )
    page = opened(PATIENT)
    sid = rest(sandbox, "Calls", Url=f"{practice.origin}/voice")["sid"]
    page.get_by_role("button", name="Answer").click()
    expect(page.locator(".captions")).to_contain_text("Press 1")
    expect(page.get_by_text("Your turn: press keys or speak (1 key).")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="1", exact=True).click()
    expect(page.locator(".captions")).to_contain_text("And now?")
    page.get_by_label("Say something").fill("I feel better")
    page.get_by_label("Say something").press("Enter")
    expect(page.locator(".captions .patient").nth(1)).to_have_text("I feel better")
    page.get_by_role("button", name="Hang up").click()
    expect(page.locator(".past summary")).to_contain_text("Call from the practice · completed")
    assert [asked.form.get("Digits") or asked["SpeechResult"] for asked in practice.at("/turn")] == [
        "1",
        "I feel better",
    ]
    assert api("GET", f"/calls/{sid}")["status"] == "completed"


@pytest.mark.parametrize(("button", "status"), [("Decline", "busy"), ("Voicemail", "completed")])
def test_a_call_not_taken(
    opened: Callable[..., Page], sandbox: Sandbox, practice: Practice, button: str, status: str
) -> None:
    page = opened(PATIENT)
    rest(sandbox, "Calls", Url=f"{practice.origin}/voice", MachineDetection="DetectMessageEnd")
    expect(page.locator(".ringing")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name=button).click()
    expect(page.locator(".past summary")).to_contain_text(status)


def test_calling_the_practice_and_what_goes_wrong(opened: Callable[..., Page], practice: Practice) -> None:
    practice.answers["/webhooks/twilio/voice"] = (500, "")
    page = opened(PATIENT)
    page.get_by_role("button", name="Call the practice").click()
    expect(page.locator("[data-failures]")).to_contain_text("11200")
    expect(page.locator(".past summary")).to_contain_text("Call to the practice · completed")
    page.get_by_role("button", name="Dismiss").click()
    expect(page.locator("[data-failures]")).to_be_hidden()


def test_stories_say_what_the_application_answered(opened: Callable[..., Page], practice: Practice) -> None:
    practice.answers["/api/v1/triggers"] = [
        (202, "{}", "application/json"),
        (422, '{"message": "kind is unknown"}', "application/json"),
    ]
    page = opened(PATIENT)
    page.get_by_role("button", name="Discharge").click()
    expect(page.get_by_role("status").filter(has_text="was taken")).to_be_visible()
    page.get_by_role("button", name="No-show").click()
    expect(page.get_by_role("alert")).to_have_text("The application refused it (422). kind is unknown")


def test_news_of_phones_that_are_not_open(opened: Callable[..., Page], sandbox: Sandbox) -> None:
    page = opened()
    rest(sandbox, "Messages", Body="Hello")
    rest(sandbox, "Calls", To="+13125550170", Twiml="<Response/>")
    expect(page.locator(f'[data-number="{PATIENT}"] .news')).to_have_text("1 new")
    expect(page.locator('[data-number="+13125550170"] .news')).to_have_text("ringing")


def test_open_phones_are_still_open_after_a_reload(opened: Callable[..., Page]) -> None:
    page = opened(PATIENT, SPANISH)
    page.reload()
    expect(page.locator(".phone")).to_have_count(2)
    page.get_by_role("button", name="Close this phone").first.click()
    expect(page.locator(".phone")).to_have_count(1)


@pytest.mark.parametrize("width", [1280, 390])
def test_everybody_can_use_it(opened: Callable[..., Page], sandbox: Sandbox, width: int) -> None:
    rest(sandbox, "Messages", Body="Hello")
    page = opened(PATIENT, width=width)
    expect(page.locator(".bubble")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_inline(sandbox: Sandbox) -> None:
    answer = requests.get(sandbox.origin, timeout=5)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert " style=" not in answer.text
    assert "<script>" not in answer.text


def test_a_lifelike_pace_shows_the_states(make: Callable[..., Sandbox], browser: Browser) -> None:
    sandbox = make(pace=Pace(sent=3600, delivered=3600, ringing=3600, answer=3600))
    page = browser.new_page()
    page.goto(f"{sandbox.origin}/#{PATIENT}")
    rest(sandbox, "Messages", Body="Hello")
    expect(page.locator(".bubble small")).to_contain_text("queued")
    api = Api(sandbox.origin)
    api("POST", "/advance", seconds=3601)
    expect(page.locator(".bubble small")).to_contain_text("sent")
    api("POST", "/advance", seconds=3601)
    expect(page.locator(".bubble small")).to_contain_text("delivered")
    rest(sandbox, "Calls", Twiml="<Response><Say>Hi</Say></Response>")
    expect(page.locator(".ringing")).to_be_visible()
    api.session.close()
    page.close()


def test_pictures_are_sent_and_seen(
    opened: Callable[..., Page], sandbox: Sandbox, practice: Practice
) -> None:
    page = opened(PATIENT, width=390)
    clip = page.get_by_role("button", name="Add a picture or file")
    clip.press("Enter")
    expect(clip).to_have_attribute("aria-expanded", "true")
    page.get_by_label("Text to the practice").fill("My weight today")
    page.get_by_role("button", name="Sample picture").click()
    expect(page.locator(".bubble.patient img")).to_be_visible()
    page.wait_for_function("document.querySelector('.bubble img').naturalWidth > 0")
    page.get_by_label("Choose a file").set_input_files(
        {"name": "card.vcf", "mimeType": "text/vcard", "buffer": b"BEGIN:VCARD"}
    )
    expect(page.get_by_text("Attachment: text/vcard")).to_be_visible()
    first, second = practice.at("/webhooks/twilio/message")
    assert (first["Body"], first["NumMedia"], first["MediaContentType0"]) == (
        "My weight today",
        "1",
        "image/jpeg",
    )
    assert (second["Body"], second["MediaContentType0"]) == ("", "text/vcard")
    sent = [media.data for message in sandbox.carrier.state.messages.values() for media in message.media]
    assert (sent[0][:3], sent[1]) == (b"\xff\xd8\xff", b"BEGIN:VCARD")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
