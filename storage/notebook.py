"""Private notes and the shared draft of a conversation, sealed with its key."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from secrets import token_hex

from sqlalchemy import Connection, Select, insert, select, update
from sqlalchemy.exc import IntegrityError

from desk.notebook import DraftChanged, Note, SharedDraft
from storage import places
from storage.codec import dump_text
from storage.engine import Database
from storage.instant import from_micros, to_micros
from storage.keys import DataKeys
from storage.tables import conversation, mention, note, shared_draft


class SqlNotebook:
    """``Notebook`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database, keys: DataKeys) -> None:
        self._database = database
        self._keys = keys

    async def add(
        self,
        conversation_id: str,
        author: str,
        text: str,
        mentions: Sequence[str],
        now: datetime,
    ) -> Note | None:
        """See ``Notebook``."""
        kept = Note(token_hex(10), conversation_id, author, now, text, tuple(mentions))

        def work(connection: Connection) -> Note | None:
            if not _exists(connection, conversation_id):
                return None
            cipher = self._keys.load(connection, [conversation_id])[conversation_id]
            connection.execute(
                insert(note).values(
                    id=kept.id,
                    conversation_id=conversation_id,
                    author=author,
                    at=to_micros(now),
                    sealed=cipher.seal(dump_text(text), places.note(kept.id)),
                )
            )
            if kept.mentions:
                called = [{"note_id": kept.id, "agent": agent} for agent in kept.mentions]
                connection.execute(insert(mention), called)
            return kept

        return await self._database.write(work)

    async def notes(self, conversation_id: str) -> Sequence[Note]:
        """See ``Notebook``."""
        query = select(note).where(note.c.conversation_id == conversation_id)
        return await self._database.read(partial(self._read, query))

    async def draft(self, conversation_id: str) -> SharedDraft | None:
        """See ``Notebook``."""
        return await self._database.read(partial(self._draft, conversation_id))

    async def save_draft(
        self, conversation_id: str, text: str, author: str, seen: int, now: datetime
    ) -> SharedDraft | None:
        """See ``Notebook``."""
        kept = SharedDraft(conversation_id, seen + 1, author, now, text)
        try:
            stored = await self._database.write(partial(self._save, kept))
        except IntegrityError:  # another process began the draft at the same moment
            stored = False
        if stored is None:
            return None
        if not stored:
            current = await self.draft(conversation_id)
            if current is None:  # erased meanwhile
                return None
            raise DraftChanged(current)
        return kept

    async def mentioning(self, agent: str) -> Sequence[Note]:
        """See ``Notebook``."""
        query = select(note).where(
            note.c.id.in_(
                select(mention.c.note_id).where(
                    mention.c.agent == agent, mention.c.seen_at.is_(None)
                )
            )
        )
        return await self._database.read(partial(self._read, query))

    async def seen(self, agent: str, conversation_id: str, now: datetime) -> None:
        """See ``Notebook``."""
        here = select(note.c.id).where(note.c.conversation_id == conversation_id)
        unseen = (mention.c.agent == agent, mention.c.seen_at.is_(None))
        if not await self._database.read(
            lambda c: c.execute(
                select(mention.c.note_id).where(*unseen, mention.c.note_id.in_(here)).limit(1)
            ).first()
        ):
            return  # most looks at a conversation write nothing
        marked = (
            update(mention)
            .where(*unseen, mention.c.note_id.in_(here))
            .values(seen_at=to_micros(now))
        )
        await self._database.write(lambda c: c.execute(marked))

    def _read(
        self, query: "Select[tuple[str, str, str, int, bytes]]", connection: Connection
    ) -> list[Note]:
        rows = connection.execute(query.order_by(note.c.at, note.c.id)).all()
        ciphers = self._keys.load(connection, {row.conversation_id for row in rows})
        called: dict[str, list[str]] = {}
        for note_id, agent in connection.execute(
            select(mention.c.note_id, mention.c.agent)
            .where(mention.c.note_id.in_([row.id for row in rows]))
            .order_by(mention.c.agent)
        ):
            called.setdefault(note_id, []).append(agent)
        return [
            Note(
                row.id,
                row.conversation_id,
                row.author,
                from_micros(row.at),
                ciphers[row.conversation_id].open(row.sealed, places.note(row.id)).decode(),
                tuple(called.get(row.id, ())),
            )
            for row in rows
        ]

    def _draft(self, conversation_id: str, connection: Connection) -> SharedDraft | None:
        query = select(shared_draft).where(shared_draft.c.conversation_id == conversation_id)
        row = connection.execute(query).first()
        if row is None:
            return None
        cipher = self._keys.load(connection, [conversation_id])[conversation_id]
        place = places.draft(conversation_id, row.version)
        text = cipher.open(row.sealed, place).decode()
        return SharedDraft(conversation_id, row.version, row.author, from_micros(row.at), text)

    def _save(self, kept: SharedDraft, connection: Connection) -> bool | None:
        """True if stored, False if another version is there, None without a conversation."""
        scope = kept.conversation_id
        if not _exists(connection, scope):
            return None
        cipher = self._keys.load(connection, [scope])[scope]
        row = {
            "version": kept.version,
            "author": kept.author,
            "at": to_micros(kept.at),
            "sealed": cipher.seal(dump_text(kept.text), places.draft(scope, kept.version)),
        }
        if kept.version == 1:
            connection.execute(insert(shared_draft).values(conversation_id=scope, **row))
            return True
        changed = (
            update(shared_draft)
            .where(
                shared_draft.c.conversation_id == scope,
                shared_draft.c.version == kept.version - 1,
            )
            .values(**row)
        )
        return connection.execute(changed).rowcount == 1


def _exists(connection: Connection, conversation_id: str) -> bool:
    query = select(conversation.c.id).where(conversation.c.id == conversation_id)
    return connection.execute(query).first() is not None
