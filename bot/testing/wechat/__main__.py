"""A rehearsal: be the applicant in this terminal, over the same HTTP calls as with WeChat."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence
from typing import TextIO

from bot.testing.rehearsing import Console, converse
from bot.testing.wechat.account import FakeAccount
from bot.testing.wechat.followers import Follower
from bot.testing.wechat.server import FakeWeChat

CALLBACK = "http://127.0.0.1:8000/wechat/callback"


def console_of(account: FakeAccount, out: TextIO) -> Console:
    """Somebody who follows the account with their first line."""
    person = Follower(account)
    return Console(person, person.subscribe, out)


async def rehearse(port: int, callback: str, read_line: Callable[[], str], out: TextIO) -> None:
    """Serve until the lines end."""
    async with FakeWeChat(port) as wechat:
        wechat.account.callback_url = callback
        for name, value in wechat.settings().items():
            print(f"{name}={value}", file=out)
        print(f"Start `beian serve` with these so that it answers at {callback},", file=out)
        print("then write here; numbers tap what is offered.", file=out, flush=True)
        await converse(console_of(wechat.account, out), wechat.callbacks, read_line, out)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m bot.testing.wechat", description=__doc__)
    parser.add_argument("--port", type=int, default=9001, help="port to listen on")
    parser.add_argument("--callback", default=CALLBACK, help="where the assistant listens")
    given = parser.parse_args(arguments)
    asyncio.run(rehearse(given.port, given.callback, sys.stdin.readline, sys.stdout))


if __name__ == "__main__":
    main()
