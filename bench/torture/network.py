"""Bad networks between us and the chat platform, and between us and the database."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import make_url

from bench.platform import TOKEN
from bench.torture.bots import bot
from bench.torture.crowd import Crowd
from bench.torture.outcome import Outcome
from bench.torture.places import Place
from bot.settings import Settings
from bot.testing.faults import FAULTS, FaultProxy, Way
from bot.testing.telegram import FakeTelegram
from bot.world import load_world
from dialogs.world import World

_NUMBERS = 1000
"""So many numbers of people lie between two networks."""


class Plan(NamedTuple):
    """How many file behind each network, and how long and how often it is bad (seconds)."""

    people: int
    spells: int
    longest: float


async def to_platform(place: Place, plan: Plan, seed: int) -> Outcome:
    """Every fault in each direction between us and the Bot API, a bot and a chat for each."""
    return await _all(place, plan, seed, "api")


async def to_database(place: Place, plan: Plan, seed: int) -> Outcome:
    """Every fault in each direction between us and PostgreSQL."""
    return await _all(place, plan, seed, "database")


async def _all(place: Place, plan: Plan, seed: int, side: str) -> Outcome:
    world = load_world(Settings(_env_file=None))
    counts: Counter[str] = Counter()
    cases = [(name, way) for name in FAULTS for way in Way]
    # A database belongs to one bot: another one would deliver what is the first one's to say.
    places = [await place.another(f"bot{number}") for number in range(len(cases))]
    async with FakeTelegram() as telegram:
        await asyncio.gather(
            *(
                _one(
                    places[number],
                    plan,
                    f"{seed}/{name}/{way}",
                    side,
                    name,
                    way,
                    number,
                    telegram,
                    world,
                    counts,
                )
                for number, (name, way) in enumerate(cases)
            )
        )
    allowed = counts.pop("unknown")
    repeated = counts.pop("repeated")
    done = {name: counts.pop(name) for name in ("people", "turns", "spells", "connections")}
    return Outcome(
        did={"faults in two directions": len(FAULTS), **done},
        broken=dict(counts),
        bounded={"messages repeated, of sends with unknown outcome": (repeated, allowed)},
    )


async def _one(
    place: Place,
    plan: Plan,
    seed: str,
    side: str,
    name: str,
    way: Way,
    number: int,
    telegram: FakeTelegram,
    world: World,
    counts: Counter[str],
) -> None:
    """One kind of fault in one direction, in spells of random length."""
    dice = random.Random(seed)
    token = f"{int(TOKEN.partition(':')[0]) + number}:{TOKEN.partition(':')[2]}"
    fake = telegram.add_bot(token)
    crowd = await Crowd.of(fake, plan.people, first=20_000 + _NUMBERS * number)
    async with _between(place, telegram.base_url, side) as (proxy, here, api_base):
        stores = await here.open()
        async with bot(stores, api_base, token=token, world=world) as (_, unknown):
            crowd.come(plan.people)
            for _ in range(plan.spells):
                await asyncio.sleep(dice.uniform(0.2, 1.5))
                proxy.suffer(FAULTS[name](), way)
                await asyncio.sleep(dice.uniform(0.5, plan.longest))
                proxy.heal()
            await crowd.finish()
        found = await crowd.judged(stores.cases)
        await stores.close()
        counts["connections"] += proxy.connections
    counts["people"] += len(crowd.people)
    counts["turns"] += crowd.turns
    counts["spells"] += plan.spells
    counts["repeated"] += found.repeated
    counts["unknown"] += unknown.total
    for what, count in found.broken.items():
        counts[what] += count


@asynccontextmanager
async def _between(
    place: Place, api_base: str, side: str
) -> AsyncIterator[tuple[FaultProxy, Place, str]]:
    """A proxy on one side: the place and the platform as they are seen through it."""
    if side == "api":
        async with FaultProxy("127.0.0.1", urlsplit(api_base).port or 0) as proxy:
            yield proxy, place, f"http://127.0.0.1:{proxy.port}"
        return
    address = make_url(place.url)
    async with FaultProxy(str(address.host), address.port or 5432) as proxy:
        seen = address.set(port=proxy.port).render_as_string(hide_password=False)
        yield proxy, replace(place, url=seen), api_base
