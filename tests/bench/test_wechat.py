"""Deliveries that come several times at once, some of the many of the benchmark."""

import random

from bench.wechat_deliveries import deliver


async def test_every_delivery_has_one_effect_and_no_second_answer() -> None:
    found = await deliver(60, random.SystemRandom().randrange(2**32))
    assert found.sound, found
    assert found.posts > found.messages
