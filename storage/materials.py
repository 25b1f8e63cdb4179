"""Whose papers are still kept, as retention asks."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select

from dialogs.message import Identity
from scheduler.ports import LooseFile
from storage.engine import Database
from storage.instant import from_micros, to_micros
from storage.tables import conversation, file, filing, identity, material


class SqlMaterials:
    """``KeptMaterials`` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def holders(self, until: datetime) -> Sequence[Identity]:
        """See ``KeptMaterials``."""
        held = (
            select(filing.c.applicant_id)
            .join_from(material, filing)
            .where(~material.c.gone, material.c.at <= to_micros(until))
        )
        query = (
            select(identity.c.channel, identity.c.external_id)
            .join_from(identity, conversation)
            .where(conversation.c.applicant_id.in_(held))
            .order_by(identity.c.channel, identity.c.external_id)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [Identity(channel, external_id) for channel, external_id in rows]

    async def loose(self, until: datetime) -> Sequence[LooseFile]:
        """See ``KeptMaterials``."""
        query = (
            select(file.c.id, file.c.channel, file.c.external_id, file.c.at)
            .where(
                file.c.at <= to_micros(until),
                ~exists().where(material.c.id == file.c.id, ~material.c.gone),
            )
            .order_by(file.c.at, file.c.id)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [
            LooseFile(found, Identity(channel, external_id), from_micros(at))
            for found, channel, external_id, at in rows
        ]
