"""The physical limit: plain sqlite3 writing what a turn writes, with no bot around it.

Five statements on our own tables and indexes: look up the conversation's version, store what
was heard, the answer and what is said, and move the version on.
"""

import json
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import create_engine

from bench.contestant import Bot
from bench.platform import Platform
from storage.tables import metadata

_HEARD, _ANSWER, _SAID, _ATTENTION = (os.urandom(size) for size in (80, 90, 420, 150))
"""Sealed values, as long as usual."""


@dataclass(slots=True)
class _Floor:
    connection: sqlite3.Connection
    turns_per_commit: int
    turns: int = 0
    versions: dict[int, int] = field(default_factory=dict)

    async def feed(self, raw: bytes) -> None:
        message = json.loads(raw)["message"]
        chat, number = message["chat"]["id"], str(message["message_id"])
        version = self.versions.get(chat, 0)
        execute = self.connection.execute
        if self.turns % self.turns_per_commit == 0:
            execute("BEGIN IMMEDIATE")
        if version == 0:
            self._begin(str(chat))
        execute("SELECT version FROM conversation WHERE id = ?", (str(chat),)).fetchone()
        execute(_NEW_MESSAGE, (None, chat, version, "heard", chat, number, _HEARD, "heard", None))
        execute(_NEW_ANSWER, (chat, version, _ANSWER))
        execute(
            _NEW_MESSAGE, (f"{chat}-{number}", chat, version, "said", chat, None, _SAID, "due", 1)
        )
        execute(_NEW_VERSION, (version + 1, _ATTENTION, str(chat)))
        self.versions[chat] = version + 1
        self.turns += 1
        if self.turns % self.turns_per_commit == 0:
            execute("COMMIT")

    def _begin(self, chat: str) -> None:
        execute = self.connection.execute
        execute("INSERT INTO applicant VALUES (?, 0)", (chat,))
        execute(
            "INSERT INTO conversation (id, applicant_id, locale, version, attention, updated_at) "
            "VALUES (?, ?, 'zh-CN', 0, ?, 0)",
            (chat, chat, _ATTENTION),
        )
        execute("INSERT INTO identity VALUES ('telegram', ?, ?)", (chat, chat))
        execute(
            "INSERT INTO filing (id, applicant_id, flow, flow_version, created_at) "
            "VALUES (?, ?, 'first_filing', 1, 0)",
            (chat, chat),
        )

    async def kept(self) -> int:
        if self.connection.in_transaction:
            self.connection.execute("COMMIT")
        return int(self.connection.execute("SELECT count(*) FROM answer").fetchone()[0])


_NEW_MESSAGE = (
    "INSERT INTO message (public_id, conversation_id, turn, kind, channel, external_id, "
    "message_id, sealed, status, due_at, at) VALUES (?, ?, ?, ?, 'telegram', ?, ?, ?, ?, ?, 0)"
)
_NEW_ANSWER = (
    "INSERT INTO answer (filing_id, n, step, sealed, at, author) "
    "VALUES (?, ?, 'domain', ?, 0, 'applicant')"
)
_NEW_VERSION = "UPDATE conversation SET version = ?, attention = ?, updated_at = 0 WHERE id = ?"


@asynccontextmanager
async def sqlite_each(platform: Platform, folder: Path) -> AsyncIterator[Bot]:
    """See ``Contestant``: one commit for every turn."""
    with _opened(folder) as connection:
        yield _Floor(connection, 1)


@asynccontextmanager
async def sqlite_50(platform: Platform, folder: Path) -> AsyncIterator[Bot]:
    """See ``Contestant``: one commit for 50 turns."""
    with _opened(folder) as connection:
        yield _Floor(connection, 50)


@contextmanager
def _opened(folder: Path) -> Iterator[sqlite3.Connection]:
    path = folder / "floor.db"
    engine = create_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    engine.dispose()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON"
    )
    yield connection
    connection.close()
