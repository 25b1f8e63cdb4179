"""A PostgreSQL for the benchmarks: the one TEST_DATABASE_URL names, or one of their own."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, make_url

from tests.parts.folders import own_run
from tests.parts.postgres import database, find_binaries, start, stop


@contextmanager
def server() -> Iterator[str | None]:
    """The URL of an empty database; None where the machine has no PostgreSQL."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        with database(make_url(named).set(drivername="postgresql+asyncpg")) as url:
            yield url
        return
    binaries = find_binaries()
    if binaries is None:
        print("  no PostgreSQL here: left out")
        yield None
        return
    own_run()
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "pg"
        start(binaries, folder)
        try:
            here = URL.create(
                "postgresql+asyncpg", "postgres", database="postgres", query={"host": str(folder)}
            )
            with database(here) as url:
                yield url
        finally:
            stop(folder)
