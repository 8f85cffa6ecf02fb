"""What gunicorn's master does before it forks: it imports the application once, and its children share that memory.

Services are made in each child (`create_app`): no connection, thread or identity is ever shared.
"""

from __future__ import annotations

import gc
from typing import Protocol

from app.factory import create_app
from app.understanding.warm import warm_first

__all__ = ["create_app", "on_starting"]


class _Named(Protocol):
    proc_name: str


class Arbiter(Protocol):
    """As much of gunicorn's master as is asked here."""

    cfg: _Named


def on_starting(server: Arbiter) -> None:
    """Load what calls are read by, and keep the collector from ever touching (and so copying) what is shared."""
    gc.disable()  # there is nothing to collect while all that is made stays
    if server.cfg.proc_name == "careloop-web":
        warm_first()
    gc.enable()
    gc.collect()
    gc.freeze()
