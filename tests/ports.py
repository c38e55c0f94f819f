"""Ports for the servers that tests start."""

import os
import socket


def free_port() -> int:
    """Return a loopback port below 32768 that nobody listens on."""
    for _ in range(200):
        port = 20_000 + int.from_bytes(os.urandom(2)) % 12_000
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port found")
