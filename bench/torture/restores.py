"""Backups taken while people write, restored elsewhere: nothing lost, what was erased stays so."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import NamedTuple

from sqlalchemy import make_url

from bench.torture.outcome import Outcome
from bench.torture.places import MASTER, Place
from bot.clock import real_clock
from dialogs.case import Case
from dialogs.message import Identity
from storage.backup.archive import create, restore
from storage.erasures import FILE_NAME, Erasures
from storage.opening import open_database
from storage.ports import Stores
from storage.stores import StoreSettings, open_stores
from tests.parts import postgres
from tests.storage.making import say, turn, with_answers

_CONTENT = bytes(range(256)) * 400


class Plan(NamedTuple):
    """How many backups are restored, each of so many people, a tenth of whom are erased after."""

    times: int
    people: int
    seconds: float = 300.0


@dataclass(slots=True)
class _Person:
    """Somebody who writes; ``written`` counts what was acknowledged."""

    identity: Identity
    file: str = ""
    written: int = 0


async def restored(place: Place, plan: Plan, seed: int) -> Outcome:
    """Each backup into a fresh database: of the other kind every other time, where there is one."""
    dice = random.Random(seed)
    broken = dict.fromkeys(
        (
            "answers acknowledged before the backup and lost",
            "people restored with something never written",
            "files lost",
            "erased people who came back",
            "erased files that came back",
        ),
        0,
    )
    ends, times, rows = monotonic() + plan.seconds, 0, 0
    stores = await place.open()
    while times < plan.times and monotonic() < ends:
        times += 1
        people = [
            _Person(Identity("telegram", f"{times}{number:05}")) for number in range(plan.people)
        ]
        await asyncio.gather(*(_write(stores, one, 3) for one in people))
        for one in people:
            one.file = await stores.files.put(one.identity, "a.jpg", "image/jpeg", _CONTENT)
        before = [one.written for one in people]
        writing = asyncio.gather(*(_write(stores, one, 5) for one in people))
        path = place.folder / f"backup-{times}"
        database = open_database(place.url)
        made = await create(path, database, place.folder / "files", MASTER, real_clock())
        await database.close()
        await writing
        rows += sum(made.rows.values())
        erased = dice.sample(people, max(1, plan.people // 10))
        await _erase(stores, erased)
        async with _fresh(place, times) as target:
            others = Erasures(place.folder / FILE_NAME).all()
            await restore(path, target.url, target.files_folder, MASTER, real_clock, others)
            back = await open_stores(target, MASTER, real_clock)
            for one, least in zip(people, before, strict=True):
                case = await back.cases.open(one.identity, real_clock(), "zh-CN")
                has_file = await _has(back, one.file)
                if one in erased:
                    broken["erased people who came back"] += case.version > 0
                    broken["erased files that came back"] += has_file
                    continue
                found = _numbers(case)
                is_part = found == list(range(1, len(found) + 1)) and len(found) <= one.written
                broken["answers acknowledged before the backup and lost"] += len(found) < least
                broken["people restored with something never written"] += not is_part
                broken["files lost"] += not has_file
            await back.close()
        path.unlink()
        await _erase(stores, [one for one in people if one not in erased])
    await stores.close()
    return Outcome(
        did={"restores": times, "people": times * plan.people, "rows": rows}, broken=broken
    )


async def _write(stores: Stores, person: _Person, count: int) -> None:
    who = person.identity
    for _ in range(count):
        case = await stores.cases.open(who, real_clock(), "zh-CN")
        text = str(person.written + 1)
        record = turn(case, say(who, text), after=with_answers(case, remark=text), message_id=text)
        await stores.cases.commit(record)
        person.written += 1


def _numbers(case: Case) -> list[int]:
    return [int(one.value or 0) for one in case.filing.answers] if case.filing else []


async def _erase(stores: Stores, people: Sequence[_Person]) -> None:
    for one in people:
        case = await stores.cases.open(one.identity, real_clock(), "zh-CN")
        owner = await stores.filings.applicant_of(case.active or "")
        assert owner is not None
        await stores.filings.erase(owner)
        await stores.files.destroy([one.file])


async def _has(stores: Stores, file_id: str) -> bool:
    try:
        return (await stores.files.get(file_id)).content == _CONTENT
    except LookupError:
        return False


@asynccontextmanager
async def _fresh(place: Place, number: int) -> AsyncIterator[StoreSettings]:
    """An empty database with a folder; on PostgreSQL every other one is an SQLite file."""
    folder = place.folder / f"restored-{number}"
    folder.mkdir()
    if place.server is None or number % 2:
        yield StoreSettings(f"sqlite:///{folder / 'beian.db'}", folder / "files")
        return
    made = postgres.database(make_url(place.server.url()))
    url = await asyncio.to_thread(made.__enter__)
    try:
        yield StoreSettings(url, folder / "files")
    finally:
        await asyncio.to_thread(made.__exit__, None, None, None)
