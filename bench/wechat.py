"""WeChat's rules kept over many steps, on the strict server's own book."""

import asyncio
import time

from bench.results import Result
from tests.bot.wechat_server.walking import Walk


def walked(steps: int, seed: int) -> dict[str, Result]:
    """Windows, counts and quotas in one random walk: how many sends were outside the rules."""
    print(f"  seed {seed}", flush=True)
    walk = Walk(seed)
    began = time.perf_counter()
    asyncio.run(walk.run(steps))
    for line in walk.outside[:10]:
        print(f"  {line}", flush=True)
    return {
        "wechat_rules": Result(
            unit="sends outside the rules",
            counts={
                "steps": steps,
                "seed": seed,
                "sent": walk.sent,
                "withheld": walk.withheld,
                "outside": len(walk.outside),
            },
            medians={"seconds": time.perf_counter() - began},
            further={"sound": not walk.outside and walk.sent > 0},
        )
    }
