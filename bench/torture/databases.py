"""Databases that die: PostgreSQL killed and started again, SQLite's journal cut off."""

import asyncio
import random
import shutil
import sqlite3
from contextlib import closing
from time import monotonic
from typing import NamedTuple

from bench.platform import TOKEN
from bench.torture.crowd import Crowd
from bench.torture.ending import SHORT_LEASE, being_sent, living
from bench.torture.outcome import Outcome
from bench.torture.places import MASTER, Place
from bot.clock import real_clock
from bot.testing.telegram import FakeTelegram
from dialogs.message import Identity
from storage.opening import open_database
from storage.stores import StoreSettings, open_stores
from tests.storage.making import say, turn, with_answers

_BACK = 60.0
"""Seconds the assistant may take to go on after its database is back."""


class Plan(NamedTuple):
    """How often the database dies under how many people, for at most so many seconds."""

    deaths: int
    at_once: int
    seconds: float = 600.0


async def server_killed(place: Place, plan: Plan, seed: int) -> Outcome:
    """SIGKILL to PostgreSQL; the assistant goes on by itself when it is back."""
    server = place.server
    assert server is not None
    dice = random.Random(seed)
    held: set[tuple[int, int]] = set()
    deaths, never_back, slowest = 0, 0, 0.0
    ends = monotonic() + plan.seconds
    async with (
        FakeTelegram() as telegram,
        living(place, telegram.base_url, SHORT_LEASE) as lives,
    ):
        crowd = await Crowd.of(telegram.add_bot(TOKEN), plan.at_once)
        crowd.come()
        life = await lives.begin()
        while deaths < plan.deaths and monotonic() < ends:
            deaths += 1
            await crowd.some_turns(dice.randrange(0, 30))
            await asyncio.sleep(dice.random() * 0.05)
            server.kill()
            await asyncio.sleep(dice.random() * 0.5)
            await asyncio.to_thread(server.start_again)
            looking = open_database(place.url)
            held |= await being_sent(looking)
            await looking.close()
            began, seen = monotonic(), crowd.turns
            await crowd.some_turns(1, _BACK)
            never_back += crowd.turns == seen
            slowest = max(slowest, monotonic() - began)
        await crowd.finish()
        await lives.stop(life)
        unclean = lives.unclean
    stores = await place.open()
    found = await crowd.judged(stores.cases)
    await stores.close()
    return Outcome(
        did={"deaths": deaths, "people": len(crowd.people), "turns": crowd.turns},
        broken=found.broken
        | {"times it did not go on by itself": never_back, "unclean ends": unclean},
        bounded={"messages repeated, of those in flight": (found.repeated, len(held))},
        noted={"slowest to go on, s": round(slowest, 1)},
    )


class Cuts(NamedTuple):
    """How often the journal is cut, and how many turns are written before each."""

    cuts: int
    turns: int


async def journal_cut(place: Place, plan: Cuts, seed: int) -> Outcome:
    """The end of SQLite's journal lost at any byte, as by a power cut: what is there is whole."""
    dice = random.Random(seed)
    path = place.folder / "beian.db"
    copy = place.folder / "copy" / "beian.db"
    copy.parent.mkdir()
    broken = {"databases not sound": 0, "turns not whole": 0, "turns lost before the cut": 0}
    lost = 0
    who = Identity("telegram", "1")
    stores = await place.open()
    written = 0
    for _ in range(plan.cuts):
        journal = path.with_name("beian.db-wal")
        for _ in range(plan.turns):
            case = await stores.cases.open(who, real_clock(), "zh-CN")
            written += 1
            record = turn(
                case,
                say(who, str(written)),
                after=with_answers(case, remark=str(written)),
                message_id=str(written),
            )
            await stores.cases.commit(record)
        whole = journal.stat().st_size
        kept = dice.randrange(whole + 1)
        for file in copy.parent.iterdir():
            file.unlink()
        shutil.copyfile(path, copy)
        with journal.open("rb") as content:
            copy.with_name("beian.db-wal").write_bytes(content.read(kept))
        with closing(sqlite3.connect(copy)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            tables = connection.execute(
                "SELECT count(*) FROM sqlite_master WHERE name = 'message'"
            ).fetchone()[0]
        broken["databases not sound"] += not sound
        if not tables:  # cut before the first commit of all
            continue
        settings = StoreSettings(f"sqlite:///{copy}", copy.parent / "files")
        back = await open_stores(settings, MASTER, real_clock)
        found = await back.cases.open(who, real_clock(), "zh-CN")
        answers = found.filing.answers if found.filing else ()
        entries = await back.transcript.since(who, 0, limit=100_000)
        wanted = [str(number) for number in range(1, found.version + 1)]
        is_whole = [one.value for one in answers] == wanted and len(entries) == 2 * found.version
        broken["turns not whole"] += not is_whole
        broken["turns lost before the cut"] += kept == whole and found.version != written
        lost += written - found.version
        await back.close()
    await stores.close()
    return Outcome(
        did={"cuts": plan.cuts, "turns": written},
        broken=broken,
        noted={"turns lost with the end of the journal, mean": round(lost / plan.cuts, 1)},
    )
