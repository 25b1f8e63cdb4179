"""aiogram's state machine, and every answer written through SQLAlchemy's asyncio session.

Once with our own pragmas (WAL, ``synchronous = NORMAL``), so that only the way to the database
differs, and once as the documentation creates an engine, but with patience: left at five
seconds, some of 50 users find the database locked and lose their answer.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import event, func, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry

from bench.contestant import Bot
from bench.peers.aiogram_edge import local_bot
from bench.peers.aiogram_form import AiogramForm, form
from bench.platform import Platform


class _Base(DeclarativeBase):
    pass


class Answer(_Base):
    """One answer."""

    __tablename__ = "answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    chat: Mapped[int] = mapped_column(index=True)
    key: Mapped[str]
    value: Mapped[str]


@dataclass(frozen=True, slots=True)
class _Written:
    form: AiogramForm
    sessions: async_sessionmaker[AsyncSession]

    async def feed(self, raw: bytes) -> None:
        await self.form.feed(raw)

    async def kept(self) -> int:
        async with self.sessions() as session:
            return await session.scalar(select(func.count(Answer.id))) or 0


@asynccontextmanager
async def aiogram_sqlalchemy(platform: Platform, folder: Path) -> AsyncIterator[Bot]:
    """See ``Contestant``."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{folder / 'answers.db'}")
    event.listen(engine.sync_engine, "connect", _prepare)
    async with _on(engine, platform) as bot:
        yield bot


@asynccontextmanager
async def aiogram_sqlalchemy_defaults(platform: Platform, folder: Path) -> AsyncIterator[Bot]:
    """See ``Contestant``."""
    url = f"sqlite+aiosqlite:///{folder / 'answers.db'}"
    engine = create_async_engine(url, connect_args={"timeout": 60})
    async with _on(engine, platform) as bot:
        yield bot


@asynccontextmanager
async def aiogram_sqlalchemy_on(url: str, platform: Platform, folder: Path) -> AsyncIterator[Bot]:
    """See ``Contestant``: on a PostgreSQL that several processes share."""
    async with _on(create_async_engine(url, pool_size=15), platform) as bot:
        yield bot


@asynccontextmanager
async def _on(engine: AsyncEngine, platform: Platform) -> AsyncIterator[Bot]:
    async with engine.begin() as connection:
        await connection.run_sync(_Base.metadata.create_all)
    sessions = async_sessionmaker(engine, expire_on_commit=False)

    async def keep(chat: int, key: str, value: str) -> None:
        async with sessions() as session, session.begin():
            session.add(Answer(chat=chat, key=key, value=value))

    yield _Written(form(local_bot(platform), keep), sessions)
    await engine.dispose()


def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA busy_timeout = 30000")
    cursor.close()
