"""The audit trail in the database: entries are added, one after another, and never touched."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, func, insert, select

from desk.audit import BEGINNING, Entry, Verdict, Verifier, Wanted, draft_of, mac_of
from desk.deeds import Deed, Draft
from desk.staff import Agent
from storage import places
from storage.crypto import MasterKey
from storage.engine import Database
from storage.errors import UnreadableRecord
from storage.instant import from_micros, to_micros
from storage.tables import audit

_APPENDING = 0xBE1B  # an advisory lock's number, the same in all processes
_BATCH: Final = 1000


class AuditTrail:
    """Adds entries inside whatever transaction the deed itself is stored in."""

    def __init__(self, master: MasterKey, clock: Callable[[], datetime]) -> None:
        self._master = master
        self._clock = clock

    def append(self, connection: Connection, draft: Draft) -> None:
        """Add an entry; committed with the deed, or not at all."""
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_APPENDING)))
        last = connection.execute(
            select(audit.c.n, audit.c.mac).order_by(audit.c.n.desc()).limit(1)
        ).first()
        n, previous = (1, BEGINNING) if last is None else (last.n + 1, last.mac)
        at = to_micros(self._clock())
        sealed, mac = self.sealed(draft, n, from_micros(at), previous)
        connection.execute(
            insert(audit).values(
                n=n,
                at=at,
                agent=draft.agent,
                action=draft.action,
                object=draft.object,
                sealed=sealed,
                mac=mac,
            )
        )

    def sealed(self, draft: Draft, n: int, at: datetime, previous: bytes) -> tuple[bytes, bytes]:
        """An entry's sealed detail, and the hash that chains it to the one before."""
        detail = json.dumps(dict(draft.detail), ensure_ascii=False).encode("utf-8", "replace")
        mac = mac_of(self._master.audit_key, previous, n, at, draft)
        return self._master.staff_secrets.seal(detail, places.audit(n)), mac

    def entry_of(self, row: Row[*tuple[Any, ...]]) -> Entry:
        """The entry in a row. Raises ``UnreadableRecord``."""
        detail = json.loads(self._master.staff_secrets.open(row.sealed, places.audit(row.n)))
        draft = Draft(row.agent, row.action, row.object, detail)
        return Entry(row.n, from_micros(row.at), draft, row.mac)

    def entry_or_ruin_of(self, row: Row[*tuple[Any, ...]]) -> Entry:
        """The entry in a row; if it cannot be opened, one that fits no chain."""
        try:
            return self.entry_of(row)
        except UnreadableRecord:
            draft = Draft(row.agent, row.action, row.object)
            return Entry(row.n, from_micros(row.at), draft, b"")

    def verifier(self, head: bytes | None) -> Verifier:
        """Something to hold the trail's entries against."""
        return Verifier(self._master.audit_key, head)


class SqlAudit:
    """``Audit`` in the database."""

    def __init__(self, database: Database, trail: AuditTrail) -> None:
        self._database = database
        self._trail = trail

    async def record(
        self,
        agent: Agent | None,
        action: Deed,
        object: str = "",  # noqa: A002 - the trail's own word
        detail: Mapping[str, str] | None = None,
    ) -> None:
        """See ``Audit``."""
        draft = draft_of(agent, action, object, detail)
        await self._database.write(lambda connection: self._trail.append(connection, draft))

    async def entries(
        self, wanted: Wanted, *, before: int | None = None, limit: int = 100
    ) -> Sequence[Entry]:
        """See ``Audit``."""
        query = select(audit).order_by(audit.c.n.desc()).limit(limit)
        if before is not None:
            query = query.where(audit.c.n < before)
        if wanted.agent is not None:
            query = query.where(audit.c.agent == wanted.agent)
        if wanted.action is not None:
            query = query.where(audit.c.action == wanted.action)
        if wanted.object is not None:
            query = query.where(audit.c.object.startswith(wanted.object, autoescape=True))
        if wanted.since is not None:
            query = query.where(audit.c.at >= to_micros(wanted.since))
        if wanted.until is not None:
            query = query.where(audit.c.at < to_micros(wanted.until))
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [self._trail.entry_of(row) for row in rows]

    async def verify(self, head: bytes | None = None) -> Verdict:
        """See ``Audit``."""

        def work(connection: Connection) -> Verdict:
            verifier = self._trail.verifier(head)
            last = 0
            while rows := connection.execute(
                select(audit).where(audit.c.n > last).order_by(audit.c.n).limit(_BATCH)
            ).all():
                for row in rows:
                    verifier.see(self._trail.entry_or_ruin_of(row))
                last = rows[-1].n
            return verifier.verdict()

        return await self._database.read(work)
