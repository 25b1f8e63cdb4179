"""Files of applicants: encrypted on disk under random names, each with a key of its own.

The content is written before its row: a crash in between leaves a file nobody can open, which
``sweep`` removes. Destroying the key (``storage.erase``) makes every copy unreadable.
"""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from secrets import token_hex

from sqlalchemy import Connection, delete, insert, select

from dialogs.message import Identity
from storage import places
from storage.codec import dump_text
from storage.crypto import Cipher
from storage.engine import Database
from storage.errors import FileMissing, FileTooLarge
from storage.instant import from_micros, to_micros
from storage.keys import DataKeys
from storage.ports import MAX_FILE_BYTES, StoredFile
from storage.tables import data_key
from storage.tables import file as file_table

ORPHANED_AFTER = timedelta(days=1)
_BATCH = 500  # ids per statement: databases limit the number of parameters
_ID = re.compile(r"[0-9a-f]{32}")


class EncryptedFiles:
    """Keeps files of applicants under ``folder``."""

    def __init__(
        self,
        database: Database,
        keys: DataKeys,
        folder: Path,
        clock: Callable[[], datetime],
        note: Callable[[Sequence[str]], Awaitable[None]],
        max_bytes: int = MAX_FILE_BYTES,
    ) -> None:
        """``note`` is told what is destroyed before it is, to outlast a restored backup."""
        self._note = note
        self._database = database
        self._keys = keys
        self._folder = folder
        self._clock = clock
        self._max_bytes = max_bytes

    async def put(self, identity: Identity, name: str, media_type: str, content: bytes) -> str:
        """Keep a file; returns the id that finds it. Raises ``FileTooLarge``."""
        if len(content) > self._max_bytes:
            raise FileTooLarge(len(content), self._max_bytes)
        file_id = token_hex(16)
        cipher, key_row = self._keys.make(file_id)
        await asyncio.to_thread(self._write, file_id, cipher, content)
        row = {
            "id": file_id,
            "channel": identity.channel,
            "external_id": identity.external_id,
            "name": cipher.seal(dump_text(name), places.file_name(file_id)),
            "media_type": media_type,
            "size": len(content),
            "at": to_micros(self._clock()),
        }

        def work(connection: Connection) -> None:
            connection.execute(insert(data_key), [key_row._asdict()])
            connection.execute(insert(file_table), [row])

        await self._database.write(work)
        return file_id

    async def get(self, file_id: str) -> StoredFile:
        """A file by its id. Raises ``FileMissing`` or ``UnreadableRecord``."""
        if not _ID.fullmatch(file_id):
            raise FileMissing("of this unusual name")
        return await self._database.read(partial(self._get, file_id))

    async def destroy(self, file_ids: Iterable[str]) -> int:
        """Delete files for good: their keys, rows and contents. Returns how many there were."""
        wanted = [file_id for file_id in file_ids if _ID.fullmatch(file_id)]
        if not wanted:
            return 0
        await self._note(wanted)
        gone = await self._database.write(partial(self._destroy, wanted))
        self._keys.forget(wanted)
        await self._database.scrub()
        await self.remove(wanted)
        return gone

    async def sweep(self) -> int:
        """Remove contents without a row that are older than a day; returns how many."""
        known = await self._database.read(
            lambda connection: set(connection.execute(select(file_table.c.id)).scalars())
        )
        before = (self._clock().astimezone(UTC) - ORPHANED_AFTER).timestamp()
        return await asyncio.to_thread(self._sweep, known, before)

    async def remove(self, file_ids: Iterable[str]) -> None:
        """Delete contents whose rows are gone already; missing ones are no error."""
        paths = [self._path(file_id) for file_id in file_ids]

        def work() -> None:
            for path in paths:
                path.unlink(missing_ok=True)

        await asyncio.to_thread(work)

    def _path(self, file_id: str) -> Path:
        return self._folder / file_id[:2] / file_id

    def _write(self, file_id: str, cipher: Cipher, content: bytes) -> None:
        path = self._path(file_id)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(".draft")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(cipher.seal(content, places.file_content(file_id)))
                file.flush()
                os.fsync(file.fileno())
            draft.rename(path)
        except OSError:  # a full disk shall not be kept full by half a file
            draft.unlink(missing_ok=True)
            raise

    def _get(self, file_id: str, connection: Connection) -> StoredFile:
        row = connection.execute(select(file_table).where(file_table.c.id == file_id)).first()
        if row is None:
            raise FileMissing(file_id)
        try:
            sealed = self._path(file_id).read_bytes()
        except FileNotFoundError:
            raise FileMissing(file_id) from None
        cipher = self._keys.load(connection, [file_id])[file_id]
        return StoredFile(
            file_id,
            cipher.open(row.name, places.file_name(file_id)).decode(),
            row.media_type,
            from_micros(row.at),
            cipher.open(sealed, places.file_content(file_id)),
            Identity(row.channel, row.external_id),
        )

    def _destroy(self, file_ids: Sequence[str], connection: Connection) -> int:
        gone = 0
        for start in range(0, len(file_ids), _BATCH):
            batch = file_ids[start : start + _BATCH]
            connection.execute(delete(data_key).where(data_key.c.scope.in_(batch)))
            removed = connection.execute(delete(file_table).where(file_table.c.id.in_(batch)))
            gone += removed.rowcount
        return gone

    def _sweep(self, known: set[str], before: float) -> int:
        removed = 0
        for path in self._folder.glob("??/*"):
            if path.name not in known and path.stat().st_mtime < before:
                path.unlink(missing_ok=True)
                removed += 1
        return removed
