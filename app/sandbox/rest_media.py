"""/Messages/{sid}/Media, and the storage it sends on to with a signed address, as the carrier really does."""

from __future__ import annotations

import hmac
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from flask import Blueprint, Response, request

from app.sandbox.carrier import Carrier
from app.sandbox.errors import Refusal, refuse
from app.sandbox.records import Media, Message
from app.sandbox.resources import media_resource
from app.sandbox.rest import answer, new_blueprint, refused, the_carrier, with_faults

media = new_blueprint("media")
storage = Blueprint("storage", __name__, url_prefix="/twiliocdn")
storage.register_error_handler(Refusal, refused)
LASTS = timedelta(hours=4)
PIECE = 64 * 1024
NOT_A_PICTURE = b"<!doctype html><script>alert(document.domain)</script>"


@media.get("/Messages/<sid>/Media.json")
def media_list(sid: str) -> Response:
    """The attachments of a text."""
    message, account = message_of(sid), the_carrier().config.account_sid
    listed = [media_resource(each, message, account) for each in message.media]
    uri = request.path
    return answer(
        {
            "end": max(0, len(listed) - 1),
            "first_page_uri": uri,
            "media_list": listed,
            "next_page_uri": None,
            "page": 0,
            "page_size": 50,
            "previous_page_uri": None,
            "start": 0,
            "uri": uri,
        }
    )


@media.get("/Messages/<sid>/Media/<media_sid>.json")
def media_fetch(sid: str, media_sid: str) -> Response:
    """What is known of an attachment."""
    message = message_of(sid)
    return answer(media_resource(media_of(message, media_sid), message, the_carrier().config.account_sid))


@media.get("/Messages/<sid>/Media/<media_sid>")
def media_content(sid: str, media_sid: str) -> Response:
    """Where the attachment itself is: an address that is good for four hours and needs no account."""
    carrier, message = the_carrier(), message_of(sid)
    each = media_of(message, media_sid)

    def accept() -> Response:
        elsewhere = carrier.faults.take("media_redirect", message.sender, "media")
        location = elsewhere.url if elsewhere else _address(carrier, message, each)
        return Response(status=307, headers={"Location": location})

    return with_faults("media", message.sender, accept)


@media.delete("/Messages/<sid>/Media/<media_sid>.json")
def media_delete(sid: str, media_sid: str) -> Response:
    """Forget an attachment."""
    message = message_of(sid)
    each = media_of(message, media_sid)

    def accept() -> Response:
        message.media.remove(each)
        return Response(status=204)

    return with_faults("media_deletes", message.sender, accept)


@storage.get("/<account>/<sid>/<media_sid>")
def stored(account: str, sid: str, media_sid: str) -> Response:
    """An attachment itself, for whoever holds its address while that lasts."""
    carrier, expires = the_carrier(), request.args.get("Expires", 0, int)
    if "Authorization" in request.headers:
        # The storage takes one way of proving oneself, and the account's key is nobody's business there.
        raise Refusal(20001, "Only one auth mechanism allowed", 400)
    signed = hmac.compare_digest(request.args.get("Signature", ""), _signature(carrier, media_sid, expires))
    if not signed or carrier.timeline.now() > datetime.fromtimestamp(expires, UTC):
        raise Refusal(20003, "Access denied", 403)
    message = message_of(sid)
    return _content(carrier, message, media_of(message, media_sid))


def message_of(sid: str) -> Message:
    """The text of that id, or the refusal."""
    message = the_carrier().state.messages.get(sid)
    if message is None:
        raise refuse(20404, request.path)
    return message


def media_of(message: Message, sid: str) -> Media:
    """The attachment of that id, or the refusal."""
    found = next((each for each in message.media if each.sid == sid), None)
    if found is None:
        raise refuse(20404, request.path)
    return found


def _address(carrier: Carrier, message: Message, each: Media) -> str:
    expires = int((carrier.timeline.now() + LASTS).timestamp())
    path = f"/twiliocdn/{carrier.config.account_sid}/{message.sid}/{each.sid}"
    return f"http://{request.host}{path}?Expires={expires}&Signature={_signature(carrier, each.sid, expires)}"


def _signature(carrier: Carrier, sid: str, expires: int) -> str:
    return hmac.new(carrier.config.auth_token.encode(), f"{sid}:{expires}".encode(), sha256).hexdigest()


def _content(carrier: Carrier, message: Message, each: Media) -> Response:
    """The bytes, the way the faults in force for this number want them."""
    with carrier.state.lock:
        carrier.state.counters["media_contents"] += 1
    take, sender = carrier.faults.take, message.sender
    if take("media_wrong", sender, "media"):
        return Response(NOT_A_PICTURE, mimetype=each.content_type)
    if large := take("media_large", sender, "media"):
        return Response(_padded(each.data, large.size), mimetype=each.content_type)
    if slow := take("media_slow", sender, "media"):
        return Response(_drops(each.data, slow.seconds), mimetype=each.content_type)
    return Response(each.data, mimetype=each.content_type)


def _padded(data: bytes, size: int) -> Iterator[bytes]:
    """The picture and zeros behind it; as a stream its length is not told beforehand."""
    yield data
    for done in range(len(data), size, PIECE):
        yield bytes(min(PIECE, size - done))


def _drops(data: bytes, seconds: float) -> Iterator[bytes]:
    """Byte after byte, with a pause behind each."""
    for value in data:
        yield bytes([value])
        time.sleep(seconds)
