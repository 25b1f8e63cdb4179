"""A rehearsal: be the applicant in this terminal, over the same HTTP calls as with WeChat."""

from collections.abc import Callable, Sequence
from typing import TextIO

from bot.testing.rehearsing import Console, converse, introduce, play
from bot.testing.wechat.account import FakeAccount
from bot.testing.wechat.followers import Follower
from bot.testing.wechat.server import FakeWeChat


def console_of(account: FakeAccount, out: TextIO) -> Console:
    """Somebody who follows the account with their first line."""
    person = Follower(account)
    return Console(person, person.subscribe, out)


async def rehearse(port: int, callback: str, read_line: Callable[[], str], out: TextIO) -> None:
    """Serve until the lines end."""
    async with FakeWeChat(port) as wechat:
        wechat.account.callback_url = callback
        introduce(wechat.settings(), callback, "then write here; numbers tap what is offered.", out)
        await converse(console_of(wechat.account, out), wechat.callbacks, read_line, out)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point."""
    play(rehearse, "wechat", __doc__, 9001, arguments)


if __name__ == "__main__":
    main()
