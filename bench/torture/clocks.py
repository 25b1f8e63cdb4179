"""Clocks that are set, forward and back, by up to two hours at a time, while people file."""

import asyncio
import random
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final, NamedTuple

from bench.platform import TOKEN
from bench.torture.bots import bot
from bench.torture.crowd import Crowd
from bench.torture.ending import being_sent
from bench.torture.outcome import Outcome
from bench.torture.places import Place
from bot.clock import real_clock
from bot.sending import LOOK_AGAIN
from bot.testing.telegram import FakeTelegram, Fault
from storage.opening import open_database
from tests.scheduler.timelines import Broken, live

# Whoever seems to have been away for longer is greeted, which the undisturbed are not.
_WRONG_BY: Final = [timedelta(hours=hours) for hours in (-1, -0.5, 0, 0, 0.5, 1)]
_REFUSED: Final = 0.1  # of the sends: what waits for another try meets the jump


class Plan(NamedTuple):
    """How often the clock is set while how many file, and how many filings live on one besides."""

    jumps: int
    at_once: int
    lives: int
    seconds: float = 600.0


@dataclass(slots=True)
class SetClock:
    """The clock of a machine, as far ahead of the right time as somebody set it."""

    ahead: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        """What it shows."""
        return real_clock() + self.ahead


async def jumped(place: Place, plan: Plan, seed: int) -> Outcome:
    """Nothing is lost, nothing waits for an hour, and only what was in flight is repeated.

    Whoever would have to wait for the clock to come round is still without their last message when
    patience ends, and counts as garbled.
    """
    dice = random.Random(seed)
    carried_out = 0

    def weather(method: str, params: dict[str, Any]) -> Fault | None:
        nonlocal carried_out
        if method != "sendMessage" or dice.random() >= _REFUSED:
            return None
        if dice.random() < 0.5:
            return Fault(status=429, retry_after=1)
        is_carried_out = dice.random() < 0.5
        carried_out += is_carried_out
        return Fault(status=502, effect=is_carried_out)

    clock = SetClock()
    stores = await place.open(clock=clock)
    looking = open_database(place.url)
    held: set[tuple[int, int]] = set()
    jumps, ends = 0, monotonic() + plan.seconds
    async with FakeTelegram() as telegram:
        fake = telegram.add_bot(TOKEN)
        crowd = await Crowd.of(fake, plan.at_once)
        async with bot(stores, telegram.base_url, clock=clock) as (_, unknown):
            fake.weather = weather
            crowd.come()
            while jumps < plan.jumps and monotonic() < ends:
                jumps += 1
                await crowd.some_turns(dice.randrange(0, 20))
                await asyncio.sleep(LOOK_AGAIN + dice.random())  # nobody sets it twice in a moment
                clock.ahead = dice.choice(_WRONG_BY)
                # A jump forward ends the leases of what is being sent.
                held |= await being_sent(looking)
            await crowd.finish()
    await looking.close()
    found = await crowd.judged(stores.cases)
    await stores.close()
    return Outcome(
        did={
            "jumps": jumps,
            "people": len(crowd.people),
            "turns": crowd.turns,
            "lives of filings with reminders": plan.lives,
        },
        broken=found.broken
        | {"lives with a promise broken": await _broken_lives(seed, plan.lives)},
        bounded={
            "messages repeated, of those in flight": (
                found.repeated,
                len(held) + carried_out + unknown.total,
            )
        },
    )


async def _broken_lives(seed: int, count: int) -> int:
    """How many filings were reminded twice on one rung, after a close, or never.

    Their clocks are virtual and set by an hour now and then: reminders take days.
    """
    broken = 0
    for number in range(count):
        try:
            await live(seed + number)
        except Broken as error:
            print(error, file=sys.stderr, flush=True)
            broken += 1
    return broken
