"""Commits turns of several people until it is killed, telling each one that was acknowledged."""

import asyncio
import sys
from pathlib import Path

from dialogs.message import Identity
from storage.ports import Stores
from tests.storage.conftest import Place
from tests.storage.making import NOW, say, turn, with_answers

PEOPLE = [Identity("web", f"steady-{number}") for number in range(8)]


async def _write(stores: Stores, identity: Identity) -> None:
    while True:
        case = await stores.cases.open(identity, NOW, "zh-CN")
        number = case.version + 1
        after = with_answers(case, remark=str(number))
        name = f"{identity.external_id}-{number}"
        record = turn(case, say(identity, name), after=after, message_id=name)
        await stores.cases.commit(record)
        print(identity.external_id, number, flush=True)


async def _main(url: str, folder: Path) -> None:
    async with Place(url, folder).opened() as stores:
        await asyncio.gather(*(_write(stores, identity) for identity in PEOPLE))


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], Path(sys.argv[2])))
