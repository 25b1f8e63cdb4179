"""The backup commands: everything into one sealed file, and back."""

import asyncio
import os
from pathlib import Path

from bot.clock import real_clock
from bot.settings import Settings
from storage.backup.archive import Archive, Restored
from storage.backup.archive import create as create_archive
from storage.backup.archive import read as read_archive
from storage.backup.archive import restore as restore_archive
from storage.backup.archive import verify as verify_archive
from storage.crypto import MasterKey
from storage.erasures import Erasure
from storage.errors import MissingKey
from storage.opening import open_database


def create(settings: Settings, path: Path) -> Archive:
    """Back up the configured database and files while they are in use.

    The master key is not in it. Raises ``FileExistsError`` rather than replace a backup.
    """
    if path.exists():
        raise FileExistsError(f"{path} exists; name another file for this backup")
    return asyncio.run(_create(settings, path))


def verify(settings: Settings, path: Path) -> Archive:
    """Restore a backup into a temporary database and open what lies in it."""
    return asyncio.run(verify_archive(path, _master(settings), real_clock))


def restore(settings: Settings, path: Path, newer: list[Path]) -> Restored:
    """Put a backup into the configured, empty database and home.

    ``newer`` are later backups, or lists of erasures kept elsewhere: what they know to have been
    erased is erased here too.
    """
    master = _master(settings)
    others = [one for file in newer for one in _erasures_of(file, master)]
    settings.home.mkdir(parents=True, exist_ok=True)
    return asyncio.run(
        restore_archive(
            path, settings.database, settings.home / "files", master, real_clock, tuple(others)
        )
    )


async def _create(settings: Settings, path: Path) -> Archive:
    database = open_database(settings.database)
    try:
        return await create_archive(
            path, database, settings.home / "files", _master(settings), real_clock()
        )
    finally:
        await database.close()


def _erasures_of(path: Path, master: MasterKey) -> tuple[Erasure, ...]:
    from storage.erasures import Erasures

    if path.suffix == ".jsonl":
        return Erasures(path).all()
    return read_archive(path, master).erasures


def _master(settings: Settings) -> MasterKey:
    """The key that is there; a new one would open nothing."""
    if settings.master_key is not None:
        return MasterKey.from_text(settings.master_key.get_secret_value())
    path = settings.home / "master.key"
    if not os.path.lexists(path):
        raise MissingKey(str(path))
    return MasterKey.from_file(path)
