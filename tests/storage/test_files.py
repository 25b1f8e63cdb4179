"""The folder of encrypted files: what lies in it, what is swept, what is noticed missing."""

import os
import stat
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from storage.errors import FileMissing, UnreadableRecord
from storage.files import EncryptedFiles
from storage.keys import DataKeys
from storage.opening import open_database
from tests.storage.conftest import MASTER, Place
from tests.storage.making import NOW, person


@pytest.fixture
async def files(sqlite_place: Place) -> AsyncIterator[EncryptedFiles]:
    """Files of a fresh database; nothing is cached between two of them."""
    database = open_database(sqlite_place.url)
    yield EncryptedFiles(database, DataKeys(MASTER), _folder(sqlite_place), lambda: NOW, _nobody)
    await database.close()


async def _nobody(_: Sequence[str]) -> None:
    """Keeps no list of what was erased."""


def _folder(place: Place) -> Path:
    return place.folder / "files"


def _contents(place: Place) -> list[Path]:
    return [path for path in _folder(place).rglob("*") if path.is_file()]


def _leave(place: Place, name: str, at: datetime) -> Path:
    path = _folder(place) / name[:2] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"left by a crash")
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


async def test_a_file_lies_under_a_random_name_for_its_owner_alone(
    files: EncryptedFiles, sqlite_place: Place
) -> None:
    kept = await files.put(person(), "营业执照.jpg", "image/jpeg", b"x" * 1000)
    [path] = _contents(sqlite_place)
    assert path.name == kept
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"xxx" not in path.read_bytes()


async def test_only_old_contents_without_a_row_are_swept(
    files: EncryptedFiles, sqlite_place: Place
) -> None:
    kept = await files.put(person(), "a.png", "image/png", b"picture")
    os.utime(_contents(sqlite_place)[0], (0, 0))
    old = _leave(sqlite_place, "ab" * 16, NOW - timedelta(days=2))
    draft = _leave(sqlite_place, "cd" * 16 + ".draft", NOW - timedelta(days=2))
    young = _leave(sqlite_place, "ef" * 16, NOW - timedelta(hours=2))
    assert await files.sweep() == 2
    assert (old.exists(), draft.exists(), young.exists()) == (False, False, True)
    assert (await files.get(kept)).content == b"picture"
    assert await files.sweep() == 0


async def test_a_content_that_is_gone_or_changed_is_told(
    files: EncryptedFiles, sqlite_place: Place
) -> None:
    kept = await files.put(person(), "a.png", "image/png", b"picture")
    [path] = _contents(sqlite_place)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(UnreadableRecord, match=kept):
        await files.get(kept)
    path.unlink()
    with pytest.raises(FileMissing, match="together with the database"):
        await files.get(kept)


async def test_two_files_cannot_be_exchanged(files: EncryptedFiles, sqlite_place: Place) -> None:
    first, second = [await files.put(person(), "a", "image/png", b"same") for _ in range(2)]
    paths = {path.name: path for path in _contents(sqlite_place)}
    paths[first].write_bytes(paths[second].read_bytes())
    with pytest.raises(UnreadableRecord):
        await files.get(first)
