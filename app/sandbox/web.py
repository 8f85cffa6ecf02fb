"""WSGI over HTTP/1.1 with kept connections, a thread for each.

Werkzeug's threaded server closes every connection and waits 10 ms after each answer; a carrier that is
to take hundreds of texts a second keeps its connections.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import StartResponse, WSGIApplication

LARGEST_BODY = 16 * 1024 * 1024
NO_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


class WebServer(ThreadingHTTPServer):
    """Serves one WSGI application; `close` also ends the connections that are kept open."""

    daemon_threads = True
    request_queue_size = 512
    block_on_close = False

    def __init__(self, host: str, port: int, application: WSGIApplication) -> None:
        self.application = application
        self._open: set[socket.socket] = set()
        super().__init__((host, port), _Handler)

    def server_bind(self) -> None:
        """Bind, without the look-up of the host's full name that the standard server does."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, so that it can be ended."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget an ended connection."""
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that breaks off is no error; everything else is told."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def close(self) -> None:
        """Stop listening and end every connection."""
        self.server_close()
        for connection in list(self._open):
            _break(connection)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Nagle's delay costs 40 ms an answer on a kept connection.
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    server: WebServer

    def _serve(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or "Transfer-Encoding" in self.headers:
            self.send_error(HTTPStatus.LENGTH_REQUIRED)
            return
        if int(length) > LARGEST_BODY:
            self.close_connection = True
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        environ = self._environ(self.rfile.read(int(length)))
        head: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            head[:] = [status, headers]
            return self.wfile.write

        start: StartResponse = start_response
        body = self.server.application(environ, start)
        try:
            self._answer(head, body)
        finally:
            if hasattr(body, "close"):
                body.close()

    def _answer(self, head: list[Any], body: Iterable[bytes]) -> None:
        status, headers = head
        code = int(status[:3])
        names = {name.lower() for name, _ in headers}
        if "content-length" not in names and code not in NO_BODY:
            self.close_connection = True
            headers = [*headers, ("Connection", "close")]
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers), "", ""]
        self.wfile.write("\r\n".join(lines).encode("latin-1"))
        if self.command == "HEAD":
            self.wfile.flush()
            return
        for part in body:
            self.wfile.write(part)
            if self.close_connection:
                self.wfile.flush()
        self.wfile.flush()

    def _environ(self, body: bytes) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        environ = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": self.server.server_name,
            "SERVER_PORT": str(self.server.server_port),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": self.client_address[0],
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "sandbox.hang_up": lambda: _break(self.connection),
        }
        for name, value in self.headers.items():
            if "_" not in name:
                environ.setdefault("HTTP_" + name.upper().replace("-", "_"), value)
        return environ

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = _serve

    def log_message(self, format: str, *args: Any) -> None:
        """No line per request."""


def _break(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it was gone already
