"""`python -m app.sandbox --port 8001`: the sandbox as a process."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from types import FrameType

from app.sandbox.config import Config
from app.sandbox.server import serve


def main(argv: list[str]) -> int:
    """Serve until interrupted or terminated; settings come from the environment (see `Config.from_env`)."""
    parser = argparse.ArgumentParser(prog="python -m app.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("SANDBOX_PORT", "8001")))
    options = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, _stop)
    try:
        serve(Config.from_env(os.environ), options.host, options.port)
    except KeyboardInterrupt:
        return 0
    return 0


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
