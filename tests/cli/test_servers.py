"""A Redis of our own, and ports."""

from __future__ import annotations

import socket
from contextlib import closing
from pathlib import Path

import pytest

from app.cli import children, servers
from tests.support.waiting import until


def test_our_redis_listens_where_only_we_reach_it(tmp_path: Path) -> None:
    program, url = servers.redis_program(tmp_path, tmp_path / "log")
    process = children.start(program)
    until(lambda: servers.redis_answers(url))
    children.stop([process])
    assert url.startswith("unix://")
    assert (process.returncode, servers.redis_answers(url)) == (0, False)
    assert not list((tmp_path / "redis").iterdir())


def test_a_path_too_long_for_a_socket_gets_a_port(tmp_path: Path) -> None:
    _, url = servers.redis_program(tmp_path / ("deep" * 30))
    assert url.startswith("redis://127.0.0.1:")


def test_no_redis_at_all_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(servers.ServerMissing, match="apt-get install redis-server"):
        servers.redis_binary(path=str(tmp_path), ours=tmp_path)


def test_a_taken_port_is_told_with_one_that_is_free() -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(servers.PortTaken, match=rf"port {port} \(the console\).*make demo PORT=\d+"):
            servers.require_ports("127.0.0.1", {"the console": port, "the phones": port + 1})


def test_free_ports_are_no_problem() -> None:
    servers.require_ports("127.0.0.1", {"the console": servers.free_port()})
