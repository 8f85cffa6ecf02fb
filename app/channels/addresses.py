"""Which addresses patients' files come from: the carrier's own, and the storage it names. Nothing else is asked.

What a webhook says is never fetched as it stands: only the file's id is taken from it, and the address is made anew.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from app.channels.base import FileError, Trouble

SID: dict[str, re.Pattern[str]] = {
    "message": re.compile(r"(?:SM|MM)[0-9a-f]{32}"),
    "media": re.compile(r"ME[0-9a-f]{32}"),
}
_CARRIER = re.compile(r"api(?:\.[a-z0-9-]+){0,2}\.twilio\.com")
_PATH = re.compile(
    r"/2010-04-01/Accounts/AC[0-9a-f]{32}/Messages/((?:SM|MM)[0-9a-f]{32})/Media/(ME[0-9a-f]{32})"
)
_LOOPBACK = re.compile(r"localhost|127(?:\.[0-9]{1,3}){3}|::1")


def media_sid(url: str, message_sid: str) -> str | None:
    """The id of the file a webhook's `MediaUrl` names; None when that is no file of this text at the carrier's."""
    try:
        parts = urlsplit(url)
        plain = parts.scheme == "https" and parts.netloc == parts.hostname
    except ValueError:
        return None
    found = _PATH.fullmatch(parts.path)
    if not plain or found is None or not _CARRIER.fullmatch(parts.netloc) or found[1] != message_sid:
        return None
    return found[2]


@dataclass(frozen=True, slots=True)
class Guard:
    """Lets through the carrier's origin, and over HTTPS the hosts of its storage (".x.com": whatever is below x.com).

    Plain HTTP is for a sandbox on this machine alone, and there nothing but its own origin is let through.
    """

    origin: str
    hosts: Sequence[str]

    def require(self, url: str) -> None:
        """FileError (unsafe) unless the address may be asked; its words name the host, never the path."""
        try:
            parts, own = urlsplit(url), urlsplit(self.origin)
            same = _place(parts) == _place(own)
            port = parts.port
        except ValueError as error:
            raise FileError(Trouble.UNSAFE, "an address that is none") from error
        host = parts.hostname or ""
        if parts.username is not None or parts.password is not None:
            raise FileError(Trouble.UNSAFE, f"{host} with a user in the address")
        local = own.scheme == "http"
        if same and (not local or _LOOPBACK.fullmatch(own.hostname or "")):
            return
        if local or parts.scheme != "https" or port not in (None, 443) or not self._named(host):
            raise FileError(Trouble.UNSAFE, f"{parts.scheme}://{host}")

    def _named(self, host: str) -> bool:
        return any(host.endswith(name) if name.startswith(".") else host == name for name in self.hosts)


def _place(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
