"""The console in a real browser: live without reloading, by keyboard, without scripts, and free of axe's complaints."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import make_server

from app.cases.flags import arrived, raise_flag
from app.cases.models import Case
from app.clock import SystemClock
from app.factory import create_app
from app.media.models import MediaState
from app.outbox.models import Message, MessageStatus
from app.services import Services, make_services
from app.settings import Settings
from app.store import begin
from app.store.live import announce
from tests.console.conftest import PASSWORD, Practice, fill
from tests.console.pictures import came, failed, fetched
from tests.support.pictures import PDF, SAMPLE, wav

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDE, PHONE = {"width": 1280, "height": 850}, {"width": 390, "height": 844}
QUICK = 1500
"""Milliseconds within which a change has to be on an open page (what is promised is a second)."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all these tests."""
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def services(make_settings: Callable[..., Settings], sqlite_url: str, redis_url: str) -> Iterator[Services]:
    """The wired services with the machine's own clock: pages and server must agree on the time."""
    made = make_services(make_settings(DATABASE_URL=sqlite_url, REDIS_URL=redis_url), clock=SystemClock())
    yield made
    made.engine.dispose()
    made.redis.close()


@pytest.fixture
def practice(services: Services) -> Practice:
    """The practice, as of now."""
    with begin(services.sessions) as session:
        return fill(session, services.clock.now())


@pytest.fixture
def address(services: Services, practice: Practice) -> Iterator[str]:
    """The console, served."""
    app: Flask = create_app(services=services)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    app.extensions["careloop_live"].stop()
    server.server_close()


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens a page as somebody; fails at the end if a page complained on its console."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_it(who: str | None, path: str = "/", **options: object) -> Page:
        context = chromium.new_context(**{"viewport": WIDE, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None
        )
        page.goto(address + "/sign-in")
        if who is not None:
            page.fill("#email", f"{who}@example.org")
            page.fill("#password", PASSWORD)
            page.click("main button")
            page.wait_for_url(lambda url: "sign-in" not in url)
            page.goto(address + path)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert complaints == []


def says(services: Services, practice: Practice, who: str, words: str, urgency: int = 0) -> None:
    """A patient writes."""
    now = services.clock.now()
    with begin(services.sessions) as session:
        case = session.get_one(Case, practice.cases[who])
        message = Message(
            direction="in",
            status=MessageStatus.RECEIVED,
            patient_id=case.patient_id,
            case_id=case.id,
            number="",
            number_index="",
            body=words,
            author="patient",
            created_at=now,
        )
        session.add(message)
        session.flush()
        arrived(session, case, now)
        if urgency:
            raise_flag(
                session,
                case,
                urgency=urgency,
                because="feels worse",
                source=str(message.id),
                now=now,
                words=words,
            )


PAGES = [
    (None, "/sign-in"),
    ("ana", "/"),
    ("ana", "/?tab=open"),
    ("ana", "/search"),
    ("ana", "rosa"),
    ("ana", "james"),
    ("ana", "/account"),
    ("ana", "/staff"),
    ("ada", "/staff"),
    ("ada", "/settings"),
    ("ada", "/examples"),
    ("ada", "/words"),
    ("ada", "/words/limits"),
    ("max", "/import"),
    ("aud", "/audit"),
]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_has_nothing_to_say(
    visit: Callable[..., Page], practice: Practice, address: str, size: object
) -> None:
    problems, pages = [], {}
    for who, path in PAGES:
        if who not in pages:
            pages[who] = visit(who, "/account", viewport=size)
        page = pages[who]
        page.goto(address + (f"/cases/{practice.cases[path]}" if path in practice.cases else path))
        for found in Axe().run(page).response["violations"]:
            problems.append((path, found["id"], [node["html"][:120] for node in found["nodes"]]))
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} scrolls sideways by {wide} px"
    assert problems == []


def test_a_new_case_appears_by_itself_and_is_announced(
    visit: Callable[..., Page], services: Services, practice: Practice
) -> None:
    page = visit("ana")
    expect(page.locator("#live-state")).to_have_attribute("data-state", "on")
    page.evaluate("window.here = 'the same page'")
    expect(page.locator(".row")).to_have_count(3)
    says(services, practice, "tom", "I feel much worse", urgency=2)
    expect(page.locator(".row", has_text="Tom Bell")).to_be_visible(timeout=QUICK)
    expect(page.locator(".row__name").first).to_have_text("Rosa Delgado")
    expect(page.locator(".row__name").last).to_have_text("James Okafor")
    expect(page.locator("#announce")).to_have_text("1 new case in the queue, 1 urgent.")
    expect(page.locator("#tabs")).to_contain_text("Needs a person 4")
    assert page.evaluate("window.here") == "the same page"


def test_what_one_does_another_sees_and_typed_words_stay(
    visit: Callable[..., Page], services: Services, practice: Practice
) -> None:
    path = f"/cases/{practice.cases['james']}"
    ana, ben = visit("ana", path), visit("ben", path)
    expect(ana.locator("#live-state")).to_have_attribute("data-state", "on")
    expect(ana.locator("#text")).to_be_disabled()
    ben.get_by_role("button", name="Claim").click()
    expect(ben.locator("#text")).to_be_enabled()
    expect(ana.locator(".case__holder")).to_contain_text("Ben Osei has this since", timeout=QUICK)
    ben.fill("#text", "I call you á ten")
    expect(ben.locator("#parts")).to_have_text("1 text, 16 characters")
    says(services, practice, "james", "It is about my tablets")
    expect(ben.locator("#thread")).to_contain_text("It is about my tablets", timeout=QUICK)
    expect(ben.locator("#text")).to_have_value("I call you á ten")
    expect(ben.locator("#text")).to_be_focused()
    ben.keyboard.press("Control+Enter")
    expect(ben.locator(".bubble--staff")).to_contain_text("I call you á ten")
    expect(ana.locator(".bubble--staff")).to_contain_text("I call you á ten", timeout=QUICK)
    expect(ana.locator("#text")).to_be_disabled()


def test_the_second_to_claim_reads_who_was_first(visit: Callable[..., Page], practice: Practice) -> None:
    path = f"/cases/{practice.cases['james']}"
    ben = visit("ben", path, java_script_enabled=False)
    ana = visit("ana", path)
    ana.get_by_role("button", name="Claim").click()
    expect(ana.locator(".case__holder")).to_contain_text("You have this")
    ben.get_by_role("button", name="Claim").click()
    expect(ben.locator("#refused")).to_contain_text("Ana has this since")


def test_an_emergency_from_queue_to_acknowledgement(visit: Callable[..., Page]) -> None:
    page = visit("ana")
    page.keyboard.press("j")
    expect(page.locator(".row__name").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".emergency")).to_contain_text("chest pain")
    page.get_by_role("button", name="Acknowledge: I am on it").click()
    expect(page.locator(".emergency")).to_have_count(0)
    expect(page.locator("#why")).to_contain_text("acknowledged by Ana Marin")


@pytest.mark.parametrize("where", ["a case", "/search", "/account"])
def test_an_emergency_elsewhere_is_seen_from_any_page(
    visit: Callable[..., Page], services: Services, practice: Practice, where: str
) -> None:
    with begin(services.sessions) as session:
        session.get_one(Case, practice.cases["rosa"]).claimed_by = practice.staff["max"]
    page = visit("ana", f"/cases/{practice.cases['james']}" if where == "a case" else where)
    expect(page.locator("#live-state")).to_have_attribute("data-state", "on")
    expect(page.locator("#alarm")).to_be_hidden()
    says(services, practice, "tom", "I can not breathe", urgency=3)
    expect(page.locator("#alarm")).to_have_text("1 emergency", timeout=2 * QUICK)
    expect(page.locator("#announce")).to_have_text("1 emergency in the queue that nobody has claimed.")


def test_without_scripts_everything_still_works(visit: Callable[..., Page], practice: Practice) -> None:
    page = visit("ana", java_script_enabled=False)
    page.get_by_role("link", name="James Okafor").click()
    page.get_by_role("button", name="Claim").click()
    page.fill("#text", "This is Ana")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".bubble--staff")).to_contain_text("This is Ana")
    page.select_option("#note-outcome", "texted_with_patient")
    page.fill("#note-next_action", "left voicemail")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator("#note-next_action-problem")).to_be_visible()
    expect(page.locator("#note-outcome")).to_have_value("texted_with_patient")


def test_an_idle_page_warns_and_then_clears_the_screen(visit: Callable[..., Page]) -> None:
    page = visit("ana", "/account")
    page.clock.install()
    page.reload()
    page.clock.fast_forward("13:30")
    expect(page.locator("#idle")).to_be_visible()
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.locator("#idle")).to_be_hidden()
    page.clock.fast_forward("15:05")
    page.wait_for_url("**/sign-in?idle=1", wait_until="commit")
    # A context closed while a page with a clock of its own is still arriving may never finish closing.
    expect(page.locator("#email")).to_be_visible()


def test_a_lost_stream_is_shown_and_comes_back(
    visit: Callable[..., Page], services: Services, practice: Practice
) -> None:
    page = visit("ana")
    expect(page.locator("#live-state")).to_have_attribute("data-state", "on")
    page.context.set_offline(True)
    says(services, practice, "tom", "I feel much worse", urgency=2)
    page.context.set_offline(False)
    expect(page.locator(".row", has_text="Tom Bell")).to_be_visible(timeout=8000)


def test_tabs_share_one_stream_and_the_next_takes_over(
    visit: Callable[..., Page], services: Services, practice: Practice, address: str
) -> None:
    streams: list[str] = []
    first = visit("ana")
    expect(first.locator("#live-state")).to_have_attribute("data-state", "on")
    first.context.on(
        "request", lambda request: streams.append(request.url) if "/events" in request.url else None
    )
    second = first.context.new_page()
    second.goto(address)
    expect(second.locator("#live-state")).to_have_attribute("data-state", "on")
    says(services, practice, "tom", "I feel much worse", urgency=2)
    second.bring_to_front()
    expect(second.locator(".row", has_text="Tom Bell")).to_be_visible(timeout=QUICK)
    assert streams == []
    first.close()
    expect(second.locator("#live-state")).to_have_attribute("data-state", "on")
    says(services, practice, "tom", "much worse", urgency=3)
    expect(second.locator(".row--emergency", has_text="Tom Bell")).to_be_visible(timeout=5000)
    assert len(streams) == 1


def test_a_reading_is_opened_and_corrected_and_news_does_not_close_it(
    visit: Callable[..., Page], services: Services, practice: Practice
) -> None:
    page = visit("ana", f"/cases/{practice.cases['james']}")
    expect(page.locator("#live-state")).to_have_attribute("data-state", "on")
    page.get_by_text("Not right?").click()
    page.get_by_text("In the ordinary course", exact=True).click()
    says(services, practice, "james", "are you there?")
    with begin(services.sessions) as session:
        announce(session, "conversation", practice.cases["james"])
    expect(page.locator(".bubble--in")).to_have_count(2, timeout=QUICK)
    expect(page.get_by_role("radio", name="In the ordinary course")).to_be_checked()
    problems = Axe().run(page).response["violations"]
    assert [found["id"] for found in problems] == []
    page.get_by_role("button", name="Save what it meant").click()
    expect(page.locator(".read__fixed")).to_have_text("Corrected by Ana Marin: in the ordinary course")


def test_a_reading_is_corrected_without_scripts(visit: Callable[..., Page], practice: Practice) -> None:
    page = visit("ana", f"/cases/{practice.cases['james']}", java_script_enabled=False)
    page.get_by_text("Not right?").click()
    page.get_by_text("Today", exact=True).click()
    page.get_by_role("button", name="Save what it meant").click()
    expect(page.locator(".read__fixed")).to_have_text("Corrected by Ana Marin: today")
    expect(page.locator("#why")).to_contain_text("needs somebody today")


def test_words_are_tried_and_published_without_scripts(visit: Callable[..., Page], address: str) -> None:
    page = visit("ada", "/words", java_script_enabled=False, viewport=PHONE)
    page.select_option("#language", "en")
    page.select_option("#meaning", "signs.chest_pain")
    page.fill("#phrases", "the nurse\npurple pigeon")
    page.get_by_role("button", name="Try it").click(timeout=60_000)
    expect(page.locator("#trial-title")).to_be_visible()
    expect(page.locator(".trial__one--worse").first).to_be_visible()
    page.fill("#publish-why", "as they say it here")
    page.get_by_role("button", name="Publish for everybody").click(timeout=60_000)
    expect(page.locator(".said")).to_contain_text("Published as revision 1")
    expect(page.locator(".own")).to_contain_text("purple pigeon")
    expect(page.locator(".own")).to_contain_text("the nurse")


def test_a_trial_of_words_has_nothing_for_axe(visit: Callable[..., Page]) -> None:
    page = visit("ada", "/words")
    page.select_option("#language", "en")
    page.select_option("#meaning", "idioms.mask")
    page.fill("#phrases", "crushing chest pain")
    page.get_by_role("button", name="Try it").click(timeout=60_000)
    page.fill("#phrases", "(the")
    page.get_by_role("button", name="Try it").click(timeout=60_000)
    expect(page.locator("#refused")).to_contain_text("A bracket is missing")
    problems = Axe().run(page).response["violations"]
    assert [(found["id"], [node["html"] for node in found["nodes"]]) for found in problems] == []


def test_a_changed_message_is_shown_live(
    visit: Callable[..., Page], services: Services, practice: Practice
) -> None:
    page = visit("ana", f"/cases/{practice.cases['james']}")
    page.get_by_role("button", name="Claim").click()
    page.fill("#text", "This is Ana")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".bubble--staff")).to_contain_text("Waiting to go out")
    expect(page.locator("#live-state")).to_have_attribute("data-state", "on")
    with begin(services.sessions) as session:
        message = session.query(Message).where(Message.author == str(practice.staff["ana"])).one()
        message.status = MessageStatus.DELIVERED
        announce(session, "conversation", practice.cases["james"])
    expect(page.locator(".bubble--staff")).to_contain_text("Delivered", timeout=QUICK)


DRAWN = "image => image.complete && image.naturalWidth > 0"


def test_a_picture_appears_by_itself_when_it_is_fetched(
    visit: Callable[..., Page], services: Services, practice: Practice
) -> None:
    page = visit("ana", f"/cases/{practice.cases['james']}")
    expect(page.locator("#live-state")).to_have_attribute("data-state", "on")
    with begin(services.sessions) as session:
        (media,) = came(session, practice.cases["james"], services.clock.now(), "image/jpeg")
    expect(page.locator("#thread")).to_contain_text("Picture: being fetched …", timeout=QUICK)
    with begin(services.sessions) as session:
        fetched(session, media, SAMPLE)
        announce(session, "case", practice.cases["james"])
    picture = page.get_by_role("img", name="Picture sent by the patient at")
    expect(picture).to_be_visible(timeout=QUICK)
    expect(page.locator("#thread")).not_to_contain_text("being fetched")
    page.wait_for_function("document.querySelector('.file img').naturalWidth > 0")
    link = page.get_by_role("link", name="Picture sent by the patient at")
    link.focus()
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    assert opened.value.locator("img").evaluate(DRAWN)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_files_of_every_kind_and_state_fit_and_leave_axe_nothing_to_say(
    visit: Callable[..., Page], services: Services, practice: Practice, size: object
) -> None:
    told = (
        "image/jpeg",
        "audio/wav",
        "application/pdf",
        "image/jpeg",
        "video/mp4",
        "image/svg+xml",
        "image/png",
    )
    with begin(services.sessions) as session:
        case, now = practice.cases["james"], services.clock.now()
        picture, sound, paper, _, video, drawing, lost = came(
            session, case, now, *told, body="What they gave me"
        )
        for media, data in (
            (picture, SAMPLE),
            (sound, wav()),
            (paper, PDF),
            (video, b"\0\0\0\x18ftypmp42" + bytes(9)),
        ):
            fetched(session, media, data)
        failed(session, drawing, MediaState.REFUSED, "it is of a kind we do not open")
        failed(session, lost, MediaState.WAITING, "the carrier did not hand it over in time")
    page = visit("ana", f"/cases/{case}", viewport=size)
    expect(page.locator(".file")).to_have_count(7)
    page.wait_for_function("document.querySelector('.file img').naturalWidth > 0")
    assert [found["id"] for found in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    boxes = page.locator(".file").evaluate_all(
        "files => files.map(file => file.scrollWidth - file.clientWidth)"
    )
    assert max(boxes) <= 0
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download the PDF 3 of 7").click()
    assert saved.value.suggested_filename.endswith("-3.pdf")
