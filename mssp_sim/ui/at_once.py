"""Sends every message at once: without this the last of a screen waits 40 ms in the kernel.

Streamlit's server binds its own socket without naming TCP, so asyncio does not see that it may
set TCP_NODELAY, and the kernel holds a small last message until the browser has acknowledged
the one before. Decision 20 has the figures.
"""

import os
import socket
import stat
from contextlib import suppress
from functools import cache
from pathlib import Path

DESCRIPTORS = Path("/dev/fd")


@cache
def send_at_once() -> None:
    """Let every connection of this process send without waiting, those to come too.

    A connection takes after the socket that listens for it. Where the system does not list a
    process's sockets, nothing is changed and nothing is lost but the 40 ms.
    """
    with suppress(OSError):
        for descriptor in list(DESCRIPTORS.iterdir()):
            _without_delay(int(descriptor.name))


def _without_delay(descriptor: int) -> None:
    with suppress(OSError):  # closed meanwhile, or a socket without TCP
        if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            with socket.fromfd(descriptor, socket.AF_INET, socket.SOCK_STREAM) as twin:
                twin.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
