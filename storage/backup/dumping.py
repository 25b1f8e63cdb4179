"""Rows as lines of JSON and back, table by table, in an order that parents come first."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Integer, MetaData, Table, func, insert, select, text

from storage.errors import BrokenBackup
from storage.tables import metadata

ROWS_A_PART: Final = 5_000
_ALEMBIC: Final = "alembic_version"


def one_snapshot(connection: Connection) -> None:
    """Let everything read from now on be of one moment; SQLite's transactions are so anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


def parts_of(connection: Connection) -> Iterator[tuple[str, int, bytes]]:
    """Every table in parts: its name, how many rows, and the rows as lines."""
    for table in metadata.sorted_tables:
        rows = connection.execute(
            select(table).order_by(*table.primary_key.columns),
            execution_options={"yield_per": ROWS_A_PART},
        )
        for part in rows.partitions():
            yield table.name, len(part), _lines([row._asdict() for row in part])


class Loading:
    """Puts rows into empty tables, of whatever revision the tables are."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tables = MetaData()
        self._tables.reflect(connection)
        self._loaded: list[Table] = []

    def load(self, name: str, lines: bytes) -> int:
        """Insert a part; how many rows it had. Raises ``BrokenBackup`` for an unknown table."""
        table = self._tables.tables.get(name)
        if table is None or name == _ALEMBIC:
            raise BrokenBackup(f"holds a table {name!r} that its revision does not have")
        rows = [_values(json.loads(line)) for line in lines.splitlines()]
        if rows:
            self._connection.execute(insert(table), rows)
        if table not in self._loaded:
            self._loaded.append(table)
        return len(rows)

    def finish(self) -> None:
        """Let PostgreSQL count on from the highest numbers put in."""
        if self._connection.dialect.name != "postgresql":
            return
        for table in self._loaded:
            for column in table.primary_key.columns:
                if not isinstance(column.type, Integer) or len(table.primary_key.columns) != 1:
                    continue
                sequence = select(func.pg_get_serial_sequence(f'"{table.name}"', column.name))
                name = self._connection.execute(sequence).scalar()
                highest = self._connection.execute(select(func.max(column))).scalar()
                if name is not None and highest is not None:
                    self._connection.execute(select(func.setval(name, highest)))


def counts(connection: Connection) -> Mapping[str, int]:
    """How many rows each table has."""
    return {
        table.name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
        for table in metadata.sorted_tables
    }


def _lines(rows: Sequence[Mapping[str, Any]]) -> bytes:
    return b"".join(
        json.dumps({name: _json(value) for name, value in row.items()}).encode() + b"\n"
        for row in rows
    )


def _json(value: object) -> object:
    if isinstance(value, (bytes, memoryview)):
        return {"b": base64.b64encode(bytes(value)).decode()}
    return value


def _values(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: base64.b64decode(value["b"]) if isinstance(value, dict) else value
        for name, value in row.items()
    }
