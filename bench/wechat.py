"""WeChat kept to its rules, each delivery to one effect, and acknowledgements in time."""

import asyncio
import time
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.results import Result, work_folder
from bench.wechat_acknowledging import acknowledge, wechat_side
from bench.wechat_deliveries import deliver
from bench.wecom_side import wecom_side
from tests.bot.wechat_server.walking import Walk

A_SECOND = 50


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


def delivered(messages: int, ends: int, seed: int) -> dict[str, Result]:
    """Deliveries that come one to five times at once: how many had not exactly one effect."""
    began = time.perf_counter()
    with TemporaryDirectory(dir=work_folder()) as folder:
        found = asyncio.run(deliver(Path(folder), messages, ends, seed))
    print(f"  {found}", flush=True)
    counts = {name: int(count) for name, count in asdict(found).items()}
    return {
        "wechat_deliveries": Result(
            unit="messages without exactly one effect",
            counts={"seed": seed, **counts},
            medians={"seconds": time.perf_counter() - began},
            further={"sound": found.sound},
        )
    }


def acknowledged(messages: int, platform: str = "wechat") -> dict[str, Result]:
    """How soon callbacks are acknowledged at 50 a second, whatever stands still behind.

    ``platform``: ``wechat``, or ``wecom``. ``bare`` is what posting to a server that does nothing
    takes in the same run.
    """
    opening = wechat_side if platform == "wechat" else wecom_side
    ways = {
        "bare": "bare",
        "running": "running",
        "deliverers_stopped": "deliverers stopped",
        "turns_stopped": "turns stopped",
    }
    found = {
        name: asyncio.run(acknowledge(how, messages, A_SECOND, opening))
        for name, how in ways.items()
    }
    for name, one in found.items():
        print(f"  {name}: p50 {one['p50_ms']:.0f} ms, p99 {one['p99_ms']:.0f} ms", flush=True)
    return {
        f"{platform}_acknowledged": Result(
            unit="milliseconds",
            ratios={
                f"bare, {name}": found["bare"]["p50_ms"] / one["p50_ms"]
                for name, one in found.items()
                if name != "bare"
            },
            medians={name: dict(one) for name, one in found.items()},
            counts={"messages": messages, "a_second": A_SECOND},
            further={"sound": all(one["acknowledged"] == messages for one in found.values())},
        )
    }
