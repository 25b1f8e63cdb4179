"""What the channel of WeCom customer service keeps, on SQLite or PostgreSQL."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage import places
from storage.crypto import MasterKey
from storage.engine import Database
from storage.errors import UnreadableRecord
from storage.instant import from_micros, to_micros
from storage.reminders import come_back
from storage.tables import message, wecom_account, wecom_message, wecom_session
from storage.turnback import FAR
from storage.wecom_ports import Fetched, Kept, Pull, Session, SessionState

_earlier = wecom_message.alias("earlier")


class SqlWeCom:
    """``WeComStore`` in the database; payloads are sealed with the master key."""

    def __init__(self, database: Database, master: MasterKey) -> None:
        self._database = database
        self._secrets = master.channel_secrets
        dialect = postgresql if database.dialect.name == "postgresql" else sqlite
        self._new_account = dialect.insert(wecom_account).on_conflict_do_nothing()
        self._keep = dialect.insert(wecom_message).on_conflict_do_nothing()
        put = dialect.insert(wecom_session)
        self._put_session = put.on_conflict_do_update(
            index_elements=["person"],
            set_={name: put.excluded[name] for name in ("state", "servicer", "at")},
            where=wecom_session.c.at <= put.excluded.at,
        )

    async def lease_pull(
        self, account: str, holder: str, now: datetime, until: datetime
    ) -> Pull | None:
        """See ``WeComStore``."""
        table = wecom_account.c
        is_free = or_(
            table.leased_until.is_(None),
            table.leased_until <= to_micros(now),
            table.leased_until > to_micros(until + (until - now)),  # the clock was put back
            table.holder == holder,
        )
        lease = (
            update(wecom_account)
            .where(table.account == account, is_free)
            .values(holder=holder, leased_until=to_micros(until))
            .returning(table.cursor)
        )

        def work(connection: Connection) -> Pull | None:
            connection.execute(self._new_account.values(account=account, taken=0))
            row = connection.execute(lease).first()
            return None if row is None else Pull(account, holder, row.cursor)

        return await self._database.write(work)

    async def take_in(
        self, pull: Pull, cursor: str, fetched: Sequence[Fetched], now: datetime
    ) -> Pull | None:
        """See ``WeComStore``."""
        sealed = [
            None if one.payload is None else self._secrets.seal(one.payload, _place(pull, one.key))
            for one in fetched
        ]

        def work(connection: Connection) -> Pull | None:
            moved = _held(pull).values(cursor=cursor, taken=wecom_account.c.taken + len(fetched))
            row = connection.execute(moved.returning(wecom_account.c.taken)).first()
            if row is None:
                return None
            rows = [
                {
                    "account": pull.account,
                    "key": one.key,
                    "place": row.taken - len(fetched) + number,
                    "person": one.person,
                    "at": to_micros(one.at),
                    "sealed": content,
                    "due_at": None if content is None else to_micros(now),
                }
                for number, (one, content) in enumerate(zip(fetched, sealed, strict=True))
            ]
            if rows:
                connection.execute(self._keep, rows)
            return replace(pull, cursor=cursor)

        return await self._database.write(work)

    async def end_pull(self, pull: Pull) -> None:
        """See ``WeComStore``."""
        end = _held(pull).values(holder=None, leased_until=None)
        await self._database.write(lambda connection: connection.execute(end))

    async def claim(self, now: datetime, until: datetime, limit: int) -> Sequence[Kept]:
        """See ``WeComStore``. What cannot be decrypted is given up, not claimed."""
        table = wecom_message.c
        oldest = (
            select(func.min(_earlier.c.place))
            .where(
                _earlier.c.account == table.account,
                _earlier.c.person == table.person,
                _earlier.c.due_at.is_not(None),
            )
            .scalar_subquery()
        )
        due = (
            select(wecom_message)
            .where(
                or_(table.due_at <= to_micros(now), table.due_at > to_micros(now + FAR)),
                table.place == oldest,
            )
            .order_by(table.due_at, table.place)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )

        def work(connection: Connection) -> list[Kept]:
            kept: list[Kept] = []
            for row in connection.execute(due).all():
                opened = self._opened(row)
                over = None if opened is None else to_micros(until)
                connection.execute(_one(row.account, row.key).values(due_at=over))
                kept += [] if opened is None else [opened]
            return kept

        return await self._database.write(work)

    async def done(self, account: str, key: str) -> None:
        """See ``WeComStore``."""
        over = _one(account, key).values(sealed=None, due_at=None)
        await self._database.write(lambda connection: connection.execute(over))

    async def put_back(self, account: str, key: str, due: datetime) -> None:
        """See ``WeComStore``."""
        waiting = _one(account, key).where(wecom_message.c.due_at.is_not(None))
        again = waiting.values(due_at=to_micros(due))
        await self._database.write(lambda connection: connection.execute(again))

    async def forget(self, before: datetime) -> int:
        """See ``WeComStore``."""
        old = delete(wecom_message).where(
            wecom_message.c.at < to_micros(before), wecom_message.c.due_at.is_(None)
        )
        return await self._database.write(lambda connection: connection.execute(old).rowcount)

    async def session(self, person: str) -> Session | None:
        """See ``WeComStore``."""
        query = select(wecom_session).where(wecom_session.c.person == person)
        row = await self._database.read(lambda connection: connection.execute(query).first())
        if row is None:
            return None
        return Session(SessionState(row.state), from_micros(row.at), row.servicer)

    async def put_session(self, person: str, session: Session) -> bool:
        """See ``WeComStore``."""
        put = self._put_session.values(
            person=person,
            state=int(session.state),
            servicer=session.servicer,
            at=to_micros(session.at),
        )
        return await self._database.write(
            lambda connection: bool(connection.execute(put).rowcount == 1)
        )

    async def tries(self, outgoing_id: str) -> int:
        """See ``WeComStore``."""
        query = select(message.c.attempts).where(
            message.c.public_id == outgoing_id, message.c.due_at.is_not(None)
        )
        return await self._database.read(lambda connection: connection.execute(query).scalar() or 0)

    async def bounced(self, outgoing_id: str, reason: str) -> bool:
        """See ``WeComStore``."""
        sent = select(message.c.settled_at).where(
            message.c.public_id == outgoing_id, message.c.status == "sent"
        )

        def work(connection: Connection) -> bool:
            row = connection.execute(sent).first()
            if row is not None:
                come_back(connection, outgoing_id, reason, row.settled_at)
            return row is not None

        return await self._database.write(work)

    def _opened(self, row: Any) -> Kept | None:
        try:
            payload = self._secrets.open(row.sealed, places.wecom_message(row.account, row.key))
        except UnreadableRecord:
            return None
        return Kept(row.account, row.key, row.person, from_micros(row.at), payload)


def _place(pull: Pull, key: str) -> str:
    return places.wecom_message(pull.account, key)


def _one(account: str, key: str) -> Any:
    return update(wecom_message).where(
        wecom_message.c.account == account, wecom_message.c.key == key
    )


def _held(pull: Pull) -> Any:
    return update(wecom_account).where(
        wecom_account.c.account == pull.account, wecom_account.c.holder == pull.holder
    )
