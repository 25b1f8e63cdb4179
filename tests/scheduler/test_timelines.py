"""Whatever happens to a filing, no chain ends silently and nothing is said twice or too late.

The full run of ten thousand lives is ``make bench``'s; a broken one names its seed, and
``BEIAN_TIMELINE_SEED=<seed>`` lives it again.
"""

import os
import random

import pytest

from tests.scheduler.timelines import live

LIVES = 80
_GIVEN = os.environ.get("BEIAN_TIMELINE_SEED")
FIRST = int(_GIVEN) if _GIVEN else random.SystemRandom().randrange(2**31)


@pytest.mark.parametrize("share", range(1 if _GIVEN else 4))
async def test_no_life_of_a_filing_breaks_a_promise(share: int) -> None:
    count = 1 if _GIVEN else LIVES // 4
    for number in range(count):
        seed = FIRST + share * count + number
        print("seed", seed)
        await live(seed)
