"""The case store on a database: cached cases, group commit, versions checked in the commit."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from secrets import token_hex

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from dialogs.case import Case
from dialogs.message import Identity
from dialogs.ports import Due, Outgoing, StaleCase, TurnRecord
from storage.commits import Outcome, TurnWriter
from storage.crypto import Cipher
from storage.engine import Database
from storage.grouping import Grouped
from storage.keys import DataKeys
from storage.loading import load_cases
from storage.lru import Lru
from storage.messages import outgoing_of
from storage.ports import LEASE, StorePolicy
from storage.statements import Lookup
from storage.tables import identity as identity_table
from storage.tables import message
from storage.turns import DELETE, SAID, PreparedTurn, known_scopes, prepare

CACHED_CASES = 4096

_CONVERSATION = identity_table.c.conversation_id


class SqlCaseStore:
    """``CaseStore`` on SQLite or PostgreSQL.

    Cases are kept in memory and believed until a commit finds that another process wrote in
    between; that commit is refused (``StaleCase``) and the case read anew.
    """

    def __init__(
        self,
        database: Database,
        keys: DataKeys,
        policy: StorePolicy,
        cached_cases: int = CACHED_CASES,
        lease: timedelta = LEASE,
    ) -> None:
        self._database = database
        self._keys = keys
        self._policy = policy
        self._cases: Lru[str, Case] = Lru(cached_cases)  # by conversation
        self._homes: Lru[Identity, str] = Lru(cached_cases)  # whose conversation is which
        self._writer = TurnWriter(database.dialect, lease)
        self._known = Lookup(
            database.dialect,
            select(_CONVERSATION),
            (identity_table.c.channel, identity_table.c.external_id),
        )
        self._commits: Grouped[PreparedTurn, Outcome] = Grouped(self._write)
        self._loads: Grouped[Identity, Case | None] = Grouped(self._load)

    async def open(self, identity: Identity, now: datetime, locale: str) -> Case:
        """See ``CaseStore``."""
        cached = self._cached(identity)
        if cached is not None:
            return cached
        loaded = await self._loads.submit(identity)
        if loaded is None:
            return Case(token_hex(16), token_hex(16), identity, locale)
        newer = self._cases.get(loaded.conversation_id)
        if newer is not None and newer.version > loaded.version and identity in newer.everywhere:
            loaded = newer
        self._keep(identity, loaded)
        return loaded.seen_from(identity)

    async def commit(self, turn: TurnRecord) -> tuple[Due, ...]:
        """See ``CaseStore``. Cancelled, it may have stored the turn or not: open it again."""
        ciphers = await self._ciphers(turn)
        outcome = await self._commits.submit(prepare(turn, ciphers, self._keys, self._policy))
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def recorded(self, identity: Identity, message_id: str) -> tuple[Outgoing, ...]:
        """See ``CaseStore``."""
        return await self._database.read(partial(self._recorded, identity, message_id))

    def evict(self, identity: Identity | None = None) -> None:
        """See ``CaseStore``; also for a case erased behind this store's back."""
        if identity is None:
            self._cases.clear()
            self._homes.clear()
            return
        home = self._homes.get(identity)
        if home is not None:
            self._cases.drop(home)
        self._homes.drop(identity)

    async def close(self) -> None:
        """Finish the turns in hand."""
        await self._commits.finish()

    async def _load(self, identities: Sequence[Identity]) -> Sequence[Case | None]:
        def work(connection: Connection) -> list[Case]:
            known = self._known.run(connection, [(i.channel, i.external_id) for i in identities])
            if not known:
                return []
            return load_cases(connection, self._keys, _CONVERSATION.in_([row[0] for row in known]))

        loaded = await self._database.read(work)
        found = {one: case for case in loaded for one in case.everywhere}
        return [found.get(identity) for identity in identities]

    def _cached(self, identity: Identity) -> Case | None:
        """The case at hand; who belongs to it is part of what its version vouches for."""
        home = self._homes.get(identity)
        case = self._cases.get(home) if home is not None else None
        if case is None or identity not in case.everywhere:
            return None
        return case.seen_from(identity)

    def _keep(self, identity: Identity, case: Case) -> None:
        self._cases.put(case.conversation_id, case)
        self._homes.put(identity, case.conversation_id)

    async def _ciphers(self, turn: TurnRecord) -> dict[str, Cipher]:
        scopes = known_scopes(turn)
        ciphers = self._keys.at_hand(scopes)
        if len(ciphers) < len(scopes):
            ciphers = await self._database.read(partial(self._keys.find, scopes=scopes))
        if len(ciphers) < len(scopes):
            self.evict(turn.before.identity)
            raise StaleCase(f"conversation {turn.before.conversation_id} was erased, or not stored")
        return ciphers

    async def _write(self, group: Sequence[PreparedTurn]) -> Sequence[Outcome]:
        work = partial(self._writer.write, group=group)
        try:
            outcomes = await self._database.write(work)
        except IntegrityError:
            if len(group) > 1:
                raise
            outcomes = await self._write_again(work, group[0])
        for prepared, outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, tuple):
                for scope, cipher in prepared.new_keys.items():
                    self._keys.remember(scope, cipher)
                self._keep(prepared.stored.identity, prepared.stored)
            elif isinstance(outcome, StaleCase):
                self.evict(prepared.stored.identity)
        return outcomes

    async def _write_again(
        self, work: "partial[Sequence[Outcome]]", prepared: PreparedTurn
    ) -> Sequence[Outcome]:
        # Another process stored the same key between our check and our write: now the check
        # sees it. A conflict that stays means rows this case does not know of: read it anew.
        try:
            return await self._database.write(work)
        except IntegrityError:
            scope = prepared.stored.conversation_id
            return [StaleCase(f"conversation {scope}: its rows were written by another turn")]

    def _recorded(
        self, identity: Identity, message_id: str, connection: Connection
    ) -> tuple[Outgoing, ...]:
        heard = connection.execute(
            select(message.c.conversation_id, message.c.turn).where(
                message.c.channel == identity.channel,
                message.c.external_id == identity.external_id,
                message.c.message_id == message_id,
            )
        ).first()
        if heard is None:
            return ()
        rows = connection.execute(
            select(message)
            .where(
                message.c.conversation_id == heard.conversation_id,
                message.c.turn == heard.turn,
                message.c.kind.in_((SAID, DELETE)),
            )
            .order_by(message.c.seq)
        ).all()
        ciphers = self._keys.load(connection, [heard.conversation_id])
        return tuple(outgoing_of(row, ciphers) for row in rows)
