"""A screen is sent at once: no connection of the server waits for an acknowledgement."""

import socket

import pytest

from mssp_sim.ui import at_once


def without_delay(connection):
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


@pytest.mark.skipif(not at_once.DESCRIPTORS.exists(), reason="the system does not list sockets")
def test_open_connections_and_those_to_come_send_at_once():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as early:
            assert not without_delay(early)
            at_once.send_at_once.__wrapped__()
            assert without_delay(early)
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as late:
            assert without_delay(late)


def test_what_is_no_socket_is_left_alone(tmp_path):
    with (tmp_path / "file").open("w") as file:
        at_once.send_at_once.__wrapped__()
        file.write("still open")
    assert (tmp_path / "file").read_text() == "still open"
