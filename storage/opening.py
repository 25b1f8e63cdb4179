"""Opens a database by its URL."""

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from storage.engine import Database, Durability
from storage.errors import UnsupportedDatabase
from storage.sqlite import SqliteDatabase


def open_database(url: str, durability: Durability = Durability.NORMAL) -> Database:
    """A database by URL: ``sqlite:///path`` or ``postgresql://…``, whatever driver it names.

    Nothing is connected yet. Raises ``UnsupportedDatabase`` for other kinds, and for an SQLite
    database in memory: several connections could not share it (``storage.memory`` is for that).
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UnsupportedDatabase("something that is not a URL") from None
    kind = parsed.get_backend_name()
    if kind == "postgresql":
        # Imported where it is used: with SQLite, starting up is faster without it.
        from storage.postgres import PostgresDatabase

        return PostgresDatabase(parsed.set(drivername="postgresql+asyncpg"))
    if kind != "sqlite":
        raise UnsupportedDatabase(kind)
    path = parsed.database
    if not path or path == ":memory:" or path.startswith("file:") or parsed.query:
        raise UnsupportedDatabase("an SQLite database in memory or by file: URI")
    return SqliteDatabase(parsed.set(drivername="sqlite+pysqlite"), durability)
