"""One database behind one small face: a function over a connection, run in a transaction.

All SQL of this package is written once, as plain functions that take a SQLAlchemy
``Connection``; the kinds of database differ only in where such a function runs.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.errors import StoreUnavailable

T = TypeVar("T")


class Durability(StrEnum):
    """What a commit on SQLite survives. PostgreSQL always waits for its disk."""

    NORMAL = "normal"  # a killed process; a power cut may lose the last moments, never more
    FULL = "full"  # a power cut too, for one disk flush per group of turns


class Database(ABC):
    """A database that runs functions over a connection, each in a transaction of its own.

    ``brief`` promises that the work touches few rows, so that it may run without leaving the
    event loop. ``read`` and ``write`` raise ``IntegrityError`` when a constraint refused a
    row, and ``StoreUnavailable`` for every other failure of the database.
    """

    dialect: Dialect

    @abstractmethod
    async def read(self, work: Callable[[Connection], T], *, brief: bool = False) -> T:
        """Run ``work`` on one consistent snapshot and give back what it returns."""

    @abstractmethod
    async def write(self, work: Callable[[Connection], T], *, brief: bool = False) -> T:
        """Run ``work`` and commit; if it raises, nothing is stored."""

    @abstractmethod
    async def restructure(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` that rebuilds tables, alone among all processes, and commit.

        SQLite rebuilds a table by copying it: its foreign keys are checked at the end, else
        dropping the old copy would take the children along.
        """

    @abstractmethod
    async def scrub(self) -> None:
        """After an erasure: bring the deletion from the journal into the database itself."""

    @abstractmethod
    async def close(self) -> None:
        """Finish running work and let go of all connections."""


@contextmanager
def failures_translated() -> Iterator[None]:
    """Turns what a driver raises into this package's errors."""
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, PoolTimeout, OSError) as error:
        raise StoreUnavailable(error) from error
