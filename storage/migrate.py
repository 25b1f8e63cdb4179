"""Brings a database's tables up to date, or back; safe when several processes start at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, inspect, text

from storage.engine import Database
from storage.errors import SchemaNewer, SchemaOutdated
from storage.opening import open_database

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).parent / "migrations"

HEAD: Final = max(path.name for path in (_FOLDER / "versions").glob("[0-9]*.py"))[:4]
"""The newest revision. Revisions are numbered; read from their names, Alembic need not load."""


async def upgrade(url: str, revision: str = HEAD) -> str:
    """Bring the tables to ``revision``, creating them if need be; returns it.

    Raises ``SchemaNewer`` for a database that a newer program has upgraded.
    """
    async with _opened(url) as database:
        # Looked at first: most starts have nothing to do and need not load Alembic.
        if await database.read(revision_of) != revision:
            await database.restructure(partial(_upgrade, revision))
    return revision


async def downgrade(url: str, revision: str) -> None:
    """Take revisions back down to ``revision``; ``"base"`` leaves no tables."""
    async with _opened(url) as database:
        await database.restructure(partial(_downgrade, revision))


async def current(url: str) -> str | None:
    """The revision the tables are at, or None for an empty database."""
    async with _opened(url) as database:
        return await database.read(revision_of)


def revision_of(connection: Connection) -> str | None:
    """The revision of the connected database, or None if it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def require_head(connection: Connection) -> None:
    """Raise ``SchemaOutdated`` unless the tables are this program's."""
    found = revision_of(connection)
    if found is not None and found > HEAD:
        raise SchemaNewer(found, HEAD)
    if found != HEAD:
        raise SchemaOutdated(found, HEAD)


def require_tables(connection: Connection) -> None:
    """Raise ``SchemaOutdated`` for tables older than this program's.

    Newer ones are usable for a program that runs already: a migration only adds, so that the old
    and the new version serve side by side while processes are exchanged one by one.
    """
    found = revision_of(connection)
    if found is None or found < HEAD:
        raise SchemaOutdated(found, HEAD)


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    database = open_database(url)
    try:
        yield database
    finally:
        await database.close()


def _upgrade(revision: str, connection: Connection) -> None:
    from alembic import command

    found = revision_of(connection)  # again: another process may have been faster
    if found is not None and found > HEAD:
        raise SchemaNewer(found, HEAD)
    if found != revision:
        command.upgrade(_config(connection), revision)


def _downgrade(revision: str, connection: Connection) -> None:
    from alembic import command

    command.downgrade(_config(connection), revision)


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
