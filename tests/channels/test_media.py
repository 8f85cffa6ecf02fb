"""Files at the carrier: fetched with the key and only from where they may lie; each way that fails has its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from app.channels.addresses import Guard, media_sid
from app.channels.base import FileError, Trouble
from app.channels.twilio_client import make_client
from app.channels.twilio_media import TwilioMedia, make_files
from app.sandbox.server import Sandbox
from app.settings import Settings
from tests.channels.conftest import PHONE
from tests.support.pictures import SAMPLE, sent
from tests.support.surroundings import ENVIRON

ACCOUNT = ENVIRON["TWILIO_ACCOUNT_SID"]
MESSAGE, FILE = "MM" + "1" * 32, "ME" + "2" * 32
PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{MESSAGE}/Media/{FILE}"
TWILIO = Guard("https://api.twilio.com", (".twiliocdn.com",))
LOCAL = Guard("http://127.0.0.1:8001", (".twiliocdn.com",))


def test_only_the_id_is_taken_from_a_webhooks_address() -> None:
    assert media_sid(f"https://api.twilio.com{PATH}", MESSAGE) == FILE
    assert media_sid(f"https://api.dublin.ie1.twilio.com{PATH}", MESSAGE) == FILE


@pytest.mark.parametrize(
    "url",
    [
        f"http://api.twilio.com{PATH}",
        f"https://api.twilio.com:8443{PATH}",
        f"https://api.twilio.com.example.org{PATH}",
        f"https://example.org{PATH}",
        f"https://api.twilio.com@example.org{PATH}",
        f"https://user:secret@api.twilio.com{PATH}",
        f"https://169.254.169.254{PATH}",
        f"https://api.twilio.com{PATH}/../../../../x",
        f"https://api.twilio.com{PATH}.json",
        f"https://api.twilio.com{PATH.replace(MESSAGE, 'MM' + '9' * 32)}",
        "file:///etc/passwd",
        "https://[",
        "",
    ],
)
def test_any_other_address_names_no_file(url: str) -> None:
    assert media_sid(url, MESSAGE) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://api.twilio.com/x",
        "https://mms.twiliocdn.com/AC1/x?Signature=1",
        "https://mms.twiliocdn.com:443/x",
    ],
)
def test_the_carrier_and_its_storage_may_be_asked(url: str) -> None:
    TWILIO.require(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://mms.twiliocdn.com/x",
        "http://api.twilio.com/x",
        "https://twiliocdn.com.example.org/x",
        "https://eviltwiliocdn.com/x",
        "https://mms.twiliocdn.com:8443/x",
        "https://mms.twiliocdn.com@169.254.169.254/x",
        "http://169.254.169.254/latest/meta-data",
        "https://169.254.169.254/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://[::ffff:169.254.169.254]/",
        "http://2852039166/",
        "ftp://mms.twiliocdn.com/x",
        "//mms.twiliocdn.com/x",
        "https://mms.twiliocdn.com:port/x",
        "",
    ],
)
def test_nobody_else_may_be_asked(url: str) -> None:
    with pytest.raises(FileError) as refused:
        TWILIO.require(url)
    assert refused.value.trouble is Trouble.UNSAFE
    with pytest.raises(FileError):
        LOCAL.require(url)


def test_a_sandbox_on_this_machine_may_send_on_to_itself_alone() -> None:
    LOCAL.require("http://127.0.0.1:8001/twiliocdn/x")
    for url in ("http://127.0.0.1:6379/", "https://mms.twiliocdn.com/x", "http://localhost:8001/"):
        with pytest.raises(FileError):
            LOCAL.require(url)
    with pytest.raises(FileError):
        Guard("http://sandbox.example:8001", ()).require("http://sandbox.example:8001/x")


@pytest.fixture
def there(sandbox: Sandbox, make_settings: Callable[..., Settings]) -> Settings:
    return make_settings(TWILIO_API_ORIGIN=sandbox.origin, MEDIA_MAX_MB="1")


@pytest.fixture
def files(there: Settings) -> TwilioMedia:
    return make_files(there)


@pytest.fixture
def texted(sandbox: Sandbox) -> Callable[..., tuple[str, str]]:
    """A patient sends files; the ids of the text and of its first file."""

    def text(*media: Any) -> tuple[str, str]:
        body = {"from": PHONE, "body": "", "media": list(media) or [sent(SAMPLE)]}
        told = requests.post(f"{sandbox.origin}/sandbox/api/texts", json=body, timeout=10).json()
        return told["sid"], told["media"][0]["sid"]

    return text


def test_a_file_is_fetched_by_way_of_the_storage_and_deleted(
    files: TwilioMedia, texted: Callable[..., tuple[str, str]], sandbox: Sandbox
) -> None:
    text, one = texted()
    assert files.listed(text) == [one]
    # The storage answers requests that carry credentials with 400: so none were sent on.
    fetched = files.fetch(text, one)
    assert (fetched.data, fetched.content_type) == (SAMPLE, "image/jpeg")
    files.remove(text, one)
    assert files.listed(text) == []
    files.remove(text, one)
    with pytest.raises(FileError, match="missing"):
        files.fetch(text, one)


def test_the_api_key_is_used_where_there_is_one(
    make_settings: Callable[..., Settings], texted: Callable[..., tuple[str, str]], sandbox: Sandbox
) -> None:
    text, one = texted()
    settings = make_settings(
        TWILIO_API_ORIGIN=sandbox.origin, TWILIO_API_KEY="SK" + "0" * 32, TWILIO_API_SECRET="not known there"
    )
    with pytest.raises(FileError, match="closed"):
        make_files(settings).fetch(text, one)


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        ({"kind": "status", "status": 404, "on": "media"}, Trouble.MISSING),
        ({"kind": "status", "status": 403, "on": "media"}, Trouble.CLOSED),
        ({"kind": "status", "status": 503, "on": "media"}, Trouble.LATER),
        ({"kind": "lost_response", "on": "media"}, Trouble.LATER),
        ({"kind": "media_large"}, Trouble.BIG),
        ({"kind": "media_redirect", "url": "http://169.254.169.254/latest/meta-data/"}, Trouble.UNSAFE),
        ({"kind": "media_redirect", "url": "http://127.0.0.1:6379/"}, Trouble.UNSAFE),
        ({"kind": "media_redirect", "url": "https://example.org/picture.jpg"}, Trouble.UNSAFE),
        ({"kind": "media_redirect", "url": "//169.254.169.254/x"}, Trouble.UNSAFE),
        ({"kind": "media_redirect", "url": "file:///etc/passwd"}, Trouble.UNSAFE),
        ({"kind": "media_redirect", "url": ""}, Trouble.LATER),
    ],
)
def test_each_fault_has_its_name_and_the_next_try_works(
    files: TwilioMedia,
    texted: Callable[..., tuple[str, str]],
    sandbox: Sandbox,
    fault: dict[str, Any],
    trouble: Trouble,
) -> None:
    text, one = texted()
    sandbox.carrier.faults.add(fault)
    with pytest.raises(FileError) as failed:
        files.fetch(text, one)
    assert failed.value.trouble is trouble
    assert "169.254.169.254/" not in str(failed.value)
    assert files.fetch(text, one).data == SAMPLE


def test_what_the_carrier_says_is_too_large_is_not_even_read(
    files: TwilioMedia, texted: Callable[..., tuple[str, str]]
) -> None:
    text, one = texted(sent(SAMPLE + bytes(1_000_000)))
    with pytest.raises(FileError, match=f"big: {len(SAMPLE) + 1_000_000} bytes"):
        files.fetch(text, one)


def test_a_trickle_is_not_waited_for(
    there: Settings, texted: Callable[..., tuple[str, str]], sandbox: Sandbox
) -> None:
    text, one = texted()
    sandbox.carrier.faults.add({"kind": "media_slow", "seconds": 0.01})
    guard = Guard(there.twilio_api_origin, ())
    impatient = TwilioMedia(
        make_client(there), origin=there.twilio_api_origin, guard=guard, most=1_000_000, patience=0.0
    )
    with pytest.raises(FileError, match="later: not whole"):
        impatient.fetch(text, one)


@pytest.mark.parametrize("ids", [("MM../../x", FILE), (MESSAGE, "ME1/../../../x"), ("", FILE), (MESSAGE, "")])
def test_what_is_no_id_never_becomes_an_address(files: TwilioMedia, ids: tuple[str, str]) -> None:
    with pytest.raises(FileError, match="no id of a"):
        files.fetch(*ids)


def test_a_carrier_that_is_away_is_asked_later(make_settings: Callable[..., Settings]) -> None:
    files = make_files(make_settings(TWILIO_API_ORIGIN="http://127.0.0.1:9"))
    for ask in (files.fetch, files.remove):
        with pytest.raises(FileError, match="later"):
            ask(MESSAGE, FILE)
    with pytest.raises(FileError, match="later"):
        files.listed(MESSAGE)
