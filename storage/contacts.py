"""Addresses people want to be reminded at, and the tokens of their calendar feeds."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from dialogs.message import Identity
from scheduler.ports import MAX_WRONG_CODES, TELEGRAM_LINK, Contact
from storage import places
from storage.engine import Database
from storage.instant import to_micros
from storage.keys import DataKeys
from storage.loading import LAST_FIRST
from storage.tables import calendar_feed, contact, conversation, identity


class SqlContacts:
    """``ContactStore`` on SQLite or PostgreSQL; addresses are sealed with their conversation."""

    def __init__(self, database: Database, keys: DataKeys) -> None:
        self._database = database
        self._keys = keys

    async def add(
        self,
        whose: Identity,
        channel: str,
        address: str,
        code_hash: str,
        until: datetime,
        now: datetime,
        locale: str = "zh-CN",
    ) -> Contact | None:
        """See ``ContactStore``."""

        def work(connection: Connection) -> Contact | None:
            scope = _conversation_of(connection, whose)
            if scope is None:
                return None
            connection.execute(
                delete(contact).where(
                    contact.c.conversation_id == scope,
                    contact.c.channel == channel,
                    contact.c.verified_at.is_(None),
                )
            )
            contact_id = token_hex(10)
            cipher = self._keys.load(connection, [scope])[scope]
            connection.execute(
                insert(contact).values(
                    id=contact_id,
                    conversation_id=scope,
                    channel=channel,
                    sealed=cipher.seal(address.encode(), places.contact(contact_id)),
                    locale=locale,
                    code_hash=code_hash,
                    code_expires_at=to_micros(until),
                    at=to_micros(now),
                )
            )
            return Contact(contact_id, channel, address, scope, locale, verified=False)

        return await self._database.write(work)

    async def prove(self, whose: Identity, code_hash: str, now: datetime) -> Contact | None:
        """See ``ContactStore``."""

        def work(connection: Connection) -> Contact | None:
            scope = _conversation_of(connection, whose)
            waiting = connection.execute(
                select(contact)
                .where(
                    contact.c.conversation_id == scope,
                    contact.c.verified_at.is_(None),
                    contact.c.code_expires_at > to_micros(now),
                    contact.c.wrong < MAX_WRONG_CODES,
                )
                .with_for_update()
            ).all()
            right = next((row for row in waiting if row.code_hash == code_hash), None)
            if right is None:
                connection.execute(
                    update(contact)
                    .where(contact.c.id.in_([row.id for row in waiting]))
                    .values(wrong=contact.c.wrong + 1)
                )
                return None
            _verify(connection, right, now)
            return self._contact(connection, right, verified=True)

        return await self._database.write(work)

    async def link(self, code_hash: str, chat: str, now: datetime) -> Identity | None:
        """See ``ContactStore``."""

        def work(connection: Connection) -> Identity | None:
            right = connection.execute(
                select(contact)
                .where(
                    contact.c.channel == TELEGRAM_LINK,
                    contact.c.code_hash == code_hash,
                    contact.c.verified_at.is_(None),
                    contact.c.code_expires_at > to_micros(now),
                )
                .with_for_update()
            ).first()
            if right is None:
                return None
            _verify(connection, right, now)
            cipher = self._keys.load(connection, [right.conversation_id])[right.conversation_id]
            sealed = cipher.seal(chat.encode(), places.contact(right.id))
            connection.execute(
                update(contact).where(contact.c.id == right.id).values(sealed=sealed)
            )
            return _whose(connection, right.id)

        return await self._database.write(work)

    async def of_person(self, whose: Identity) -> Sequence[Contact]:
        """See ``ContactStore``."""

        def work(connection: Connection) -> list[Contact]:
            scope = _conversation_of(connection, whose)
            rows = connection.execute(
                select(contact)
                .where(contact.c.conversation_id == scope, contact.c.stopped_at.is_(None))
                .order_by(contact.c.channel, contact.c.at)
            ).all()
            return [self._contact(connection, row) for row in rows]

        return await self._database.read(work)

    async def get(self, contact_id: str) -> Contact | None:
        """See ``ContactStore``."""

        def work(connection: Connection) -> Contact | None:
            row = connection.execute(select(contact).where(contact.c.id == contact_id)).first()
            return None if row is None else self._contact(connection, row)

        return await self._database.read(work)

    async def whose(self, contact_id: str) -> Identity | None:
        """See ``ContactStore``."""
        return await self._database.read(lambda connection: _whose(connection, contact_id))

    async def stop(self, contact_id: str, now: datetime) -> None:
        """See ``ContactStore``."""
        stopped = (
            update(contact).where(contact.c.id == contact_id).values(stopped_at=to_micros(now))
        )
        await self._database.write(lambda connection: connection.execute(stopped))

    async def open_feed(self, whose: Identity, token_hash: str, now: datetime) -> None:
        """See ``ContactStore``."""

        def work(connection: Connection) -> None:
            scope = _conversation_of(connection, whose)
            if scope is None:
                return
            connection.execute(
                delete(calendar_feed).where(calendar_feed.c.conversation_id == scope)
            )
            connection.execute(
                insert(calendar_feed).values(
                    token_hash=token_hash, conversation_id=scope, created_at=to_micros(now)
                )
            )

        await self._database.write(work)

    async def feed_of(self, token_hash: str) -> Identity | None:
        """See ``ContactStore``."""
        return await self._database.read(partial(_feed_of, token_hash))

    def _contact(
        self, connection: Connection, row: Row[Any], *, verified: bool | None = None
    ) -> Contact:
        cipher = self._keys.load(connection, [row.conversation_id])[row.conversation_id]
        return Contact(
            row.id,
            row.channel,
            cipher.open(row.sealed, places.contact(row.id)).decode(),
            row.conversation_id,
            row.locale,
            row.verified_at is not None if verified is None else verified,
            row.stopped_at is not None,
        )


def _verify(connection: Connection, right: Row[Any], now: datetime) -> None:
    """Count an address; one of a kind, so the new one replaces the old."""
    connection.execute(
        delete(contact).where(
            contact.c.conversation_id == right.conversation_id,
            contact.c.channel == right.channel,
            contact.c.id != right.id,
        )
    )
    connection.execute(
        update(contact)
        .where(contact.c.id == right.id)
        .values(verified_at=to_micros(now), code_hash=None, code_expires_at=None)
    )


def _whose(connection: Connection, contact_id: str) -> Identity | None:
    row = connection.execute(
        select(identity.c.channel, identity.c.external_id)
        .join_from(contact, conversation, conversation.c.id == contact.c.conversation_id)
        .join(identity, identity.c.conversation_id == conversation.c.id)
        .where(contact.c.id == contact_id)
        .order_by(*LAST_FIRST)
        .limit(1)
    ).first()
    return None if row is None else Identity(row.channel, row.external_id)


def _conversation_of(connection: Connection, whose: Identity) -> str | None:
    query = select(identity.c.conversation_id).where(
        identity.c.channel == whose.channel, identity.c.external_id == whose.external_id
    )
    found: str | None = connection.execute(query).scalar()
    return found


def _feed_of(token_hash: str, connection: Connection) -> Identity | None:
    row = connection.execute(
        select(identity.c.channel, identity.c.external_id)
        .join_from(
            calendar_feed, conversation, conversation.c.id == calendar_feed.c.conversation_id
        )
        .join(identity, identity.c.conversation_id == conversation.c.id)
        .where(calendar_feed.c.token_hash == token_hash)
        .order_by(*LAST_FIRST)
        .limit(1)
    ).first()
    return None if row is None else Identity(row.channel, row.external_id)
