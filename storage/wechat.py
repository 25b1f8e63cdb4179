"""What the WeChat channel keeps, on SQLite or PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage import places
from storage.crypto import MasterKey
from storage.engine import Database
from storage.instant import from_micros, to_micros
from storage.tables import message, wechat_delivery, wechat_person, wechat_token
from storage.turnback import FAR
from storage.wechat_ports import AccessToken, Budget, Heard, Late, Opens, Shut, Spent, Window


class SqlWeChat:
    """``WeChatStore`` in the database; payloads and tokens are sealed with the master key."""

    def __init__(self, database: Database, master: MasterKey) -> None:
        self._database = database
        self._secrets = master.channel_secrets
        dialect = postgresql if database.dialect.name == "postgresql" else sqlite
        self._note = dialect.insert(wechat_delivery).on_conflict_do_nothing()
        put = dialect.insert(wechat_person)
        self._put_person = put.on_conflict_do_update(
            index_elements=["openid"],
            set_={name: put.excluded[name] for name in _row(Budget())},
        )
        self._new_person = dialect.insert(wechat_person).on_conflict_do_nothing()
        self._new_token = dialect.insert(wechat_token).on_conflict_do_nothing()

    async def heard(self, openid: str, key: str, opens: Opens | None, at: datetime) -> Heard:
        """See ``WeChatStore``."""

        def work(connection: Connection) -> Heard:
            note = self._note.values(openid=openid, key=key, at=to_micros(at))
            if connection.execute(note).rowcount != 1:
                return _repeat(connection, openid, key)
            if opens is None:
                return Heard(is_new=True)
            before = self._locked(connection, openid)
            self._put(connection, openid, before.heard(opens, at))
            return Heard(is_new=True, reopened=before.left(at, reserve=1) == 0)

        return await self._database.write(work)

    async def gone(self, openid: str, at: datetime | None = None) -> None:
        """See ``WeChatStore``."""

        def work(connection: Connection) -> None:
            self._put(connection, openid, self._locked(connection, openid).gone(at))

        await self._database.write(work)

    async def budget(self, openid: str) -> Budget:
        """See ``WeChatStore``."""
        return await self._database.read(lambda connection: _budget(connection, openid))

    async def spend(self, openid: str, now: datetime, *, reserve: int) -> Spent | Shut:
        """See ``WeChatStore``."""

        def work(connection: Connection) -> Spent | Shut:
            before = self._locked(connection, openid)
            spent = before.next_from(now, reserve)
            if isinstance(spent, Spent):
                self._put(connection, openid, before.changed(spent, -1))
            return spent

        return await self._database.write(work)

    async def give_back(self, openid: str, spent: Spent) -> None:
        """See ``WeChatStore``."""

        def work(connection: Connection) -> None:
            self._put(connection, openid, self._locked(connection, openid).changed(spent, 1))

        await self._database.write(work)

    async def exhausted(self, openid: str) -> None:
        """See ``WeChatStore``."""

        def work(connection: Connection) -> None:
            self._put(connection, openid, self._locked(connection, openid).emptied)

        await self._database.write(work)

    async def answered(self, openid: str, key: str, outgoing_ids: Sequence[str]) -> tuple[str, ...]:
        """See ``WeChatStore``."""
        first = _one(openid, key).where(wechat_delivery.c.answer.is_(None))
        said = first.values(answer=" ".join(outgoing_ids))

        def work(connection: Connection) -> tuple[str, ...]:
            if connection.execute(said).rowcount == 1:
                return tuple(outgoing_ids)
            settled = _answer_of(connection, openid, key)
            return tuple(outgoing_ids) if settled is None else settled

        return await self._database.write(work)

    async def answer_of(self, openid: str, key: str) -> tuple[str, ...] | None:
        """See ``WeChatStore``."""
        return await self._database.read(lambda connection: _answer_of(connection, openid, key))

    async def keep(self, openid: str, key: str, payload: bytes, due: datetime) -> None:
        """See ``WeChatStore``."""
        sealed = self._secrets.seal(payload, places.wechat_delivery(openid, key))

        def work(connection: Connection) -> None:
            connection.execute(self._note.values(openid=openid, key=key, at=to_micros(due)))
            connection.execute(_one(openid, key).values(sealed=sealed, due_at=to_micros(due)))

        await self._database.write(work)

    async def late(self, now: datetime, until: datetime, limit: int) -> Sequence[Late]:
        """See ``WeChatStore``."""
        table = wechat_delivery.c
        due = (
            select(table.openid, table.key, table.sealed)
            .where(or_(table.due_at <= to_micros(now), table.due_at > to_micros(now + FAR)))
            .order_by(table.due_at, table.key)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )

        def work(connection: Connection) -> list[Late]:
            rows = connection.execute(due).all()
            for row in rows:
                connection.execute(_one(row.openid, row.key).values(due_at=to_micros(until)))
            return [
                Late(
                    row.openid,
                    row.key,
                    self._secrets.open(row.sealed, places.wechat_delivery(row.openid, row.key)),
                )
                for row in rows
            ]

        return await self._database.write(work)

    async def done(self, openid: str, key: str) -> None:
        """See ``WeChatStore``."""
        over = _one(openid, key).values(sealed=None, due_at=None)
        await self._database.write(lambda connection: connection.execute(over))

    async def forget(self, before: datetime) -> int:
        """See ``WeChatStore``."""
        old = delete(wechat_delivery).where(
            wechat_delivery.c.at < to_micros(before), wechat_delivery.c.due_at.is_(None)
        )
        return await self._database.write(lambda connection: connection.execute(old).rowcount)

    async def tried(self, outgoing_id: str, now: datetime) -> datetime:
        """See ``WeChatStore``."""
        note = (
            update(message)
            .where(message.c.public_id == outgoing_id)
            .values(tried_at=func.coalesce(message.c.tried_at, to_micros(now)))
            .returning(message.c.tried_at)
        )
        first = await self._database.write(lambda connection: connection.execute(note).scalar())
        return now if first is None else from_micros(first)

    async def not_tried(self, outgoing_id: str, at: datetime) -> None:
        """See ``WeChatStore``."""
        undo = (
            update(message)
            .where(message.c.public_id == outgoing_id, message.c.tried_at == to_micros(at))
            .values(tried_at=None)
        )
        await self._database.write(lambda connection: connection.execute(undo))

    async def token(self, app_id: str) -> AccessToken | None:
        """See ``WeChatStore``."""
        query = select(wechat_token).where(wechat_token.c.app_id == app_id)
        row = await self._database.read(lambda connection: connection.execute(query).first())
        if row is None or row.sealed is None:
            return None
        value = self._secrets.open(row.sealed, f"wechat/token/{app_id}").decode()
        forced = None if row.forced_at is None else from_micros(row.forced_at)
        return AccessToken(value, from_micros(row.until), forced)

    async def lease_token(self, app_id: str, holder: str, now: datetime, until: datetime) -> bool:
        """See ``WeChatStore``."""
        table = wechat_token.c
        lease = (
            update(wechat_token)
            .where(
                table.app_id == app_id,
                or_(
                    table.leased_until.is_(None),
                    table.leased_until <= to_micros(now),
                    table.leased_until > to_micros(until + (until - now)),  # the clock: put back
                    table.holder == holder,
                ),
            )
            .values(holder=holder, leased_until=to_micros(until))
        )

        def work(connection: Connection) -> bool:
            connection.execute(self._new_token.values(app_id=app_id, until=0))
            return connection.execute(lease).rowcount == 1

        return await self._database.write(work)

    async def put_token(self, app_id: str, holder: str, token: AccessToken) -> bool:
        """See ``WeChatStore``."""
        forced = None if token.forced_at is None else to_micros(token.forced_at)
        put = _held(app_id, holder).values(
            sealed=self._secrets.seal(token.value.encode(), f"wechat/token/{app_id}"),
            until=to_micros(token.until),
            forced_at=forced,
            holder=None,
            leased_until=None,
        )
        return await self._database.write(
            lambda connection: bool(connection.execute(put).rowcount == 1)
        )

    async def release_token(self, app_id: str, holder: str) -> None:
        """See ``WeChatStore``."""
        release = _held(app_id, holder).values(holder=None, leased_until=None)
        await self._database.write(lambda connection: connection.execute(release))

    def _locked(self, connection: Connection, openid: str) -> Budget:
        """A person's budget, theirs alone until the transaction ends."""
        connection.execute(self._new_person.values(openid=openid, **_row(Budget())))
        return _budget(connection, openid, lock=True)

    def _put(self, connection: Connection, openid: str, budget: Budget) -> None:
        connection.execute(self._put_person.values(openid=openid, **_row(budget)))


def _budget(connection: Connection, openid: str, *, lock: bool = False) -> Budget:
    query = select(wechat_person).where(wechat_person.c.openid == openid)
    row = connection.execute(query.with_for_update() if lock else query).first()
    if row is None:
        return Budget()
    sent = f"{row.talk_sent or ''} {row.touch_sent or ''}".split()
    return Budget(
        row.follows,
        _window(row.talk_until, row.talk_left),
        _window(row.touch_until, row.touch_left),
        None if row.gone_at is None else from_micros(row.gone_at),
        tuple(from_micros(int(one)) for one in sent),
    )


def _window(until: int | None, left: int) -> Window | None:
    return None if until is None else Window(from_micros(until), left)


def _row(budget: Budget) -> dict[str, Any]:
    talk, touch = budget.talk, budget.touch
    return {
        "follows": budget.follows,
        "gone_at": None if budget.gone_at is None else to_micros(budget.gone_at),
        "talk_until": None if talk is None else to_micros(talk.until),
        "talk_left": 0 if talk is None else talk.left,
        "talk_sent": " ".join(str(to_micros(one)) for one in budget.sent) or None,
        "touch_until": None if touch is None else to_micros(touch.until),
        "touch_left": 0 if touch is None else touch.left,
        "touch_sent": None,
    }


def _answer_of(connection: Connection, openid: str, key: str) -> tuple[str, ...] | None:
    query = select(wechat_delivery.c.answer).where(
        wechat_delivery.c.openid == openid, wechat_delivery.c.key == key
    )
    found = connection.execute(query).scalar()
    return None if found is None else tuple(found.split())


def _repeat(connection: Connection, openid: str, key: str) -> Heard:
    query = select(wechat_delivery.c.due_at, wechat_delivery.c.answer).where(
        wechat_delivery.c.openid == openid, wechat_delivery.c.key == key
    )
    row = connection.execute(query).one()
    answer = None if row.answer is None else tuple(row.answer.split())
    return Heard(is_new=False, is_kept=row.due_at is not None, answer=answer)


def _one(openid: str, key: str) -> Any:
    return update(wechat_delivery).where(
        wechat_delivery.c.openid == openid, wechat_delivery.c.key == key
    )


def _held(app_id: str, holder: str) -> Any:
    return update(wechat_token).where(
        wechat_token.c.app_id == app_id, wechat_token.c.holder == holder
    )
