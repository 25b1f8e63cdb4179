"""Whose answers may be due to be blanked, and the lines in which they wrote them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, exists, or_, select, update

from dialogs.message import Identity
from dialogs.ports import Entry
from storage import codec, places
from storage.engine import Database
from storage.instant import to_micros
from storage.keys import DataKeys
from storage.loading import latest_identities
from storage.messages import entry_of
from storage.tables import answer, conversation, docket, filing, identity, message
from storage.turns import DELETE, HEARD

_LINES: Final = 500
"""Lines looked through in one transaction."""


class SqlKeptAnswers:
    """``KeptAnswers`` on a database."""

    def __init__(self, database: Database, keys: DataKeys) -> None:
        self._database = database
        self._keys = keys

    async def holders(self, until: datetime) -> Sequence[Identity]:
        """See ``KeptAnswers``."""
        added = exists().where(
            answer.c.filing_id == filing.c.id, answer.c.at > filing.c.gone_over_at
        )
        held = select(filing.c.applicant_id).where(
            filing.c.created_at <= to_micros(until), or_(filing.c.gone_over_at.is_(None), added)
        )
        return await self._database.read(latest_identities(conversation.c.applicant_id.in_(held)))

    async def rewrite(self, whose: Identity, reworded: Callable[[Entry], Entry]) -> int:
        """See ``KeptAnswers``."""
        behind = changed = 0
        while True:

            def work(connection: Connection, behind: int = behind) -> tuple[int, int]:
                return self._rewrite(connection, whose, reworded, behind)

            last, count = await self._database.write(work)
            changed += count
            if last == behind:
                return changed
            behind = last

    async def scrub(self) -> None:
        """See ``KeptAnswers``."""
        await self._database.scrub()

    def _rewrite(
        self,
        connection: Connection,
        whose: Identity,
        reworded: Callable[[Entry], Entry],
        behind: int,
    ) -> tuple[int, int]:
        """Go over the next lines: the last one looked at, and how many read differently now."""
        here = (
            select(conversation.c.applicant_id)
            .join_from(identity, conversation)
            .where(identity.c.channel == whose.channel, identity.c.external_id == whose.external_id)
            .scalar_subquery()
        )
        scopes = connection.execute(
            select(conversation.c.id).where(conversation.c.applicant_id == here)
        ).scalars()
        query = (
            select(message)
            .where(
                message.c.conversation_id.in_(scopes.all()),
                message.c.seq > behind,
                message.c.sealed.is_not(None),
                message.c.kind != DELETE,
            )
            .order_by(message.c.seq)
            .limit(_LINES)
        )
        rows = connection.execute(query).all()
        if not rows:
            return behind, 0
        ciphers = self._keys.load(connection, {row.conversation_id for row in rows})
        changed: list[dict[str, object]] = []
        for row in rows:
            entry = entry_of(row, ciphers)
            after = reworded(entry)
            if after is not entry:
                sealed = ciphers[row.conversation_id].seal(*_plain(row, after))
                changed.append({"line": row.seq, "words": sealed})
        if changed:
            connection.execute(
                update(message)
                .where(message.c.seq == bindparam("line"))
                .values(sealed=bindparam("words")),
                changed,
            )
            touched = {row.conversation_id for row in rows}  # read anew, with what can be searched
            connection.execute(delete(docket).where(docket.c.conversation_id.in_(touched)))
        return rows[-1].seq, len(changed)


def _plain(row: Row[Any], entry: Entry) -> tuple[bytes, str]:
    """What is sealed of a line, and the place it is sealed for."""
    if row.kind == HEARD:
        return codec.dump_text(entry.heard or ""), places.heard(row.conversation_id, row.turn)
    assert entry.said is not None
    return codec.dump_reply(entry.said), places.said(row.conversation_id, row.public_id)
