"""A database filled in bulk is one the program works on, and so are the measurements on it."""

import asyncio
import json
from pathlib import Path

import pytest

from bench.mass import fill
from bench.queue import filled
from bench.queue_run import PAGE, measured
from bench.stored_run import main
from bench.updates import FIRST_CHAT
from bot.clock import real_clock
from dialogs.message import Identity
from storage.crypto import MasterKey
from storage.instant import from_micros, to_micros
from storage.migrate import upgrade
from storage.stores import StoreSettings, open_stores
from tests.storage.conftest import Place


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'beian.db'}"
    found: str = request.getfixturevalue("empty_postgres_url")
    return found


async def test_among_a_mass_of_conversations_reminders_are_due_and_dockets_listed(
    url: str, tmp_path: Path
) -> None:
    master = MasterKey.from_file(tmp_path / "master.key")
    await upgrade(url)
    now = to_micros(real_clock())
    await asyncio.to_thread(fill, url, 40, now, master, reminders=20, due=5)
    stores = await open_stores(StoreSettings(url, tmp_path / "files"), master, real_clock)
    assert len(await stores.listing.put_since(from_micros(0), 100)) == 0  # not placed
    assert (await stores.dockets.behind(None, real_clock())).behind != []
    claimed = await stores.reminders.claim(real_clock(), 100)
    assert len(claimed) == 5
    assert {one.identity.channel for one in claimed} == {"telegram"}
    assert (await stores.reminders.figures(real_clock())).planned == 15
    await stores.close()


async def test_people_come_back_to_what_they_began_among_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    master = MasterKey.from_file(tmp_path / "master.key")
    url = f"sqlite:///{tmp_path / 'beian.db'}"
    await upgrade(url)
    await asyncio.to_thread(fill, url, 20, to_micros(real_clock()), master)
    back = FIRST_CHAT + 1000
    await main(url, tmp_path, FIRST_CHAT, 0, back, 2, 0)
    await main(url, tmp_path, FIRST_CHAT, 4, back, 2, 1)
    measured = json.loads(capsys.readouterr().out)
    assert {who: set(one) for who, one in measured.items()} == {
        who: {"cpu_ms", "server_cpu_ms", "ms"} for who in ("new", "returning")
    }
    found = Identity("telegram", str(back))
    async with Place(url, tmp_path).opened(master) as stores:
        case = await stores.cases.open(found, real_clock(), "zh-CN")
    assert case.version == 5


async def test_a_desk_opens_the_queue_of_a_mass_of_conversations_and_makes_none_anew(
    url: str, tmp_path: Path
) -> None:
    await asyncio.to_thread(filled, url, 1_000, tmp_path)
    found = await measured(url, tmp_path)
    assert found["rows"] == PAGE
    assert found["made"] == 0
    assert found["mb_more_than_without"] < 60
    assert not found["search_was_cut"]
