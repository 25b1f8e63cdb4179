"""A platform that refuses: three in ten sends answered 429 or 5xx, beside chats that are well."""

import asyncio
import random
from collections.abc import Sequence
from statistics import quantiles
from time import monotonic
from typing import Any, NamedTuple

from bench.platform import TOKEN
from bench.torture.bots import bot
from bench.torture.crowd import Crowd
from bench.torture.outcome import Outcome
from bench.torture.places import Place
from bot.testing.telegram import FakeTelegram, Fault, Person

_REFUSED = 0.3
_HEALTHY = range(500, 1000)
"""Numbers of people whose chats are never refused."""

_HARM = 2.0
"""How many times as long the healthy may wait as beside as many people whom nobody refuses."""


class Plan(NamedTuple):
    """How many file, how many of them at once, how many write beside them, and how often."""

    people: int
    at_once: int
    healthy: int
    messages: int


async def refused(place: Place, plan: Plan, seed: int) -> Outcome:
    """Nothing before its time, nothing lost, and nobody else held up."""
    dice = random.Random(seed)
    kinds = {"429": 0, "5xx carried out": 0, "5xx": 0}

    def weather(method: str, params: dict[str, Any]) -> Fault | None:
        if method != "sendMessage" or int(params["chat_id"]) in _HEALTHY:
            return None
        if dice.random() >= _REFUSED:
            return None
        kind = dice.choices(tuple(kinds), (2, 1, 1))[0]
        kinds[kind] += 1
        if kind == "429":
            return Fault(status=429, retry_after=dice.randint(1, 3))
        return Fault(status=dice.choice((500, 502, 503)), effect=kind.endswith("out"))

    stores = await place.open()
    async with FakeTelegram() as telegram:
        fake = telegram.add_bot(TOKEN)
        welcome = await Crowd.of(fake, plan.at_once)
        crowd = await Crowd.of(fake, plan.at_once, first=20_001)
        others = [Person(fake, _HEALTHY[number]) for number in range(plan.healthy)]
        async with bot(stores, telegram.base_url):
            alone = await _waits(others, plan.messages)
            welcome.come(plan.people)
            usual = await _waits(others, plan.messages)
            await welcome.finish()
            sends = len(fake.called("sendMessage"))
            fake.weather = weather
            crowd.come(plan.people)
            beside = await _waits(others, plan.messages)
            await crowd.finish()
            sends = len(fake.called("sendMessage")) - sends
    found = await crowd.judged(stores.cases)
    await stores.close()
    return Outcome(
        did={
            "people": len(crowd.people),
            "turns": crowd.turns,
            "sends": sends,
            **{f"answered {kind}": count for kind, count in kinds.items()},
        },
        broken=found.broken | {"sends before their pause was over": fake.too_early},
        bounded={
            "messages repeated, of 5xx carried out": (found.repeated, kinds["5xx carried out"]),
            "healthy chats' p95, times that beside as many who are not refused": (
                round(_p95(beside) / _p95(usual), 2),
                _HARM,
            ),
        },
        noted={
            "healthy chats' p95 beside them, s": round(_p95(beside), 3),
            "beside as many who are not refused, s": round(_p95(usual), 3),
            "alone, s": round(_p95(alone), 3),
        },
    )


async def _waits(people: Sequence[Person], messages: int) -> list[float]:
    """Seconds until each message of people who write one after the other is answered."""
    waits: list[float] = []

    async def write(person: Person) -> None:
        for _ in range(messages):
            # Counted, not read: reading a long chat every moment would hold up what is measured.
            chat = person.bot.messages.setdefault(person.number, {})
            with_the_question = len(chat) + 1
            began = monotonic()
            await person.say("你好")
            while len(chat) == with_the_question:
                await asyncio.sleep(0.005)
            waits.append(monotonic() - began)
            await asyncio.sleep(0.5)

    await asyncio.gather(*map(write, people))
    return waits


def _p95(waits: Sequence[float]) -> float:
    return quantiles(waits, n=20)[-1]
