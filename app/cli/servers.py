"""Servers we bring along: a Redis of our own, and ports that are free."""

from __future__ import annotations

import shutil
import socket
import sys
from contextlib import closing
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from app.cli.children import Program
from app.errors import CareloopError

# Linux gives a socket's path 108 bytes, the closing zero included.
LONGEST_SOCKET_PATH = 107


class ServerMissing(CareloopError):
    """A server that is needed is not on this machine."""

    code = "server_missing"


class PortTaken(CareloopError):
    """Somebody else listens on a port we were to use."""

    code = "port_taken"


def redis_binary(path: str | None = None, ours: Path = Path(sys.executable).parent) -> str:
    """Where redis-server is: on the PATH (it gets the fixes), else beside this Python, with our packages."""
    found = shutil.which("redis-server", path=path) or shutil.which("redis-server", path=str(ours))
    if found is None:
        raise ServerMissing(
            "No Redis was found: install it (Debian: apt-get install redis-server), or set REDIS_URL."
        )
    return found


def redis_program(state: Path, log: Path | None = None) -> tuple[Program, str]:
    """A Redis that only this user reaches and that keeps nothing on disk, and its URL."""
    folder = (state / "redis").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    where = folder.parent / "redis.sock"
    if len(str(where).encode()) <= LONGEST_SOCKET_PATH:
        listen, url = (
            ["--port", "0", "--unixsocket", str(where), "--unixsocketperm", "700"],
            f"unix://{where}",
        )
    else:
        port = free_port()
        listen, url = ["--port", str(port), "--bind", "127.0.0.1"], f"redis://127.0.0.1:{port}/0"
    keep_nothing = ["--save", "", "--appendonly", "no", "--daemonize", "no", "--dir", str(folder)]
    return Program("redis", [redis_binary(), *listen, *keep_nothing], log=log), url


def redis_answers(url: str) -> bool:
    """Whether a Redis is there."""
    with closing(Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)) as redis:
        try:
            return bool(redis.ping())
        except (RedisError, OSError):
            return False


def free_port() -> int:
    """A TCP port nobody listens on at this moment."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(host: str, port: int) -> bool:
    """Whether we could listen there."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def require_ports(host: str, ports: dict[str, int]) -> None:
    """PortTaken, with what to do about it, unless every port is free."""
    taken = [f"{port} ({what})" for what, port in ports.items() if not port_is_free(host, port)]
    if not taken:
        return
    least = max(ports.values())
    better = next(p for p in range(least + 99, 65_000, 100) if all(port_is_free(host, p + n) for n in (0, 1)))
    raise PortTaken(
        f"Something on this machine already listens on port {' and '.join(taken)}. "
        f"Stop it, or choose other ports: make demo PORT={better}"
    )
