"""SQL compiled once per database and run with plain tuples: the path every turn takes.

SQLAlchemy's own executemany looks at each value of each row, which for statements that never
change is most of their cost (``docs/adr/0011-group-commit.md`` has the figures).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Dialect, Select, and_, bindparam, or_
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement

from storage.rows import TurnRow, writes

SqlRow = tuple[object, ...]
"""The parameters of one execution, in the order the statement names them."""


def compiled_sql(clause: ClauseElement, dialect: Dialect, order: Sequence[str]) -> str:
    """The text of a statement whose parameters must come in this order."""
    compiled = clause.compile(dialect=dialect, column_keys=list(order))
    if not isinstance(compiled, SQLCompiler) or compiled.positiontup != list(order):
        raise TypeError(f"a statement does not take its parameters as {order}")
    return compiled.string


class Prepared:
    """A statement compiled once and run with named parameters, each dialect's in its own order."""

    def __init__(self, clause: ClauseElement, dialect: Dialect) -> None:
        compiled = clause.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        self._sql: Final = compiled.string
        self._order: Final = tuple(compiled.positiontup or ())
        self._literals: Final = dict(compiled.params)

    def fetch(self, connection: Connection, **parameters: object) -> list[tuple[Any, ...]]:
        """The rows it gives, as plain tuples."""
        return _fetch(connection, self._sql, self._row(parameters))

    def run(self, connection: Connection, **parameters: object) -> None:
        """Carry it out."""
        write(connection, self._sql, [self._row(parameters)])

    def _row(self, parameters: dict[str, object]) -> SqlRow:
        given = self._literals | parameters
        return tuple(given[name] for name in self._order)


def write(connection: Connection, sql: str, rows: Sequence[SqlRow]) -> None:
    """Run one statement with each of the rows.

    Past SQLAlchemy's own execution, whose bookkeeping costs a lone turn more than the database
    does. Raises what SQLAlchemy would.
    """
    with _driver_errors(connection, sql), closing(connection.connection.cursor()) as cursor:
        cursor.executemany(sql, rows)


def _fetch(connection: Connection, sql: str, parameters: SqlRow) -> list[SqlRow]:
    with _driver_errors(connection, sql), closing(connection.connection.cursor()) as cursor:
        cursor.execute(sql, parameters)
        return [tuple(row) for row in cursor.fetchall()]


@contextmanager
def _driver_errors(connection: Connection, sql: str) -> Iterator[None]:
    """Turns the driver's errors into SQLAlchemy's, without the values they may quote."""
    driver = connection.dialect.loaded_dbapi
    try:
        yield
    except driver.Error as error:
        raise DBAPIError.instance(
            sql, None, error, driver.Error, hide_parameters=True, dialect=connection.dialect
        ) from error


class Writes:
    """Writes rows of many turns with one statement for each kind of row."""

    def __init__(self, dialect: Dialect) -> None:
        self._sql: Final = {
            kind: compiled_sql(clause, dialect, kind._fields)
            for kind, clause in writes(dialect.name).items()
        }

    def run(self, connection: Connection, rows: Iterable[TurnRow]) -> None:
        """Write all rows, parents before children, each kind in the order given."""
        batches: defaultdict[type[TurnRow], list[SqlRow]] = defaultdict(list)
        for row in rows:
            batches[type(row)].append(row)
        for kind, sql in self._sql.items():
            if kind in batches:
                write(connection, sql, batches[kind])


class Lookup:
    """Finds the rows whose key columns equal one of many keys, by index.

    SQLite reads a whole table for ``(a, b) IN (VALUES …)``, so keys are spelled with OR. The
    number of keys is rounded up to a power of two (the last one repeated): few texts, each
    prepared once.
    """

    def __init__(
        self,
        dialect: Dialect,
        query: Select[tuple[object, ...]],
        keys: Sequence[ColumnElement[str]],
    ) -> None:
        self._dialect = dialect
        self._query = query
        self._keys = keys
        self._sql: dict[int, str] = {}

    def run(self, connection: Connection, wanted: Sequence[SqlRow]) -> list[SqlRow]:
        """The rows found, in no order; at most one of equal keys is needed in ``wanted``."""
        if not wanted:
            return []
        size = 1 << (len(wanted) - 1).bit_length()
        if size not in self._sql:
            self._sql[size] = self._text(size)
        padded = [*wanted, *[wanted[-1]] * (size - len(wanted))]
        parameters = tuple(part for key in padded for part in key)
        return _fetch(connection, self._sql[size], parameters)

    def _text(self, size: int) -> str:
        order: list[str] = []
        alternatives = []
        for number in range(size):
            equal = []
            for position, column in enumerate(self._keys):
                order.append(f"k{number}_{position}")
                equal.append(column == bindparam(order[-1]))
            alternatives.append(and_(*equal))
        query = self._query.where(or_(*alternatives))
        return compiled_sql(query, self._dialect, order)
