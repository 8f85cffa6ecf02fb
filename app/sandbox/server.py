"""The sandbox as a web application and as a process."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from flask import Flask, Response

from app.sandbox.api import api
from app.sandbox.carrier import Carrier
from app.sandbox.config import Config
from app.sandbox.page import page
from app.sandbox.rest import credentials
from app.sandbox.rest_calls import call_routes
from app.sandbox.rest_media import media, storage
from app.sandbox.rest_messages import messages
from app.sandbox.snapshot import Snapshot
from app.sandbox.web import WebServer

HERE = Path(__file__).resolve().parent


def create_app(carrier: Carrier) -> Flask:
    """The web application of one carrier: Twilio's REST API, the sandbox's own API, and the page."""
    app = Flask("sandbox", root_path=str(HERE), static_folder="static", template_folder="templates")
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it, its base does not say so
    app.extensions["carrier"] = carrier
    app.extensions["credentials"] = credentials(carrier)
    for part in (messages, media, storage, call_routes, api, page):
        app.register_blueprint(part)
    app.register_error_handler(404, _not_found)
    return app


def _not_found(error: Exception) -> Response:
    body = {"code": 20404, "message": "The requested resource was not found", "status": 404}
    return Response(json.dumps(body), 404, mimetype="application/json")


class Sandbox:
    """A running sandbox; `carrier` is its inside, `origin` its address. Close it, or use it in a `with`."""

    def __init__(self, config: Config, host: str = "127.0.0.1", port: int = 0) -> None:
        self.carrier = Carrier(config)
        self.snapshot = Snapshot(self.carrier, config.snapshot) if config.snapshot else None
        self._server = WebServer(host, port, create_app(self.carrier))
        self.origin = f"http://{host}:{self._server.server_port}"
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        """Serve on a thread of its own."""
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="sandbox", daemon=True
        )
        self._thread.start()
        return self

    def run(self) -> None:
        """Serve on this thread until the process is told to stop."""
        self._server.serve_forever(0.5)

    def stop(self) -> None:
        """Ask `run` to return; safe in a signal handler."""
        threading.Thread(target=self._server.shutdown, daemon=True).start()

    def close(self) -> None:
        """Stop serving, keep the state when that is wanted, end all threads."""
        if self._thread is not None:
            self._server.shutdown()
        self._server.close()
        if self.snapshot is not None:
            self.snapshot.close()
        self.carrier.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def create_sandbox(host: str = "127.0.0.1", port: int = 0, **settings: Any) -> Sandbox:
    """A sandbox with the settings of `Config`, not yet serving; port 0 takes a free one.

    For tests: `with create_sandbox(app_origin=…, lines=(…)) as sandbox: … sandbox.origin`.
    """
    return Sandbox(Config(**settings), host, port)


def serve(config: Config, host: str = "127.0.0.1", port: int = 8001) -> None:
    """Serve a sandbox until the process is interrupted or terminated."""
    sandbox = Sandbox(config, host, port)
    print(f"Patients' phones are at {sandbox.origin}", flush=True)
    try:
        sandbox.run()
    finally:
        sandbox.close()
