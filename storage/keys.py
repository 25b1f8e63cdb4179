"""Data keys, one per conversation, filing and file: wrapped in the database, some open here."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from storage import tables
from storage.crypto import Cipher, MasterKey, new_key
from storage.errors import UnreadableRecord, WrongMasterKey
from storage.lru import Lru
from storage.rows import NewDataKey

CACHED_KEYS = 8192
_BATCH = 500  # scopes per query: databases limit the number of parameters


class DataKeys:
    """Opens and makes the data keys of scopes (ids of conversations, filings and files)."""

    def __init__(self, master: MasterKey, limit: int = CACHED_KEYS) -> None:
        self._master = master
        self._open: Lru[str, Cipher] = Lru(limit)

    def make(self, scope: str) -> tuple[Cipher, NewDataKey]:
        """A new key and the row that keeps it; call ``remember`` once the row is stored."""
        key = new_key()
        row = NewDataKey(scope, self._master.wrap(key, scope), self._master.id)
        return Cipher(key), row

    def remember(self, scope: str, cipher: Cipher) -> None:
        """Keep a stored key at hand."""
        self._open.put(scope, cipher)

    def forget(self, scopes: Iterable[str]) -> None:
        """Let go of keys that were destroyed."""
        for scope in scopes:
            self._open.drop(scope)

    def at_hand(self, scopes: Iterable[str]) -> dict[str, Cipher]:
        """The keys of those scopes that need no query."""
        found = ((scope, self._open.get(scope)) for scope in scopes)
        return {scope: cipher for scope, cipher in found if cipher is not None}

    def load(self, connection: Connection, scopes: Iterable[str]) -> dict[str, Cipher]:
        """The keys of all scopes.

        Raises ``WrongMasterKey``, or ``UnreadableRecord`` for a scope without a key.
        """
        wanted = list(scopes)
        ciphers = self.find(connection, wanted)
        for scope in wanted:
            if scope not in ciphers:
                raise UnreadableRecord(f"data key {scope}")
        return ciphers

    def find(
        self, connection: Connection, scopes: Iterable[str], *, keep: bool = True
    ) -> dict[str, Cipher]:
        """The keys of those scopes that have one. Raises ``WrongMasterKey``.

        Whoever looks through everything does not ``keep`` them: those in use stay at hand.
        """
        wanted = list(dict.fromkeys(scopes))
        ciphers = self.at_hand(wanted)
        missing = [scope for scope in wanted if scope not in ciphers]
        for start in range(0, len(missing), _BATCH):
            query = select(tables.data_key).where(
                tables.data_key.c.scope.in_(missing[start : start + _BATCH])
            )
            for scope, wrapped, key_id in connection.execute(query):
                cipher = Cipher(self._master.unwrap(wrapped, scope, key_id))
                if keep:
                    self._open.put(scope, cipher)
                ciphers[scope] = cipher
        return ciphers

    def check(self, connection: Connection) -> None:
        """Raise ``WrongMasterKey`` if the database was written with another master key."""
        found = connection.execute(select(tables.data_key.c.key_id).limit(1)).scalar()
        if found is not None and found != self._master.id:
            raise WrongMasterKey(found, self._master.id)

    def blind(self, step: str, value: str) -> bytes:
        """The digest by which a step's value is found."""
        return self._master.blind(step, value)
