"""Permissions to fill a secure form, each used once."""

import json
from datetime import datetime

from sqlalchemy import Connection, select, update

from dialogs.message import Identity
from dialogs.ports import FormGrant
from storage.engine import Database
from storage.instant import from_micros, to_micros
from storage.tables import form_grant


class SqlFormStore:
    """``FormStore`` on SQLite or PostgreSQL; grants are written with the turn that gave them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, token_hash: str, now: datetime) -> FormGrant | None:
        """See ``FormStore``."""
        query = select(form_grant).where(
            form_grant.c.token_hash == token_hash,
            form_grant.c.used_at.is_(None),
            form_grant.c.expires_at > to_micros(now),
        )
        row = await self._database.read(lambda c: c.execute(query).first())
        if row is None:
            return None
        asked_by = None if row.channel is None else Identity(row.channel, row.external_id)
        return FormGrant(
            row.token_hash,
            row.filing_id,
            tuple(json.loads(row.steps)),
            from_micros(row.expires_at),
            asked_by,
            row.locale,
        )

    async def use(self, token_hash: str, now: datetime) -> bool:
        """See ``FormStore``."""
        mark = (
            update(form_grant)
            .where(
                form_grant.c.token_hash == token_hash,
                form_grant.c.used_at.is_(None),
                form_grant.c.expires_at > to_micros(now),
            )
            .values(used_at=to_micros(now))
        )

        def work(connection: Connection) -> bool:
            return connection.execute(mark).rowcount == 1

        return await self._database.write(work)
