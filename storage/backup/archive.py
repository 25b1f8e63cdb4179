"""Making an archive of everything, reading it whole, and putting it back."""

import asyncio
import io
import json
import tarfile
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from sqlalchemy import Connection, select

from storage.backup.dumping import Loading, counts, one_snapshot, parts_of
from storage.backup.sealed import SealedReader, SealedWriter
from storage.crypto import MasterKey
from storage.engine import Database
from storage.erasures import FILE_NAME, Erasure, Erasures, read_erasures
from storage.errors import BrokenBackup, NotEmpty
from storage.migrate import HEAD, require_head, revision_of, upgrade
from storage.opening import open_database
from storage.stores import StoreSettings, open_stores
from storage.tables import conversation, file, filing, identity

_ABOUT: Final = "about.json"
_END: Final = "end.json"
_FORMAT: Final = 1
_SAMPLE: Final = 200


@dataclass(frozen=True, slots=True)
class Archive:
    """What an archive says of itself. ``missing`` files had a row and no content any more."""

    made_at: datetime
    revision: str
    rows: Mapping[str, int]
    files: int
    missing: int
    erasures: tuple[Erasure, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and how much of it had to be erased again."""

    archive: Archive
    erased_applicants: int
    erased_files: int


async def create(
    path: Path, database: Database, folder: Path, master: MasterKey, now: datetime
) -> Archive:
    """Write an archive of a database and the files below ``folder``, while they are in use.

    The database is read in one snapshot. Written beside ``path`` first, so that an archive under
    that name is always whole.
    """
    draft = path.with_name(f".{path.name}.draft")
    try:
        with draft.open("wb") as raw:
            draft.chmod(0o600)
            writer = SealedWriter(raw, master)
            with tarfile.open(fileobj=cast(BinaryIO, writer), mode="w|") as tar:
                made = await _fill(tar, database, folder, now)
            writer.close()
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return made


def read(path: Path, master: MasterKey) -> Archive:
    """Read an archive from end to end. Raises ``BrokenBackup`` unless it is whole."""
    return _read(path, master, lambda *_: None, lambda *_: None)


async def restore(
    path: Path,
    url: str,
    folder: Path,
    master: MasterKey,
    now: Callable[[], datetime],
    others: tuple[Erasure, ...] = (),
) -> Restored:
    """Put an archive into an empty database and an empty folder of files.

    It is read whole before anything is written. What was erased since it was made, as the list
    beside the folder and ``others`` tell, is erased again. Raises ``BrokenBackup``, ``NotEmpty``
    and ``WrongMasterKey``.
    """
    archive = read(path, master)
    await _require_empty(url, folder)
    await upgrade(url, archive.revision)
    database = open_database(url)
    try:
        await database.restructure(partial(_load, path, master, folder))
    finally:
        await database.close()
    await upgrade(url)
    erasures = Erasures(folder.parent / FILE_NAME)
    known = {*erasures.all(), *others, *archive.erasures}
    erasures.add(sorted(known - set(erasures.all()), key=lambda one: one.at))
    return await _erase_again(archive, url, folder, master, now, known)


async def verify(path: Path, master: MasterKey, now: Callable[[], datetime]) -> Archive:
    """Put an archive into a database of its own and open what lies in it; then throw it away.

    Raises what ``restore`` raises, and ``UnreadableRecord`` or ``FileMissing`` for something that
    came back and cannot be opened.
    """
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        url, folder = f"sqlite:///{place / 'restored.db'}", place / "files"
        # Nothing is erased again: the archive itself is in question.
        archive = (await restore(path, url, folder, master, now)).archive
        database = open_database(url)
        try:
            await database.read(partial(_counts_are, archive.rows))
            await _open_some(url, folder, database, master, now)
        finally:
            await database.close()
    return archive


async def _fill(tar: tarfile.TarFile, database: Database, folder: Path, now: datetime) -> Archive:
    about = {"format": _FORMAT, "made_at": now.isoformat(), "revision": HEAD}
    _add(tar, _ABOUT, json.dumps(about).encode())
    rows: Counter[str] = Counter()
    kept: list[str] = []

    def dump(connection: Connection) -> None:
        one_snapshot(connection)
        require_head(connection)
        for number, (name, count, lines) in enumerate(parts_of(connection)):
            _add(tar, f"tables/{number:06}/{name}", lines)
            rows[name] += count
        kept.extend(connection.execute(select(file.c.id)).scalars())

    await database.read(dump)
    missing = 0
    for file_id in kept:
        try:
            content = (folder / file_id[:2] / file_id).read_bytes()
        except FileNotFoundError:
            missing += 1  # erased since
            continue
        _add(tar, f"files/{file_id}", content)
    erasures = Erasures(folder.parent / FILE_NAME)
    with suppress(FileNotFoundError):
        _add(tar, FILE_NAME, (folder.parent / FILE_NAME).read_bytes())
    end = {"rows": rows, "files": len(kept) - missing, "missing": missing}
    _add(tar, _END, json.dumps(end).encode())
    files = len(kept) - missing
    return Archive(now, HEAD, dict(rows), files, missing, erasures.all())


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


def _members(path: Path, master: MasterKey) -> Iterator[tuple[str, bytes]]:
    with path.open("rb") as raw:
        reader = SealedReader(raw, master)
        try:
            with tarfile.open(fileobj=cast(BinaryIO, reader), mode="r|") as tar:
                for member in tar:
                    content = tar.extractfile(member)
                    yield member.name, b"" if content is None else content.read()
        except tarfile.TarError:
            raise BrokenBackup("cannot be taken apart") from None
        reader.read()  # to the end: what is cut off there shows only now


def _read(
    path: Path,
    master: MasterKey,
    take_rows: Callable[[str, bytes], object],
    take_file: Callable[[str, bytes], object],
) -> Archive:
    about: dict[str, Any] = {}
    end: dict[str, Any] = {}
    erasures: tuple[Erasure, ...] = ()
    rows: Counter[str] = Counter()
    files = 0
    for name, content in _members(path, master):
        if name == _ABOUT:
            about = json.loads(content)
        elif name == _END:
            end = json.loads(content)
        elif name == FILE_NAME:
            erasures = read_erasures(content)
        elif name.startswith("tables/"):
            table = name.rpartition("/")[2]
            take_rows(table, content)
            rows[table] += content.count(b"\n")
        elif name.startswith("files/"):
            take_file(name.rpartition("/")[2], content)
            files += 1
    if about.get("format", _FORMAT) != _FORMAT:
        raise BrokenBackup("was made by a newer version of this program")
    if not end or end["rows"] != dict(rows) or end["files"] != files:
        raise BrokenBackup("lacks some of what it was made of")
    return Archive(
        datetime.fromisoformat(about["made_at"]),
        about["revision"],
        dict(rows),
        files,
        end["missing"],
        erasures,
    )


def _load(path: Path, master: MasterKey, folder: Path, connection: Connection) -> None:
    loading = Loading(connection)

    def write(file_id: str, content: bytes) -> None:
        place = folder / file_id[:2] / file_id
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        place.write_bytes(content)
        place.chmod(0o600)

    _read(path, master, loading.load, write)
    loading.finish()


async def _require_empty(url: str, folder: Path) -> None:
    if await asyncio.to_thread(_has_files, folder):
        raise NotEmpty(str(folder))
    database = open_database(url)
    try:
        if await database.read(revision_of) is not None and await database.read(_has_rows):
            raise NotEmpty("the database")
    finally:
        await database.close()


def _has_files(folder: Path) -> bool:
    return folder.exists() and any(folder.iterdir())


def _has_rows(connection: Connection) -> bool:
    return any(
        connection.execute(select(table).limit(1)).first() is not None
        for table in (identity, conversation)
    )


async def _erase_again(
    archive: Archive,
    url: str,
    folder: Path,
    master: MasterKey,
    now: Callable[[], datetime],
    erasures: set[Erasure],
) -> Restored:
    applicants = files = 0
    stores = await open_stores(StoreSettings(url, folder), master, now)
    try:
        for one in erasures:
            if one.applicant is not None:
                applicants += await stores.filings.erase(one.applicant) is not None
            files += await stores.files.destroy(one.files)
    finally:
        await stores.close()
    return Restored(archive, applicants, files)


def _counts_are(expected: Mapping[str, int], connection: Connection) -> None:
    found = {name: count for name, count in counts(connection).items() if count}
    if found != expected:
        raise BrokenBackup("did not come back whole")


async def _open_some(
    url: str, folder: Path, database: Database, master: MasterKey, now: Callable[[], datetime]
) -> None:
    filings = await database.read(
        lambda connection: list(connection.execute(select(filing.c.id).limit(_SAMPLE)).scalars())
    )
    kept = await database.read(
        lambda connection: list(connection.execute(select(file.c.id).limit(_SAMPLE)).scalars())
    )
    stores = await open_stores(StoreSettings(url, folder), master, now)
    try:
        for one in filings:
            await stores.filings.find(one)
        for one in kept:
            if (folder / one[:2] / one).exists():  # what had gone before is counted as missing
                await stores.files.get(one)
    finally:
        await stores.close()
