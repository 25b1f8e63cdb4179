"""One database behind one small face: a function over a connection, run in a transaction.

All SQL of this package is written once, as plain functions that take a SQLAlchemy
``Connection``; the kinds of database differ only in where such a function runs.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.errors import StoreUnavailable

T = TypeVar("T")


class Durability(StrEnum):
    """What a commit on SQLite survives. PostgreSQL always waits for its disk."""

    NORMAL = "normal"  # a killed process; a power cut may lose the last moments, never more
    FULL = "full"  # a power cut too, for one disk flush per group of turns


class Database(ABC):
    """A database that runs functions over a connection, each in a transaction of its own.

    ``read`` and ``write`` raise ``IntegrityError`` when a constraint refused a row, and
    ``StoreUnavailable`` for every other failure of the database.
    """

    dialect: Dialect

    @abstractmethod
    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` on one consistent snapshot and give back what it returns."""

    async def read_aside(self, work: Callable[[Connection], T]) -> T:
        """The same for work that opens many rows: never in the event loop's own thread."""
        return await self.read(work)

    @abstractmethod
    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` and commit; if it raises, nothing is stored."""

    async def write_at_once(self, work: Callable[[Connection], T]) -> T:
        """The same for work of one statement: on PostgreSQL that is a transaction of its own."""
        return await self.write(work)

    @abstractmethod
    async def restructure(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` that rebuilds tables, alone among all processes, and commit.

        SQLite rebuilds a table by copying it: its foreign keys are checked at the end, else
        dropping the old copy would take the children along.
        """

    @abstractmethod
    async def try_writing(self) -> None:
        """Store next to nothing, to see that storing works: a full disk can still be read.

        Raises ``StoreUnavailable``.
        """

    @abstractmethod
    async def scrub(self) -> None:
        """After an erasure: bring the deletion from the journal into the database itself."""

    def listening(
        self, channel: str, tell: Callable[[str], None]
    ) -> AbstractAsyncContextManager[None]:
        """Calls ``tell`` with what a transaction of any process has notified on ``channel``.

        Only PostgreSQL tells; elsewhere nothing is ever heard. What was said while the
        connection was lost is not said again: ``tell`` is called with "" when it is back, and
        at the beginning.
        """
        return nullcontext()

    @abstractmethod
    async def close(self) -> None:
        """Finish running work and let go of all connections."""


@contextmanager
def failures_translated() -> Iterator[None]:
    """Turns what a driver raises into this package's errors.

    Some drivers quote the value they stumbled over, so only messages about the database
    itself are passed on.
    """
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        if not _speaks_of_the_database(error):
            raise StoreUnavailable(type(error).__name__) from None
        raise StoreUnavailable(first_line(error)) from error
    except (PoolTimeout, OSError) as error:
        raise StoreUnavailable(first_line(error)) from error


def first_line(error: BaseException) -> str:
    """An error's kind and the first line of its message."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def _speaks_of_the_database(error: DBAPIError) -> bool:
    if isinstance(error, (OperationalError, ProgrammingError)):
        return True
    state = getattr(error.orig, "sqlstate", None)
    return isinstance(state, str) and not state.startswith("22")  # 22: something about a value
