"""Counts over a period, from what is stored in clear: step keys, kinds of events, and times."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any, Final, TypeAlias, TypeVar

from sqlalchemy import BigInteger, ColumnElement, Connection, Select, func, literal, select

from desk.statistics.period import Period
from desk.statistics.ports import Begun, Help, History
from filing.event import EventType
from storage.engine import Database
from storage.instant import from_micros, to_micros
from storage.tables import answer, asked, event, filing, handover, message, reminder

Found = TypeVar("Found")
_Plain: TypeAlias = tuple[Any, ...]

_HOUR: Final = 3600 * 10**6
_DAY: Final = 24 * _HOUR
_AHEAD: Final = 8 * _HOUR  # China is eight hours ahead of UTC, summer and winter
_FIRST_MONDAY: Final = date(1969, 12, 29)  # of the week in which stored moments begin


_KINDS: Final = frozenset(EventType)
"""Those of a later version are not counted by this one."""


class SqlStatistics:
    """``Statistics`` on SQLite or PostgreSQL.

    Each count reads a table once, beside the turns and off their path.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begun(self, period: Period) -> Begun:
        """See ``Statistics``."""
        inside = _inside(filing.c.created_at, period)
        filings = select(filing.c.id, filing.c.flow).where(inside)
        answered = (
            select(filing.c.flow, answer.c.step, func.count(answer.c.filing_id.distinct()))
            .join_from(filing, answer)
            .where(inside)
            .group_by(filing.c.flow, answer.c.step)
        )

        def work(connection: Connection) -> Begun:
            return Begun(
                {row[0]: row[1] for row in connection.execute(filings)},
                {(row[0], row[1]): row[2] for row in connection.execute(answered)},
            )

        return await self._database.read_aside(work)

    async def histories(self, period: Period) -> Sequence[History]:
        """See ``Statistics``."""
        touched = select(event.c.filing_id).where(_inside(event.c.at, period))
        return await self._rows(
            select(event.c.filing_id, event.c.type, event.c.at)
            .where(event.c.filing_id.in_(touched))
            .order_by(event.c.filing_id, event.c.at, event.c.n),
            _histories,
        )

    async def lags(self, period: Period) -> Sequence[timedelta]:
        """See ``Statistics``."""
        return await self._rows(
            select(reminder.c.settled_at - reminder.c.at).where(
                reminder.c.status == "sent", _inside(reminder.c.settled_at, period)
            ),
            lambda found: [timedelta(microseconds=max(0, row[0])) for row in found],
        )

    async def heard(self, period: Period) -> Mapping[datetime, int]:
        """See ``Statistics``."""
        hour = message.c.at // _whole(_HOUR)
        rows = await self._rows(
            select(hour, func.count())
            .where(message.c.kind == "heard", _inside(message.c.at, period))
            .group_by(hour),
            list,
        )
        return {from_micros(number * _HOUR).astimezone(UTC): count for number, count in rows}

    async def routes(self, period: Period) -> Mapping[tuple[date, str], int]:
        """See ``Statistics``."""
        # Stored moments begin on a Thursday, three days into their week.
        week = (asked.c.at + _whole(_AHEAD + 3 * _DAY)) // _whole(7 * _DAY)
        rows = await self._rows(
            select(week, asked.c.route, func.count())
            .where(_inside(asked.c.at, period))
            .group_by(week, asked.c.route),
            list,
        )
        return {
            (_FIRST_MONDAY + timedelta(weeks=number), route): count for number, route, count in rows
        }

    async def helps(self, period: Period) -> Sequence[Help]:
        """See ``Statistics``."""
        return await self._rows(
            select(
                handover.c.conversation_id,
                handover.c.waiting_since,
                handover.c.taken_at,
                handover.c.agent,
                handover.c.answered_at,
                handover.c.closed_at,
                handover.c.rating,
            )
            .where(_inside(handover.c.waiting_since, period))
            .order_by(handover.c.waiting_since, handover.c.n),
            lambda found: [_help(*row) for row in found],
        )

    async def _rows(
        self, query: Select[Any], made_of: Callable[[Iterable[_Plain]], Found]
    ) -> Found:
        """What is made of a query's rows, beside everything else: they may be many."""
        return await self._database.read_aside(
            lambda connection: made_of(tuple(row) for row in connection.execute(query))
        )


def _histories(rows: Iterable[_Plain]) -> list[History]:
    return [
        History(
            filing_id,
            tuple((EventType(row[1]), from_micros(row[2])) for row in found if row[1] in _KINDS),
        )
        for filing_id, found in groupby(rows, key=lambda row: str(row[0]))
    ]


def _help(
    conversation: str,
    since: int,
    taken: int | None,
    agent: str | None,
    answered: int | None,
    closed: int | None,
    rating: int | None,
) -> Help:
    return Help(
        conversation,
        from_micros(since),
        _moment(taken),
        agent,
        _moment(answered),
        _moment(closed),
        rating,
    )


def _inside(column: ColumnElement[Any], period: Period) -> ColumnElement[bool]:
    return (column >= to_micros(period.since)) & (column < to_micros(period.until))


def _whole(number: int) -> ColumnElement[int]:
    """A number too large for an ordinary integer of PostgreSQL, as it is in the statement."""
    return literal(number, BigInteger(), literal_execute=True)


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
