"""What the console's pages stand on: the wired services, the limit on sign-ins, the check of forms."""

from __future__ import annotations

from datetime import datetime

from flask import Flask, current_app
from flask_wtf import CSRFProtect
from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

from app.services import Services

SIGN_INS = (RateLimitItemPerMinute(20), RateLimitItemPerHour(200))
"""Per address: a whole practice may sit behind one; one account locks after five wrong passwords by itself."""

CSRF = CSRFProtect()


def services_of(app: Flask) -> Services:
    """The wired services of an application."""
    found: Services = app.extensions["careloop"]
    return found


def services() -> Services:
    """The wired services of the application that answers this request."""
    return services_of(current_app)


def now() -> datetime:
    """The present, by the application's clock."""
    return services().clock.now()


class SignInLimit:
    """Counts sign-ins by address: in Redis for all processes together, in this process while Redis is away.

    Flask-Limiter's own engine without its hooks, which would run before every webhook as well.
    """

    def __init__(self, redis_url: str) -> None:
        url = (
            redis_url.replace("unix://", "redis+unix://", 1) if redis_url.startswith("unix://") else redis_url
        )
        shared = storage_from_string(url, socket_connect_timeout=1, socket_timeout=1)
        self._shared, self._own = FixedWindowRateLimiter(shared), FixedWindowRateLimiter(MemoryStorage())

    def allows(self, address: str) -> bool:
        """Count one try; whether it is still within the limits."""
        try:
            return _hit(self._shared, address)
        except (RedisError, OSError):
            return _hit(self._own, address)


def sign_in_limit() -> SignInLimit:
    """What limits sign-ins."""
    found: SignInLimit = current_app.extensions["careloop_sign_in_limit"]
    return found


def _hit(limiter: FixedWindowRateLimiter, address: str) -> bool:
    # All are counted, also when the first already says no.
    within = [limiter.hit(limit, "careloop-sign-in", address) for limit in SIGN_INS]
    return all(within)
