"""WeCom's channel killed at random moments: what people wrote is pulled from where it was kept."""

import asyncio
import random
import signal
from collections import Counter
from time import monotonic
from typing import NamedTuple

from bench.torture.deliveries import judged, number_in
from bench.torture.ending import SHORT_LEASE, living
from bench.torture.outcome import Outcome
from bench.torture.places import Place
from bot.testing.wecom import Customer, FakeWeCom
from bot.wecom.callback import PATH
from dialogs.message import Identity
from tests.parts.ports import free_port

_LOOK = 0.02
_PATIENCE = 300.0


class Plan(NamedTuple):
    """How often the channel dies while so many write, the next message when one is answered."""

    ends: int
    at_once: int
    between: int  # answers between two deaths, at most
    seconds: float = 900.0


async def killed(place: Place, plan: Plan, seed: int) -> Outcome:
    """SIGKILL at random moments; a pull and a turn under way wait for their leases to end."""
    dice = random.Random(seed)
    handed: Counter[int] = Counter()
    enough = asyncio.Event()
    async with (
        FakeWeCom() as wecom,
        living(place, wecom.base_url, SHORT_LEASE, "bench.torture.wecom_lives") as lives,
    ):
        port = free_port()
        wecom.corp.callback_url = f"http://127.0.0.1:{port}{PATH}"
        people = [Customer(wecom.corp, number) for number in range(plan.at_once)]

        async def write(number: int) -> None:
            while not enough.is_set():
                handed[number] += 1
                await people[number].say(f"第{handed[number]}条")
                deadline = monotonic() + _PATIENCE
                while monotonic() < deadline and handed[number] not in _answered(people[number]):
                    await asyncio.sleep(_LOOK)

        life = await lives.begin(port)
        writing = asyncio.gather(*map(write, range(plan.at_once)))
        ends = monotonic() + plan.seconds
        while lives.ends < plan.ends and monotonic() < ends:
            goal = handed.total() + dice.randrange(plan.between)
            while handed.total() < goal and monotonic() < ends:
                await asyncio.sleep(_LOOK)
            await asyncio.sleep(dice.random() * 0.05)
            await lives.end(life, signal.SIGKILL)
            life = await lives.begin(port)
        deaths, held = lives.ends, set(lives.held)
        enough.set()
        await writing
        await lives.stop(life)
        said = {number: _answered(person) for number, person in enumerate(people)}
    stores = await place.open()
    effects: dict[int, list[int]] = {}
    for number, person in enumerate(people):
        who = Identity("wecom", person.external_id)
        lines = await stores.transcript.since(who, 0, limit=100_000)
        effects[number] = [number_in(one.heard) for one in lines if one.heard is not None]
    await stores.close()
    broken, twice = judged(handed, effects, said)
    return Outcome(
        did={"ends": deaths, "people": plan.at_once, "messages": handed.total()},
        broken=dict(broken) | {"unclean ends": lives.unclean},
        bounded={"answers repeated, of those in flight": (twice, len(held))},
    )


def _answered(person: Customer) -> list[int]:
    return [number_in(one.text.splitlines()[0]) for one in person.profile.shown]
