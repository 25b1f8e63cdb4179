"""A little of the torture in every run of the tests: what `make torture` does for minutes."""

import asyncio
import random

import pytest

from bench.torture.parts import PARTS
from bench.torture.places import place


@pytest.mark.parametrize("name", ["clocks", "deliveries"])
def test_no_promise_is_broken_by(name: str) -> None:
    part = PARTS[name]
    seed = random.SystemRandom().randrange(2**32)

    async def tortured() -> None:
        outcome = await part.run["sqlite"](here, part.plan("sqlite", quick=True), seed)
        assert outcome.sound, (seed, outcome)

    with place("sqlite") as here:
        asyncio.run(tortured())
