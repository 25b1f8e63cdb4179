"""A database that can be read and not written is not ready, and says so."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dialogs.message import Identity
from storage.errors import StoreUnavailable
from tests.storage.conftest import Place


async def test_ready_means_that_something_can_be_stored(place: Place) -> None:
    async with place.opened() as stores:
        await stores.ready()


async def test_a_full_disk_is_readable_and_not_ready(sqlite_place: Place) -> None:
    journal = sqlite_place.folder / "beian.db-wal"
    async with sqlite_place.opened() as stores:
        await stores.ready()
        with no_file_longer_than(journal.stat().st_size):
            assert await stores.transcript.since(Identity("web", "1"), 0) == ()
            with pytest.raises(StoreUnavailable, match="room on its disk"):
                await stores.ready()
        await stores.ready()


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """Have every write of this process beyond a size refused, as where a disk is full."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


async def test_a_file_there_is_no_room_for_leaves_nothing(
    sqlite_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    async with sqlite_place.opened() as stores:
        with pytest.raises(OSError, match="No space left"):
            await stores.files.put(Identity("web", "1"), "a.jpg", "image/jpeg", b"x" * 1000)
    assert not kept_in(sqlite_place.folder / "files")


def kept_in(folder: Path) -> list[Path]:
    """The files below a folder."""
    return [one for one in folder.rglob("*") if one.is_file()]
