"""WeCom's channel, killed and begun again: see ``forked``. A line is the port to listen on.

usage: python -m bench.torture.wecom_lives URL FOLDER API_BASE LEASE
"""

import asyncio
import sys
from datetime import timedelta

from bench.forked import live_for_every_line
from bench.listening import listen
from bench.torture.places import Place
from bot.clock import real_clock
from bot.memory import keep_what_is_loaded
from bot.testing.wecom.corp import ACCOUNT, CORP_ID, ENVELOPE, SECRET
from bot.wecom.service import Stored, WeComConfig, open_wecom
from tests.bot.wecom.parrot import Parrot


async def _live(
    place: Place, config: WeComConfig, lease: timedelta, port: int, stop: asyncio.Event
) -> None:
    stores = await place.open(lease)
    stored = Stored(stores.outbox, stores.transcript, stores.wechat, stores.wecom)
    parrot = Parrot(stores.cases)
    async with open_wecom(config, parrot, stored, real_clock) as service:
        await listen(service, port, stop)
    await stores.close()


def main(place: Place, api_base: str, lease: timedelta) -> None:
    """Live once for every line."""
    keys = (ENVELOPE.aes_key,)
    config = WeComConfig(CORP_ID, SECRET, ENVELOPE.token, keys, (ACCOUNT,), api_base=api_base)
    keep_what_is_loaded()

    async def live(line: str, stop: asyncio.Event) -> None:
        await _live(place, config, lease, int(line), stop)

    live_for_every_line(live)


if __name__ == "__main__":
    main(
        Place.at(*sys.argv[1:3]),
        sys.argv[3],
        timedelta(seconds=float(sys.argv[4])),
    )
