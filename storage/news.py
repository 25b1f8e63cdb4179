"""Tells the other processes on a database in whose conversations something was committed."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from secrets import token_hex
from typing import Any, Final

from sqlalchemy import Connection, func, select

from dialogs.message import Identity
from storage.engine import Database

CHANNEL: Final = "beian_news"
"""What processes on PostgreSQL tell each other by."""

_ROOM: Final = 7000  # bytes of one message: PostgreSQL takes 8000


class SqlNews:
    """``News`` on SQLite or PostgreSQL.

    Told in a transaction of its own, after the turn's: PostgreSQL commits one transaction with
    a message at a time, and no turn should wait for that.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._name = token_hex(8)  # by which this process knows its own news
        self._is_heard = database.dialect.name == "postgresql"

    async def tell(self, identities: Sequence[Identity]) -> None:
        """See ``News``."""
        if not self._is_heard:
            return
        for text in _messages(self._name, identities):
            await self._database.write_at_once(partial(_notify, text))

    def listening(
        self, hear: Callable[[Sequence[Identity]], None]
    ) -> AbstractAsyncContextManager[None]:
        """See ``News``."""

        def heard(said: str) -> None:
            pieces: list[Any] = json.loads(said) if said else [""]
            sender, *told = pieces
            if sender != self._name:
                hear([Identity(channel, external_id) for channel, external_id in told])

        return self._database.listening(CHANNEL, heard)


def _notify(text: str, connection: Connection) -> None:
    connection.execute(select(func.pg_notify(CHANNEL, text)))


def _messages(name: str, identities: Sequence[Identity]) -> Iterator[str]:
    """The news as JSON, in pieces that PostgreSQL takes."""
    piece: list[object] = [name]
    size = len(name)
    for one in identities:
        told = [one.channel, one.external_id]
        room = len(json.dumps(told)) + 2
        if size + room > _ROOM:
            yield json.dumps(piece)
            piece, size = [name], len(name)
        piece.append(told)
        size += room
    yield json.dumps(piece)
