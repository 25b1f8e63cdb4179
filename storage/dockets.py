"""Dockets beside their conversations, sealed with the conversation's key."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import partial
from secrets import token_hex
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from desk.docket import SHAPE, Author, Line
from desk.dockets import STRETCH, Changed, Kept, Seen, Stretch
from desk.placing import Placing
from dialogs.case import ASSISTANT, Case, staff_name
from dialogs.ports import WITHDRAWN, NewerCase
from scheduler.ports import ADDRESS_CHANNELS
from storage.crypto import Cipher
from storage.engine import Database
from storage.errors import UnreadableRecord
from storage.instant import from_micros, to_micros
from storage.keys import DataKeys
from storage.loading import load_cases
from storage.messages import entry_of
from storage.placed import open_kept, row_of
from storage.ports import StorePolicy
from storage.tables import blind_index, conversation, docket, filing, identity, message, staff_task
from storage.turns import DELETE, HEARD

CHANNEL: Final = "beian_docket"
"""What processes on PostgreSQL tell each other when they have put dockets."""

_BATCH: Final = 500  # ids per query: databases limit the number of parameters
_TOLD_AT_ONCE: Final = 200  # PostgreSQL takes 8000 bytes


class SqlDockets:
    """``Dockets`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database, keys: DataKeys, policy: StorePolicy) -> None:
        self._database = database
        self._keys = keys
        self._policy = policy
        self.name = token_hex(8)  # by which this process knows its own news

    async def behind(
        self,
        after: Changed | None,
        made_before: datetime,
        *,
        newest_first: bool = False,
        mark: str | None = None,
        size: int = STRETCH,
    ) -> Stretch:
        """See ``Dockets``."""
        place = (conversation.c.updated_at, conversation.c.id)
        walked = select(*place, conversation.c.version)
        if after is not None:
            row, at = tuple_(*place), tuple_(literal(to_micros(after[0])), literal(after[1]))
            walked = walked.where(row < at if newest_first else row > at)
        order = [one.desc() for one in place] if newest_first else list(place)
        some = walked.order_by(*order).limit(size).subquery()
        outdated = or_(
            docket.c.version.is_(None),
            docket.c.version < some.c.version,
            docket.c.shape < SHAPE,  # a newer version keeps its own
            docket.c.made_at < to_micros(made_before),
            *(() if mark is None else (docket.c.placed_by != mark,)),
        )
        is_somebodys = exists().where(identity.c.conversation_id == some.c.id)
        looked_at = select(
            some.c.id, some.c.updated_at, and_(outdated, is_somebodys).label("behind")
        ).join_from(some, docket, docket.c.conversation_id == some.c.id, isouter=True)

        def work(connection: Connection) -> Stretch:
            rows = sorted(
                connection.execute(looked_at),
                key=lambda row: (row.updated_at, row.id),
                reverse=newest_first,
            )
            behind = [row.id for row in rows if row.behind]
            if len(rows) < size:
                return Stretch(behind, None)
            return Stretch(behind, (from_micros(rows[-1].updated_at), rows[-1].id))

        return await self._database.read_aside(work)

    async def cases(self, conversations: Sequence[str]) -> Sequence[Case]:
        """See ``Dockets``."""
        found: list[Case] = []
        for ids in _batches(conversations):
            try:
                found += await self._database.read_aside(partial(self._cases, ids))
            except (UnreadableRecord, NewerCase):
                if len(ids) == 1:
                    continue
                for one in ids:  # so that only the culprit is left out
                    found += await self.cases([one])
        return found

    async def beside(self, conversations: Sequence[str]) -> Mapping[str, Seen]:
        """See ``Dockets``."""
        found: dict[str, Seen] = {}
        for ids in _batches(conversations):
            found |= await self._database.read_aside(partial(self._beside, ids))
        return found

    async def put(self, kept: Sequence[Kept], placing: Placing) -> None:
        """See ``Dockets``."""
        # In one order everywhere, so that two processes cannot wait for each other.
        rows = sorted(kept, key=lambda one: one.docket.conversation)
        try:
            await self._database.write(partial(self._put, rows, placing))
        except IntegrityError:  # a conversation was erased meanwhile
            if len(rows) > 1:
                for row in rows:
                    await self.put([row], placing)

    async def get(self, conversations: Sequence[str]) -> Sequence[Kept]:
        """See ``Dockets``."""
        found: list[Kept] = []
        for ids in _batches(conversations):
            kept = await self._database.read_aside(partial(self._kept, ids))
            found += kept.values()
        return found

    async def words(self, conversation: str, limit: int) -> Sequence[Line]:
        """See ``Dockets``."""
        return await self._database.read_aside(partial(self._words, conversation, limit))

    async def with_value(self, values: Mapping[str, str]) -> Sequence[str]:
        """See ``Dockets``."""
        wanted = [
            and_(blind_index.c.step == step, blind_index.c.digest == self._keys.blind(step, value))
            for step, value in values.items()
            if step in self._policy.indexed_steps
        ]
        if not wanted:
            return ()
        query = (
            select(conversation.c.id)
            .join_from(blind_index, filing, filing.c.id == blind_index.c.filing_id)
            .join(conversation, conversation.c.applicant_id == filing.c.applicant_id)
            .where(or_(*wanted))
            .distinct()
        )
        return await self._database.read(
            lambda connection: list(connection.execute(query).scalars())
        )

    def listening(self, tell: Callable[[Sequence[str]], None]) -> AbstractAsyncContextManager[None]:
        """See ``Dockets``."""

        def hear(said: str) -> None:
            sender, *conversations = said.split() or [""]
            if sender != self.name:
                tell(conversations)

        return self._database.listening(CHANNEL, hear)

    def _cases(self, ids: Sequence[str], connection: Connection) -> list[Case]:
        return load_cases(connection, self._keys, conversation.c.id.in_(ids))

    def _kept(self, ids: Sequence[str], connection: Connection) -> dict[str, Kept]:
        query = select(docket).where(docket.c.conversation_id.in_(ids))
        rows = connection.execute(query).all()
        ciphers = self._keys.find(connection, [row.conversation_id for row in rows])
        read = ((row.conversation_id, open_kept(row, ciphers)) for row in rows)
        return {scope: kept for scope, kept in read if kept is not None}

    def _beside(self, ids: Sequence[str], connection: Connection) -> dict[str, Seen]:
        kept = self._kept(ids, connection)
        ciphers = self._keys.find(connection, ids)
        missing = [scope for scope in ids if scope not in kept]
        lines: defaultdict[str, list[Line]] = defaultdict(list)
        for query, scopes in ((_SINCE, list(kept)), (_ALL, missing)):
            if scopes:
                for row in connection.execute(query, {"scopes": scopes}):
                    lines[row.conversation_id].append(_line(row, ciphers))
        open_tasks = (
            select(conversation.c.id, staff_task.c.kind)
            .join_from(staff_task, filing, filing.c.id == staff_task.c.filing_id)
            .join(conversation, conversation.c.applicant_id == filing.c.applicant_id)
            .where(conversation.c.id.in_(ids), staff_task.c.done_at.is_(None))
        )
        tasks: defaultdict[str, list[str]] = defaultdict(list)
        for scope, kind in connection.execute(open_tasks):
            tasks[scope].append(kind)
        return {scope: Seen(kept.get(scope), lines[scope], tasks[scope]) for scope in ids}

    def _put(self, kept: Sequence[Kept], placing: Placing, connection: Connection) -> None:
        ciphers = self._keys.find(connection, [one.docket.conversation for one in kept])
        stored = [one for one in kept if one.docket.conversation in ciphers]
        rows = [row_of(one, ciphers[one.docket.conversation], placing) for one in stored]
        if not rows:
            return
        dialect = postgresql if self._database.dialect.name == "postgresql" else sqlite
        put = dialect.insert(docket)
        connection.execute(
            put.on_conflict_do_update(
                index_elements=["conversation_id"],
                set_={name: put.excluded[name] for name in rows[0] if name != "conversation_id"},
                where=and_(
                    docket.c.version <= put.excluded.version,
                    docket.c.shape <= put.excluded.shape,
                ),
            ),
            rows,
        )
        tell(connection, self.name, [one.docket.conversation for one in stored])

    def _words(self, scope: str, limit: int, connection: Connection) -> list[Line]:
        query = (
            select(message)
            .where(message.c.conversation_id == scope, _BY_PEOPLE, *_WRITTEN)
            .order_by(message.c.seq.desc())
            .limit(limit)
        )
        rows = connection.execute(query).all()
        ciphers = self._keys.find(connection, [scope])
        return [line for row in rows if (line := _line(row, ciphers)).text]


_WRITTEN = (
    message.c.sealed.is_not(None),
    message.c.kind != DELETE,
    message.c.status != WITHDRAWN,
    message.c.channel.not_in(ADDRESS_CHANNELS),  # what went by e-mail is no chat
)
_BY_PEOPLE = or_(message.c.kind == HEARD, message.c.author != ASSISTANT)

_ALL = (
    select(message)
    .where(message.c.conversation_id.in_(bindparam("scopes", expanding=True)), *_WRITTEN)
    .order_by(message.c.seq)
)
_SINCE = _ALL.join_from(
    docket, message, docket.c.conversation_id == message.c.conversation_id
).where(message.c.seq > docket.c.seq)


def tell(connection: Connection, name: str, conversations: Sequence[str]) -> None:
    """Tell other processes, on PostgreSQL, whose dockets the process of that name has put."""
    if connection.dialect.name == "postgresql":
        for ids in _batches(conversations, _TOLD_AT_ONCE):
            connection.execute(select(func.pg_notify(CHANNEL, " ".join((name, *ids)))))


def _batches(ids: Sequence[str], size: int = _BATCH) -> Iterable[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))


def _line(row: Row[Any], ciphers: Mapping[str, Cipher]) -> Line:
    """A row as a line; the words of one that cannot be read are left out."""
    by_staff = staff_name(row.author or "") is not None
    if row.kind != HEARD and not by_staff:
        return Line(row.seq, from_micros(row.at), "assistant")
    author: Author = "staff" if by_staff else "applicant"
    try:
        entry = entry_of(row, ciphers)
    except UnreadableRecord:
        return Line(row.seq, from_micros(row.at), author)
    return Line(row.seq, entry.at, author, entry.said.text if entry.said else entry.heard or "")
