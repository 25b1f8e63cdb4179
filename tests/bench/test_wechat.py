"""Deliveries that come several times at once, and deaths between: a few of the benchmark's many."""

import random
from pathlib import Path

from bench.wechat_deliveries import deliver


async def test_every_delivery_has_one_effect_and_one_answer_whenever_the_channel_dies(
    tmp_path: Path,
) -> None:
    found = await deliver(tmp_path, 300, 4, random.SystemRandom().randrange(2**32))
    assert found.sound, found
    assert found.posts > found.messages
    assert found.ends > 0
