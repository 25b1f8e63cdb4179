"""What is asked of all conversations as the desk lists them, answered by indices."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, literal, select, tuple_, update
from sqlalchemy.sql.elements import ColumnElement

from desk.docket import Docket
from desk.listing import FACETS, Counts, Drafted, Mark, Sketch, Stirred
from desk.placing import Placing
from desk.queue import OrderKey, State, Wanted
from storage.dockets import tell
from storage.engine import Database
from storage.instant import from_micros, to_micros
from storage.keys import DataKeys
from storage.placed import CHIPS, keyed, mark_of, open_docket, open_sketch, place_of
from storage.tables import conversation, docket, filing

_BATCH: Final = 500  # ids per query: databases limit the number of parameters
_ORDER: Final = (docket.c.band, docket.c.rank, docket.c.since, docket.c.conversation_id)
_MARK: Final = (*_ORDER, docket.c.version, docket.c.made_at, docket.c.moves_at)
_SEALED: Final = (docket.c.conversation_id, docket.c.version, docket.c.shape, docket.c.sealed)


class SqlListing:
    """``Listing`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database, keys: DataKeys, name: str) -> None:
        self._database = database
        self._keys = keys
        self._name = name  # by which this process knows its own news

    async def first(
        self, wanted: Wanted, limit: int, after: OrderKey | None = None
    ) -> Sequence[Mark]:
        """See ``Listing``."""
        query = first_of(wanted, after).limit(limit)
        rows = await self._database.read_aside(lambda connection: connection.execute(query).all())
        return [mark_of(row) for row in rows]

    async def dockets(self, conversations: Collection[str]) -> Mapping[str, Docket]:
        """See ``Listing``."""
        found: dict[str, Docket] = {}
        for ids in _batches(list(conversations)):
            query = select(*_SEALED).where(docket.c.conversation_id.in_(ids))
            for one in await self._read(query):
                found[one.conversation] = one
        return found

    async def counts(self) -> Counts:
        """See ``Listing``."""
        return await self._database.read(_counts)

    async def choices(self) -> Mapping[str, Sequence[str]]:
        """See ``Listing``."""
        return await self._database.read(_choices)

    async def held(self) -> Sequence[Docket]:
        """See ``Listing``."""
        return await self._read(select(*_SEALED).where(docket.c.holder.is_not(None)))

    async def ending(self, until: datetime, limit: int) -> Sequence[Docket]:
        """See ``Listing``."""
        due = docket.c.next_due
        query = select(*_SEALED).where(due.is_not(None), due <= to_micros(until))
        return await self._read(query.order_by(due, docket.c.conversation_id).limit(limit))

    async def of_filings(self, filings: Collection[str]) -> Sequence[Drafted]:
        """See ``Listing``."""
        found: list[Drafted] = []
        for ids in _batches(list(filings)):
            query = _OF_FILINGS.where(filing.c.id.in_(ids))
            found += await self._database.read_aside(partial(_drafted, query))
        return found

    async def put_since(self, since: datetime, limit: int) -> Mapping[str, datetime]:
        """See ``Listing``."""
        query = (
            select(docket.c.conversation_id, docket.c.made_at)
            .where(docket.c.made_at >= to_micros(since), docket.c.band.is_not(None))
            .limit(limit)
        )
        rows = await self._database.read_aside(lambda connection: connection.execute(query).all())
        return {scope: from_micros(at) for scope, at in rows}

    async def to_move(self, now: datetime, limit: int) -> Sequence[Docket]:
        """See ``Listing``."""
        at = docket.c.moves_at
        query = select(*_SEALED).where(at.is_not(None), at <= to_micros(now))
        return await self._read(query.order_by(at).limit(limit))

    async def move(self, dockets: Collection[Docket], placing: Placing, now: datetime) -> None:
        """See ``Listing``."""
        # In one order everywhere, so that two processes cannot wait for each other.
        rows = [
            {"scope": one.conversation, "made": to_micros(one.made_at), "was": one.version}
            | place_of(one, placing, now)
            for one in sorted(dockets, key=lambda one: one.conversation)
        ]
        if rows:
            await self._database.write(partial(self._move, rows))

    async def sketches(
        self, before: Stirred | None, limit: int
    ) -> tuple[Sequence[Sketch], Stirred | None]:
        """See ``Listing``."""
        place = (docket.c.stirred_at, docket.c.conversation_id)
        query = select(*_SEALED, docket.c.terms, docket.c.stirred_at).where(
            docket.c.stirred_at.is_not(None)
        )
        if before is not None:
            at, scope = before
            query = query.where(tuple_(*place) < tuple_(literal(to_micros(at)), literal(scope)))
        query = query.order_by(*(one.desc() for one in place)).limit(limit)
        return await self._database.read_aside(partial(self._sketches, query, limit))

    async def _read(self, query: Select[Any]) -> list[Docket]:
        return await self._database.read_aside(partial(self._opened, query))

    def _opened(self, query: Select[Any], connection: Connection) -> list[Docket]:
        rows = connection.execute(query).all()
        ciphers = self._keys.find(connection, [row.conversation_id for row in rows])
        found = (open_docket(row, ciphers) for row in rows)
        return [one for one in found if one is not None]

    def _sketches(
        self, query: Select[Any], limit: int, connection: Connection
    ) -> tuple[list[Sketch], Stirred | None]:
        rows = connection.execute(query).all()
        ciphers = self._keys.find(connection, [row.conversation_id for row in rows], keep=False)
        found = (open_sketch(row, ciphers) for row in rows)
        end = None
        if len(rows) == limit:
            end = (from_micros(rows[-1].stirred_at), rows[-1].conversation_id)
        return [one for one in found if one is not None], end

    def _move(self, rows: Sequence[dict[str, object]], connection: Connection) -> None:
        connection.execute(_MOVE, rows)
        tell(connection, self._name, [str(row["scope"]) for row in rows])


def first_of(wanted: Wanted, after: OrderKey | None = None) -> Select[Any]:
    """The query for those that somebody wants to see, in order."""
    where: list[ColumnElement[bool]] = [docket.c.band.is_not(None)]
    index = "queue"
    for facet in FACETS:
        if (value := getattr(wanted, facet)) is not None:
            where.append(docket.c[facet] == value)
            index = facet
    if wanted.state is State.MINE:
        where.append(docket.c.holder == wanted.agent)
        index = "holder"
    elif (chip := CHIPS.get(wanted.state)) is not None:
        where.append(docket.c[chip].is_not(None))
        index = chip
    if after is not None:
        values = map(literal, (*keyed(after), after[-1]))
        where.append(tuple_(*_ORDER) > tuple_(*values))
    # SQLite counts nothing by itself, so it cannot know which of the indices is the short one.
    query = select(*_MARK).with_hint(docket, f"INDEXED BY ix_docket_{index}", "sqlite")
    return query.where(*where).order_by(*_ORDER)


def _counts(connection: Connection) -> Counts:
    filled = {state: docket.c[name] for state, name in CHIPS.items()} | {State.ALL: docket.c.band}
    queries = [
        select(func.count()).select_from(docket).where(column.is_not(None)).scalar_subquery()
        for column in filled.values()
    ]
    states = connection.execute(select(*queries)).one()
    held = (
        select(docket.c.holder, func.count().label("held"))
        .where(docket.c.holder.is_not(None))
        .group_by(docket.c.holder)
    )
    by_agent = {row.holder: row.held for row in connection.execute(held)}
    return Counts(dict(zip(filled, states, strict=True)), by_agent)


def _choices(connection: Connection) -> dict[str, list[str]]:
    return {name: list(connection.execute(query).scalars()) for name, query in _CHOICES.items()}


def _values(name: str) -> Select[Any]:
    """The values of a column, each found by one step into its index."""
    column = docket.c[name]
    first = select(func.min(column).label("value")).cte(f"values_of_{name}", recursive=True)
    next_one = select(func.min(column)).where(column > first.c.value).scalar_subquery()
    found = first.union_all(select(next_one).where(first.c.value.is_not(None)))
    return select(found.c.value).where(found.c.value.is_not(None)).order_by(found.c.value)


def _drafted(query: Select[Any], connection: Connection) -> list[Drafted]:
    return [
        Drafted(
            row.filing,
            row.conversation_id,
            row.province,
            row.stage,
            row.asking,
            None if row.moved_at is None else from_micros(row.moved_at),
        )
        for row in connection.execute(query)
    ]


_CHOICES: Final = {name: _values(name) for name in FACETS}
_OF_FILINGS: Final = (
    select(
        docket.c.conversation_id,
        docket.c.filing,
        docket.c.province,
        docket.c.stage,
        docket.c.asking,
        docket.c.moved_at,
    )
    .join_from(filing, conversation, conversation.c.applicant_id == filing.c.applicant_id)
    .join(docket, docket.c.conversation_id == conversation.c.id)
    .where(docket.c.filing == filing.c.id)
)
_MOVE: Final = update(docket).where(  # sets whatever else a row names
    docket.c.conversation_id == bindparam("scope"),
    docket.c.made_at == bindparam("made"),
    docket.c.version == bindparam("was"),
)


def _batches(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))
