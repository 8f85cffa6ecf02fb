"""`careloop mllp`: listen for HL7 v2 messages."""

from __future__ import annotations

import argparse
import asyncio
import signal

import structlog

from app.cli import runtime
from app.cli.import_ import site_of
from app.ehr.listen import Answer, receiver, serve
from app.ehr.run import Sender
from app.services import make_services
from app.store.heads import require_newest

EPILOG = "MLLP is not encrypted: let it listen on a private address only, behind a VPN or a TLS tunnel."


def main(argv: list[str]) -> int:
    """Listen on MLLP_PORT until a signal says stop; what was acknowledged is stored."""
    parser = argparse.ArgumentParser(prog="careloop mllp", description=__doc__, epilog=EPILOG)
    parser.add_argument("--host", help="address to listen on (default: HOST)")
    parser.add_argument("--source", default="api", help="the system the senders' numbers belong to")
    parser.add_argument("--site", help="key of the practice location (needed where there are several)")
    options = parser.parse_args(argv)
    settings = runtime.settings()
    services = make_services(settings, kind="mllp")
    try:
        require_newest(services.engine)
        site_id = site_of(services.sessions, options.site)
        sender = Sender(options.source, site_id, actor="mllp", take_tests=not settings.production)
        answer = receiver(services.sessions, services.kit, sender, services.clock)
        asyncio.run(_listen(answer, options.host or settings.host, settings.mllp_port))
    finally:
        services.engine.dispose()
    return 0


async def _listen(answer: Answer, host: str, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = await serve(answer, host, port)
    structlog.get_logger("careloop.mllp").info("mllp_listening", port=port)
    await stop.wait()
    server.close()
