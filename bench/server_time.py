"""Processor time of a PostgreSQL on this machine, which does part of every turn."""

import os
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

_TICK = os.sysconf("SC_CLK_TCK")


async def server_seconds(url: str) -> float:
    """What the server's processes have used so far; 0.0 for SQLite, or where it cannot be seen."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "postgresql":
        return 0.0
    address = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(address)
    try:
        backend = await connection.fetchval("SELECT pg_backend_pid()")
        return _of_family(_stat(backend)[1])
    except OSError:  # a server on another machine
        return 0.0
    finally:
        await connection.close()


def _of_family(master: str) -> float:
    """Seconds of the server's first process, of those it has now and of those that have ended."""
    seconds = 0.0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat = _stat(folder.name)
            except OSError:  # it has just ended
                continue
            if stat[1] == master or folder.name == master:
                own = int(stat[11]) + int(stat[12])
                ended = int(stat[13]) + int(stat[14]) if folder.name == master else 0
                seconds += (own + ended) / _TICK
    return seconds


def _stat(pid: object) -> list[str]:
    """A process's figures from its state on; 1 is its parent, 11 to 14 are processor times."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
