"""The carrier as a whole: one account with its memory, its time, its faults and its wires."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from app.sandbox.config import Config
from app.sandbox.courier import Courier
from app.sandbox.events import Events
from app.sandbox.faults import Faults
from app.sandbox.state import Phone, State
from app.sandbox.timeline import Timeline
from app.sandbox.webhooks import Webhooks
from app.sandbox.wire import Wire

if TYPE_CHECKING:  # a walk knows the carrier, the carrier only keeps walks
    from app.sandbox.walk import Walk


class Carrier:
    """One account of the sandbox; the other modules act on it."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.state = State()
        self.timeline = Timeline()
        self.faults = Faults(config.seed)
        self.events = Events()
        self.wire = Wire({config.public_url: config.app_origin})
        self.webhooks = Webhooks(self.wire, config.auth_token)
        self.receipts = Courier("sandbox-receipts", 4)
        self.errands = Courier("sandbox-errands", 8)
        self.walks: dict[str, Walk] = {}
        self.held: dict[str, list[Any]] = {}
        for line in config.lines:
            self.state.lines[line.number] = line
        for service in config.services:
            self.state.services[service] = {"advanced_opt_out": False}

    def phone(self, number: str) -> Phone:
        """How a number behaves; a number nobody described is a mobile phone that rings."""
        return self.state.phones.get(number) or Phone()

    def fail(self, code: int, words: str, **about: object) -> dict[str, Any]:
        """Record what Twilio's debugger would show: the application did something wrong."""
        failure = {"code": code, "message": words, "at": self.timeline.now().isoformat(), **about}
        with self.state.lock:
            self.state.failures.append(failure)
        self.events.tell("failure", lambda: failure)
        return failure

    def settle(self, timeout: float) -> bool:
        """Wait until everything due is done and posted; False when `timeout` seconds are too few."""
        self.timeline.advance(timedelta())
        return self.errands.settle(timeout) and self.receipts.settle(timeout) and self.errands.settle(timeout)

    def reset(self) -> None:
        """Forget everything but the account, its lines and services."""
        self.faults.clear()
        self.timeline.clear()
        self.held.clear()
        self.walks.clear()
        self.state.clear()
        self.events.tell("reset", dict)

    def close(self) -> None:
        """Stop all threads."""
        self.events.close()
        self.timeline.close()
        self.receipts.close()
        self.errands.close()
        self.wire.close()
