"""Ports for servers that begin to listen later, or again."""

import os
import random
import socket

import pytest

_LOWEST, _WORKERS, _EACH = 20_000, 10, 1_000


def free_port(*also: str) -> int:
    """A port nobody listens on, on 127.0.0.1 and on the other addresses given.

    It lies below those that the system gives to connections by itself (from 32768 on Linux), and
    no two workers of one run choose from the same ones: so it is still free when the server comes.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = _LOWEST + worker % _WORKERS * _EACH
    for port in random.sample(range(first, first + _EACH), _EACH):
        if all(_is_free(address, port) for address in ("127.0.0.1", *also)):
            return port
    raise OSError(f"none of the ports {first} to {first + _EACH - 1} is free")


def _is_free(address: str, port: int) -> bool:
    try:
        with socket.create_server((address, port)):
            return True
    except OSError:
        return False


@pytest.fixture
def unused_port() -> int:
    """A port nobody listens on."""
    return free_port()
