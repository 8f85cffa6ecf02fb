"""No faster than a carrier takes texts from one number of ours: each text has its place in time.

What is handed over faster waits at the carrier, an answer to a patient behind a whole campaign; what waits there too
long is lost (Twilio: ten hours, then 30001). So what we start waits here. Answers never wait: they take their place,
and what we start comes after them.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

import structlog
from redis import Redis
from redis.exceptions import RedisError

SAVED = timedelta(seconds=10)
"""What was not used in the last moments may be used at once: texts are offered in bunches."""
SAFE = 1.0
"""Parts a second and process when Redis is away, which knows what the others send: what every number may do."""
AWAY_SECONDS = 5.0
"""How long Redis is not asked again after it failed."""
_KEY = "careloop:pace:"
_KEPT_MS = 86_400_000

# Places begin where the last one ended, and not before what may be made up for; all in milliseconds.
_BOOK = """
local free = math.max(tonumber(redis.call('get', KEYS[1]) or 0), tonumber(ARGV[1]))
local places = {}
for i = 4, #ARGV do
  places[#places + 1] = string.format('%.0f', math.floor(free))
  free = free + tonumber(ARGV[i]) * tonumber(ARGV[2])
end
redis.call('set', KEYS[1], string.format('%.3f', free), 'px', ARGV[3])
return places
"""


class Pace:
    """The pace of every number of ours, shared by all processes over Redis. `per_second` counts parts (segments)."""

    def __init__(self, redis: Redis, per_second: float) -> None:
        self.per_second = per_second
        self._redis = redis
        self._book = redis.register_script(_BOOK)
        self._own: dict[str, float] = {}
        self._asks_again = 0.0
        self._log = structlog.get_logger("careloop.pace")

    def book(self, texts: Sequence[tuple[str, int]], now: datetime) -> list[datetime]:
        """When each of these texts (our number, parts) may go, in their order: now, or not before."""
        bookings: dict[str, list[int]] = {}
        for number, parts in texts:
            bookings.setdefault(number, []).append(parts)
        places = {number: iter(self._places(number, parts, now)) for number, parts in bookings.items()}
        return [max(now, next(places[number])) for number, _ in texts]

    def ahead(self, numbers: Collection[str], now: datetime) -> dict[str, timedelta]:
        """For how long each of these numbers has its places taken."""
        found = {number: self._own.get(number, 0.0) for number in numbers}
        if found and self._asking():
            try:
                kept = self._redis.mget([_KEY + number for number in found])
                found = {number: float(free or 0) for number, free in zip(found, kept, strict=True)}
            except RedisError as problem:
                self._away(problem)
        return {number: max(timedelta(0), _moment(free) - now) for number, free in found.items()}

    def _places(self, number: str, parts: list[int], now: datetime) -> list[datetime]:
        since = _milliseconds(now - SAVED)
        if self._asking():
            try:
                given = (since, 1000 / self.per_second, _KEPT_MS, *parts)
                return [_moment(float(place)) for place in self._book(keys=[_KEY + number], args=given)]
            except RedisError as problem:
                self._away(problem)
        return self._slowly(number, parts, now)

    def _slowly(self, number: str, parts: list[int], now: datetime) -> list[datetime]:
        """Without Redis: this process by itself, as slowly as any number may be used."""
        free, places = max(self._own.get(number, 0.0), _milliseconds(now)), []
        for one in parts:
            places.append(_moment(free))
            free += one * 1000 / min(SAFE, self.per_second)
        self._own[number] = free
        return places

    def _asking(self) -> bool:
        return time.monotonic() >= self._asks_again

    def _away(self, problem: RedisError) -> None:
        self._asks_again = time.monotonic() + AWAY_SECONDS
        self._log.warning("pace_slowed", problem=type(problem).__name__)


def _milliseconds(moment: datetime) -> float:
    return moment.timestamp() * 1000


def _moment(milliseconds: float) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
