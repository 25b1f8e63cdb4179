"""What is of no use any more and still knows something of somebody: deleted every night."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Delete, and_, delete

from storage.engine import Database
from storage.instant import to_micros
from storage.tables import (
    contact,
    dead_letter,
    form_grant,
    link_code,
    login_attempt,
    presence,
    shared_draft,
)

_DAY: Final = timedelta(days=1)
FOR_STAFF: Final = timedelta(days=90)
"""How long a failed turn, or a draft nobody sent, is kept for staff to look at."""


class SqlLeftovers:
    """``Leftovers`` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def clear(self, now: datetime) -> int:
        """See ``Leftovers``."""

        def work(connection: Connection) -> int:
            return sum(connection.execute(one).rowcount for one in _over(now))

        return await self._database.write(work)


def _over(now: datetime) -> Sequence[Delete]:
    yesterday, long_ago = to_micros(now - _DAY), to_micros(now - FOR_STAFF)

    def of(table: Any, condition: Any) -> Delete:
        return delete(table).where(condition)

    unproved = and_(contact.c.verified_at.is_(None), contact.c.code_expires_at < yesterday)
    return (
        of(form_grant, form_grant.c.expires_at < yesterday),
        of(link_code, link_code.c.expires_at < yesterday),
        of(contact, unproved),
        of(presence, presence.c.seen_at < yesterday),
        of(login_attempt, login_attempt.c.at < yesterday),
        of(dead_letter, dead_letter.c.at < long_ago),
        of(shared_draft, shared_draft.c.at < long_ago),
    )
