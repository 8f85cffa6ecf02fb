"""The practice's telephone, for tests of calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from redis import Redis

from app.settings import Settings
from tests.support.telephone import Telephone, telephone
from tests.support.world import World


@pytest.fixture
def line(world: World, make_settings: Callable[..., Settings], redis: Redis) -> Iterator[Telephone]:
    """The line, open: Monday 9 o'clock in Chicago. What our answers got wrong fails the test."""
    with telephone(world, make_settings, redis) as line:
        line.site(transfer_number="+13125550199")
        yield line
        assert line.failures() == []
