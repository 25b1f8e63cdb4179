"""A full disk, again and again: nothing is acknowledged that was not stored, and it goes on."""

import asyncio
import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Final, NamedTuple

from bench.platform import TOKEN
from bench.torture.bots import bot
from bench.torture.crowd import Crowd
from bench.torture.outcome import Outcome
from bench.torture.places import LeftOut, Place
from bot.testing.telegram import FakeTelegram
from dialogs.message import Identity
from storage.errors import StoreUnavailable
from storage.migrate import upgrade
from storage.ports import Stores

_DISK: Final = 256 * 2**20  # several times what the people of a run write
_PICTURE: Final = bytes(700_000)
_SOON: Final = 30.0
_FULL: Final = 30.0
"""Seconds until nothing more fits: what the journal has of room already is used up first."""


class Plan(NamedTuple):
    """How often the disk is full, under how many people, for at most so many seconds."""

    times: int
    at_once: int
    seconds: float = 400.0


async def full(place: Place, plan: Plan, seed: int) -> Outcome:
    """ENOSPC from a small disk of its own."""
    dice = random.Random(seed)
    counts = dict.fromkeys(
        (
            "times it said ready and took nothing",
            "files acknowledged without room",
            "times it did not go on by itself",
        ),
        0,
    )
    with _small_disk(place.folder / "disk") as disk:
        here = replace(place, url=f"sqlite:///{disk / 'beian.db'}", folder=disk)
        await upgrade(here.url)
        stores = await here.open()
        times = refused = still_fits = 0
        async with FakeTelegram() as telegram:
            crowd = await Crowd.of(telegram.add_bot(TOKEN), plan.at_once)
            async with bot(stores, telegram.base_url):
                crowd.come()
                ends = monotonic() + plan.seconds
                while times < plan.times and monotonic() < ends:
                    times += 1
                    await crowd.some_turns(dice.randrange(1, 20))
                    _fill(disk, dice.randrange(0, 300_000))
                    if not await _says(stores, ready=False, fill=disk):
                        still_fits += 1  # into the journal as it is: right, while turns go on
                        seen = crowd.turns
                        await crowd.some_turns(1, 10)
                        counts["times it said ready and took nothing"] += crowd.turns == seen
                    kept = await _keeps(stores)
                    counts["files acknowledged without room"] += kept
                    refused += not kept
                    (disk / "ballast").unlink()
                    seen = crowd.turns
                    is_back = await _says(stores, ready=True)
                    await crowd.some_turns(1, 60)
                    counts["times it did not go on by itself"] += not is_back or crowd.turns == seen
                await crowd.finish()
        found = await crowd.judged(stores.cases)
        await stores.close()
    return Outcome(
        did={
            "times full": times,
            "files refused": refused,
            "times what came still fitted into the journal": still_fits,
            "people": len(crowd.people),
            "turns": crowd.turns,
        },
        broken=found.broken | counts,
        bounded={
            "messages repeated, whose record there was no room for": (found.repeated, times * 16)
        },
    )


def _fill(disk: Path, left: int) -> None:
    """Leave so many bytes."""
    room = os.statvfs(disk)
    size = max(0, room.f_bavail * room.f_frsize - left)
    # Others may have taken of it meanwhile: then it is as full as can be.
    with suppress(OSError), (disk / "ballast").open("ab") as file:
        file.write(bytes(size))


async def _says(stores: Stores, *, ready: bool, fill: Path | None = None) -> bool:
    """Whether it says soon that it is, or is not, ready."""
    deadline = monotonic() + (_SOON if ready else _FULL)
    while monotonic() < deadline:
        try:
            await stores.ready()
        except StoreUnavailable:
            found = False
        else:
            found = True
        if found is ready:
            return True
        if fill is not None:  # what was left has to be used up first
            _fill(fill, 0)
        await asyncio.sleep(0.02)
    return False


async def _keeps(stores: Stores) -> bool:
    try:
        await stores.files.put(Identity("telegram", "1"), "a.jpg", "image/jpeg", _PICTURE)
    except (OSError, StoreUnavailable):
        return False
    return True


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    """A small disk; raises LeftOut where none may be mounted."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, check=False)
    if done.returncode:
        raise LeftOut(
            "no disk may be mounted: run as root, or by `unshare --map-root-user --mount`"
        )
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)
