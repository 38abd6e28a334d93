"""A screen is sent at once: no connection of the server waits for an acknowledgement."""

import socket

import pytest

from mssp_sim.ui import at_once

NEEDS_A_LIST = pytest.mark.skipif(
    not at_once.DESCRIPTORS.exists(), reason="this system has no list of a process's sockets"
)


def without_delay(connection):
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


@NEEDS_A_LIST
def test_open_connections_and_those_to_come_send_at_once():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as early:
            assert not without_delay(early)
            at_once.send_at_once.__wrapped__()
            assert without_delay(early)
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as late:
            assert without_delay(late)


@NEEDS_A_LIST
def test_what_is_no_connection_is_left_alone_and_nothing_stays_open(tmp_path):
    one, other = socket.socketpair()
    with one, other, (tmp_path / "file").open("w") as file:
        before = sorted(path.name for path in at_once.DESCRIPTORS.iterdir())
        at_once.send_at_once.__wrapped__()
        assert sorted(path.name for path in at_once.DESCRIPTORS.iterdir()) == before
        file.write("still open")
        one.sendall(b"still open")
        assert other.recv(20) == b"still open"
    assert (tmp_path / "file").read_text() == "still open"
