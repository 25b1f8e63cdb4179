"""Alerts to staff on a database: kept once by key, their pings claimed under leases."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    and_,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from desk.alerts.alert import Alert, AlertKind, Choice, Ping
from desk.alerts.ports import LEASE
from storage.engine import Database
from storage.instant import from_micros, to_micros
from storage.tables import agent, alert, alert_choice, alert_ping

_DUE, _SENDING, _SENT, _DROPPED = "due", "sending", "sent", "dropped"
_IS_OPEN = alert.c.ended_at.is_(None)


class SqlAlerts:
    """``AlertStore`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database, lease: timedelta = LEASE) -> None:
        self._database = database
        self._lease = lease
        insert_into = postgresql.insert if database.dialect.name == "postgresql" else sqlite.insert
        self._new = insert_into(alert).on_conflict_do_nothing(index_elements=["key"])

    async def keep(
        self, alerts: Mapping[Alert, Sequence[tuple[str, str]]], now: datetime, due_at: datetime
    ) -> Sequence[Alert]:
        """See ``AlertStore``."""
        keys = {one.key for one in alerts}
        known = select(alert.c.key).where(alert.c.key.in_(keys))
        found = await self._database.read(lambda c: set(c.execute(known).scalars()))
        new = [one for one in alerts if one.key not in found]

        def work(connection: Connection) -> list[Alert]:
            # Of two processes that see the same, one keeps it.
            return [one for one in new if self._keep(connection, one, alerts[one], due_at)]

        try:
            return await self._database.write(work) if new else []
        except IntegrityError:
            return []  # somebody was erased meanwhile: the next look sees who is left

    def _keep(
        self, connection: Connection, one: Alert, ways: Sequence[tuple[str, str]], due_at: datetime
    ) -> bool:
        added = connection.execute(
            self._new.values(
                key=one.key,
                kind=str(one.kind),
                at=to_micros(one.at),
                filing_id=one.filing,
                conversation_id=one.conversation,
            )
        )
        if added.rowcount != 1:
            return False
        rows = [
            {
                "alert_key": one.key,
                "channel": channel,
                "recipient": recipient,
                "status": _DUE,
                "due_at": to_micros(due_at),
            }
            for channel, recipient in dict.fromkeys(ways)
        ]
        if rows:
            connection.execute(insert(alert_ping), rows)
        return True

    async def end(self, kinds: Collection[AlertKind], still: Collection[str], now: datetime) -> int:
        """See ``AlertStore``."""
        query = select(alert.c.key).where(_IS_OPEN, alert.c.kind.in_(list(map(str, kinds))))
        opened = await self._database.read(lambda c: set(c.execute(query).scalars()))
        over = sorted(opened - set(still))
        if over:
            await self._database.write(lambda c: _end(c, over, to_micros(now)))
        return len(over)

    async def end_one(self, key: str, now: datetime) -> None:
        """See ``AlertStore``."""
        await self._database.write(lambda c: _end(c, [key], to_micros(now)))

    async def latest(self, since: datetime, limit: int = 100) -> Sequence[Alert]:
        """See ``AlertStore``."""
        query = (
            select(alert)
            .where(or_(_IS_OPEN, alert.c.at >= to_micros(since)))
            .order_by(alert.c.ended_at.is_not(None), alert.c.at.desc(), alert.c.key)
            .limit(limit)
        )
        rows = await self._database.read(lambda c: c.execute(query).all())
        return [_alert(row) for row in rows]

    async def claim(self, channel: str, now: datetime, limit: int) -> Sequence[Ping]:
        """See ``AlertStore``."""
        due = and_(alert_ping.c.channel == channel, alert_ping.c.due_at <= to_micros(now))
        first = select(func.min(alert_ping.c.due_at)).where(due)
        if await self._database.read(lambda c: c.execute(first).scalar()) is None:
            return []  # most looks find nothing, and write nothing
        query = (
            select(alert_ping)
            .where(due)
            .order_by(alert_ping.c.due_at, alert_ping.c.recipient, alert_ping.c.alert_key)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )

        def work(connection: Connection) -> list[Ping]:
            rows = connection.execute(query).all()
            mine = [row for row in rows if row.recipient == rows[0].recipient]
            until = to_micros(now + self._lease)
            for row in mine:
                connection.execute(
                    update(alert_ping)
                    .where(_same(row.alert_key, channel, row.recipient))
                    .values(
                        status=_SENDING,
                        due_at=until,
                        fence=row.fence + 1,
                        attempts=row.attempts + 1,
                    )
                )
            about = select(alert).where(alert.c.key.in_([row.alert_key for row in mine]))
            alerts = {row.key: _alert(row) for row in connection.execute(about)}
            return [
                Ping(alerts[row.alert_key], channel, row.recipient, row.fence + 1, row.attempts + 1)
                for row in mine
            ]

        return await self._database.write(work)

    async def sent(self, pings: Sequence[Ping], now: datetime) -> None:
        """See ``AlertStore``."""
        at = to_micros(now)
        await self._settle(pings, status=_SENT, due_at=None, settled_at=at)

    async def retry(self, pings: Sequence[Ping], at: datetime) -> None:
        """See ``AlertStore``."""
        await self._settle(pings, status=_DUE, due_at=to_micros(at))

    async def give_up(self, pings: Sequence[Ping], reason: str, now: datetime) -> None:
        """See ``AlertStore``."""
        at = to_micros(now)
        await self._settle(pings, status="failed", due_at=None, reason=reason, settled_at=at)

    async def last_sent(self, channel: str, recipient: str) -> datetime | None:
        """See ``AlertStore``."""
        query = select(func.max(alert_ping.c.settled_at)).where(
            alert_ping.c.channel == channel,
            alert_ping.c.recipient == recipient,
            alert_ping.c.status == _SENT,
        )
        found = await self._database.read(lambda c: c.execute(query).scalar())
        return None if found is None else from_micros(found)

    async def choices(self) -> Sequence[Choice]:
        """See ``AlertStore``."""
        query = (
            select(alert_choice)
            .join_from(alert_choice, agent)
            .where(agent.c.disabled == false())
            .order_by(alert_choice.c.agent_id)
        )
        rows = await self._database.read(lambda c: c.execute(query).all())
        return [
            Choice(row.agent_id, row.email, frozenset(map(AlertKind, row.kinds.split())))
            for row in rows
        ]

    async def choose(self, choice: Choice) -> None:
        """See ``AlertStore``."""

        def work(connection: Connection) -> None:
            connection.execute(delete(alert_choice).where(alert_choice.c.agent_id == choice.agent))
            if choice.kinds:
                connection.execute(
                    insert(alert_choice).values(
                        agent_id=choice.agent,
                        email=choice.email,
                        kinds=" ".join(sorted(choice.kinds)),
                    )
                )

        await self._database.write(work)

    async def _settle(self, pings: Sequence[Ping], **values: object) -> None:
        def work(connection: Connection) -> None:
            for one in pings:
                connection.execute(
                    update(alert_ping)
                    .where(
                        _same(one.alert.key, one.channel, one.recipient),
                        alert_ping.c.fence == one.fence,
                        alert_ping.c.status == _SENDING,
                    )
                    .values(**values)
                )

        await self._database.write(work)


def _same(key: str, channel: str, recipient: str) -> Any:
    return and_(
        alert_ping.c.alert_key == key,
        alert_ping.c.channel == channel,
        alert_ping.c.recipient == recipient,
    )


def _end(connection: Connection, keys: Sequence[str], at: int) -> None:
    connection.execute(update(alert).where(alert.c.key.in_(keys), _IS_OPEN).values(ended_at=at))
    connection.execute(
        update(alert_ping)
        .where(alert_ping.c.alert_key.in_(keys), alert_ping.c.status == _DUE)
        .values(status=_DROPPED, due_at=None, settled_at=at)
    )


def _alert(row: Row[Any]) -> Alert:
    return Alert(
        row.key,
        AlertKind(row.kind),
        from_micros(row.at),
        row.filing_id,
        row.conversation_id,
        None if row.ended_at is None else from_micros(row.ended_at),
    )
