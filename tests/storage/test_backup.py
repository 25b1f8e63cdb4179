"""Backups: whole or refused, restored into either database, and what was erased stays erased."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.staff import Role
from storage.backup.archive import create, read, restore, verify
from storage.backup.sealed import SealedReader, SealedWriter
from storage.crypto import MasterKey
from storage.erasures import FILE_NAME, Erasures
from storage.errors import BrokenBackup, FileMissing, NotEmpty, WrongMasterKey
from storage.opening import open_database
from storage.ports import Stores
from tests.storage.conftest import MASTER, Place
from tests.storage.making import ID_NUMBER, NOW, PHONE, full_case, person, say, turn, with_answers

CONTENT = b"a licence, drawn by nobody" * 40_000


@dataclass(frozen=True, slots=True)
class Lived:
    """A database in which two applicants left something."""

    place: Place
    first: str  # a filing of the applicant with everything
    second: str  # a filing of another one
    file: str  # of the first


async def lived(place: Place) -> Lived:
    async with place.opened() as stores:
        identity, other = person(), person("web")
        fresh = await stores.cases.open(identity, NOW, "zh-CN")
        case = full_case(fresh)
        await stores.cases.commit(turn(fresh, say(identity, "您好"), after=case))
        file_id = await stores.files.put(identity, "执照.jpg", "image/jpeg", CONTENT)
        begun = await stores.cases.open(other, NOW, "zh-CN")
        done = with_answers(begun, principal_id_number=ID_NUMBER, phone=PHONE)
        await stores.cases.commit(turn(begun, after=done))
        await stores.agents.add("小王", Role.AGENT, "a hash", NOW)
    assert case.active and done.active
    return Lived(place, case.active, done.active, file_id)


async def backed_up(place: Place, name: str = "backup") -> Path:
    path = place.folder / name
    database = open_database(place.url)
    await create(path, database, place.folder / "files", MASTER, NOW)
    await database.close()
    return path


@asynccontextmanager
async def restored(path: Path, target: Place) -> AsyncIterator[Stores]:
    await restore(path, target.url, target.folder / "files", MASTER, lambda: NOW)
    async with target.opened() as stores:
        yield stores


@pytest.fixture
def empty_place(tmp_path: Path) -> Place:
    """Where nothing is yet."""
    folder = tmp_path / "restored"
    folder.mkdir()
    return Place(f"sqlite:///{folder / 'beian.db'}", folder)


async def test_everything_comes_back(place: Place, empty_place: Place) -> None:
    here = await lived(place)
    async with place.opened() as stores:
        before = await stores.filings.find(here.first)
    async with restored(await backed_up(place), empty_place) as stores:
        assert await stores.filings.find(here.first) == before
        kept = await stores.files.get(here.file)
        assert (kept.name, kept.content) == ("执照.jpg", CONTENT)
        assert [one.name for one in await stores.agents.everyone()] == ["小王"]


async def test_an_embedded_database_moves_to_a_server_and_goes_on(
    sqlite_place: Place, empty_postgres_url: str, tmp_path: Path
) -> None:
    here = await lived(sqlite_place)
    target = Place(empty_postgres_url, tmp_path / "server")
    target.folder.mkdir()
    async with restored(await backed_up(sqlite_place), target) as stores:
        found = await stores.filings.find(here.second)
        assert found is not None
        await stores.cases.commit(turn(found.case, say(found.case.identity, "我们接着办")))
        seqs = [one.seq for one in await stores.transcript.since(found.case.identity, 0)]
        assert seqs == sorted(set(seqs))


async def test_a_backup_is_sound_or_says_so(sqlite_place: Place) -> None:
    await lived(sqlite_place)
    path = await backed_up(sqlite_place)
    archive = await verify(path, MASTER, lambda: NOW)
    assert (archive.made_at, archive.files, archive.missing) == (NOW, 1, 0)
    assert archive.rows["filing"] == 3
    content = path.read_bytes()
    for cut in (0, 20, 40, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:cut])
        with pytest.raises(BrokenBackup):
            read(path, MASTER)
    path.write_bytes(content + b"x")
    with pytest.raises(BrokenBackup):
        read(path, MASTER)


async def test_a_backup_shows_nothing_and_opens_only_with_its_key(sqlite_place: Place) -> None:
    await lived(sqlite_place)
    path = await backed_up(sqlite_place)
    assert path.stat().st_mode & 0o077 == 0
    content = path.read_bytes()
    for plain in (ID_NUMBER, PHONE, "小王", "telegram", "filing", "执照"):
        assert plain.encode() not in content
    with pytest.raises(WrongMasterKey):
        read(path, MasterKey(bytes(32)))


async def test_what_was_erased_stays_erased(sqlite_place: Place, empty_place: Place) -> None:
    here = await lived(sqlite_place)
    path = await backed_up(sqlite_place)
    async with sqlite_place.opened() as stores:
        owner = await stores.filings.applicant_of(here.second)
        assert owner is not None
        await stores.filings.erase(owner)
        await stores.files.destroy([here.file])
    later = read(await backed_up(sqlite_place, "later"), MASTER)
    done = await restore(
        path, empty_place.url, empty_place.folder / "files", MASTER, lambda: NOW, later.erasures
    )
    assert (done.erased_applicants, done.erased_files) == (1, 1)
    async with empty_place.opened() as stores:
        assert await stores.filings.find(here.second) is None
        assert await stores.filings.find(here.first) is not None
        with pytest.raises(FileMissing):
            await stores.files.get(here.file)
    assert not [one for one in (empty_place.folder / "files").rglob("*") if one.is_file()]
    # And the restored place knows it too, for the next restore.
    assert set(Erasures(empty_place.folder / FILE_NAME).all()) == set(later.erasures)


async def test_a_backup_goes_only_where_nothing_is(sqlite_place: Place) -> None:
    await lived(sqlite_place)
    path = await backed_up(sqlite_place)
    with pytest.raises(NotEmpty, match="empty database"):
        await restore(path, sqlite_place.url, sqlite_place.folder / "none", MASTER, lambda: NOW)
    with pytest.raises(NotEmpty):
        await restore(
            path,
            f"sqlite:///{sqlite_place.folder / 'new.db'}",
            sqlite_place.folder / "files",
            MASTER,
            lambda: NOW,
        )


async def test_what_is_written_meanwhile_is_in_it_whole_or_not(
    place: Place, empty_place: Place
) -> None:
    here = await lived(place)
    async with place.opened() as stores:
        found = await stores.filings.find(here.second)
        assert found is not None
        case = found.case
        for number in range(30):
            after = with_answers(case, **{f"step_{number}": "x"})
            await stores.cases.commit(turn(case, say(case.identity, str(number)), after=after))
            case = await stores.cases.open(case.identity, NOW, "zh-CN")
            if number == 15:
                path = await backed_up(place)
    async with restored(path, empty_place) as stores:
        back = await stores.filings.find(here.second)
        assert back is not None
        said = [one for one in await stores.transcript.since(back.case.identity, 0) if one.said]
        assert len(back.filing.answers) == 2 + 16
        assert len(said) == 16


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=4096), chunks=st.integers(0, 3), at=st.data())
def test_no_changed_byte_goes_unnoticed(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, chunks: int, at: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("sealed") / "archive"
    plain = data + bytes(chunks * (1 << 20))
    with path.open("wb") as file:
        writer = SealedWriter(file, MASTER)
        for start in range(0, len(plain), 300_000):
            writer.write(plain[start : start + 300_000])
        writer.close()
    with path.open("rb") as file:
        assert SealedReader(file, MASTER).read() == plain
    content = bytearray(path.read_bytes())
    place = at.draw(st.integers(0, len(content) - 1))
    content[place] ^= at.draw(st.integers(1, 255))
    path.write_bytes(content)
    with path.open("rb") as file, pytest.raises((BrokenBackup, WrongMasterKey)):
        SealedReader(file, MASTER).read()
